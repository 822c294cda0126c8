// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of Sieve look like it
import { describe, expect, it } from 'vitest'
import { actionsOf, errorsOf } from '../../../test/support/sieve.ts'

const required =
  'require ["variables", "fileinto", "encoded-character", "regex", "enotify", "relational", "comparator-i;ascii-numeric", "comparator-i;unicode-casemap", "envelope"];\n'

/** What the text expands to behind the commands. */
async function expanded(commands: string, text: string, header?: string): Promise<string> {
  const actions = await actionsOf(
    `${required}${commands} fileinto "-${text}-";`,
    header === undefined ? {} : { header },
  )
  const [action] = actions
  return action?.kind === 'fileinto' ? action.mailbox.slice(1, -1) : ''
}

const unicode = ':comparator "i;unicode-casemap"'

describe('variables (RFC 5229)', () => {
  it.each([
    ['&%${}!', '&%${}!'],
    ['${doh!}', '${doh!}'],
    ['${full}', ''],
    ['${company}', 'ACME'],
    ['${COMPANY}', 'ACME'],
    ['${BAD${Company}', '${BADACME'],
    ['${President, ${Company} Inc.}', '${President, ACME Inc.}'],
    ['\\${company}', 'ACME'],
    ['${comp\\any}', 'ACME'],
    ['\\\\${company}', '\\ACME'],
    ['${dollar}{company}', '${company}'],
    ['${hex:24}{company}', 'ACME'],
    ['${0}${1}${007}', ''],
  ])('%s is %s', async (text, value) => {
    expect(await expanded('set "Company" "ACME"; set "dollar" "$";', text)).toBe(value)
  })

  it.each([
    ['', 'juMBlEd lETteRS'],
    [':length', '15'],
    [':lower', 'jumbled letters'],
    [':upperfirst', 'JuMBlEd lETteRS'],
    [':upperfirst :lower', 'Jumbled letters'],
    [':lowerfirst :upper', 'jUMBLED LETTERS'],
    [':length :upper', '15'],
  ])('set %s', async (modifier, value) => {
    expect(await expanded(`set "a" "juMBlEd lETteRS"; set ${modifier} "b" "\${a}";`, '${b}')).toBe(value)
  })

  it.each([
    [':quotewildcard', 'Rock*', 'Rock\\*'],
    [':quoteregex', 'a.b[c]', 'a\\.b\\[c\\]'],
    [':encodeurl', "é b~'", '%C3%A9%20b~%27'],
    [':length', 'é😀', '2'],
    [':upper', 'é', 'é'],
  ])('set %s of %s', async (modifier, text, value) => {
    expect(await expanded(`set ${modifier} "b" "${text}";`, '${b}')).toBe(value)
  })

  it.each([
    [
      'header :matches "List-ID" "*<*@*"',
      'List-ID: A list <acme@lists.example.org>',
      '${1}|${2}|${3}',
      'A list |acme|lists.example.org>',
    ],
    [
      'header :matches "Subject" "[*] *"',
      'Subject: [acme-users] [fwd] version 1.0 is out',
      '${1}|${2}',
      'acme-users|[fwd] version 1.0 is out',
    ],
    [
      'address :matches ["To", "Cc"] ["coyote@**.com", "wile@**.com"]',
      'To: coyote@ACME.Example.COM',
      '${0}|${1}|${2}',
      'coyote@ACME.Example.COM||ACME.Example',
    ],
    ['header :matches "Subject" "a??c*"', 'Subject: ab😀c', '${1}|${2}|${3}', 'b|😀|'],
    [
      'header :regex "Subject" "\\\\[([a-z]+)\\\\] (.*)$"',
      'Subject: x [Acme] y z',
      '${0}|${1}|${2}',
      '[Acme] y z|Acme|y z',
    ],
    ['anyof (false, header :matches "Subject" "*x*")', 'Subject: axb', '${1}${2}', 'ab'],
    ['envelope :matches "from" "*@*"', '', '${2}', 'example.org'],
    [`string ${unicode} :matches "Été à Paris" "ÉTÉ *"`, '', '${0}|${1}', 'Été à Paris|à Paris'],
    [`string ${unicode} :matches "e\u0301te\u0301 Paris" "?t? *s"`, '', '${1}|${2}|${3}', 'e\u0301|e\u0301|Pari'],
    [`string ${unicode} :matches "été" "???"`, '', '${1}${2}${3}', 'été'],
    [`string ${unicode} :matches "Straße, ﬁn 😀." "*SS*,?F*?."`, '', '${1}|${2}|${3}|${4}|${5}', 'Stra|e| |n |😀'],
    [`string ${unicode} :matches "ﬁ" "F*"`, '', '${1}|', '|'],
    [`string ${unicode} :matches "ﬁx" "*I?"`, '', '${1}|${2}', '|x'],
    ['string :matches "a-b" "*-*"', '', '${2}${1}', 'ba'],
  ])('match values of %s in %j', async (test, header, text, value) => {
    expect(await expanded(`if not ${test} { discard; stop; }`, text, header || undefined)).toBe(value)
  })

  it('a match that fails leaves the values of the one before', async () => {
    expect(await expanded('if string :matches "ab" "a*" { } if string :matches "ab" "x*" { }', '${1}')).toBe('b')
  })

  it.each([
    ['string :is "${a}" "x"', true],
    ['string "x " "x"', false],
    ['string :count "eq" :comparator "i;ascii-numeric" ["a", "", "${none}"] "1"', true],
    ['string :value "gt" :comparator "i;ascii-numeric" "10" "9"', true],
    ['string :matches "${b}" "${a}*"', true],
    ['string :contains "${b}" ["q", "${a}y"]', true],
    ['string :regex "${b}" "^${a}."', true],
  ])('%s is %s', async (test, isTrue) => {
    const actions = await actionsOf(`${required}set "a" "x"; set "b" "xyz"; if ${test} { discard; }`)
    expect(actions.length === 1).toBe(isTrue)
  })

  it('too long a value is cut', async () => {
    const doubling = Array.from({ length: 40 }, () => 'set "a" "${a}${a}";').join('\n')
    expect(await expanded(`set "a" "x"; ${doubling} set :length "b" "\${a}";`, '${b}')).toBe('16384')
  })

  it.each([
    ['set "a b" "x";', '2:5 "a b" is no name of a variable'],
    ['set "1" "x";', '2:5 "1" is no name of a variable'],
    ['set "${a}" "x";', '2:5 variables are not allowed in this string'],
    ['set :lower :upper "a" "x";', `2:12 :upper can't stand together with :lower`],
    ['set :nonsense "a" "x";', '2:5 "set" has no :nonsense'],
    ['set "envelope.from" "x";', '2:5 there are no variables "envelope."'],
    ['keep; redirect "${global.a}@example.org";', '2:16 variables "global." require the capability "include"'],
    ['redirect "${32}@example.org";', '2:10 there are no match values beyond ${31}'],
    ['if header :regex "a" "(" { }', '2:22 the regular expression is wrong: a "(" has no ")"'],
    [
      'if header :comparator "i;ascii-numeric" :contains "a" "b" { }',
      '2:41 the comparator "i;ascii-numeric" can\'t be used with :contains',
    ],
    ['if header :count "xx" "a" "b" { }', '2:18 "xx" is none of gt, ge, lt, le, eq, ne'],
  ])('%s', (source, error) => {
    expect(errorsOf(required + source)).toEqual([error])
  })
})
