/** Notifications of scripts by mail (RFC 5435, RFC 5436). */
import { randomUUID } from 'node:crypto'
import MailComposer from 'nodemailer/lib/mail-composer'
import { isAscii } from '../../queue/address.ts'
import { decodeEncodedWords } from '../../wire/mime/encoded-word.ts'
import { parseMailto } from '../../wire/sieve/mailto.ts'
import type { Action } from '../../wire/sieve/types.ts'
import type { SentByRule } from '../filter.ts'
import { isAutomatic } from './automatic.ts'
import type { Decided } from './script-actions.ts'
import { type OwnAddresses, senderOfScript } from './script-sender.ts'

type Notification = Extract<Action, { kind: 'notify' }>

/** RFC 2156 and what mail programs show: 1 is urgent. */
const importances = { 1: 'high', 2: 'normal', 3: 'low' } as const

export class Notifier {
  readonly #hostname: string
  readonly #senders: OwnAddresses

  constructor({ hostname, senders }: { hostname: string; senders: OwnAddresses }) {
    this.#hostname = hostname
    this.#senders = senders
  }

  /** None of what is a notification itself, or otherwise automatic (RFC 5436 §2.7.1): it could go round for ever. */
  async notify({ account, arrival, header }: Decided, action: Notification): Promise<SentByRule[]> {
    if (isAutomatic(header)) return []
    const mail = parseMailto(action.method)
    if (!mail) return []
    const untold = (addresses: readonly string[]) =>
      addresses.filter(address => !action.told.includes(address.toLowerCase()))
    const recipients = [...new Set(untold([...mail.to, ...mail.cc, ...mail.bcc]))]
    const about = decodeEncodedWords(header('subject')[0] ?? '').trim()
    const sender = decodeEncodedWords(header('from')[0] ?? arrival.message.reversePath).trim()
    const named = (addresses: readonly string[]) => untold(addresses).map(address => ({ name: '', address }))
    const composer = new MailComposer({
      from: (await senderOfScript(this.#senders, account, action.from)) ?? { name: '', address: account.address },
      to: named(mail.to),
      cc: named(mail.cc),
      subject: action.message ?? mail.subject ?? about,
      text: mail.body ?? `${sender}\n${about}`,
      date: new Date(arrival.at),
      messageId: `<${randomUUID()}@${this.#hostname}>`,
      headers: [
        ...mail.fields.map(({ name, value }) => ({ key: name, value })),
        // RFC 5436 §2.7.1: who it was sent for.
        {
          key: 'Auto-Submitted',
          value: { prepared: true, value: `auto-notified; owner-email="${account.address.replace(/["\\]/g, '\\$&')}"` },
        },
        { key: 'Importance', value: importances[action.importance] },
      ],
      disableFileAccess: true,
      disableUrlAccess: true,
      newline: '\r\n',
    })
    const bytes = await composer.compile().build()
    const smtpUtf8 = !recipients.every(isAscii)
    // RFC 5436 §2.4: nobody is told that a notification did not arrive.
    return [{ reversePath: '', recipients, originalRecipient: null, bytes, smtpUtf8, eightBit: false }]
  }
}
