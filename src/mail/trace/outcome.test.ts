import { describe, expect, it } from 'vitest'
import type { TraceEvent, TraceFirstStep, TraceRule } from '../../store/types/trace.ts'
import { type Outcome, outcomeOf, type Sight } from './outcome.ts'
import { outcomeText, ruleText } from './texts.ts'
import { addressPattern, looser, windowOf } from './wish.ts'

const queued: TraceFirstStep = { kind: 'queued' }
const junk = new Set(['Spam'])
const event = (kind: TraceEvent['kind'], at: number, detail: TraceEvent['detail'] = {}): TraceEvent => ({
  eventId: at,
  traceId: 1,
  at,
  recipient: 'x@y.test',
  kind,
  detail,
})
const of = (first: TraceFirstStep, events: TraceEvent[] = [], sight: Sight = 'all'): Outcome =>
  outcomeOf({ first }, 1, events, { sight, junk })
const mine: TraceRule = { kind: 'rule', name: 'Mine', line: null, did: 'filed', what: 'Lists' }
const stored = (mailboxes: string[], ...rules: TraceRule[]): TraceFirstStep => ({ kind: 'stored', mailboxes, rules })

describe('what became of a recipient’s copy', () => {
  const deferred = event('deferred', 10, {
    host: 'mx.y.test',
    status: '4.7.1',
    answer: '451 4.7.1 later',
    nextAttemptAt: 99,
  })
  const delivered = event('delivered', 20, {
    host: 'mx.y.test',
    tls: 'TLSv1.3 X',
    status: '2.0.0',
    answer: '250 2.0.0 OK',
  })

  it.each<[string, TraceFirstStep, TraceEvent[], Partial<Outcome>]>([
    ['waits from the start', queued, [], { kind: 'waiting', at: 1, attempts: 0, nextAttemptAt: null }],
    [
      'waits for the next attempt',
      queued,
      [deferred],
      { kind: 'waiting', at: 10, attempts: 1, nextAttemptAt: 99, answer: '451 4.7.1 later' },
    ],
    [
      'was delivered',
      queued,
      [deferred, delivered],
      { kind: 'delivered', attempts: 2, host: 'mx.y.test', tls: 'TLSv1.3 X', nextAttemptAt: null },
    ],
    [
      'was refused by the other side',
      queued,
      [event('bounced', 5, { answer: '550 no' })],
      { kind: 'bounced', answer: '550 no' },
    ],
    ['was given up', queued, [deferred, event('expired', 30)], { kind: 'expired', at: 30 }],
    ['is held', queued, [deferred, event('held', 15)], { kind: 'held' }],
    ['is held, whatever an attempt under way said', queued, [event('held', 5), deferred], { kind: 'held' }],
    ['is due again', queued, [event('held', 5), event('released', 6)], { kind: 'waiting', nextAttemptAt: 6 }],
    ['was dropped', queued, [event('dropped', 6)], { kind: 'dropped' }],
    ['went with the sender', queued, [event('held', 1), event('gone', 6)], { kind: 'gone', at: 6 }],
    ['is in the inbox', stored(['INBOX']), [], { kind: 'stored', mailboxes: ['INBOX'] }],
    ['is in the junk folder', stored(['Spam']), [], { kind: 'junk' }],
    ['is in a folder', stored(['Lists'], mine, { ...mine, did: 'answered' }), [], { kind: 'folder', rule: mine }],
    ['is in the inbox and a folder', stored(['Lists', 'INBOX']), [], { kind: 'stored' }],
    [
      'was stored later',
      queued,
      [deferred, event('stored', 12, { mailboxes: ['Spam'] })],
      { kind: 'junk', at: 12, answer: null },
    ],
    ['was read', stored(['INBOX']), [event('read', 40), event('read', 50)], { kind: 'stored', at: 1, readAt: 40 }],
    [
      'was refused here',
      { kind: 'refused', reason: 'x', answer: '550 5.1.1 unknown', count: 3, rules: [] },
      [],
      { kind: 'refused', status: '5.1.1', count: 3 },
    ],
  ])('%s', (_, first, events, expected) => {
    expect(of(first, events)).toMatchObject(expected)
  })

  it('keeps from a sender what the recipient’s rules do, and whether it was read', () => {
    const read = [event('read', 40)]
    const none: TraceFirstStep = { kind: 'discarded', rules: [{ ...mine, did: 'discarded' }] }
    for (const first of [stored(['Spam']), stored(['Lists'], mine), none])
      expect(of(first, read, 'arrival')).toMatchObject({ kind: 'stored', mailboxes: [], rule: null, readAt: null })
  })

  it('keeps names of folders and rules from who looks after the domain', () => {
    expect(of(stored(['Lists'], mine), [], 'folder')).toMatchObject({ kind: 'folder', mailboxes: [], rule: null })
    expect(of(stored(['Spam']), [], 'folder')).toMatchObject({ kind: 'junk', mailboxes: [] })
  })

  it('is said in one sentence', () => {
    const at = Date.UTC(2026, 10, 27, 11, 4, 7)
    const outcome = of(queued, [event('delivered', at, { host: 'mx.y.test', tls: 'TLSv1.3 X' })])
    const timeZone = 'Europe/Paris'
    expect(outcomeText(outcome, { language: 'en', timeZone })).toBe(
      'Delivered to mx.y.test on 27 November 2026 at 12:04:07, over an encrypted connection.',
    )
    expect(outcomeText(outcome, { language: 'fr', timeZone })).toBe(
      'Remis à mx.y.test le 27 novembre 2026 à 12:04:07, par une connexion chiffrée.',
    )
  })
})

