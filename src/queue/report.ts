/**
 * Makes the reports that senders get: one message for each kind of news about one message, whatever the number of
 * recipients it is about. What is reported at all is decided in `decision.ts`.
 *
 * They are queued in the same transaction that settles what they report; here they are only written and staged.
 */
import { randomUUID } from 'node:crypto'
import { traceOfReport } from '../mail/trace/compose.ts'
import type { Clock } from '../ops/clock.ts'
import type { LinkTo } from '../ops/public-url.ts'
import type { Store } from '../store/store.ts'
import type { AccountId, AttemptResult, NewQueueMessage } from '../store/types.ts'
import { encodeDeliveryReport } from '../wire/report/delivery-report.ts'
import type { ReportAction } from './decision.ts'
import { destinationOf } from './destination.ts'
import { RETURNED_HEADER_BYTES, RETURNED_MESSAGE_BYTES } from './limits.ts'
import { type ReaderDefaults, readerOf } from './report-reader.ts'

export interface ReportedMessage {
  reversePath: string
  /** The account that sent it; null for mail from elsewhere. */
  accountId: AccountId | null
  envelopeId: string | null
  ret: 'FULL' | 'HDRS' | null
  smtpUtf8: boolean
  /** When it entered this service. */
  createdAt: number
  /** The id told in the answer to it; null where its trace is not known. */
  traceId: string | null
  bytes: Uint8Array
}

export interface ReportedRecipient {
  address: string
  originalRecipient: string | null
  action: ReportAction
  result: AttemptResult
  /** For `delayed`: when it is tried next. */
  nextAttempt: number | null
  /** For `delayed`: when it will be given up. */
  retryUntil: number | null
}

export interface ReporterOptions {
  store: Store
  clock: Clock
  hostname: string
  /** For readers who chose no language or time zone; asked for each report. */
  readerDefaults: () => Promise<ReaderDefaults>
  /** Of a path of the panel. */
  linkTo: LinkTo
  /** A fresh identifier for Message-ID and boundary. */
  id?: () => string
}

/** Actions that go into one report: success of any kind is one piece of news. */
const kinds: ReportAction[][] = [['failed'], ['delayed'], ['delivered', 'relayed', 'expanded']]

export class Reporter {
  readonly #store: Store
  readonly #clock: Clock
  readonly #hostname: string
  readonly #readerDefaults: () => Promise<ReaderDefaults>
  readonly #linkTo: LinkTo
  readonly #id: () => string

  constructor(options: ReporterOptions) {
    this.#store = options.store
    this.#clock = options.clock
    this.#hostname = options.hostname
    this.#readerDefaults = options.readerDefaults
    this.#linkTo = options.linkTo
    this.#id = options.id ?? randomUUID
  }

  /** The reports due, ready to be queued. None for the null reverse-path (RFC 5321 §4.5.5). */
  async compose(message: ReportedMessage, recipients: ReportedRecipient[]): Promise<NewQueueMessage[]> {
    if (message.reversePath === '') return []
    const groups = kinds.map(actions => recipients.filter(({ action }) => actions.includes(action)))
    return await Promise.all(groups.filter(group => group.length > 0).map(group => this.#report(message, group)))
  }

  async #report(message: ReportedMessage, recipients: ReportedRecipient[]): Promise<NewQueueMessage> {
    const now = this.#clock.now()
    // RFC 3461 §4.3: RET is about failures; other news come with the header alone.
    const wantsWhole = message.ret === 'FULL' && recipients[0]?.action === 'failed'
    const whole = wantsWhole && message.bytes.length <= RETURNED_MESSAGE_BYTES
    const id = this.#id()
    const { accountId, traceId } = message
    // The page asks who comes to sign in; others have no account to do so.
    const traceUrl = accountId === null || traceId === null ? undefined : this.#linkTo(`/mailbox/traces/${traceId}`)
    const report = encodeDeliveryReport({
      to: message.reversePath,
      date: now,
      reader: await readerOf(this.#store, message, await this.#readerDefaults()),
      id,
      ...(traceUrl !== undefined && { traceUrl }),
      status: {
        reportingMta: this.#hostname,
        arrivalDate: message.createdAt,
        envelopeId: message.envelopeId,
        traceId,
        recipients: recipients.map(({ address, originalRecipient, action, result, nextAttempt, retryUntil }) => ({
          address,
          originalRecipient,
          action,
          status: result.status,
          remoteMta: result.remoteHost,
          // The words of another server's; who delivers here has none.
          diagnostic: isSuccess(action) && result.remoteHost === null ? null : result.text,
          lastAttempt: result.at,
          nextAttempt,
          retryUntil,
        })),
      },
      original: {
        bytes: whole ? message.bytes : headerOf(message.bytes),
        whole,
        international: message.smtpUtf8,
      },
    })
    const reported = await Promise.all(
      [message.reversePath, ...(await this.#copyTo(message, recipients))].map(async address => ({
        address,
        destination: await destinationOf(this.#store, address),
        notify: null,
        originalRecipient: null,
        nextAttemptAt: now,
      })),
    )
    return {
      reversePath: '',
      blob: await this.#store.blobs.stage(report.bytes),
      sizeBytes: report.bytes.length,
      accountId: null,
      ret: null,
      envelopeId: null,
      smtpUtf8: report.smtpUtf8,
      eightBit: report.eightBit,
      recipients: reported,
      trace: traceOfReport({ id, at: now, recipients: reported, bytes: report.bytes }),
    }
  }

  /**
   * Of what an account here sent itself, a failure goes to its second address as well, byte for byte and with the null
   * reverse-path, so that nothing can come of it but its arrival.
   */
  async #copyTo({ accountId, reversePath }: ReportedMessage, [first]: ReportedRecipient[]): Promise<string[]> {
    if (accountId === null || first?.action !== 'failed') return []
    const copy = await this.#store.read('bounceCopy.get', { accountId })
    return copy && copy.address.toLowerCase() !== reversePath.toLowerCase() ? [copy.address] : []
  }
}

const isSuccess = (action: ReportAction): boolean => action !== 'failed' && action !== 'delayed'

/** The header with its separating line; cut at a line where it is endless. */
function headerOf(bytes: Uint8Array): Uint8Array {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, RETURNED_HEADER_BYTES))
  const end = buffer.indexOf('\r\n\r\n')
  if (end >= 0) return buffer.subarray(0, end + 2)
  const cut = buffer.lastIndexOf('\r\n')
  return cut < 0 ? buffer : buffer.subarray(0, cut + 2)
}
