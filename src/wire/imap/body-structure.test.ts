import { describe, expect, it } from 'vitest'
import { parseMessage } from '../mime/parser.ts'
import { formatBodyStructure, withoutExtensions, withoutGlobals } from './body-structure.ts'

const structure = (text: string): string => {
  const bytes = Buffer.from(text.replaceAll('\n', '\r\n'))
  return formatBodyStructure(parseMessage(bytes), bytes)
}

describe('BODYSTRUCTURE (RFC 9051 §7.5.2)', () => {
  it('of a text has its size and lines', () => {
    const body = structure(`Content-Type: TEXT/PLAIN; CHARSET=US-ASCII\n\n${'x\n'.repeat(48)}`)
    expect(body).toBe('("TEXT" "PLAIN" ("CHARSET" "US-ASCII") NIL NIL "7BIT" 144 48 NIL NIL NIL NIL)')
  })

  it('of the example of two parts is as in the RFC', () => {
    const text = `Content-Type: multipart/mixed; boundary=b

--b
Content-Type: text/plain; charset=US-ASCII

${'x'.repeat(1106)}${'\n'.repeat(23)}
--b
Content-Type: text/plain; charset=US-ASCII; name="cc.diff"
Content-ID: <960723163407.20117h@cac.washington.edu>
Content-Description: Compiler diff
Content-Transfer-Encoding: base64

${'x'.repeat(4408)}${'\n'.repeat(73)}
--b--
`
    expect(withoutExtensions(structure(text))).toBe(
      '(("TEXT" "PLAIN" ("CHARSET" "US-ASCII") NIL NIL "7BIT" 1152 23)("TEXT" "PLAIN" ("CHARSET" "US-ASCII" "NAME" "cc.diff") "<960723163407.20117h@cac.washington.edu>" "Compiler diff" "BASE64" 4554 73) "MIXED")',
    )
  })

  it('has the extension data in their order', () => {
    const fields = `Content-Type: image/png
Content-MD5: Q2hlY2s=
Content-Disposition: inline; filename="a b.png"
Content-Language: fr, en
Content-Location: a.png

x`
    expect(structure(fields)).toBe(
      '("IMAGE" "PNG" NIL NIL NIL "7BIT" 1 "Q2hlY2s=" ("INLINE" ("FILENAME" "a b.png")) ("fr" "en") "a.png")',
    )
    expect(structure('Content-Type: image/png\nContent-Disposition: inline\nContent-Language: fr\n\nx')).toBe(
      '("IMAGE" "PNG" NIL NIL NIL "7BIT" 1 NIL ("INLINE" NIL) "fr" NIL)',
    )
  })

  it('gives file names beyond ASCII as RFC 2231 does, reserved characters too', () => {
    expect(structure(`Content-Type: image/png; name="é (1)'*%"\n\nx`)).toContain(
      `("NAME*" "utf-8''%C3%A9%20%281%29%27%2A%25")`,
    )
  })

  it('has a message that can not be taken apart as data', () => {
    expect(structure('Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\nYQ==\n')).toBe(
      '("APPLICATION" "OCTET-STREAM" NIL NIL NIL "BASE64" 6 NIL NIL NIL NIL)',
    )
  })
})

describe('BODY', () => {
  it('leaves the extension data out of nested messages and multiparts', () => {
    const text = `Content-Type: multipart/mixed; boundary="b)\\"("

--b)"(
Content-Type: message/rfc822
Content-Disposition: attachment; filename="\\"q\\" (x).eml"

Subject: brackets ) in (( and "quotes"
Content-Type: multipart/alternative; boundary=c
Content-Language: fr

--c
Content-Type: application/pdf; name=")"

x
--c--
--b)"(--
`
    expect(withoutExtensions(structure(text))).toBe(
      '(("MESSAGE" "RFC822" NIL NIL NIL "7BIT" 169 (NIL "brackets ) in (( and \\"quotes\\"" NIL NIL NIL NIL NIL NIL NIL NIL) (("APPLICATION" "PDF" ("NAME" ")") NIL NIL "7BIT" 1) "ALTERNATIVE") 8) "MIXED")',
    )
  })
})

describe('MESSAGE/GLOBAL for IMAP4rev1 (RFC 3501 §9)', () => {
  const global = 'Content-Type: message/global\nContent-Disposition: attachment; filename="a \\"b)"\n\nSubject: x\n\ny'

  it('is a part like any other, at every depth', () => {
    const inside = structure(`Content-Type: message/rfc822\n\n${global}`)
    const rev1 = withoutGlobals(inside)
    expect(rev1).toBe(
      '("MESSAGE" "RFC822" NIL NIL NIL "7BIT" 99 (NIL NIL NIL NIL NIL NIL NIL NIL NIL NIL) ("MESSAGE" "GLOBAL" NIL NIL NIL "7BIT" 15 NIL ("ATTACHMENT" ("FILENAME" "a \\"b)")) NIL NIL) 5 NIL NIL NIL NIL)',
    )
    expect(withoutExtensions(inside, { globals: false })).toBe(
      '("MESSAGE" "RFC822" NIL NIL NIL "7BIT" 99 (NIL NIL NIL NIL NIL NIL NIL NIL NIL NIL) ("MESSAGE" "GLOBAL" NIL NIL NIL "7BIT" 15) 5)',
    )
  })

  it('changes nothing else', () => {
    const named = structure('Content-Type: image/png; name="\\"MESSAGE\\" \\"GLOBAL\\""\n\nx')
    expect(withoutGlobals(named)).toBe(named)
    const mixed = structure(`Content-Type: multipart/mixed; boundary=b\nContent-Language: fr, en

--b
Content-Type: text/html; charset=utf-8
Content-MD5: Q2hlY2s=
Content-Location: a.html

<p>
--b
${global}
--b--
`)
    const wanted = '("MESSAGE" "GLOBAL" NIL NIL NIL "7BIT" 15'
    const [before, behind] = mixed.split(`${wanted} `)
    expect(withoutGlobals(mixed)).toBe(`${before}${wanted} ${behind?.slice(behind.indexOf('NIL ("ATTACHMENT"'))}`)
  })
})