it('names no server as having refused what none was asked to take', () => {
  const at = Date.UTC(2026, 10, 27, 11, 4, 7)
  const timeZone = 'Europe/Paris'
  const text = (detail: TraceEvent['detail'], language: 'fr' | 'en'): string =>
    outcomeText(of(queued, [event('bounced', at, detail)]), { language, timeZone })
  const unknown = { host: null, remoteAddress: null, status: '5.1.2', answer: 'Host or domain name not found.' }
  expect(text(unknown, 'en')).toBe('Given up on 27 November 2026 at 12:04:07: it cannot be delivered.')
  expect(text(unknown, 'fr')).toBe('Abandonné le 27 novembre 2026 à 12:04:07 : il ne peut pas être remis.')
  expect(text({ ...unknown, host: 'mx.y.test' }, 'en')).toBe('Refused by mx.y.test on 27 November 2026 at 12:04:07.')
})

it('says of an address that leads to others that it was passed on', () => {
  const at = Date.UTC(2026, 10, 27, 11, 4, 7)
  const outcome = of(queued, [event('delivered', at, { status: '2.0.0', answer: '250 2.0.0 delivered' })])
  expect(outcomeText(outcome, { language: 'en', timeZone: 'Europe/Paris' })).toBe(
    'Arrived on 27 November 2026 at 12:04:07, and was passed on to where this address leads.',
  )
})

describe('a rule', () => {
  const script: TraceRule = { kind: 'script', name: 'by hand', line: 12, did: 'redirected', what: 'x@y.test' }

  it('is named with what it did, in both languages', () => {
    expect(ruleText(mine, 'en')).toBe('The rule “Mine”: filed in “Lists”')
    expect(ruleText(mine, 'fr')).toBe('La règle «\u00a0Mine\u00a0»\u00a0: classé dans «\u00a0Lists\u00a0»')
    expect(ruleText(script, 'en')).toBe('The script “by hand”, line 12: sent on to x@y.test')
  })

  it('is named in the plain answer', () => {
    const text = (first: TraceFirstStep) => outcomeText(of(first), { language: 'en', timeZone: 'UTC' })
    expect(text(stored(['Lists'], mine))).toMatch(/, filed in “Lists” by the rule “Mine”\.$/)
    expect(text({ kind: 'discarded', rules: [{ ...mine, did: 'discarded' }] })).toMatch(
      /, but the rule “Mine” kept no copy\.$/,
    )
    expect(text({ kind: 'discarded', rules: [script] })).toMatch(
      /, then sent on to x@y\.test without a copy here, by the script “by hand”, line 12\.$/,
    )
  })
})

describe('what somebody remembers', () => {
  it.each([
    [' <Anna@Example.org> ', { localPart: 'anna', domain: 'example.org', exact: true }],
    ['@example.org', { localPart: null, domain: 'example.org', exact: true }],
    ['example.org', { localPart: null, domain: 'example.org', exact: true }],
    ['anna', { localPart: 'anna', domain: null, exact: false }],
    ['anna@', { localPart: 'anna', domain: null, exact: false }],
    ['  ', null],
    [null, null],
  ])('%j is looked for as %j', (text, pattern) => {
    expect(addressPattern(text)).toEqual(pattern)
  })

  it('is looked for as a piece where nobody has just that', () => {
    expect(looser(addressPattern('anna@example.org'))).toMatchObject({ exact: false })
    for (const text of ['example.org', 'anna', null]) expect(looser(addressPattern(text))).toBeNull()
  })

  it('is about a time, or between two', () => {
    const { from, before } = windowOf({ around: 1e10, since: 1, until: 2 })
    expect([1e10 - from!, before! - 1e10]).toEqual([5_400_000, 5_400_000])
    expect(windowOf({ around: null, since: 1, until: 2 })).toEqual({ from: 1, before: 2 })
  })
})
