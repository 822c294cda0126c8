import { describe, expect, it } from 'vitest'
import { REFERENCES } from './limits.ts'
import { parseMessageId, parseMessageIds } from './message-id.ts'

describe('message-ids', () => {
  it.each([
    ['<a@b>', ['a@b']],
    ['<a@b> <c@d>\r\n\t<e@f>', ['a@b', 'c@d', 'e@f']],
    ['<a@b><c@d>', ['a@b', 'c@d']],
    ['Your message of Monday <a@b> and "that" <c@d>', ['a@b', 'c@d']],
    // RFC 5256 §3, RFC 5322 appendix A.6.3.
    ['<"01KF8JCEOCBS0045PS"@xxx.yyy.com>', ['01KF8JCEOCBS0045PS@xxx.yyy.com']],
    ['<1234   @   local(blah)  .machine .example>', ['1234@local.machine.example']],
    ['<no-at-sign>', ['no-at-sign']],
    ['<>', []],
    ['nothing', []],
    ['<<<a@b', []],
  ])('of %s are %j', (text, ids) => {
    expect(parseMessageIds(text)).toEqual(ids)
  })

  it('keeps the newest of too many', () => {
    const ids = parseMessageIds(Array.from({ length: REFERENCES + 5 }, (_, i) => `<${i}@x>`).join(' '))
    expect(ids).toHaveLength(REFERENCES)
    expect(ids.at(-1)).toBe(`${REFERENCES + 4}@x`)
  })

  it('understands a Message-ID without brackets, and no phrase', () => {
    expect(parseMessageId('a@b')).toBe('a@b')
    expect(parseMessageId('some words')).toBe('')
    expect(parseMessageId('')).toBe('')
  })
})
