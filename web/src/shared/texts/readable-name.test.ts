import { domainToASCII } from 'node:url'
import { describe, expect, it } from 'vitest'
import { readableName } from './readable-name.ts'

describe('a name as people write it', () => {
  it.each([
    'münchen.example',
    'boîte.café.example',
    'почта.рф',
    '例え.テスト',
    'faß.example',
    '日本語とenglishと.example',
    'plain.example',
  ])('%s', name => {
    expect(readableName(domainToASCII(name))).toBe(name)
    expect(readableName(`xn--ab@${domainToASCII(name)}`)).toBe(`xn--ab@${name}`)
  })

  it.each(['xn--', 'xn--a-.example', 'xn--99999999.example', 'xn--!.example', 'xn--mnchen-.example'])(
    'leaves %s, which is none',
    name => expect(readableName(name)).toBe(name),
  )
})
