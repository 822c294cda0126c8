/** What users write and upload: scripts, lists, and the requests of programs that set themselves up. */
import { parseAutodiscoverRequest } from '../../../src/wire/autoconfig/autodiscover-request.ts'
import { readXml } from '../../../src/wire/autoconfig/xml-reader.ts'
import { decodeText, readCsv } from '../../../src/wire/csv/read.ts'
import { capabilities } from '../../../src/wire/sieve/capabilities.ts'
import { compileScript } from '../../../src/wire/sieve/compile.ts'
import { ERRORS_TOLD } from '../../../src/wire/sieve/limits.ts'
import { buffers, type FuzzTarget, holds, same } from '../target.ts'

const all = `require ${JSON.stringify(capabilities.filter(name => name !== 'encoded-character'))};\r\n`

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
  check(bytes) {
    const compiled = compileScript(bytes.toString('utf8'))
    if (compiled.ok) return
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

export const fileTargets = [sieve, csv, xml]
