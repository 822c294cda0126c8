/** What users write and upload: scripts, lists, archives, pictures, and the requests of programs that set themselves up. */
import { describePicture } from '../../../src/accounts/brands/picture.ts'
import { MboxReader } from '../../../src/archive/import-mbox.ts'
import { parseAutodiscoverRequest } from '../../../src/wire/autoconfig/autodiscover-request.ts'
import { readXml } from '../../../src/wire/autoconfig/xml-reader.ts'
import { decodeText, readCsv } from '../../../src/wire/csv/read.ts'
import { capabilities } from '../../../src/wire/sieve/capabilities.ts'
import { compileScript } from '../../../src/wire/sieve/compile.ts'
import { ACTIONS, ERRORS_TOLD, REDIRECTS } from '../../../src/wire/sieve/limits.ts'
import { sieveMessage } from '../../../src/wire/sieve/message.ts'
import { runScript } from '../../../src/wire/sieve/run-script.ts'
import { world } from '../../support/sieve.ts'
import { buffers, type FuzzTarget, holds, same, sameWhereverCut } from '../target.ts'

const all = `require ${JSON.stringify(capabilities.filter(name => name !== 'encoded-character'))};\r\n`

const filtered = sieveMessage(
  Buffer.from(
    'From: Alice <alice@example.org>\r\nTo: me@example.com, x\r\nSubject: abcabc\r\nDate: Fri, 30 Jan 2026 10:00:00 +0000\r\n\r\nx y\r\n',
  ),
  { from: 'sender@example.org', to: 'me@example.com', auth: null },
)

const sieve: FuzzTarget = {
  name: 'sieve',
  seeds: buffers(
    `${all}if address :is "from" ["a@b.test"] { fileinto "x"; stop; } elsif not exists "y" { discard; }`,
    `${all}if header :regex "subject" "^(a|b)*c{2,3}[^x-z]$" { keep; }`,
    `${all}set "a" "\${1}"; redirect :copy "x@y.test"; vacation :days 3 :subject "s" "gone";`,
    `${all}if anyof (size :over 10K, body :contains "x", date :value "ge" "date" "hour" "09") { addflag "\\\\Seen"; }`,
    `${all}notify :message "m" "mailto:a@b.test?body=x"; include :personal "other"; deleteheader "X";`,
    'text:\r\n..a\r\n.\r\n;',
    '# comment\r\n/* c */ keep;',
  ),
  tokens: [
    'if ',
    'elsif ',
    'else ',
    'not ',
    'allof (',
    'anyof (',
    ')',
    '{',
    '}',
    '[',
    ']',
    '"',
    ';',
    ',',
    ':is ',
    ':matches ',
    ':regex ',
    ':contains ',
    ':comparator "i;octet" ',
    'text:\r\n',
    '\r\n.\r\n',
    '/*',
    '*/',
    '#',
    '${',
    '\\',
    '10K',
    'fileinto ',
    'keep;',
    '(a*)*',
    '[[:alpha:]]',
    '{2,255}',
    '*?',
  ],
  async check(bytes) {
    const compiled = compileScript(bytes.toString('utf8'))
    if (compiled.ok) {
      const { actions, error } = await runScript(compiled.script, filtered, world)
      holds(actions.length <= ACTIONS, `${actions.length} actions`)
      holds(actions.filter(({ kind }) => kind === 'redirect').length <= REDIRECTS, 'too many redirects')
      holds(!error || (error.line > 0 && error.message !== ''), 'a failure at no place')
      return
    }
    holds(compiled.errors.length > 0 && compiled.errors.length <= ERRORS_TOLD, 'no errors, or too many')
    for (const { line, column, message } of compiled.errors)
      holds(line > 0 && column > 0 && message !== '', 'an error at no place')
  },
}

const csv: FuzzTarget = {
  name: 'csv',
  mostBytes: 16_000,
  seeds: buffers(
    'a,b\r\n"c ""d""",e\r\n',
    '\xef\xbb\xbfa;b\n1;2\n',
    'a\tb\n',
    '"open',
    '\xff\xfea\0,\0b\0',
    'x\r\r\ny',
  ),
  tokens: [',', ';', '\t', '"', '""', '\r\n', '\n', '\r'],
  check(bytes) {
    const rows = readCsv(decodeText(bytes))
    let last = 0
    for (const { line, cells } of rows) {
      holds(line > last, 'lines are not in order')
      last = line
      holds(
        cells.some(cell => cell !== ''),
        'an empty row',
      )
    }
    // Which character separates is guessed by the lines: a cell of several would be guessed at too.
    if (rows.some(({ cells }) => cells.some(cell => /[\r\n]/.test(cell)))) return
    const written = rows.map(({ cells }) => cells.map(cell => `"${cell.replaceAll('"', '""')}"`).join(',')).join('\r\n')
    same(
      readCsv(written).map(({ cells }) => cells),
      rows.map(({ cells }) => cells),
      'rows read again',
    )
  },
}

