import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { NoticeKind, NoticeKinds, NoticeReader } from '../../accounts/notices.ts'
import { silentLog } from '../../ops/log.ts'
import { StoreError } from '../../store/store.ts'
import { decodedFieldText, readHeader } from '../../wire/mime/header.ts'
import { parseMessage } from '../../wire/mime/parser.ts'
import { searchableTexts } from '../../wire/mime/text.ts'
import type { IncomingMessage } from '../accept.ts'
import { catalogue } from './catalogue.ts'
import { NoticeMailer } from './mailer.ts'

const at = Date.UTC(2026, 2, 5, 9, 30)
const reader: NoticeReader = {
  address: 'alice@example.org',
  language: 'fr',
  timeZone: 'Europe/Paris',
  domain: 'example.org',
}
const url = 'https://mail.example.org/l/abc?x=1&y=2'
const values: NoticeKinds = {
  'credential-link': { address: 'alice@example.org', url, expiresAt: at, needsCode: true },
  'recovery-address-check': { address: 'alice@example.org', url, expiresAt: at },
  'recovery-address-changed': {
    address: 'alice@example.org',
    recoveryAddress: 'a•••@example.net',
    at,
    remoteAddress: '',
  },
  'password-reset-link': { address: 'alice@example.org', url, expiresAt: at },
  'plan-request': {
    address: 'alice@example.org',
    planName: 'Large',
    storageBytes: 50 * 1024 ** 3,
    monthlyPrice: 900,
    currency: 'EUR',
    usedBytes: 1024 ** 3,
    quotaBytes: 5 * 1024 ** 3,
    message: 'Please',
    url,
  },
  'webhook-disabled': {
    host: 'hooks.example',
    domain: 'example.org',
    reason: 'failing',
    problem: 'answered 500',
    url,
  },
  'auto-reply-ended': { address: 'alice@example.org', untilDay: '2026-03-04', url },
  'sending-blocked': {
    name: 'alice@example.org',
    sender: 'alice@example.org',
    limit: 300,
    used: 290,
    recipients: 16,
    sample: ['bob@far.test', 'x@far.test'],
    at,
    blockedUntil: at + 3_600_000,
    signIns: [{ remoteAddress: '192.0.2.1', credential: 'app-password', label: 'Scanner', lastAt: at }],
    url,
  },
  'sending-held': {
    address: 'alice@example.org',
    reason: 'new-place',
    count: 60,
    usual: 50,
    sample: ['x@example.net', 'y@example.net'],
    remoteAddress: '203.0.113.9',
    place: 'JP',
    at: Date.UTC(2026, 10, 23, 20, 0),
    signIns: [
      {
        remoteAddress: '203.0.113.9',
        credential: 'app-password',
        label: 'Scanner',
        lastAt: Date.UTC(2026, 10, 23, 20),
      },
    ],
    url,
  },
  'sending-held-owner': {
    address: 'alice@example.org',
    reason: 'unknown-users',
    at: Date.UTC(2026, 10, 23, 20, 0),
    url,
  },
  'sending-decided': {
    address: 'alice@example.org',
    decision: 'dropped',
    messages: 2,
    recipients: 60,
    url,
  },
  'space-warning': {
    address: 'alice@example.org',
    percent: 95,
    usedBytes: 96 * 1024 ** 2,
    quotaBytes: 100 * 1024 ** 2,
    folders: [{ name: 'INBOX', sizeBytes: 90 * 1024 ** 2 }],
    isOwner: true,
    url,
  },
  'script-failed': {
    scope: 'mailbox',
    name: 'alice@example.org',
    script: 'main',
    rule: null,
    line: 3,
    column: 5,
    problem: '"reject" after "fileinto"',
    address: 'alice@example.org',
    sender: 'bob@far.test',
    at,
    messages: 2,
    url,
  },
  'sending-warning': { name: 'alice@example.org', used: 240, limit: 300, url },
  'support-request': {
    address: 'alice@example.org',
    role: 'owner',
    subject: 'Rien n’arrive',
    message: 'Bonjour,\n\nDepuis hier, rien.\r\nBcc: x@evil.test\r\n\r\nAlice',
    page: '/help/not-received',
    userAgent: 'Browser/1.0\r\nX: y',
    remoteAddress: '192.0.2.1',
    version: '0.1.0',
    lastFailure: { protocol: 'imap', outcome: 'wrong-password', at, remoteAddress: '192.0.2.1' },
  },
  'sending-refused': {
    address: 'alice@example.org',
    count: 4,
    refusals: [
      {
        at,
        count: 2,
        recipient: 'bob@@there.test\r\nBcc: x@evil.test',
        answer: '501 5.1.3 Bad recipient address syntax',
        texts: {
          fr: { what: 'Ce n’est pas une adresse.', why: 'Il y a un @ de trop.', todo: 'Corrigez-la.' },
          en: { what: 'This is no address.', why: 'There is an @ too many.', todo: 'Correct it.' },
        },
      },
    ],
  },
  'security-changed': {
    address: 'alice@example.org',
    change: { kind: 'app-password-added', label: 'Phone\r\nBcc: x@evil.test', mailbox: 'alice@example.org' },
    at,
    remoteAddress: '192.0.2.1',
    securityUrl: url,
  },
  'password-reset-done': { address: 'alice@example.org', at, remoteAddress: '192.0.2.1', securityUrl: url },
}

