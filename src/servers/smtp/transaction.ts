/** A mail transaction (RFC 5321 §3.3): from MAIL to the end of the data, or to RSET, EHLO or STARTTLS. */
import type { Client, MailFacts } from '../../policy/inbound/rule.ts'
import type { MailCommand, RcptCommand } from '../../wire/smtp/command.ts'

export class Transaction {
  readonly mail: MailCommand
  readonly startedAt: number
  /** What rules are told. */
  readonly facts: MailFacts
  /** How many recipients were given, accepted or not. */
  asked = 0
  /** By address; the same one given again replaces the first. */
  readonly #recipients = new Map<string, RcptCommand>()
  readonly #addresses: string[] = []

  constructor(client: Client, mail: MailCommand, startedAt: number) {
    this.mail = mail
    this.startedAt = startedAt
    this.facts = { ...client, reversePath: mail.reversePath, declaredSize: mail.size }
  }

  get count(): number {
    return this.#recipients.size
  }

  get recipients(): RcptCommand[] {
    return [...this.#recipients.values()]
  }

  /** Of the recipients, as they were first given. One list that grows: a copy for each of a thousand would be a million. */
  get addresses(): readonly string[] {
    return this.#addresses
  }

  has(address: string): boolean {
    return this.#recipients.has(key(address))
  }

  add(recipient: RcptCommand): void {
    const address = key(recipient.address)
    if (!this.#recipients.has(address)) this.#addresses.push(recipient.address)
    this.#recipients.set(address, recipient)
  }
}

/** Domains are compared without case, local parts as they are: only their host knows better (RFC 5321 §2.4). */
function key(address: string): string {
  const at = address.lastIndexOf('@')
  return at < 0 ? address.toLowerCase() : address.slice(0, at) + address.slice(at).toLowerCase()
}
