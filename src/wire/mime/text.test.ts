import { readFileSync } from 'node:fs'
import path from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { processorMsOf } from '../../../test/support/processor-time.ts'
import { HtmlText } from './html.ts'
import { parseMessage } from './parser.ts'
import { preview, searchableHeader, searchablePartHeaders, searchableTexts } from './text.ts'
import { encodeBase64, encodeQuotedPrintable } from './transfer-encoding.ts'

const load = (name: string): Buffer =>
  readFileSync(path.resolve(import.meta.dirname, '../../../test/corpus/mime', `${name}.eml`))
const texts = (bytes: Buffer): string[] => [...searchableTexts(parseMessage(bytes), bytes)].flatMap(text => [...text])
const headers = (bytes: Buffer): string[] => {
  const root = parseMessage(bytes)
  return [...searchableHeader(root, bytes), ...searchablePartHeaders(root, bytes)]
}
const previewOf = (bytes: Buffer): string => preview(parseMessage(bytes), bytes)
const html = (source: string): string => {
  const reader = new HtmlText()
  return reader.push(source) + reader.end()
}

describe('HtmlText', () => {
  it.each([
    ['H&eacute;<b>berge</b>ment', 'Hébergement'],
    ['<td>a</td><td>b</td>', ' a  b '],
    ['a<br>b<br/>c', 'a b c'],
    ['<style>p>a{}</style>x<script>if (a<b) "</p>"</script>y', ' x y'],
    ['<STYLE type="text/css">a</Style >x', ' x'],
    ['a<!-- <p>no > -->b', 'ab'],
    ['<!DOCTYPE html><?xml x?>a', '  a'],
    ['1 < 2 and 3 > 2', '1 < 2 and 3 > 2'],
    ['a <3 b', 'a <3 b'],
    ['&lt;p&gt; &amp;amp; &#233;&#xE9;&#x110000;&unknown; & &', '<p> &amp; éé\ufffd&unknown; & &'],
    ['&eacute without semicolon', 'é without semicolon'],
    ['cut off <a href="', 'cut off <a href="'],
    ['cut off <!-- comment', 'cut off '],
    ['cut off <style> comment', 'cut off '],
    ['cut off &eacut', 'cut off &eacut'],
  ])('reads %s', (source, text) => {
    expect(html(source).replace(/ +/g, ' ')).toBe(text.replace(/ +/g, ' '))
  })

  it('gives the same text however the source is cut', () => {
    const tokens = fc.constantFrom(
      '<',
      '>',
      '<p>',
      '</p>',
      '<b>',
      '<!--',
      '-->',
      '<style>',
      '</style>',
      '&eacute;',
      '&',
      ';',
      'a',
      '"',
      ' ',
    )
    fc.assert(
      fc.property(fc.array(tokens, { maxLength: 25 }), fc.integer({ min: 1, max: 9 }), (list, size) => {
        const source = list.join('')
        const reader = new HtmlText()
        let text = ''
        for (let at = 0; at < source.length; at += size) text += reader.push(source.slice(at, at + size))
        expect(text + reader.end()).toBe(html(source))
      }),
      { numRuns: 1_000 },
    )
  })

  it.each(['<', '<a', '<!--', '</', '&', '<style>', '<a "'])('takes linear time for %s without end', token => {
    const reader = new HtmlText()
    const work = (): void => {
      for (let i = 0; i < 16; i++) reader.push(token.repeat(64_000 / token.length))
      reader.end()
    }
    // Quadratic work takes minutes.
    expect(processorMsOf(work)).toBeLessThan(3_000)
  })
})

describe('searchableTexts', () => {
  it('decodes transfer encodings and charsets, and strips HTML', () => {
    expect(texts(load('base64-text')).join('')).toContain('la réunion a lieu')
    expect(texts(load('no-mime-version-latin1')).join('')).toContain('Café crème')
    expect(texts(load('html-only-newsletter')).join('')).toContain('Hébergement')
    expect(texts(load('html-only-newsletter')).join('')).not.toMatch(/color|Not this|nor this/)
  })

  it('has the header and the text of messages inside', () => {
    const all = texts(load('forwarded-message')).join('\n')
    for (const words of ['See below.', 'Subject: The innermost', 'The end.']) expect(all).toContain(words)
    expect(all).not.toContain('Subject: Fwd')
  })

  it('has what reports of delivery and other parts of type message say', () => {
    const report = texts(load('delivery-status-report')).join('\n')
    for (const words of ['Final-Recipient:', 'Status: 5.1.1']) expect(report).toContain(words)
    for (const subtype of ['disposition-notification', 'global-delivery-status', 'partial', 'external-body'])
      expect(texts(Buffer.from(`Content-Type: message/${subtype}\r\n\r\nName: café\r\n`))).toEqual(['Name: café\r\n'])
  })

  it('has the text of a message that came encoded', () => {
    expect(texts(load('message-rfc822-base64'))).toEqual(['Subject: hi\r\n\r\nx\r\n'])
  })

  it('has nothing of what is no text', () => {
    expect(texts(load('boundary-prefix')).join('')).not.toContain('iVBOR')
  })

  it.each(['base64', 'quoted-printable', '8bit'])('has a long %s part in pieces', encoding => {
    const content = Buffer.from('Un élève naïf, œuvre 日本.\r\n'.repeat(20_000))
    const encode = {
      base64: encodeBase64,
      'quoted-printable': encodeQuotedPrintable,
      '8bit': (raw: Buffer) => raw.toString(),
    }
    const body = encode[encoding as 'base64'](content)
    const bytes = Buffer.from(
      `Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: ${encoding}\r\n\r\n${body}`,
    )
    expect(texts(bytes).length).toBeGreaterThan(3)
    expect(texts(bytes).join('')).toBe(content.toString())
  })

  it('guesses the charset where there is none', () => {
    const part = (body: string): Buffer => Buffer.from(`Content-Type: text/plain\r\n\r\n${body}`, 'latin1')
    expect(texts(part('caf\xe9'))).toEqual(['café'])
    expect(texts(part('caf\xc3\xa9'))).toEqual(['café'])
    for (const last of ['\xe9', '\xc3\xa9'])
      expect(texts(part(`${'a line\r\n'.repeat(40_000)}caf${last}`)).at(-1)).toMatch(/café$/)
  })
})