function mailer(brand = 'Courrier', from: string | null = null) {
  const accepted: IncomingMessage[] = []
  const notices = new NoticeMailer({
    door: {
      async accept(message) {
        accepted.push(message)
        return { id: 'x', delivered: [], queued: 1, queueId: 1 }
      },
    },
    clock: { now: () => at },
    log: silentLog,
    hostname: 'mail.example.org',
    from,
    brandOf: async () => ({ name: brand, supportAddress: 'support@example.org' }),
    defaultLanguage: async () => 'fr',
    defaultTimeZone: async () => 'Europe/Lisbon',
  })
  return { notices, accepted }
}

function read(bytes: Uint8Array) {
  const header = readHeader(bytes)
  const fields = header.fields.map(field => [field.name, decodedFieldText(bytes, field)] as const)
  return {
    names: fields.map(([name]) => name.toLowerCase()),
    field: (name: string) => fields.find(([known]) => known.toLowerCase() === name)?.[1],
    body: [...searchableTexts(parseMessage(bytes), bytes)].flatMap(text => [...text]).join('\n'),
  }
}

async function sent<K extends NoticeKind>(kind: K, more: Partial<NoticeReader> = {}) {
  const { notices, accepted } = mailer()
  expect(await notices.send(kind, { ...reader, ...more }, values[kind])).toBe(true)
  return { message: accepted[0]!, ...read(accepted[0]!.bytes) }
}

it('is a mail that no machine answers, from nobody, with its date and id', async () => {
  const { message, field } = await sent('password-reset-link')
  expect(message).toMatchObject({ reversePath: '', accountId: null, smtpUtf8: false, eightBit: false })
  expect(message.recipients.map(({ address }) => address)).toEqual(['alice@example.org'])
  expect(field('from')).toBe('Courrier <no-reply@mail.example.org>')
  expect(field('to')).toBe('alice@example.org')
  expect(field('reply-to')).toBe('support@example.org')
  expect(field('auto-submitted')).toBe('auto-generated')
  expect(field('date')).toBe('Thu, 05 Mar 2026 09:30:00 +0000')
  expect(field('message-id')).toMatch(/^<[\w-]{36}@mail\.example\.org>$/)
  expect(Buffer.from(message.bytes).toString('latin1')).not.toMatch(/[^\r]\n|\r(?!\n)/)
})

it('comes from, and bounces to, the address that is set', async () => {
  const { notices, accepted } = mailer('Courrier', 'panel@example.org')
  await notices.send('password-reset-link', reader, values['password-reset-link'])
  expect(accepted[0]?.reversePath).toBe('panel@example.org')
  expect(read(accepted[0]!.bytes).field('from')).toBe('Courrier <panel@example.org>')
})

it('speaks the reader’s language and tells the time as there, else as where the service is', async () => {
  const french = await sent('credential-link')
  expect(french.field('subject')).toBe('Vos identifiants pour alice@example.org')
  expect(french.body).toContain('jeudi 5 mars 2026')
  expect(french.body).toMatch(/10:30/)
  const english = await sent('credential-link', { language: 'en', timeZone: null })
  expect(english.field('subject')).toBe('Your sign-in data for alice@example.org')
  expect(english.body).toMatch(/Thursday,? 5 March 2026/)
  expect(english.body).toMatch(/09:30/)
})

