// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of Sieve look like it
import { describe, expect, it } from 'vitest'
import { actionsOf, errorsOf, type Given } from '../../../test/support/sieve.ts'
import { sieveMessage } from './message.ts'

const required =
  'require ["body", "date", "index", "relational", "variables", "comparator-i;ascii-numeric", "regex"];\n'

async function holds(test: string, given: Given): Promise<boolean> {
  return (await actionsOf(`${required}if ${test} { discard; }`, given)).length === 1
}

/** The message of RFC 5173 §5.2. */
const example = {
  header: 'From: Whomever\nTo: Someone\nSubject: whatever\nContent-Type: multipart/mixed; boundary=outer',
  body: `  This is a multi-part message in MIME format.

--outer
Content-Type: multipart/alternative; boundary=inner

  This is a nested multi-part message in MIME format.

--inner
Content-Type: text/plain; charset="us-ascii"

Hello

--inner
Content-Type: text/html; charset="us-ascii"

<html><body>Hello <b>wor</b>ld</body></html>

--inner--

  This is the end of the inner MIME multipart.

--outer
Content-Type: message/rfc822

From: Someone Else
Subject: hello request

Please say Hello

--outer--

  This is the end of the outer MIME multipart.
`,
}

describe('body (RFC 5173)', () => {
  it.each([
    ['body :content "multipart" :contains "MIME"', true],
    ['body :content "multipart" :contains "end of the inner"', true],
    ['body :content "multipart" :contains "Hello"', false],
    ['body :content "multipart" :contains "--inner"', false],
    ['body :content "text/plain" :contains "Hello"', true],
    ['body :content "text/plain" :contains "html"', false],
    ['body :content "text/html" :contains "<body>"', true],
    ['body :content "text" :contains "please say"', true],
    ['body :content "TEXT/plain" :contains "please say"', true],
    ['body :content "message/rfc822" :contains "hello request"', true],
    ['body :content "message/rfc822" :contains "please say"', false],
    ['body :content "audio" :contains ""', false],
    ['body :content "/plain" :contains ""', false],
    ['body :content "text/" :contains ""', false],
    ['body :content "" :contains "<body>"', true],
    ['body :text :contains "hello world"', true],
    ['body :contains "<body>"', false],
    ['body :raw :contains "boundary=inner"', true],
    ['body :raw :contains "Subject: whatever"', false],
    ['body :count "ge" :comparator "i;ascii-numeric" :content "text" "3"', true],
    ['body :content "text" :regex "say +h[ae]llo"', true],
  ])('%s is %s', async (test, isTrue) => {
    expect(await holds(test, example)).toBe(isTrue)
  })

  it('is decoded, but as :raw', async () => {
    const header = 'Content-Type: text/plain; charset=iso-8859-1\nContent-Transfer-Encoding: quoted-printable'
    const given = { header, body: 'R=E9union =\nde rentr=E9e' }
    expect(await holds('body :contains "réunion de rentrée"', given)).toBe(true)
    expect(await holds('body :raw :contains "R=E9union"', given)).toBe(true)
  })

  it('of no body is false; an empty one is empty', async () => {
    expect(await holds('body :raw :is ""', { header: 'From: a@example.org', body: '' })).toBe(true)
    const envelope = { from: '', to: '' }
    for (const [bytes, body] of [
      ['A: b\r\n', null],
      ['A: b', null],
      ['', null],
      ['A: b\r\n\r\n', ''],
      ['A: b\n\n', ''],
      ['\r\nx', 'x'],
    ] as const)
      expect(sieveMessage(Buffer.from(bytes), envelope).rawBody()).toBe(body)
  })

  it('of a message inside is its header, without the empty line behind it', async () => {
    const header = 'From: Someone Else\r\nSubject: hello request\r\n'
    expect(await holds(`body :content "message/rfc822" :is "${header}"`, example)).toBe(true)
    const noBody = { header: 'Content-Type: message/rfc822', body: 'A: b\n' }
    expect(await holds('body :content "message/rfc822" :is "A: b\r\n"', noBody)).toBe(true)
    const noHeader = { header: 'Content-Type: message/rfc822', body: '\nA: b\n' }
    expect(await holds('body :content "message" :is ""', noHeader)).toBe(true)
  })

  it('in an encoding that nobody knows is no text (RFC 2045 §6.4)', async () => {
    const header = 'Content-Type: text/plain\nContent-Transfer-Encoding: x-rot13'
    const given = { header, body: 'hello' }
    expect(await holds('body :text :contains "hello"', given)).toBe(false)
    expect(await holds('body :content "text" :contains "hello"', given)).toBe(false)
    expect(await holds('body :content "application/octet-stream" :contains "hello"', given)).toBe(true)
    expect(await holds('body :raw :contains "hello"', given)).toBe(true)
  })

  it('tells an attachment of any size, and looks no further than the part that decides', async () => {
    const part = `--b\nContent-Type: image/jpeg\nContent-Transfer-Encoding: base64\n\n${`${'/9j/'.repeat(19)}\n`.repeat(13_000)}`
    const given = { header: 'Content-Type: multipart/mixed; boundary=b', body: `${part.repeat(20)}--b--\n` }
    expect(await holds('body :content ["application", "image"] :contains ""', given)).toBe(true)
  })

  it('of much text is read in slices', async () => {
    const part = `--b\nContent-Type: text/html\n\n${'<p>some <b>text</b></p>\n'.repeat(40_000)}`
    const given = { header: 'Content-Type: multipart/mixed; boundary=b', body: `${part.repeat(3)}--b--\n` }
    let pauses = 0
    const pause = (): undefined => {
      pauses++
    }
    expect(await holds('body :contains "missing"', { ...given, world: { pause } })).toBe(false)
    // A megabyte each, 64 KiB at a time.
    expect(pauses).toBeGreaterThan(3 * 14)
  })

  it(':text reads XHTML as it reads HTML', async () => {
    const given = { header: 'Content-Type: application/xhtml+xml', body: '<p>he<b>llo</b></p>' }
    expect(await holds('body :text :contains "hello"', given)).toBe(true)
    expect(await holds('body :text :contains "<b>"', given)).toBe(false)
  })

  it('leaves the match values alone (§6)', async () => {
    const source = `${required}if string :matches "ab" "a*" { } if body :matches "*Hello*" { redirect "\${1}@example.org"; }`
    expect(await actionsOf(source, { body: 'x Hello y' })).toMatchObject([{ address: 'b@example.org' }])
  })
})

