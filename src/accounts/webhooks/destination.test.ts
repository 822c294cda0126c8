import { describe, expect, it } from 'vitest'
import type { Resolver } from '../../ops/resolver.ts'
import { destinationOf, webhookUrl } from './destination.ts'

const strict = { allowPrivate: false }

describe('a URL', () => {
  it.each(['https://hooks.example/x?y=1', 'https://8.8.8.8/', 'https://hooks.example:8443/'])('%s is taken', text => {
    expect(webhookUrl(text, strict)).toBe(text)
  })

  it.each([
    'http://hooks.example/',
    'ftp://hooks.example/',
    'https://user:pass@hooks.example/',
    'https://127.0.0.1/',
    'https://0x7f000001/',
    'https://2130706433/',
    'https://[::1]/',
    'https://[::ffff:7f00:1]/',
    'javascript:alert(1)',
    'hooks.example',
    `https://hooks.example/${'x'.repeat(2000)}`,
  ])('%.60s is refused', text => {
    expect(webhookUrl(text, strict)).toBeNull()
  })
})

describe('a name', () => {
  const resolver = (...records: string[]): Resolver => ({
    mx: async () => ({ kind: 'no-data' }),
    addresses: async () => (records.length > 0 ? { kind: 'found', records } : { kind: 'no-domain' }),
  })
  const url = new URL('https://hooks.example/')

  it('leads to a public address of it alone', async () => {
    expect(await destinationOf(url, resolver('10.0.0.1', '8.8.8.8'), strict)).toEqual({ address: '8.8.8.8', family: 4 })
    expect(await destinationOf(url, resolver('127.0.0.1', '::1'), strict)).toMatchObject({
      problem: expect.stringContaining('private'),
    })
    expect(await destinationOf(url, resolver(), strict)).toMatchObject({
      problem: expect.stringContaining('no address'),
    })
    expect(await destinationOf(url, resolver('10.0.0.1'), { allowPrivate: true })).toEqual({
      address: '10.0.0.1',
      family: 4,
    })
  })
})
