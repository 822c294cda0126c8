/** What the IMAP transcripts play in: one account on a real store in memory, real services, a clock that stands still. */
import type { Authenticator } from '../../src/accounts/authentication.ts'
import { LocalChanges } from '../../src/mail/changes.ts'
import { Mailboxes } from '../../src/mail/mailboxes.ts'
import { Messages } from '../../src/mail/messages.ts'
import { SentCopies } from '../../src/mail/rules/sent-copies.ts'
import type { Log } from '../../src/ops/log.ts'
import type { Connection, Session } from '../../src/servers/connection.ts'
import type { ImapDependencies } from '../../src/servers/imap/context.ts'
import { createImapSession } from '../../src/servers/imap/session.ts'
import { openSqliteStore } from '../../src/store/sqlite/open.ts'
import type { Store } from '../../src/store/store.ts'
import { type AccountId, Flag, type Flags } from '../../src/store/types.ts'
import type { Directives } from './replay.ts'

export const ADDRESS = 'ada@example.test'
export const PASSWORD = 'right'
/** Thu, 1 Jan 2026 12:00:00 UTC. */
export const NOW = Date.UTC(2026, 0, 1, 12)

export interface ImapWorld {
  store: Store
  mailboxes: Mailboxes
  messages: Messages
  accountId: AccountId
  clock: { time: number; now(): number }
  createSession(connection: Connection): Session
  directives: Directives
  /** What was logged, in order. */
  logged: { level: string; fields: object; message: string }[]
  deliver(mailbox: string, bytes: Uint8Array, flags?: Flags): Promise<void>
  close(): Promise<void>
}

/** Under TLS. `hear`: what is written to it, one byte a character; resolves once the client has taken it. */
export function imapConnection(
  hear: (text: string) => void | Promise<void>,
  otherwise: Partial<Connection> = {},
): Connection {
  return {
    id: 'c1',
    remoteAddress: '192.0.2.1',
    remotePort: 1,
    localPort: 993,
    isProbe: false,
    secure: true,
    tls: { version: 'TLSv1.3', cipher: 'x' },
    write: async chunk => hear(Buffer.from(chunk).toString('latin1')),
    async startTls() {},
    async startDeflate() {},
    setIdleTimeout() {},
    end() {},
    destroy() {},
    ...otherwise,
  }
}

export async function imapWorld(settings: Partial<ImapDependencies['settings']> = {}): Promise<ImapWorld> {
  const clock = { time: NOW, now: () => clock.time }
  const store = await openSqliteStore({ path: ':memory:', clock })
  await store.write('domain.add', { name: 'example.test', at: NOW })
  const { accountId } = await store.write('account.add', {
    address: ADDRESS,
    passwordHash: null,
    quotaBytes: null,
    mailboxes: [
      { name: 'Drafts', specialUse: 'drafts' },
      { name: 'Sent', specialUse: 'sent' },
      { name: 'Trash', specialUse: 'trash' },
    ],
    at: NOW,
  })
  const changes = new LocalChanges()
  const mailboxes = new Mailboxes(store, changes, clock)
  const messages = new Messages(store, changes, clock)
  const deliver = async (
    name: string,
    bytes: Uint8Array,
    flags: Flags = { system: 0, keywords: [] },
  ): Promise<void> => {
    const { mailboxId } = await mailboxes.get(accountId, name)
    await messages.append({ accountId, mailboxId }, [{ bytes, flags, internalDate: null }])
  }
  const logged: ImapWorld['logged'] = []
  return {
    store,
    logged,
    mailboxes,
    messages,
    accountId,
    clock,
    deliver,
    createSession: createImapSession({
      authenticator: onePassword(store),
      mailboxes,
      messages,
      sentCopies: new SentCopies(store),
      changes,
      clock,
      log: logInto(logged),
      settings: {
        appendLimit: 10_000,
        plainTextAllowed: false,
        hostname: 'mail.example.test',
        version: '1.2.3',
        ...settings,
      },
    }),
    directives: {
      /** `! deliver INBOX small 3`: three small messages. */
      async deliver(mailbox = 'INBOX', kind = 'small', count = '1') {
        for (let i = 0; i < Number(count); i++) await deliver(mailbox, sample(kind, i + 1))
      },
      /** `! flag INBOX 1`: that UID gets \Flagged elsewhere, of which nobody here has heard yet. */
      async flag(mailbox = 'INBOX', uid = '1') {
        const { mailboxId } = await mailboxes.get(accountId, mailbox)
        const uids = [{ from: Number(uid), to: Number(uid) }]
        const flags = { system: Flag.Flagged, keywords: [] }
        await store.write('message.flags', { accountId, mailboxId, uids, mode: 'add', flags, unchangedSince: null })
      },
      quota: (bytes = '0') => store.write('account.setQuota', { accountId, quotaBytes: Number(bytes) }),
      /** `! wait 60`: seconds. */
      wait: (seconds = '0') => {
        clock.time += Number(seconds) * 1000
      },
    },
    close: () => store.close(),
  }
}