it('is in the service’s language for who chose none', async () => {
  expect((await sent('credential-link', { language: null })).field('content-language')).toBe('fr')
})

it.each(Object.keys(catalogue) as NoticeKind[])('%s says the same in text and in HTML, link included', async kind => {
  for (const language of ['fr', 'en'] as const) {
    const { message, body } = await sent(kind, { language })
    const raw = Buffer.from(message.bytes).toString()
    expect(raw).toContain('Content-Type: text/plain; charset=utf-8')
    expect(raw).toContain('Content-Type: text/html; charset=utf-8')
    // Once in the text, once in the HTML, where it is the link's own text too.
    if ('url' in values[kind]) expect(body.split(url)).toHaveLength(2 + 1)
    expect(body).not.toMatch(/undefined|null|\[object/)
  }
})

it('lets no value of a stranger become a field, a recipient or an element', async () => {
  const hostile = fc.string({ unit: 'binary' })
  const attacks = fc.oneof(
    hostile,
    fc.constantFrom(
      'x\r\nBcc: eve@example.net',
      'x\nSubject: y',
      '"><script>alert(1)</script>',
      '\u202egro',
      'a,b;c:d',
    ),
  )
  await fc.assert(
    fc.asyncProperty(attacks, attacks, async (brand, value) => {
      const { notices, accepted } = mailer(brand)
      const kind = 'recovery-address-changed'
      await notices.send(kind, reader, { address: value, recoveryAddress: value, at, remoteAddress: value })
      const { names, field } = read(accepted[0]!.bytes)
      expect(names.toSorted()).toEqual([
        'auto-submitted',
        'content-language',
        'content-type',
        'date',
        'from',
        'message-id',
        'mime-version',
        'reply-to',
        'subject',
        'to',
        'x-auto-response-suppress',
      ])
      expect(field('to')).toBe('alice@example.org')
      expect(field('from')).toMatch(/<?no-reply@mail\.example\.org>?$/)
      const raw = Buffer.from(accepted[0]!.bytes).toString()
      expect(raw.slice(raw.indexOf('<!doctype'))).not.toContain('<script')
      expect(raw).not.toMatch(/[^\r]\n|\r(?!\n)/)
    }),
    { numRuns: 25 },
  )
  // Each run composes a whole mail: seconds on a machine that is busy.
})

it('with a request keeps its lines, answers to who asked, and lets nothing in it become a field', async () => {
  const { field, names, body } = await sent('support-request', {
    replyTo: 'alice@example.org',
    address: 'support@example.org',
  })
  expect(field('subject')).toBe('[Courrier] Rien n’arrive')
  expect(field('reply-to')).toBe('alice@example.org')
  expect(names).not.toContain('bcc')
  expect(names).not.toContain('x')
  expect(body).toContain('Depuis hier, rien.')
  expect(body).toContain('IMAP, jeudi 5 mars 2026')
  expect(body).toContain('mot de passe faux')
  const hostile = fc.string({ unit: 'binary', maxLength: 60 })
  await fc.assert(
    fc.asyncProperty(hostile, hostile, hostile, async (subject, message, page) => {
      const { notices, accepted } = mailer()
      const request = { ...values['support-request'], subject, message, page, userAgent: message }
      await notices.send('support-request', { ...reader, replyTo: 'alice@example.org' }, request)
      const raw = Buffer.from(accepted[0]!.bytes).toString()
      expect(read(accepted[0]!.bytes).names).toHaveLength(11)
      expect(raw).not.toMatch(/[^\r]\n|\r(?!\n)|<script/)
    }),
    { numRuns: 25 },
  )
})

it('goes to an international address as such', async () => {
  expect((await sent('password-reset-link', { address: 'jérôme@example.org' })).message.smtpUtf8).toBe(true)
})

it('that can’t be kept is told as such: the change it tells of stays', async () => {
  const notices = new NoticeMailer({
    door: { accept: () => Promise.reject(new StoreError('unavailable', 'the disk is full')) },
    clock: { now: () => at },
    log: silentLog,
    hostname: 'mail.example.org',
    from: null,
    brandOf: async () => ({ name: 'Courrier', supportAddress: null }),
    defaultLanguage: async () => 'fr',
    defaultTimeZone: async () => 'Europe/Lisbon',
  })
  expect(await notices.send('password-reset-link', reader, values['password-reset-link'])).toBe(false)
})
