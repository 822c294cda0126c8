/** Guessing is counted on all nodes that hear of each other. */
import { expect, it } from 'vitest'
import { AttemptLimit } from '../accounts/attempt-limit.ts'
import * as limits from '../accounts/limits.ts'
import { Throttle } from '../accounts/throttle.ts'
import type { Channel, Link } from './link.ts'
import { countsOver } from './link-counts.ts'

/** Nodes on one server, each with its link. */
function nodes(count: number): Link[] {
  const channels = new Map<string, Channel[]>()
  return Array.from({ length: count }, () => ({
    isReady: true,
    publish: (channel, text) => {
      for (const each of channels.get(channel) ?? []) each.heard(text)
    },
    listen(channel, listener) {
      channels.set(channel, [...(channels.get(channel) ?? []), listener])
      return () => {}
    },
    close: async () => {},
  }))
}

const clock = { now: () => 1_000_000 }

it('holds one who guesses at all nodes to the limit of one', () => {
  const throttles = nodes(3).map(
    (link, index) => new Throttle({ clock, limitLoopback: true, shared: countsOver(link, `n${index}`) }),
  )
  let tries = 0
  for (; tries < 100; tries++) {
    const admission = throttles[tries % 3]!.begin('ann@one.test', '192.0.2.1')
    if (!admission.admitted) break
    admission.settle('wrong')
  }
  expect(tries).toBe(limits.REFUSED_AFTER_FAILURES)
  for (const throttle of throttles) expect(throttle.begin('bob@one.test', '192.0.2.1').admitted).toBe(false)
})

it('knows on each from where an account signed in on another', () => {
  const [a, b] = nodes(2).map(
    (link, index) => new Throttle({ clock, limitLoopback: true, shared: countsOver(link, `n${index}`) }),
  ) as [Throttle, Throttle]
  const home = a.begin('ann@one.test', '198.51.100.1')
  if (home.admitted) home.settle('right')
  for (let attacker = 0; attacker < limits.ACCOUNT_FREE_FAILURES + 5; attacker++) {
    const admission = b.begin('ann@one.test', `203.0.113.${attacker}`)
    if (admission.admitted) admission.settle('wrong')
  }
  expect(a.begin('ann@one.test', '192.0.2.9')).toMatchObject({ admitted: true, delayMs: expect.any(Number) })
  expect((a.begin('ann@one.test', '192.0.2.9') as { delayMs: number }).delayMs).toBeGreaterThan(0)
  for (const throttle of [a, b]) expect(throttle.begin('ann@one.test', '198.51.100.1')).toMatchObject({ delayMs: 0 })
})

it('takes tries together, and gives them back', () => {
  const [a, b] = nodes(2).map((link, index) => {
    const shared = countsOver(link, `n${index}`)
    return { codes: new AttemptLimit({ clock, name: 'codes', max: 4, perMs: 1_000, shared }) }
  }) as [{ codes: AttemptLimit }, { codes: AttemptLimit }]
  expect([a, b, a, b, a].map(({ codes }) => codes.take('7'))).toEqual([true, true, true, true, false])
  b.codes.giveBack('7')
  expect([a, b].map(({ codes }) => codes.take('7'))).toEqual([true, false])
})
