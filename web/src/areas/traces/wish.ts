/** What is looked for, as it stands in the page's address: a search can be gone back to, and handed on. */
import type { Query } from '../../shared/api/client.ts'
import { dayOf, timeAt } from './zoned-time.ts'

const MINUTE_MS = 60_000
const DAY_MS = 86_400_000

/** Minutes before and after. */
export const margins = ['30', '90', '360'] as const
export type Margin = (typeof margins)[number]
/** any: of an owner, whichever of the two. */
export const ways = ['sent', 'received', 'any'] as const
export type Way = (typeof ways)[number]
export const statuses = ['any', 'delivered', 'waiting', 'refused', 'held'] as const
export type Status = (typeof statuses)[number]

export interface Wish {
  /** Of an owner: whether `other` got the message or sent it. */
  way: Way
  other: string
  status: Status
  sender: string
  recipient: string
  id: string
  /** `2026-12-04`, or empty. */
  day: string
  /** `10:42`, or empty. */
  time: string
  margin: Margin
}

const nothing: Wish = {
  way: 'any',
  other: '',
  status: 'any',
  sender: '',
  recipient: '',
  id: '',
  day: '',
  time: '',
  margin: '90',
}

export function wishFrom(search: string): Wish {
  const given = new URLSearchParams(search)
  const text = (name: string): string => given.get(name) ?? ''
  const day = text('day')
  const time = text('time')
  return {
    way: ways.find(way => way === given.get('way')) ?? 'any',
    other: text('other'),
    status: statuses.find(status => status === given.get('status')) ?? 'any',
    sender: text('sender'),
    recipient: text('recipient'),
    id: text('id'),
    day: /^\d{4}-\d\d-\d\d$/.test(day) && !Number.isNaN(Date.parse(day)) ? day : '',
    time: /^([01]\d|2[0-3]):[0-5]\d$/.test(time) ? time : '',
    margin: margins.find(margin => margin === given.get('margin')) ?? '90',
  }
}

export function searchOf(wish: Wish): string {
  const parameters = new URLSearchParams()
  for (const key of Object.keys(nothing) as (keyof Wish)[])
    if (wish[key] !== nothing[key]) parameters.set(key, wish[key].trim())
  return parameters.toString()
}

/** What the service is asked. Without a day: the last 24 hours; at all times for an id, and for what waits or is held. */
export function queryOf(wish: Wish, now: number, timeZone: string | undefined): Query {
  const { way, other, id, margin } = wish
  const words = {
    sender: (way === 'received' ? other || wish.sender : wish.sender) || null,
    recipient: (way === 'sent' ? other || wish.recipient : wish.recipient) || null,
    address: (way === 'any' ? other : '') || null,
    way: way === 'any' ? null : way,
    status: wish.status === 'any' ? null : wish.status,
    id: id || null,
  }
  const isAtAnyTime = id !== '' || wish.status === 'waiting' || wish.status === 'held'
  const day = wish.day || (wish.time && dayOf(now, timeZone))
  if (day === '') return { ...words, since: isAtAnyTime ? null : now - DAY_MS }
  if (wish.time !== '') {
    const at = timeAt(day, wish.time, timeZone)
    return { ...words, since: at - Number(margin) * MINUTE_MS, until: at + Number(margin) * MINUTE_MS }
  }
  const next = dayOf(Date.parse(`${day}T12:00:00Z`) + DAY_MS, 'UTC')
  return { ...words, since: timeAt(day, '00:00', timeZone), until: timeAt(next, '00:00', timeZone) }
}
