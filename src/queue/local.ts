/** Recipients of this service itself: bounces and notices, and what waits for room in a mailbox. */
import { randomUUID } from 'node:crypto'
import { DeliveryRefused, type Door } from '../mail/accept.ts'
import type { Clock } from '../ops/clock.ts'
import type { Log } from '../ops/log.ts'
import { StoreError } from '../store/store.ts'
import type { LeasedRecipient } from '../store/types.ts'
import { destinationElsewhere, isLocal, MAILBOX_DESTINATION } from './address.ts'
import type { Batch, Deliverer, DeliveryOutcome, OutcomeKind, RecipientOutcome } from './delivery.ts'

type Result = { kind: OutcomeKind; status: string; text: string }

export class LocalDeliverer implements Deliverer {
  readonly #door: Door
  readonly #clock: Clock
  readonly #log: Log

  constructor(options: { door: Door; clock: Clock; log: Log }) {
    this.#door = options.door
    this.#clock = options.clock
    this.#log = options.log
  }

  async deliver(batch: Batch, body: Uint8Array, signal: AbortSignal): Promise<DeliveryOutcome> {
    const recipients: RecipientOutcome[] = []
    for (const recipient of batch.recipients) {
      const { kind, status, text } = signal.aborted ? stopped : await this.#deliverOne(batch, recipient, body)
      recipients.push({
        recipient,
        kind,
        result: { at: this.#clock.now(), status, text, remoteHost: null, remoteAddress: null },
        // The door reports a delivery into a mailbox itself.
        notifyPassedOn: true,
        tls: null,
        settled: kind === 'delivered',
      })
    }
    return { recipients, unreachable: false }
  }

  async #deliverOne({ message, destination }: Batch, recipient: LeasedRecipient, body: Uint8Array): Promise<Result> {
    const mailboxOnly = destination === MAILBOX_DESTINATION
    const asked = { declaredSize: message.sizeBytes, relay: true, mailboxOnly }
    const id = randomUUID()
    const delivered = { status: '2.0.0', text: `250 2.0.0 delivered as ${id}` }
    try {
      const check = await this.#door.checkRecipient(recipient.address, asked)
      if (!check.ok) {
        const { code, status, text } = check.refusal
        return {
          kind: code >= 500 ? 'permanent' : 'temporary',
          status,
          text: `${code} ${status} ${text.replaceAll('\n', ' ')}`,
        }
      }
      // Nobody's here, and no domain that DNS could know: it would be queued for this place again.
      if (!check.local && isLocal(destinationElsewhere(recipient.address))) {
        const text = `550 5.1.2 <${recipient.address}>: Recipient address rejected: Domain not found`
        return { kind: 'permanent', status: '5.1.2', text }
      }
      const result = { at: this.#clock.now(), ...delivered, remoteHost: null, remoteAddress: null }
      await this.#door.accept({
        id,
        reversePath: message.reversePath,
        recipients: [recipient],
        bytes: body,
        accountId: message.accountId,
        ret: message.ret,
        envelopeId: message.envelopeId,
        smtpUtf8: message.smtpUtf8,
        eightBit: message.eightBit,
        mailboxOnly,
        settles: { recipientId: recipient.recipientId, result },
      })
      return { kind: 'delivered', ...delivered }
    } catch (error) {
      if (error instanceof DeliveryRefused) {
        const { code, status, text } = error.refusal
        return { kind: 'permanent', status, text: `${code} ${status} ${text.replaceAll('\n', ' ')}` }
      }
      if (!(error instanceof StoreError)) {
        // Not thrown on: those before it in the batch are delivered, and known to be so here alone.
        this.#log.error({ err: error, queueId: message.queueId }, 'delivery broke down')
        return { kind: 'temporary', status: '4.3.0', text: '451 4.3.0 Local error in processing' }
      }
      // Settled meanwhile: removed by an operator, or delivered by whoever had the lease before.
      if (error.code === 'not-found') return stopped
      if (error.code === 'over-quota')
        return { kind: 'temporary', status: '4.2.2', text: `452 4.2.2 <${recipient.address}>: Mailbox full` }
      return { kind: 'temporary', status: '4.3.0', text: '451 4.3.0 Message could not be stored now' }
    }
  }
}

const stopped: Result = { kind: 'stopped', status: '4.3.2', text: 'delivery was stopped on this side' }
