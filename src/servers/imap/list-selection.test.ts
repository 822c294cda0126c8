import { describe, expect, it } from 'vitest'
import { processorMsSince, processorTime } from '../../../test/support/processor-time.ts'
import { Breather } from '../../mail/breather.ts'
import type { MailboxRow, SpecialUse } from '../../store/types.ts'
import { list } from '../../wire/imap/responses.ts'
import { selectForList } from './list-selection.ts'

const mailbox = (name: string, specialUse: SpecialUse | null = null): MailboxRow => ({
  mailboxId: 1,
  accountId: 1,
  name,
  specialUse,
  subscribed: false,
  uidValidity: 1,
  uidNext: 1,
  highestModseq: 1,
  messages: 0,
  unseen: 0,
  deleted: 0,
  sizeBytes: 0,
  recentAbove: 0,
})

type Asked = Parameters<typeof selectForList>[2]
const none = { subscribed: false, remote: false, recursiveMatch: false, specialUse: false }

interface Question {
  pattern: string | string[]
  select?: Partial<Asked['select']>
  subscribed?: boolean
  lsub?: boolean
  extended?: boolean
}

const argumentsOf = ({ pattern, select, subscribed = false, lsub = false, extended = !!select }: Question): Asked => ({
  lsub,
  extended,
  reference: '',
  patterns: [pattern].flat(),
  select: { ...none, ...select },
  return: { subscribed, children: false, specialUse: false, status: null },
})

async function listed(names: (string | MailboxRow)[], subscriptions: string[], asked: Question): Promise<string[]> {
  const rows = names.map(name => (typeof name === 'string' ? mailbox(name) : name))
  const entries = await selectForList(rows, subscriptions, argumentsOf(asked), new Breather())
  return entries.map(entry => list(entry, false).replace('* LIST ', '').trim())
}

const fruit = [
  'INBOX',
  'Fruit',
  'Fruit/Apple',
  'Fruit/Banana',
  'Tofu',
  'Vegetable',
  'Vegetable/Broccoli',
  'Vegetable/Corn',
]
const eaten = ['INBOX', 'Fruit/Banana', 'Fruit/Peach', 'Vegetable', 'Vegetable/Broccoli']

describe('the examples of RFC 9051 §6.3.9.8', () => {
  it('2: subscribed names, there or not', async () => {
    expect(await listed(fruit, eaten, { pattern: '*', select: { subscribed: true } })).toEqual([
      '(\\Subscribed \\HasNoChildren) "/" INBOX',
      '(\\Subscribed \\HasNoChildren) "/" Fruit/Banana',
      '(\\NonExistent \\Subscribed \\HasNoChildren) "/" Fruit/Peach',
      '(\\Subscribed \\HasChildren) "/" Vegetable',
      '(\\Subscribed \\HasNoChildren) "/" Vegetable/Broccoli',
    ])
  })

  it('3: children', async () => {
    expect(await listed(fruit, [], { pattern: '%' })).toEqual([
      '(\\HasNoChildren) "/" INBOX',
      '(\\HasChildren) "/" Fruit',
      '(\\HasNoChildren) "/" Tofu',
      '(\\HasChildren) "/" Vegetable',
    ])
  })

  it('6: subscription state of what is there', async () => {
    expect(await listed(fruit, eaten, { pattern: '*', subscribed: true })).toEqual([
      '(\\Subscribed \\HasNoChildren) "/" INBOX',
      '(\\HasChildren) "/" Fruit',
      '(\\HasNoChildren) "/" Fruit/Apple',
      '(\\Subscribed \\HasNoChildren) "/" Fruit/Banana',
      '(\\HasNoChildren) "/" Tofu',
      '(\\Subscribed \\HasChildren) "/" Vegetable',
      '(\\Subscribed \\HasNoChildren) "/" Vegetable/Broccoli',
      '(\\HasNoChildren) "/" Vegetable/Corn',
    ])
  })

  const foo = ['INBOX', 'Foo', 'Foo/Bar', 'Foo/Baz', 'Moo']
  const recursive = { subscribed: true, recursiveMatch: true }

  it('7: CHILDINFO tells of subscribed children, \\HasChildren of any', async () => {
    expect(await listed(foo, ['Foo/Baz'], { pattern: '%', select: { subscribed: true } })).toEqual([])
    expect(await listed(foo, ['Foo/Baz'], { pattern: '%', select: recursive })).toEqual([
      '(\\HasChildren) "/" Foo ("CHILDINFO" ("SUBSCRIBED"))',
    ])
    expect(await listed(foo, ['Foo', 'Foo/Baz'], { pattern: '%', select: recursive })).toEqual([
      '(\\Subscribed \\HasChildren) "/" Foo ("CHILDINFO" ("SUBSCRIBED"))',
    ])
    expect(await listed(['Foo/Baz'], ['Foo/Baz'], { pattern: '%', select: recursive })).toEqual([
      '(\\NonExistent \\HasChildren) "/" Foo ("CHILDINFO" ("SUBSCRIBED"))',
    ])
    expect(await listed(foo, [], { pattern: '%', select: recursive })).toEqual([])
    expect(await listed(foo, ['Foo', 'Moo'], { pattern: '%', select: recursive })).toEqual([
      '(\\Subscribed \\HasChildren) "/" Foo',
      '(\\Subscribed \\HasNoChildren) "/" Moo',
    ])
  })

  it('8: a parent is not named where all its subscribed children are', async () => {
    const names = ['INBOX', 'foo2', 'foo2/bar1', 'foo2/bar2', 'baz2', 'baz2/bar2', 'baz2/bar22', 'baz2/bar222']
    const more = ['eps2', 'eps2/mamba', 'qux2/bar2']
    const subscribed = ['foo2/bar1', 'foo2/bar2', 'baz2/bar2', 'baz2/bar22', 'baz2/bar222', ...more]
    expect(await listed([...names, ...more], subscribed, { pattern: '*2', select: recursive })).toEqual([
      '(\\Subscribed \\HasNoChildren) "/" baz2/bar2',
      '(\\Subscribed \\HasNoChildren) "/" baz2/bar22',
      '(\\Subscribed \\HasNoChildren) "/" baz2/bar222',
      '(\\Subscribed \\HasChildren) "/" eps2 ("CHILDINFO" ("SUBSCRIBED"))',
      '(\\HasChildren) "/" foo2 ("CHILDINFO" ("SUBSCRIBED"))',
      '(\\Subscribed \\HasNoChildren) "/" foo2/bar2',
      '(\\Subscribed \\HasNoChildren) "/" qux2/bar2',
    ])
  })

  it('9: CHILDINFO does not imply \\HasChildren', async () => {
    expect(await listed(['foo'], ['foo/bar'], { pattern: 'foo', select: recursive })).toEqual([
      '(\\HasNoChildren) "/" foo ("CHILDINFO" ("SUBSCRIBED"))',
    ])
  })

  it('10: a missing parent stands for the children that the pattern hides', async () => {
    expect(await listed(['music/rock'], [], { pattern: '%', extended: true })).toEqual([
      '(\\NonExistent \\HasChildren) "/" music',
    ])
    expect(await listed(['music/rock'], [], { pattern: '*' })).toEqual(['(\\HasNoChildren) "/" music/rock'])
    expect(await listed(['music/rock'], [], { pattern: ['%', 'music/rock'] })).toEqual([
      '(\\HasNoChildren) "/" music/rock',
    ])
  })
})

