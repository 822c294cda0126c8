import { describe, expect, it } from 'vitest'
import * as responses from './responses.ts'
import { type ThreadNode, thread } from './thread-response.ts'

const {
  capability,
  enabled,
  esearch,
  id,
  list,
  listRoot,
  lsub,
  namespace,
  quota,
  quotaRoot,
  searchOrSort,
  status,
  vanished,
} = responses

describe('untagged answers', () => {
  it.each([
    [capability(['IMAP4rev2', 'IDLE']), '* CAPABILITY IMAP4rev2 IDLE\r\n'],
    [enabled(['CONDSTORE']), '* ENABLED CONDSTORE\r\n'],
    [enabled([]), '* ENABLED\r\n'],
    [
      id([
        ['name', 'Facteur'],
        ['os', null],
      ]),
      '* ID ("name" "Facteur" "os" NIL)\r\n',
    ],
    [id(null), '* ID NIL\r\n'],
    [namespace(), '* NAMESPACE (("" "/")) NIL NIL\r\n'],
    [responses.flags(['\\Seen', '$Junk']), '* FLAGS (\\Seen $Junk)\r\n'],
    [responses.exists(23), '* 23 EXISTS\r\n'],
    [responses.recent(0), '* 0 RECENT\r\n'],
    [responses.expunge(44), '* 44 EXPUNGE\r\n'],
    [vanished([405, 407, 410, 411, 412], false), '* VANISHED 405,407,410:412\r\n'],
    [vanished(Uint32Array.of(300, 301), true), '* VANISHED (EARLIER) 300:301\r\n'],
    [quota('', [{ resource: 'STORAGE', usage: 10, limit: 512 }], false), '* QUOTA "" (STORAGE 10 512)\r\n'],
    [
      quota(
        '!partition/sda4',
        [
          { resource: 'STORAGE', usage: 104, limit: 10923847 },
          { resource: 'MESSAGE', usage: 1, limit: 2 },
        ],
        false,
      ),
      '* QUOTA !partition/sda4 (STORAGE 104 10923847 MESSAGE 1 2)\r\n',
    ],
    [quota('', [], false), '* QUOTA "" ()\r\n'],
    [quotaRoot('INBOX', ['#user/alice', ''], false), '* QUOTAROOT INBOX #user/alice ""\r\n'],
    [quotaRoot('comp.mail.mime', [], false), '* QUOTAROOT comp.mail.mime\r\n'],
  ])('%#: %j', (line, expected) => {
    expect(line).toBe(expected)
  })
})

describe('LIST and LSUB', () => {
  it.each([
    [list({ name: 'INBOX', attributes: ['\\HasNoChildren'] }, false), '* LIST (\\HasNoChildren) "/" INBOX\r\n'],
    [list({ name: 'Sent Mail', attributes: [] }, false), '* LIST () "/" "Sent Mail"\r\n'],
    [
      list({ name: 'Entwürfe', attributes: ['\\Drafts', '\\Subscribed'] }, false),
      '* LIST (\\Drafts \\Subscribed) "/" Entw&APw-rfe\r\n',
    ],
    [list({ name: 'Entwürfe', attributes: [] }, true), '* LIST () "/" "Entwürfe"\r\n'],
    [
      list({ name: 'Foo', attributes: ['\\NonExistent'], childInfo: ['SUBSCRIBED'] }, false),
      '* LIST (\\NonExistent) "/" Foo ("CHILDINFO" ("SUBSCRIBED"))\r\n',
    ],
    [list({ name: 'Foo', attributes: [], childInfo: [] }, false), '* LIST () "/" Foo\r\n'],
    [
      list({ name: 'NewMailbox', attributes: [], oldName: 'Old é' }, false),
      '* LIST () "/" NewMailbox ("OLDNAME" ("Old &AOk-"))\r\n',
    ],
    [
      list({ name: 'a', attributes: [], childInfo: ['SUBSCRIBED'], oldName: 'b' }, false),
      '* LIST () "/" a ("CHILDINFO" ("SUBSCRIBED") "OLDNAME" (b))\r\n',
    ],
    [lsub({ name: 'a b', attributes: ['\\Noselect'] }, false), '* LSUB (\\Noselect) "/" "a b"\r\n'],
    [listRoot(), '* LIST (\\Noselect) "/" ""\r\n'],
  ])('%#: %j', (line, expected) => {
    expect(line).toBe(expected)
  })
})

