import { describe, expect, it } from 'vitest'
import { currentServer, serverOf } from './servers.ts'

const servers = [
  { name: 'mail', url: 'https://mail.example.org/', domains: ['example.org'] },
  { name: 'mail2', url: 'https://mail2.example.org:8443', domains: ['Example.net', 'example.com'] },
]

describe('the server of an address', () => {
  it.each([
    ['alice@example.org', 'mail'],
    ['alice@EXAMPLE.NET ', 'mail2'],
    ['"a@b"@example.com', 'mail2'],
    ['alice@other.example', undefined],
    ['alice@example.ne', undefined],
    ['example.org', undefined],
    ['', undefined],
  ])('%s', (address, name) => {
    expect(serverOf(address, servers)?.name).toBe(name)
  })

  it('is this one when the page comes from it', () => {
    expect(currentServer(servers, 'https://mail2.example.org:8443')?.name).toBe('mail2')
    expect(currentServer(servers, 'https://mail2.example.org')).toBeUndefined()
    expect(currentServer([{ name: 'x', url: 'not an address', domains: [] }], 'https://x.example')).toBeUndefined()
  })
})
