import { describe, expect, it } from 'vitest'
import type { Store } from '../store/store.ts'
import { type Reported, readerOf } from './report-reader.ts'

const defaults = { language: 'fr', timeZone: 'Europe/Paris' } as const

/**
 * Of here.test are anna (1), who reads English in Rome, and zoe (2), who chose nothing; sales@ is an alias. Of bücher.test
 * is anna too.
 */
const store: Pick<Store, 'read'> = {
  read: async (query, args) => {
    const answer = (value: unknown) => value as never
    if (query === 'address.lookup') {
      const { address, domain } = args as { address: string; domain: string }
      const accountId = { 'anna@here.test': 1, 'zoe@here.test': 2, 'anna@xn--bcher-kva.test': 1 }[address]
      const alias = address === 'sales@here.test' ? { targets: [] } : null
      return answer({ domain: domain === 'here.test' ? {} : null, account: accountId ? { accountId } : null, alias })
    }
    const { principalId } = args as { principalId: number }
    if (principalId === 1) return answer({ language: 'en', timeZone: 'Europe/Rome' })
    return answer({ language: null, timeZone: null })
  },
}
const header = 'Subject: x\r\n'
const of = (reversePath: string, more: Partial<Reported> = {}) =>
  readerOf(store, { reversePath, accountId: null, bytes: Buffer.from(header), ...more }, defaults)

describe('who reads a report', () => {
  it.each([
    ['someone here, as he chose', 'Anna@HERE.test', {}, { languages: ['en'], timeZone: 'Europe/Rome' }],
    ['someone here, by a domain in U-labels', 'anna@Bücher.test', {}, { languages: ['en'], timeZone: 'Europe/Rome' }],
    ['someone here who chose nothing', 'zoe@here.test', {}, { languages: ['fr'], timeZone: 'Europe/Paris' }],
    ['who sent from an alias', 'sales@here.test', { accountId: 1 }, { languages: ['en'], timeZone: 'Europe/Rome' }],
    ['an alias', 'sales@here.test', {}, { languages: ['fr'], timeZone: 'Europe/Paris' }],
    [
      'a stranger whose mail was forwarded',
      'srs0=x@here.test',
      {},
      { languages: ['fr', 'en'], timeZone: 'Europe/Paris' },
    ],
    ['a stranger', 'x@away.test', {}, { languages: ['fr', 'en'], timeZone: 'Europe/Paris' }],
    [
      'a stranger whose program tells his language',
      'x@away.test',
      { bytes: Buffer.from(`${header}Content-Language: en-GB\r\n`) },
      { languages: ['en'], timeZone: 'Europe/Paris' },
    ],
  ])('%s', async (_, reversePath, more, expected) => {
    expect(await of(reversePath, more)).toEqual(expected)
  })

  it('gives a stranger the service’s own language first', async () => {
    const reported = { reversePath: 'x@away.test', accountId: null, bytes: Buffer.from(header) }
    expect((await readerOf(store, reported, { ...defaults, language: 'en' })).languages).toEqual(['en', 'fr'])
  })
})