function logInto(logged: ImapWorld['logged']): Log {
  const log = (level: string) => (fields: object, message: string) => void logged.push({ level, fields, message })
  return {
    debug: log('debug'),
    info: log('info'),
    warn: log('warn'),
    error: log('error'),
    child: () => logInto(logged),
  }
}

function onePassword(store: Store): Authenticator {
  return {
    async signIn({ user, password }) {
      if (user === 'busy@example.test') return { ok: false, reason: 'unavailable' }
      if (user === 'guessed@example.test') return { ok: false, reason: 'throttled' }
      if (user === 'two-factors@example.test') return { ok: false, reason: 'app-password-needed' }
      if (user === 'other-program@example.test') return { ok: false, reason: 'not-allowed' }
      if (user === 'last-year@example.test') return { ok: false, reason: 'expired' }
      const account = await store.read('account.byAddress', { address: user })
      if (!account || password !== PASSWORD) return { ok: false, reason: 'credentials' }
      return { ok: true, account, principalId: account.accountId, appPasswordId: null, maySend: async () => true, follow: () => ({ over: null, end() {} }) }
    },
  }
}

function sample(kind: string, number: number): Uint8Array {
  const make = samples[kind]
  if (!make) throw new Error(`there is no sample "${kind}"`)
  return Buffer.from(make(number).join('\r\n'), 'latin1')
}

const samples: Record<string, (number: number) => string[]> = {
  small: number => [
    'Date: Wed, 31 Dec 2025 23:30:00 -0100',
    'From: "Bob B." <bob@example.org>',
    'To: ada@example.test',
    `Subject: Message ${number}`,
    `Message-ID: <small-${number}@example.org>`,
    '',
    `Hello number ${number}`,
    '',
  ],
  /** Text, a message, base64 with NUL octets, and a transfer encoding nobody knows. */
  multipart: () => [
    'Date: Thu, 1 Jan 2026 10:00:00 +0000',
    'From: Carol <carol@example.org>',
    'To: ada@example.test',
    'Cc: "Carol C." <carol@example.com>',
    'Bcc: dave@example.com',
    'Subject: Multi',
    'Message-ID: <multi@example.org>',
    'X-Mark: Yes, indeed',
    'MIME-Version: 1.0',
    'Content-Type: multipart/mixed; boundary=b',
    '',
    'preamble',
    '--b',
    '',
    'One',
    '--b',
    'Content-Type: message/rfc822',
    '',
    'Subject: Inner',
    '',
    'Inner text',
    '--b',
    'Content-Type: application/octet-stream',
    'Content-Transfer-Encoding: base64',
    '',
    'AAECAwQF',
    '--b',
    'Content-Type: application/octet-stream',
    'Content-Transfer-Encoding: x-unknown',
    '',
    'odd',
    '--b--',
    '',
  ],
  /** No header, no line end. */
  bare: () => ['', 'just text'],
  accents: () => [
    'Subject: =?utf-8?q?L=27=C3=A9t=C3=A9?=',
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=iso-8859-1',
    'Content-Transfer-Encoding: quoted-printable',
    '',
    'Joyeux No=EBl',
    '',
  ],
  /** Two answers to the first, and another of the same subject. */
  thread: number => [
    `Date: Thu, 1 Jan 2026 1${[3, 1, 2, 0][number - 1]}:00:00 +0000`,
    `From: ${['Zoe <b', 'Yann <a', 'Xavier <d', 'Walt <c'][number - 1]}@example.org>`,
    `Subject: ${['Plan', 'Re: Plan', 'Re: Plan', 'Other'][number - 1]}`,
    `Message-ID: <t${number}@example.org>`,
    ...(number === 2 || number === 3 ? [`In-Reply-To: <t1@example.org>`] : []),
    '',
    'x'.repeat(number),
    '',
  ],
}
