import { describe, expect, it } from 'vitest'
import * as fetch from './fetch-response.ts'
import { SystemFlag } from './flags.ts'

describe('FETCH pieces', () => {
  it.each([
    [fetch.fetchStart(23) + fetch.fetchUid(7) + fetch.FETCH_END, '* 23 FETCH (UID 7)\r\n'],
    [fetch.fetchFlags(0, []), 'FLAGS ()'],
    [fetch.fetchFlags(SystemFlag.Seen, []), 'FLAGS (\\Seen)'],
    [fetch.fetchFlags(31, ['$Junk', 'b']), 'FLAGS (\\Seen \\Answered \\Flagged \\Deleted \\Draft $Junk b)'],
    [fetch.fetchFlags(0, ['b']), 'FLAGS (b)'],
    [fetch.fetchInternalDate(Date.UTC(1996, 6, 7, 2, 44, 25)), 'INTERNALDATE " 7-Jul-1996 02:44:25 +0000"'],
    [fetch.fetchSize(44827), 'RFC822.SIZE 44827'],
    [fetch.fetchModseq(624140003), 'MODSEQ (624140003)'],
    [fetch.fetchEnvelope('(NIL)'), 'ENVELOPE (NIL)'],
    [fetch.fetchBodyStructure('("TEXT")'), 'BODYSTRUCTURE ("TEXT")'],
    [fetch.fetchBody('("TEXT")'), 'BODY ("TEXT")'],
    [fetch.fetchEmailId('M1'), 'EMAILID (M1)'],
    [fetch.fetchThreadId('T1'), 'THREADID (T1)'],
    [fetch.fetchThreadId(null), 'THREADID NIL'],
    [fetch.fetchSaveDate(Date.UTC(2015, 0, 1, 17, 50, 53)), 'SAVEDATE " 1-Jan-2015 17:50:53 +0000"'],
    [fetch.fetchSaveDate(null), 'SAVEDATE NIL'],
    [fetch.fetchPreview('Preview!', false), 'PREVIEW "Preview!"'],
    [fetch.fetchPreview('Aperçu', false), 'PREVIEW {7}\r\nAperçu'],
    [fetch.fetchPreview(null, false), 'PREVIEW NIL'],
    [fetch.sectionHeader('BODY[1.MIME]<0>', 342), 'BODY[1.MIME]<0> {342}\r\n'],
    [fetch.sectionNil('BODY[7]'), 'BODY[7] NIL'],
    [fetch.binaryHeader([1, 2], null, 5, false), 'BINARY[1.2] {5}\r\n'],
    [fetch.binaryHeader([], { offset: 10, length: 5 }, 5, true), 'BINARY[]<10> ~{5}\r\n'],
    [fetch.binaryNil([3], null), 'BINARY[3] NIL'],
    [fetch.binarySize([1, 2], 99), 'BINARY.SIZE[1.2] 99'],
  ])('%#: %j', (piece, expected) => {
    expect(piece).toBe(expected)
  })
})