const dates = [
  'Date: Wed, 11 Mar 2009 23:30:05 -0500 (EST)',
  'Received: from a.example.org by b.example.org; Thu, 12 Mar 2009 04:30:10 +0000',
  'Received: from x; Fri, 13 Mar 2009 00:00:00 +0000',
  'X-No-Date: nonsense',
  'X-Comment: Wed, 11 Mar 2009 10:00:00 +0100 (CET; winter)',
  'X-Hop: from x (\\) a; b) by y; Wed, 11 Mar 2009 10:00:00 +0100 (CET; winter)',
  'X-Unclosed: from x (a by y; Wed, 11 Mar 2009 10:00:00 +0100',
].join('\n')

describe('date (RFC 5260)', () => {
  it.each([
    ['year', '2009'],
    ['month', '03'],
    ['day', '11'],
    ['date', '2009-03-11'],
    ['julian', '54901'],
    ['hour', '23'],
    ['minute', '30'],
    ['second', '05'],
    ['time', '23:30:05'],
    ['iso8601', '2009-03-11T23:30:05-05:00'],
    ['std11', 'Wed, 11 Mar 2009 23:30:05 -0500'],
    ['zone', '-0500'],
    ['weekday', '3'],
    ['WEEKDAY', '3'],
  ])('%s is %s', async (part, value) => {
    expect(await holds(`date :originalzone "date" "${part}" "${value}"`, { header: dates })).toBe(true)
  })

  it.each([
    ['date :zone "+0000" "date" "iso8601" "2009-03-12T04:30:05Z"', true],
    ['date "date" "time" "05:30:05"', true],
    ['date "x-comment" "date" "2009-03-11"', true],
    ['date "x-hop" "date" "2009-03-11"', true],
    ['date "x-unclosed" "date" "2009-03-11"', true],
    ['date "date" "zone" "+0100"', true],
    ['date "received" "date" "2009-03-12"', true],
    ['date :index 2 "received" "date" "2009-03-13"', true],
    ['date :index 1 :last "received" "date" "2009-03-13"', true],
    ['date :index 3 "received" "date" "2009-03-13"', false],
    ['date :value "ge" "date" "date" "2009-01-01"', true],
    ['date :count "eq" :comparator "i;ascii-numeric" "x-no-date" "date" "0"', true],
    ['date "x-no-date" "year" ["2009", ""]', false],
    ['date :matches "x-none" "year" "*"', false],
    // 2026-01-31 22:30:15 UTC is 23:30:15 in Paris.
    ['currentdate "iso8601" "2026-01-31T23:30:15+01:00"', true],
    ['currentdate :zone "+0900" "date" "2026-02-01"', true],
    ['currentdate "weekday" "6"', true],
    ['allof (currentdate :value "ge" "date" "2026-01-31", currentdate :value "le" "date" "2026-01-31")', true],
    ['currentdate :count "eq" "year" "1"', true],
    ['header :index 2 :contains "received" "from x"', true],
    ['header :index 2 :last :contains ["x-no-date", "received"] "from a"', true],
    ['header :index 1 :last :contains ["received", "x-no-date"] "nonsense"', true],
    ['header :index 2 :contains "x-no-date" ""', false],
  ])('%s is %s', async (test, isTrue) => {
    expect(await holds(test, { header: dates })).toBe(isTrue)
  })

  it('gives its parts to variables', async () => {
    const source = `${required}if currentdate :matches "month" "*" { set "m" "\${1}"; } redirect "box-\${m}@example.org";`
    expect(await actionsOf(source)).toMatchObject([{ address: 'box-01@example.org' }])
  })

  it.each([
    ['date "date" "century" "21"', '2:16 "century" is no part of a date'],
    ['date :zone "CET" "date" "hour" "21"', '2:15 "CET" is no zone: write it as "+0200"'],
    ['date :zone "+0100" :originalzone "date" "hour" "21"', `2:23 :originalzone can't stand together with :zone`],
    ['currentdate :originalzone "hour" "21"', '2:16 "currentdate" has no :originalzone'],
    ['date :last "date" "hour" "21"', '2:9 :last wants an :index'],
    ['header :index 0 "date" "21"', '2:18 the first field has the :index 1'],
  ])('%s', (test, error) => {
    expect(errorsOf(`${required}if ${test} { }`)).toEqual([error])
  })
})