const xml: FuzzTarget = {
  name: 'xml',
  seeds: buffers(
    '<?xml version="1.0"?><Autodiscover xmlns="http://schemas.microsoft.com/exchange/autodiscover/outlook/requestschema/2006"><Request><EMailAddress>a@b.test</EMailAddress><AcceptableResponseSchema>http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a</AcceptableResponseSchema></Request></Autodiscover>',
    '<a><b x="1">&amp;&#65;</b><!-- c --><d/></a>',
    '<a><![CDATA[x]]></a>',
    '<!DOCTYPE a [<!ENTITY e "x">]><a>&e;</a>',
  ),
  tokens: [
    '<',
    '>',
    '</',
    '/>',
    '<!--',
    '-->',
    '<![CDATA[',
    ']]>',
    '<!DOCTYPE',
    '&',
    ';',
    '&#x41;',
    '"',
    '=',
    '<a>',
    '</a>',
    '<?',
    '?>',
  ],
  check(bytes) {
    const elements = readXml(bytes.toString('utf8'))
    for (const { path } of elements ?? []) holds(path.length > 0, 'an element without a name')
    const request = parseAutodiscoverRequest(bytes)
    holds(!request.ok || request.address.includes('@'), 'no address')
  },
}

const MBOX_BYTES = 2_000
const mbox: FuzzTarget = {
  name: 'mbox',
  mostBytes: 8_000,
  seeds: buffers(
    'From a@b.test Fri Jul  8 12:08:34 2011\nStatus: RO\nSubject: x\n\nbody\n>From here\n\nFrom c@d.test Fri Jul  8 12:08:35 2011 +0200\nX-Mozilla-Status: 1001\n\nz',
    '\n\nFrom - Mon, 01 Jan 2024 10:00:00 +0000\r\n\r\nFrom nobody\r\n\r\n',
    `From a@b.test Fri Jul  8 12:08:34 2011\n\n${'x'.repeat(MBOX_BYTES)}\n\nFrom a@b.test Fri Jul  8 12:08:34 2011\n\ny\n`,
    'no mbox',
  ),
  tokens: [
    'From ',
    '>From ',
    '>>From ',
    '\n',
    '\r\n',
    '\r',
    '\n\n',
    'Fri Jul  8 12:08:34 2011',
    'CEST',
    '+0200',
    'Status: RO\n',
    ':',
  ],
  check(bytes) {
    const read = (pieces: Buffer[]) => {
      const reader = new MboxReader({ maxMessageBytes: MBOX_BYTES })
      return [...pieces.flatMap(piece => reader.push(piece)), ...reader.end()].map(item => ({
        // Where in the file it is told depends on how much of that has come.
        ...item,
        position: 0,
        ...(item.kind === 'message' && { bytes: Buffer.from(item.bytes).toString('latin1') }),
      }))
    }
    for (const item of read([Buffer.from(bytes)])) {
      if (item.kind === 'problem') holds(item.problem !== '' && item.source !== '', 'a problem of nothing')
      else holds(/^(?:[^\n]*\r\n)+$/.test(item.bytes as string), 'a line that does not end with CRLF')
    }
    sameWhereverCut(bytes, read)
  },
}

const picture: FuzzTarget = {
  name: 'picture',
  seeds: [
    Buffer.from(
      'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII=',
      'base64',
    ),
    Buffer.from('ffd8ffe000104a46494600010100000100010000ffc0000b080010002001011100ffda0008010100003f00d2ffd9', 'hex'),
  ],
  tokens: [
    'IHDR',
    'IDAT',
    'IEND',
    '\xff\xd8',
    '\xff\xc0',
    '\xff\xda',
    '\xff\xd9',
    '\xff\xff',
    '\0\0\0\0',
    '\0\0\0\x0d',
    '\0\x08',
  ],
  check(bytes) {
    const described = describePicture(bytes)
    if (described === null) return
    for (const length of [described.width, described.height])
      holds(Number.isInteger(length) && length >= 0 && length < 2 ** 32, `a side of ${length}`)
    holds(describePicture(bytes.subarray(0, -1)) === null, 'a picture that is cut short')
    holds(describePicture(Buffer.concat([bytes, Buffer.from('<script>')])) === null, 'something behind the picture')
  },
}

export const fileTargets = [sieve, csv, xml, mbox, picture]
