import { afterEach, beforeEach, expect, it } from 'vitest'
import { openSqliteStore } from '../store/sqlite/open.ts'
import type { Store } from '../store/store.ts'
import { ClientSetUp } from './client-set-up.ts'

let store: Store
beforeEach(async () => {
  store = await openSqliteStore({ path: ':memory:', clock: { now: () => 0 } })
  await store.write('domain.add', { name: 'xn--caf-dma.example', at: 0 })
})
afterEach(() => store.close())

type Hosts = Record<'imapHost' | 'pop3Host' | 'smtpHost' | 'mxHost', string | null>
const noHosts: Hosts = { imapHost: null, pop3Host: null, smtpHost: null, mxHost: null }
const setUp = (listeners: { service: string; port: number }[], hosts = noHosts, base = 'https://mail.host.example') =>
  new ClientSetUp({
    store,
    hostname: 'mail.host.example',
    hosts: async () => hosts,
    listeners: () => listeners,
    linkTo: path => `${base}${path}`,
  })
const all = [
  { service: 'smtp', port: 25 },
  { service: 'submissions', port: 465 },
  { service: 'submission', port: 587 },
  { service: 'imaps', port: 993 },
  { service: 'imap', port: 143 },
  { service: 'pop3s', port: 995 },
  { service: 'pop3', port: 110 },
]

it('tells TLS from the first byte, and STARTTLS for sending as a second way', async () => {
  const host = 'mail.host.example'
  expect(await setUp(all).servers()).toEqual({
    imap: [{ host, port: 993, security: 'tls' }],
    pop3: [{ host, port: 995, security: 'tls' }],
    smtp: [
      { host, port: 465, security: 'tls' },
      { host, port: 587, security: 'starttls' },
    ],
  })
})

it('tells STARTTLS where there is nothing else, and nothing where there is nothing', async () => {
  const servers = await setUp([{ service: 'imap', port: 1143 }]).servers()
  expect(servers).toMatchObject({ imap: [{ port: 1143, security: 'starttls' }], pop3: [], smtp: [] })
})

it('tells the ports that were bound, the standard one first', async () => {
  const ports = [9930, 993, 9931].map(port => ({ service: 'imaps', port }))
  expect((await setUp(ports).servers()).imap).toMatchObject([{ port: 993 }])
  expect((await setUp(ports.slice(2)).servers()).imap).toMatchObject([{ port: 9931 }])
})

it('tells the names that staff gave', async () => {
  const hosts = { ...noHosts, imapHost: 'imap.host.example', smtpHost: 'smtp.host.example' }
  const { imap, pop3, smtp } = await setUp(all, hosts).servers()
  expect([imap, pop3, smtp].flat().map(({ host }) => host)).toEqual([
    'imap.host.example',
    'mail.host.example',
    'smtp.host.example',
    'smtp.host.example',
  ])
})

it('tells the name that other servers bring mail to', async () => {
  expect(await setUp(all).mxHost()).toBe('mail.host.example')
  expect(await setUp(all, { ...noHosts, mxHost: 'mx.host.example' }).mxHost()).toBe('mx.host.example')
})

it('knows the panel’s host and port', () => {
  expect(setUp(all).web).toEqual({ url: 'https://mail.host.example', host: 'mail.host.example', port: 443 })
  expect(setUp(all, noHosts, 'https://panel.example:8443').web).toEqual({
    url: 'https://panel.example:8443',
    host: 'panel.example',
    port: 8443,
  })
})

it('knows its own domains, in any writing', async () => {
  const { ownDomain } = { ownDomain: (text: string) => setUp(all).ownDomain(text) }
  expect(await ownDomain('Café.example.')).toBe('xn--caf-dma.example')
  for (const text of ['example.org', '', 'a b', '192.0.2.1', '<x>', `${'a'.repeat(300)}.example`])
    expect(await ownDomain(text)).toBeNull()
})
