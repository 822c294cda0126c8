/** That what must never happen under a fault would be noticed. */
import { beforeEach, describe, expect, it } from 'vitest'
import { Deaths } from './arrivals.ts'
import { Examiner } from './examination.ts'
import { Ledger } from './ledger.ts'
import { type Contents, MailboxModel } from './loads/mailbox-model.ts'
import { seeded } from './random.ts'

let ledger: Ledger
beforeEach(() => {
  ledger = new Ledger()
})

describe('a message that is found', () => {
  const fields = 'Return-Path: <load@example.net>\r\nReceived: from a\r\n\tby b; now\r\n'

  it('may have trace fields of the service before it, and nothing else', () => {
    const { id, text } = ledger.next(seeded(1))
    for (const before of ['', fields]) expect(ledger.idOf(before + text, 'here')).toBe(id)
    expect(ledger.problems).toEqual([])
    ledger.idOf(`X-Other: a\r\n${text}`, 'here')
    expect(ledger.problems).toHaveLength(1)
  })

  it.each<[string, (text: string) => string]>([
    ['another subject', text => text.replace('Subject: m', 'Subject: n')],
    ['a field unfolded', text => text.replace('\r\n   and', ' and')],
    ['a field that is gone', text => text.replace(/^Date: .*\r\n/m, '')],
    ['a dot more', text => text.replace('\r\n..\r\n', '\r\n...\r\n')],
    ['spaces that are gone', text => text.replace('\r\n \t \r\n', '\r\n\r\n')],
    ['no end', text => text.slice(0, -1)],
  ])('with %s is another', (_, changed) => {
    const { text } = ledger.next(seeded(1))
    expect(changed(text)).not.toBe(text)
    ledger.idOf(fields + changed(text), 'here')
    expect(ledger.problems).toHaveLength(1)
  })
})

describe('a message for elsewhere', () => {
  function examined(times: number[], deaths: Deaths): readonly string[] {
    const ports = { smtp: 0, submission: 0, imap: 0, pop3: 0 }
    const examiner = new Examiner({ ports, ledger, password: '', dies: true, stopping: false })
    ledger.submissions.set('m1', { recipients: ['m1.one@far.test'], acknowledged: true })
    examiner.queue(new Set(), new Map([['m1.one@far.test', times]]), deaths)
    return ledger.problems
  }

  it('may arrive once more for a death in between', async () => {
    const deaths = new Deaths()
    const before = performance.now()
    await deaths.during(async () => {})
    expect(examined([before, performance.now() + 5_000], deaths)).toEqual([])
  })

  it('may not for a death before it was sent first', async () => {
    const deaths = new Deaths()
    await deaths.during(async () => {})
    const later = performance.now() + 5_000
    expect(examined([later, later + 10], deaths)).toHaveLength(1)
  })

  it('may not twice for one death', async () => {
    const deaths = new Deaths()
    const before = performance.now()
    await deaths.during(async () => {})
    const after = performance.now() + 5_000
    expect(examined([before, after, after + 1], deaths)).toHaveLength(1)
  })
})

describe('a message that an unanswered APPEND left', () => {
  const pending = { text: 'APPEND', added: { box: 'INBOX', entries: [{ id: 'm2', flags: [] }] } } as const
  const found = (uid: number): Contents => ({ INBOX: new Map([[uid, { id: 'm2', flags: [] }]]), Other: new Map() })

  it.each([
    ['has a new UID', 9, null],
    ['may not have one that was given before', 8, expect.stringContaining('8 in INBOX is no new UID')],
  ])('%s', (_, uid, wrong) => {
    const model = new MailboxModel()
    model.apply({ text: 'APPEND', added: { box: 'INBOX', entries: [{ id: 'm1', flags: [] }] } }, [8])
    model.apply({ text: 'EXPUNGE', removed: { box: 'INBOX', uids: [8] } }, [])
    model.pending = pending
    expect(model.reconcile(found(uid))).toEqual(wrong)
  })
})

it('hears UIDNEXT, HIGHESTMODSEQ and MODSEQ in answers', () => {
  const { told } = new MailboxModel()
  told.INBOX.hear([
    '* OK [UIDNEXT 12] Predicted next UID',
    '* OK [HIGHESTMODSEQ 90] Highest',
    '* 3 FETCH (UID 5 MODSEQ (97))',
    'OK [HIGHESTMODSEQ 98] EXPUNGE completed',
  ])
  expect(told.INBOX).toMatchObject({ uidNext: 12, highestModseq: 98, modseqs: new Map([[5, 97]]) })
})
