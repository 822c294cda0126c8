import { beforeEach, describe, expect, it } from 'vitest'
import * as limits from './limits.ts'
import { type Admission, Throttle } from './throttle.ts'

let now = 0
let throttle: Throttle
beforeEach(() => {
  now = 1_000_000
  throttle = new Throttle({ clock: { now: () => now }, limitLoopback: false })
})

const admitted = (admission: Admission): Admission & { admitted: true } => {
  if (!admission.admitted) throw new Error('refused')
  return admission
}
const attempt = (user: string, address: string, outcome: 'right' | 'wrong' | 'no-verdict'): number => {
  const { delayMs, settle } = admitted(throttle.begin(user, address))
  settle(outcome)
  return delayMs
}
const fail = (times: number, user = 'alice@a', address = '192.0.2.1'): number[] =>
  Array.from({ length: times }, () => attempt(user, address, 'wrong'))

describe('an address that guesses', () => {
  it('waits longer each time, then is refused', () => {
    expect(fail(10)).toEqual([0, 0, 0, 500, 1000, 2000, 4000, 8000, 8000, 8000])
    fail(10)
    expect(throttle.begin('alice@a', '192.0.2.1').admitted).toBe(false)
    expect(throttle.begin('bob@a', '192.0.2.1').admitted).toBe(false)
  })

  it('is forgiven a failure a minute', () => {
    fail(limits.REFUSED_AFTER_FAILURES)
    now += limits.FORGIVEN_EVERY_MS - 1
    expect(throttle.begin('alice@a', '192.0.2.1').admitted).toBe(false)
    now += 1
    fail(1)
    expect(throttle.begin('alice@a', '192.0.2.1').admitted).toBe(false)
    now += limits.REFUSED_AFTER_FAILURES * limits.FORGIVEN_EVERY_MS
    expect(fail(1)).toEqual([0])
  })

  it('gains nothing by many attempts at once', () => {
    fail(limits.FREE_FAILURES)
    const running = Array.from({ length: 30 }, () => throttle.begin('alice@a', '192.0.2.1'))
    expect(running.filter(({ admitted }) => admitted)).toHaveLength(
      limits.REFUSED_AFTER_FAILURES - limits.FREE_FAILURES,
    )
  })

  it('is one with its whole /64', () => {
    for (let i = 0; i < limits.REFUSED_AFTER_FAILURES; i++) attempt('alice@a', `2001:db8::${i.toString(16)}`, 'wrong')
    expect(throttle.begin('alice@a', '2001:db8::ffff').admitted).toBe(false)
    expect(throttle.begin('alice@a', '2001:db8:0:1::1').admitted).toBe(true)
  })
})

describe('the owner', () => {
  it('is not locked out by attacks from elsewhere, and does not wait at home', () => {
    attempt('alice@a', '198.51.100.1', 'right')
    for (let i = 0; i < 500; i++) attempt('alice@a', `10.0.${i >> 8}.${i & 255}`, 'wrong')
    expect(attempt('alice@a', '198.51.100.1', 'right')).toBe(0)
    // A stranger waits, also for his first try.
    expect(attempt('alice@a', '203.0.113.9', 'wrong')).toBe(limits.LONGEST_DELAY_MS)
  })

  it('is not refused because of neighbours behind the same address', () => {
    attempt('alice@a', '192.0.2.1', 'right')
    fail(limits.REFUSED_AFTER_FAILURES, 'bob@a')
    expect(throttle.begin('bob@a', '192.0.2.1').admitted).toBe(false)
    expect(attempt('alice@a', '192.0.2.1', 'right')).toBe(0)
  })

  it('may open many connections at once', () => {
    const all = Array.from({ length: 50 }, () => admitted(throttle.begin('alice@a', '192.0.2.1')))
    expect(Math.max(...all.map(({ delayMs }) => delayMs))).toBe(0)
  })

  it("has no password guessed by who shares the owner's address", () => {
    attempt('alice@a', '192.0.2.1', 'right')
    fail(limits.REFUSED_AFTER_FAILURES)
    expect(throttle.begin('alice@a', '192.0.2.1').admitted).toBe(false)
  })
})

it('does not count what was not judged', () => {
  for (let i = 0; i < 100; i++) attempt('alice@a', '192.0.2.1', 'no-verdict')
  expect(fail(1)).toEqual([0])
})

it('leaves loopback alone unless told otherwise', () => {
  fail(100, 'alice@a', '127.0.0.1')
  expect(throttle.begin('alice@a', '::1').admitted).toBe(true)
  throttle = new Throttle({ clock: { now: () => now }, limitLoopback: true })
  fail(limits.REFUSED_AFTER_FAILURES, 'alice@a', '127.0.0.1')
  expect(throttle.begin('alice@a', '127.0.0.1').admitted).toBe(false)
})