it('says \\Noselect as well to who lists without options', async () => {
  expect(await listed(['music/rock'], [], { pattern: '%' })).toEqual([
    '(\\NonExistent \\Noselect \\HasChildren) "/" music',
  ])
})

describe('SPECIAL-USE (RFC 6154)', () => {
  const names = ['INBOX', mailbox('Sent', 'sent'), mailbox('Old/Archive', 'archive')]

  it('is told with every LIST', async () => {
    expect(await listed(names, [], { pattern: 'Sent' })).toEqual(['(\\HasNoChildren \\Sent) "/" Sent'])
  })

  it('selects those alone', async () => {
    expect(await listed(names, [], { pattern: '*', select: { specialUse: true } })).toEqual([
      '(\\HasNoChildren \\Archive) "/" Old/Archive',
      '(\\HasNoChildren \\Sent) "/" Sent',
    ])
  })

  it('is told of inferiors with RECURSIVEMATCH', async () => {
    expect(await listed(names, [], { pattern: '%', select: { specialUse: true, recursiveMatch: true } })).toEqual([
      '(\\NonExistent \\HasChildren) "/" Old ("CHILDINFO" ("SPECIAL-USE"))',
      '(\\HasNoChildren \\Sent) "/" Sent',
    ])
  })
})

it('LSUB shows as \\Noselect what has only subscribed inferiors (RFC 3501 §6.3.9)', async () => {
  const asked = { lsub: true, select: { subscribed: true } }
  expect(await listed(fruit, eaten, { pattern: '%', ...asked })).toEqual([
    '() "/" INBOX',
    '(\\Noselect) "/" Fruit',
    '() "/" Vegetable',
  ])
})

it('lists INBOX first, and inferiors behind their superior', async () => {
  expect(
    (await listed(['a', 'a-b', 'a/b', 'INBOX/x', 'INBOX', 'B'], [], { pattern: '*' })).map(line =>
      line.split(' ').at(-1),
    ),
  ).toEqual(['INBOX', 'INBOX/x', 'B', 'a', 'a/b', 'a-b'])
})

describe('thousands of names of 25 levels', () => {
  const levels = Array.from({ length: 24 }, (_, level) => String.fromCharCode(97 + level).repeat(30)).join('/')
  const many = Array.from({ length: 5_000 }, (_, at) => `${at}/${levels}`)
  const asked = { lsub: true, select: { subscribed: true } }

  it('are looked through once, and each of their superiors', async () => {
    const before = processorTime()
    expect(await listed(['INBOX'], many, { pattern: '%', ...asked })).toHaveLength(5_000)
    expect(processorMsSince(before)).toBeLessThan(1_500)
  })

  it('leave others their turns, and nobody waits for those of a client that is gone', async () => {
    const gone = new AbortController()
    setImmediate(() => gone.abort(new Error('gone')))
    await expect(
      selectForList([], many, argumentsOf({ pattern: '%', ...asked }), new Breather(gone.signal)),
    ).rejects.toThrow('gone')
  })
})
