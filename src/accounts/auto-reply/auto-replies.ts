/**
 * The auto-reply of a mailbox: what its owner, the manager of its domain or staff set. The row is what delivery goes by;
 * this is its form, and says what state it is in.
 */
import type { Clock } from '../../ops/clock.ts'
import { isTimeZone } from '../../ops/time-zone.ts'
import { type Store, writeAll } from '../../store/store.ts'
import type { AutoReplyRow } from '../../store/types/auto-reply.ts'
import type { AccountRow } from '../../store/types.ts'
import { AccountError } from '../account-error.ts'
import { administeredAccount, ownAccount } from '../account-of.ts'
import { type Actor, audited } from '../actor.ts'
import { FURTHEST_YEARS, INTERVAL_DAYS, SUBJECT_CHARACTERS, TEXT_CHARACTERS } from './limits.ts'
import { type AutoReplyStatus, dayAt, isDay, statusAt } from './schedule.ts'

export type AutoReplyContent = Omit<AutoReplyRow, 'accountId' | 'updatedAt'>

export interface AutoReply extends Omit<AutoReplyContent, 'timeZone'>, AutoReplyStatus {
  address: string
  /** null: never set, and the owner has chosen none. */
  timeZone: string | null
  /** null: never set. */
  updatedAt: number | null
}

export class AutoReplies {
  readonly #store: Store
  readonly #clock: Clock

  constructor(store: Store, clock: Clock) {
    this.#store = store
    this.#clock = clock
  }

  async own(actor: Actor): Promise<AutoReply> {
    return this.#of(await ownAccount(this.#store, actor))
  }

  async setOwn(actor: Actor, content: AutoReplyContent): Promise<AutoReply> {
    return this.#set(actor, await ownAccount(this.#store, actor), content)
  }

  async ofMailbox(actor: Actor, address: string): Promise<AutoReply> {
    return this.#of(await administeredAccount(this.#store, actor, address))
  }

  async setOfMailbox(actor: Actor, address: string, content: AutoReplyContent): Promise<AutoReply> {
    return this.#set(actor, await administeredAccount(this.#store, actor, address), content)
  }

  async #of({ accountId, address }: AccountRow): Promise<AutoReply> {
    const row = await this.#store.read('autoReply.get', { accountId })
    if (row) {
      const { accountId: _, ...content } = row
      return { address, ...content, ...statusAt(row, this.#clock.now()) }
    }
    const owner = await this.#store.read('principal.byId', { principalId: accountId })
    const timeZone = owner?.timeZone ?? null
    return { address, ...unset, timeZone, updatedAt: null, state: 'off', startsAt: null, endsAt: null }
  }

  async #set(actor: Actor, account: AccountRow, given: AutoReplyContent): Promise<AutoReply> {
    const { accountId, address, domain } = account
    const now = this.#clock.now()
    const content = checked(given, now)
    const before = await this.#store.read('autoReply.get', { accountId })
    const row: AutoReplyRow = { accountId, ...content, updatedAt: now }
    await writeAll(this.#store, [
      { operation: 'autoReply.set', args: row },
      audited(actor, now, {
        action: 'autoReply.update',
        target: address,
        domain,
        before: before && contentOf(before),
        after: { ...content },
      }),
    ])
    return this.#of(account)
  }
}

const unset = {
  enabled: false,
  fromDay: null,
  untilDay: null,
  subject: '',
  text: '',
  audience: 'everyone',
  intervalDays: INTERVAL_DAYS.usual,
} as const

/** What is switched off may be incomplete, so that it can be written beforehand. Throws `invalid-auto-reply` and its like. */
function checked(given: AutoReplyContent, now: number): AutoReplyContent {
  const { enabled, fromDay, untilDay, timeZone, audience, intervalDays } = given
  const subject = given.subject.trim()
  const text = given.text.replace(/\r\n?/g, '\n').trimEnd()
  // A subject with a line end in it would end the header of the reply.
  if (subject.length > SUBJECT_CHARACTERS || /[\p{Cc}\p{Zl}\p{Zp}]/u.test(subject)) throw wrong('subject')
  if (text.length > TEXT_CHARACTERS || /(?![\n\t])\p{Cc}/u.test(text)) throw wrong('text')
  if (!isTimeZone(timeZone)) throw wrong('timeZone')
  if (intervalDays < INTERVAL_DAYS.least || intervalDays > INTERVAL_DAYS.most) throw wrong('intervalDays')
  for (const [field, day] of [['fromDay', fromDay] as const, ['untilDay', untilDay] as const])
    if (day !== null && (!isDay(day) || day > yearsAhead(now))) throw wrong(field)
  if (fromDay !== null && untilDay !== null && untilDay < fromDay)
    throw new AccountError('auto-reply-days', 'The last day is before the first', { field: 'untilDay' })
  if (enabled && text === '') throw new AccountError('auto-reply-empty', 'There is no text', { field: 'text' })
  if (enabled && untilDay !== null && untilDay < dayAt(now, timeZone))
    throw new AccountError('auto-reply-past', 'The last day is over', { field: 'untilDay' })
  return { enabled, fromDay, untilDay, timeZone, subject, text, audience, intervalDays }
}

const yearsAhead = (now: number): string =>
  Temporal.PlainDate.from(dayAt(now, 'UTC')).add({ years: FURTHEST_YEARS }).toString()

function contentOf({ accountId: _, updatedAt: __, ...content }: AutoReplyRow): AutoReplyContent {
  return content
}

const wrong = (field: string): AccountError =>
  new AccountError('invalid-auto-reply', `The member ${field} of the auto-reply is wrong`, { field })
