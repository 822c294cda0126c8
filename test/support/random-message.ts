/** Messages of all kinds that a search has to see through, with the texts that a reader finds in them. */
import fc from 'fast-check'
import { encodeWords } from '../../src/wire/mime/encoded-word.ts'
import { encodeBase64, encodeQuotedPrintable } from '../../src/wire/mime/transfer-encoding.ts'

export interface RandomMessage {
  bytes: Buffer
  /** What is in it, piece by piece: none spans two parts. */
  texts: string[]
}

interface Part {
  header: string
  body: Buffer
  texts: string[]
}

/** Words of several scripts; some fold to others, or to several letters. */
const word = fc.constantFrom(
  ...'facture Facture hébergement HÉBERGEMENT straße ﬁn e\u0301te\u0301 naïf œuvre заказ ЗАКАЗ 注文 😀 ΣΑΣ x1 2026-11 a.b@c.test --b <b> &amp; é\u0323'.split(
    ' ',
  ),
)
const text = fc.array(word, { minLength: 1, maxLength: 12 }).map(words => words.join(' '))
const latin = fc.constantFrom('facture hébergement', 'ÉTÉ naïf', 'straße', 'plain')

const charset = (name: string, bytes: (text: string) => Buffer) => ({ name, bytes })
const utf8 = charset('utf-8', text => Buffer.from(text))
const latin1 = charset('iso-8859-1', text => Buffer.from(text, 'latin1'))
const utf16 = charset('utf-16le', text => Buffer.from(text, 'utf16le'))

const encodings = {
  '8bit': (content: Buffer): Buffer => content,
  base64: (content: Buffer): Buffer => Buffer.from(encodeBase64(content)),
  'quoted-printable': (content: Buffer): Buffer => Buffer.from(encodeQuotedPrintable(content)),
}
const encoding = fc.constantFrom(...(Object.keys(encodings) as (keyof typeof encodings)[]))

const plain: fc.Arbitrary<Part> = fc
  .oneof(
    fc.tuple(text, fc.constantFrom(utf8, utf16), encoding),
    fc.tuple(latin, fc.constantFrom(latin1, utf8), encoding),
  )
  .map(([content, { name, bytes }, how]) => {
    // Lines are what 8-bit parts are made of; UTF-16 has none that are.
    const used = name === 'utf-16le' ? 'base64' : how
    return {
      header: `Content-Type: text/plain; charset=${name}\r\nContent-Transfer-Encoding: ${used}\r\n`,
      body: encodings[used](bytes(content)),
      texts: [content],
    }
  })

const html: fc.Arbitrary<Part> = fc.tuple(fc.array(text, { maxLength: 3 }), encoding).map(([texts, how]) => {
  const escaped = texts.map(each => each.replaceAll('&', '&amp;').replaceAll('<', '&lt;'))
  const source = `<style>p{}</style><p title="hidden">${escaped.join('</p><p>')}</p><!-- no -->`
  return {
    header: `Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: ${how}\r\n`,
    body: encodings[how](Buffer.from(source)),
    texts,
  }
})

const attachment: fc.Arbitrary<Part> = fc.tuple(text, fc.uint8Array({ maxLength: 99 })).map(([name, content]) => ({
  header: `Content-Type: application/octet-stream; name="${encodeWords(name.replaceAll('"', ''))}"\r\nContent-Transfer-Encoding: base64\r\n`,
  body: Buffer.from(encodeBase64(content)),
  texts: [],
}))

const { part } = fc.letrec<{ part: Part; multipart: Part; inner: Part }>(tie => ({
  part: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    plain,
    html,
    attachment,
    tie('multipart'),
    tie('inner'),
  ),
  multipart: fc.tuple(fc.array(tie('part'), { minLength: 1, maxLength: 3 }), fc.nat(99_999)).map(([parts, id]) => {
    const boundary = `=_${id}_`
    const body = parts.flatMap(({ header, body }) => [Buffer.from(`--${boundary}\r\n${header}\r\n`), body, newLine])
    return {
      header: `Content-Type: multipart/mixed; boundary="${boundary}"\r\n`,
      body: Buffer.concat([...body, Buffer.from(`--${boundary}--\r\n`)]),
      texts: parts.flatMap(({ texts }) => texts),
    }
  }),
  inner: fc.tuple(text, tie('part')).map(([subject, inner]) => ({
    header: 'Content-Type: message/rfc822\r\n',
    body: Buffer.concat([Buffer.from(`Subject: ${encodeWords(subject)}\r\n${inner.header}\r\n`), inner.body]),
    texts: inner.texts,
  })),
}))

const newLine = Buffer.from('\r\n')

export const randomMessage: fc.Arbitrary<RandomMessage> = fc
  .tuple(text, fc.option(text), fc.constantFrom('"Ann" <ann@one.test>', 'bob@two.test'), part)
  .map(([subject, other, from, { header, body, texts }]) => ({
    bytes: Buffer.concat([
      Buffer.from(`From: ${from}\r\nSubject: ${encodeWords(subject)}\r\n`),
      Buffer.from(other === null ? '' : `X-Other:  ${encodeWords(other)} \r\nx-other: twice\r\n`),
      Buffer.from(`${header}\r\n`),
      body,
    ]),
    texts,
  }))
