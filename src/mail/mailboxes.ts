/** The mailboxes of an account: found, made, renamed, removed, subscribed to. Names may come as clients compose them. */
import type { Clock } from '../ops/clock.ts'
import { type Store, StoreError } from '../store/store.ts'
import type { AccountId, AccountRow, MailboxRow, Modseq, SpecialUse } from '../store/types.ts'
import { AnsweredMailboxes, type ChangedMailboxes, type KnownMailboxes } from './answered-mailboxes.ts'
import type { Changes } from './changes.ts'
import { isInferior, MailboxNameError, newMailboxName, normalizeMailboxName } from './mailbox-name.ts'

export class Mailboxes {
  readonly #store: Store
  readonly #changes: Changes
  readonly #clock: Clock
  readonly #answered: AnsweredMailboxes

  constructor(store: Store, changes: Changes, clock: Clock) {
    this.#store = store
    this.#answered = new AnsweredMailboxes(store)
    this.#changes = changes
    this.#clock = clock
  }

  list(accountId: AccountId): Promise<MailboxRow[]> {
    return this.#store.read('mailbox.list', { accountId })
  }

  find(accountId: AccountId, name: string): Promise<MailboxRow | null> {
    return this.#store.read('mailbox.byName', { accountId, name: normalizeMailboxName(name) })
  }

  /** As `find`, but rejects with StoreError `not-found`. */
  async get(accountId: AccountId, name: string): Promise<MailboxRow> {
    const mailbox = await this.find(accountId, name)
    if (!mailbox) throw new StoreError('not-found', 'There is no mailbox of that name')
    return mailbox
  }

  /** Makes missing superiors too. Rejects with MailboxNameError, or StoreError `already-exists` or `not-allowed`. */
  async create(accountId: AccountId, given: string, specialUse: SpecialUse | null): Promise<MailboxRow> {
    const name = newMailboxName(given)
    const mailbox = await this.#store
      .write('mailbox.create', { accountId, name, specialUse, at: this.#clock.now() })
      .catch(tooMany)
    this.#changes.publish({ accountId, modseq: mailbox.highestModseq })
    return mailbox
  }

  /** Inferiors go along; INBOX stays and is emptied into the new mailbox (RFC 9051 §6.3.6). Resolves with the new name. */
  async rename(
    { accountId, mailboxId, name: from }: MailboxRow,
    to: string,
  ): Promise<{ name: string; modseq: Modseq }> {
    const name = newMailboxName(to)
    if (isInferior(name, from) && from !== 'INBOX')
      throw new MailboxNameError('A mailbox cannot become its own inferior')
    const { modseq } = await this.#store
      .write('mailbox.rename', { accountId, mailboxId, name, at: this.#clock.now() })
      .catch(tooMany)
    this.#changes.publish({ accountId, modseq })
    return { name, modseq }
  }

  /** Its inferiors stay (RFC 9051 §6.3.5). */
  async delete({ accountId, mailboxId }: MailboxRow): Promise<Modseq> {
    const { modseq } = await this.#store.write('mailbox.delete', { accountId, mailboxId, at: this.#clock.now() })
    this.#changes.publish({ accountId, modseq })
    return modseq
  }

  /** Resolves with the mod-sequence of the mailbox; null where it was subscribed to before, or is not there. */
  subscribe(accountId: AccountId, name: string): Promise<Modseq | null> {
    return this.#setSubscription({ accountId, name: newMailboxName(name), subscribed: true })
  }

  /** Any name goes: a subscription outlives its mailbox (RFC 9051 §6.3.9). */
  unsubscribe(accountId: AccountId, name: string): Promise<Modseq | null> {
    return this.#setSubscription({ accountId, name: normalizeMailboxName(name), subscribed: false })
  }

  async #setSubscription(args: { accountId: AccountId; name: string; subscribed: boolean }): Promise<Modseq | null> {
    const { modseq } = await this.#store.write('mailbox.subscribe', args)
    if (modseq !== null) this.#changes.publish({ accountId: args.accountId, modseq })
    return modseq
  }

  /** Those that changed since, in any way, and how many there are: see AnsweredMailboxes.since. */
  changedSince(accountId: AccountId, known: KnownMailboxes, fresh: boolean): Promise<ChangedMailboxes> {
    return this.#answered.since(accountId, known, fresh)
  }

  subscriptions(accountId: AccountId): Promise<string[]> {
    return this.#store.read('mailbox.subscriptions', { accountId })
  }

  /** Those that messages of the mailbox have, or had. */
  keywords({ accountId, mailboxId }: Pick<MailboxRow, 'accountId' | 'mailboxId'>): Promise<string[]> {
    return this.#store.read('mailbox.keywords', { accountId, mailboxId })
  }

  /** What the account uses and may use; null where the account is gone. */
  account(accountId: AccountId): Promise<AccountRow | null> {
    return this.#store.read('account.byId', { accountId })
  }
}

function tooMany(error: unknown): never {
  if (error instanceof StoreError && error.code === 'too-many')
    throw new MailboxNameError('The account has too many mailboxes')
  throw error
}