describe('searchableHeader and searchablePartHeaders', () => {
  it('has decoded fields of the message and its parts, and the names of files', () => {
    expect(headers(load('encoded-words-rfc2047'))).toContain(
      'Subject: If you can read this you understand the example.',
    )
    expect(headers(load('rfc2231-parameters'))).toEqual(
      expect.arrayContaining(['dévis n 1.txt', 'Content-Description: Le devis demandé']),
    )
    expect(headers(load('parameters-as-written-in-the-wild'))).toContain('dévis.txt')
  })

  it('has the fields of parts inside messages, and of multiparts (RFC 9051 §6.4.4)', () => {
    const bytes = Buffer.from(
      [
        ...['Subject: Fwd', 'Content-Type: multipart/mixed; boundary=a', ''],
        ...['--a', 'Content-Type: multipart/related; boundary=b', 'Content-Description: reldesc', ''],
        ...['--b', 'Content-Type: multipart/alternative; boundary=c', 'Content-Description: altdesc', ''],
        ...['--c', 'Content-Description: textdesc', '', 'x', '--c--', '--b--'],
        ...['--a', 'Content-Type: message/rfc822', 'Content-Description: fwddesc', ''],
        ...['Subject: inner', 'Content-Type: multipart/mixed; boundary=d; x="=?utf-8?q?=C3=A9t=C3=A9?="', ''],
        ...['--d', "Content-Disposition: attachment; filename*=utf-8''d%C3%A9vis.pdf", '', 'y'],
        ...['--d', 'Content-Type: message/rfc822', '', 'Subject: innermost', 'X-Odd: z', '', 'z', '--d--', '--a--', ''],
      ].join('\r\n'),
    )
    const root = parseMessage(bytes)
    const found = [...searchablePartHeaders(root, bytes)]
    for (const description of ['reldesc', 'altdesc', 'textdesc', 'fwddesc'])
      expect(found.filter(text => text === `Content-Description: ${description}`)).toHaveLength(1)
    expect(found).toEqual(expect.arrayContaining(['dévis.pdf', 'été']))
    expect(found).toContain("Content-Disposition: attachment; filename*=utf-8''d%C3%A9vis.pdf")
    // Each once: those of the message itself and of messages inside are given elsewhere.
    const all = [...searchableHeader(root, bytes), ...found, ...texts(bytes)]
    for (const line of ['Subject: Fwd', 'Subject: inner', 'Subject: innermost', 'X-Odd: z'])
      expect(all.filter(text => text === line)).toHaveLength(1)
  })

  it('has one space for a fold and the white space around it', () => {
    const header = 'Subject: about the\r\n\tquarterly  budget\r\nX-Z: a  \r\n \t \r\n  b\n\tc \r\n\td\r\n\t\r\n'
    expect(headers(Buffer.from(`${header}\r\n`))).toEqual(
      expect.arrayContaining(['Subject: about the quarterly  budget', 'X-Z: a b c d']),
    )
  })
})

describe('preview', () => {
  const text = (body: string, type = 'text/plain; charset=utf-8'): Buffer =>
    Buffer.from(`Content-Type: ${type}\r\n\r\n${body}`)

  it('takes the plain alternative, and what is no attachment', () => {
    expect(previewOf(load('alternative-html-first'))).toBe('plain says')
    const attachment =
      '--b\r\nContent-Type: text/plain\r\nContent-Disposition: attachment\r\n\r\nno\r\n--b\r\n\r\nyes\r\n--b--'
    expect(previewOf(text(attachment, 'multipart/mixed; boundary=b'))).toBe('yes')
  })

  it('takes the next part where the first says nothing', () => {
    const parts = '--b\r\n\r\n \r\n\r\n--b\r\nContent-Type: text/html\r\n\r\n<p>html</p>\r\n--b--'
    expect(previewOf(text(parts, 'multipart/alternative; boundary=b'))).toBe('html')
  })

  it('is on one line, without invisible characters', () => {
    expect(previewOf(text('\u200b\ufeffOne\r\n\t two\u00a0\x07 three\u00ad.'))).toBe('One two three.')
  })

  it('has 200 characters at most, and no half of one', () => {
    expect(previewOf(text('a'.repeat(500)))).toHaveLength(200)
    expect(previewOf(text(`a${'𝄞'.repeat(300)}`))).toBe(`a${'𝄞'.repeat(99)}`)
  })

  it('reaches text far behind style sheets, but not without end', () => {
    const style = (length: number): Buffer => text(`<style>${'x'.repeat(length)}</style><p>Hello</p>`, 'text/html')
    expect(previewOf(style(60_000))).toBe('Hello')
    expect(previewOf(style(600_000))).toBe('')
  })

  it('is empty where there is no text', () => {
    expect(previewOf(load('raw-8bit-filename'))).toBe('')
  })
})
