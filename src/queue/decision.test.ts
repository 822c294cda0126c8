import { describe, expect, it } from 'vitest'
import type { LeasedRecipient } from '../store/types.ts'
import { decide, isReported } from './decision.ts'
import type { RecipientOutcome } from './delivery.ts'
import { defaultQueueSettings as settings } from './settings.ts'

const hour = 3_600_000
const recipient: LeasedRecipient = {
  recipientId: 1,
  queueId: 1,
  address: 'bob@there.test',
  destination: 'there.test',
  status: 'queued',
  attempts: 0,
  nextAttemptAt: 0,
  notify: null,
  originalRecipient: null,
  delayNotifiedAt: null,
  leaseOwner: 'me',
  leaseUntil: hour,
  last: null,
  heldFor: null,
  releasedAt: null,
  message: {
    queueId: 1,
    reversePath: 'anna@here.test',
    blobHash: '',
    sizeBytes: 1,
    accountId: null,
    ret: null,
    envelopeId: null,
    smtpUtf8: false,
    eightBit: false,
    createdAt: 0,
  },
}
const result = { at: 0, status: '4.2.2', text: '452 4.2.2 full', remoteHost: null, remoteAddress: null }
const outcome = (
  kind: RecipientOutcome['kind'],
  changes: Partial<LeasedRecipient> = {},
  notifyPassedOn = false,
): RecipientOutcome => ({
  recipient: { ...recipient, ...changes },
  kind,
  result,
  notifyPassedOn,
  tls: null,
  settled: false,
})
const decided = (one: RecipientOutcome, now: number) => {
  const { status, action, delayNotified, countAttempt, result } = decide(one, now, settings, () => 0.5)
  return { status, action, delayNotified, countAttempt, code: result.status }
}

describe('what is reported', () => {
  it.each([
    // NOTIFY, then failed, delayed, delivered, relayed, expanded
    [null, [true, true, false, false, false]],
    [['NEVER' as const], [false, false, false, false, false]],
    [['FAILURE' as const], [true, false, false, false, false]],
    [['DELAY' as const], [false, true, false, false, false]],
    [['SUCCESS' as const], [false, false, true, true, true]],
  ])('with NOTIFY=%s', (notify, expected) => {
    const actions = ['failed', 'delayed', 'delivered', 'relayed', 'expanded'] as const
    expect(actions.map(action => isReported(action, 'anna@here.test', notify))).toEqual(expected)
    expect(actions.map(action => isReported(action, '', notify))).toEqual([false, false, false, false, false])
  })
})

describe('after an attempt a recipient', () => {
  const base = { delayNotified: false, countAttempt: true, code: '4.2.2' }

  it('is settled or comes back', () => {
    const success = { notify: ['SUCCESS' as const] }
    expect(decided(outcome('delivered'), 0)).toEqual({ ...base, status: 'delivered', action: null })
    expect(decided(outcome('delivered', success), 0)).toEqual({ ...base, status: 'delivered', action: 'relayed' })
    expect(decided(outcome('delivered', success, true), 0)).toEqual({ ...base, status: 'delivered', action: null })
    expect(decided(outcome('permanent'), 0)).toEqual({ ...base, status: 'failed', action: 'failed' })
    expect(decided(outcome('temporary'), 0)).toEqual({ ...base, status: 'queued', action: null })
    const stopped = { ...base, countAttempt: false, status: 'queued', action: null }
    expect(decided(outcome('stopped'), 0)).toEqual(stopped)
  })

  it('is told of once when it is late', () => {
    const told = { ...base, status: 'queued', action: 'delayed', delayNotified: true }
    expect(decided(outcome('temporary'), 4 * hour)).toEqual(told)
    expect(decided(outcome('temporary', { delayNotifiedAt: hour }), 5 * hour)).toMatchObject({ action: null })
    expect(decided(outcome('temporary', { notify: ['FAILURE'] }), 5 * hour)).toMatchObject({ delayNotified: false })
  })

  it('is given up at the end of its time, with the last status, which for our own mailboxes becomes final', () => {
    const end = settings.lifetime
    expect(decided(outcome('temporary'), end)).toEqual({ ...base, status: 'expired', action: 'failed' })
    const local = decide(outcome('temporary', { destination: 'local' }), end, settings, () => 0.5)
    expect(local.result).toMatchObject({ status: '5.2.2', text: '552 5.2.2 full' })
  })
})