describe('STATUS', () => {
  it('has its items in the order given', () => {
    expect(
      status(
        'blurdybloop',
        [
          ['MESSAGES', 231],
          ['UIDNEXT', 44292],
        ],
        false,
      ),
    ).toBe('* STATUS blurdybloop (MESSAGES 231 UIDNEXT 44292)\r\n')
    expect(
      status(
        'é',
        [
          ['MAILBOXID', 'F2212ea87'],
          ['APPENDLIMIT', null],
          ['SIZE', 0],
        ],
        false,
      ),
    ).toBe('* STATUS &AOk- (MAILBOXID (F2212ea87) APPENDLIMIT NIL SIZE 0)\r\n')
  })
})

describe('SEARCH, SORT and ESEARCH', () => {
  it.each([
    [searchOrSort('SEARCH', [2, 84, 882], null), '* SEARCH 2 84 882\r\n'],
    [searchOrSort('SEARCH', [], null), '* SEARCH\r\n'],
    [searchOrSort('SEARCH', [], 5), '* SEARCH\r\n'],
    [searchOrSort('SEARCH', Uint32Array.of(2, 5), 917162500), '* SEARCH 2 5 (MODSEQ 917162500)\r\n'],
    [searchOrSort('SORT', [882, 84, 2], null), '* SORT 882 84 2\r\n'],
    [esearch('A282', { uid: false, min: 2, count: 3 }), '* ESEARCH (TAG "A282") MIN 2 COUNT 3\r\n'],
    [esearch('A285', { uid: true, min: 7, max: 3800 }), '* ESEARCH (TAG "A285") UID MIN 7 MAX 3800\r\n'],
    [esearch('A284', { uid: false }), '* ESEARCH (TAG "A284")\r\n'],
    [esearch('A286', { uid: false, all: [], count: 0 }), '* ESEARCH (TAG "A286") COUNT 0\r\n'],
    [esearch('a', { uid: false, all: [1, 2, 5], modseq: 1236 }), '* ESEARCH (TAG "a") ALL 1:2,5 MODSEQ 1236\r\n'],
    [
      esearch('tag1', { uid: true, all: [3002, 4004] }, { name: 'folder2/banana', uidValidity: 503 }),
      '* ESEARCH (TAG "tag1" MAILBOX folder2/banana UIDVALIDITY 503) UID ALL 3002,4004\r\n',
    ],
    [
      esearch('a', { uid: true, count: 1 }, { name: 'é b', uidValidity: 1 }, true),
      '* ESEARCH (TAG "a" MAILBOX "é b" UIDVALIDITY 1) UID COUNT 1\r\n',
    ],
    [
      esearch('a', {
        uid: true,
        partial: { range: { from: 1, to: 100, fromLast: true }, numbers: [4, 5, 9] },
        count: 3,
      }),
      '* ESEARCH (TAG "a") UID PARTIAL (-1:-100 4:5,9) COUNT 3\r\n',
    ],
    [
      esearch('a', { uid: false, partial: { range: { from: 24000, to: 24500, fromLast: false }, numbers: [] } }),
      '* ESEARCH (TAG "a") PARTIAL (24000:24500 NIL)\r\n',
    ],
    [esearch('E01', { uid: true, all: [23765, 23764, 23763] }), '* ESEARCH (TAG "E01") UID ALL 23765,23764,23763\r\n'],
  ])('%#: %j', (line, expected) => {
    expect(line).toBe(expected)
  })
})

describe('THREAD', () => {
  const node = (number: number | null, ...children: ThreadNode[]): ThreadNode => ({ number, children })
  const leaf = (number: number): ThreadNode => node(number)

  it.each([
    [thread([]), '* THREAD\r\n'],
    // RFC 5256 §4.
    [
      thread([leaf(2), node(3, node(6, node(4, leaf(23)), node(44, node(7, leaf(96)))))]),
      '* THREAD (2)(3 6 (4 23)(44 7 96))\r\n',
    ],
    [thread([node(null, leaf(3), leaf(5))]), '* THREAD ((3)(5))\r\n'],
    [thread([node(null, node(3, leaf(4)), leaf(5)), leaf(9)]), '* THREAD ((3 4)(5))(9)\r\n'],
    [thread([node(1, node(2, leaf(3), leaf(4)), leaf(5))]), '* THREAD (1 (2 (3)(4))(5))\r\n'],
  ])('%#: %j', (line, expected) => {
    expect(line).toBe(expected)
  })

  it('is written however deep it goes', () => {
    let deep = leaf(200_001)
    for (let number = 200_000; number > 0; number -= 2) deep = node(number - 1, leaf(number), deep)
    const line = thread([deep])
    expect(line.startsWith('* THREAD (1 (2)(3 (4)(5 (6)(7')).toBe(true)
    expect(line.endsWith('(200000)(200001)'.concat(')'.repeat(100_000), '\r\n'))).toBe(true)
  })
})
