/** Sends notices through the one door, to mailboxes of this service and to addresses elsewhere. */
import { isAscii } from 'node:buffer'
import { randomUUID } from 'node:crypto'
import type { NoticeKind, NoticeKinds, NoticeReader, Notices } from '../../accounts/notices.ts'
import type { Clock } from '../../ops/clock.ts'
import type { Log } from '../../ops/log.ts'
import type { Language } from '../../store/types/principals.ts'
import { DeliveryRefused, type Door } from '../accept.ts'
import { catalogue } from './catalogue.ts'
import { composeNotice } from './compose.ts'

export interface Brand {
  /** As people know the service. */
  name: string
  supportAddress: string | null
}

export interface NoticeMailerOptions {
  door: Pick<Door, 'accept'>
  clock: Clock
  log: Log
  hostname: string
  /** From and reverse-path; null: no-reply@HOSTNAME, and bounces to nobody. */
  from: string | null
  /** Of the domain; null: the service's own. */
  brandOf(domain: string | null): Promise<Brand>
  /** Of readers that chose none. */
  defaultLanguage(): Promise<Language>
  defaultTimeZone(): Promise<string>
}

export class NoticeMailer implements Notices {
  readonly #options: NoticeMailerOptions

  constructor(options: NoticeMailerOptions) {
    this.#options = options
  }

  async send<K extends NoticeKind>(kind: K, reader: NoticeReader, values: NoticeKinds[K]): Promise<boolean> {
    const { door, clock, log, hostname, from, brandOf, defaultLanguage, defaultTimeZone } = this.#options
    const { address } = reader
    try {
      const language = reader.language ?? (await defaultLanguage())
      const timeZone = reader.timeZone ?? (await defaultTimeZone())
      const brand = await brandOf(reader.domain)
      const time = (at: number): string => formatTime(at, language, timeZone)
      const { name, supportAddress } = brand
      const context = { brand: name, supportAddress, time }
      const bytes = await composeNotice({
        text: catalogue[kind][language](values, context),
        language,
        from: { name, address: from ?? `no-reply@${hostname}` },
        to: address,
        replyTo: reader.replyTo ?? supportAddress,
        date: clock.now(),
        messageId: `${randomUUID()}@${hostname}`,
        signature: context,
      })
      const { id } = await door.accept({
        // RFC 3834 §3.3: nobody waits for the answer of a machine, unless the settings name who does.
        reversePath: from ?? '',
        recipients: [{ address, notify: null, originalRecipient: null }],
        bytes,
        accountId: null,
        ret: 'HDRS',
        envelopeId: null,
        smtpUtf8: !isAscii(Buffer.from(address)),
        eightBit: !isAscii(bytes),
        notice: true,
      })
      log.info({ id, kind, to: address }, 'notice sent')
      return true
    } catch (error) {
      if (error instanceof DeliveryRefused) {
        log.info({ kind, to: address }, 'notice refused by a rule of its reader')
        return true
      }
      log.error({ kind, to: address, err: error }, 'notice not sent')
      return false
    }
  }
}

function formatTime(at: number, language: Language, timeZone: string): string {
  return new Intl.DateTimeFormat(language === 'fr' ? 'fr-FR' : 'en-GB', {
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    timeZone,
    timeZoneName: 'short',
  }).format(at)
}
