/** What the POP3 transcripts play in: two accounts on a real store in memory, real services, a clock that stands still. */
import type { Authenticator } from '../../src/accounts/authentication.ts'
import { LocalChanges } from '../../src/mail/changes.ts'
import { Maildrops } from '../../src/mail/maildrop.ts'
import { Messages } from '../../src/mail/messages.ts'
import { silentLog } from '../../src/ops/log.ts'
import type { Connection, Session } from '../../src/servers/connection.ts'
import { createMessageBudget, type MessageBudget } from '../../src/servers/message-budget.ts'
import { createPop3Session } from '../../src/servers/pop3/session.ts'
import { openSqliteStore } from '../../src/store/sqlite/open.ts'
import type { Store } from '../../src/store/store.ts'
import type { AccountId } from '../../src/store/types.ts'
import type { Directives } from './replay.ts'

/** Thu, 1 Jan 2026 12:00:00 UTC. */
const NOW = Date.UTC(2026, 0, 1, 12)

export interface Pop3World {
  store: Store
  changes: LocalChanges
  budget: MessageBudget
  accountId: AccountId
  createSession(connection: Connection): Session
  directives: Directives
  deliver(bytes: Uint8Array): Promise<void>
  /** Removes UIDs from INBOX as another session does. */
  expunge(uids: number[]): Promise<void>
  uids(): Promise<number[]>
  close(): Promise<void>
}

export async function pop3World(): Promise<Pop3World> {
  const clock = { time: NOW, now: () => clock.time }
  const store = await openSqliteStore({ path: ':memory:', clock })
  await store.write('domain.add', { name: 'example.test', at: NOW })
  const ids: AccountId[] = []
  for (const address of ['ada@example.test', 'élise@example.test']) {
    const account = { address, passwordHash: null, quotaBytes: null, mailboxes: [], at: NOW }
    ids.push((await store.write('account.add', account)).accountId)
  }
  const accountId = ids[0]!
  const changes = new LocalChanges()
  const budget = createMessageBudget()
  const messages = new Messages(store, changes, clock)
  const inbox = await store.read('mailbox.byName', { accountId, name: 'INBOX' })
  const mailboxId = inbox!.mailboxId
  const deliver = async (bytes: Uint8Array): Promise<void> => {
    const flags = { system: 0, keywords: [] }
    await messages.append({ accountId, mailboxId }, [{ bytes, flags, internalDate: null }])
  }
  const expunge = async (uids: number[]): Promise<void> => {
    const ranges = uids.map(uid => ({ from: uid, to: uid }))
    await store.write('message.expunge', { accountId, mailboxId, uids: ranges, onlyDeleted: false, at: NOW })
  }
  return {
    store,
    changes,
    budget,
    accountId,
    deliver,
    expunge,
    uids: async () => [...(await store.read('message.uids', { accountId, mailboxId, after: 0, limit: 1_000 }))],
    createSession: createPop3Session({
      authenticator: onePassword(store),
      maildrops: new Maildrops({ store, changes, clock }),
      clock,
      log: silentLog,
      settings: { hostname: 'mail.example.test', plainTextSignIn: 'loopback' },
      budget,
    }),
    directives: {
      /** `! deliver small 3`: three of the samples below. */
      async deliver(kind = 'small', count = '1') {
        for (let i = 0; i < Number(count); i++) await deliver(sample(kind))
      },
      expunge: (...uids: string[]) => expunge(uids.map(Number)),
      /** `! wait 60`: seconds. */
      wait(seconds = '0') {
        clock.time += Number(seconds) * 1000
      },
    },
    close: () => store.close(),
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
      if (!account || password !== 'two words') return { ok: false, reason: 'credentials' }
      return { ok: true, account, principalId: account.accountId, appPasswordId: null, maySend: async () => true, follow: () => ({ over: null, end() {} }) }
    },
  }
}

function sample(kind: string): Uint8Array {
  const text = samples[kind]
  if (text === undefined) throw new Error(`there is no sample "${kind}"`)
  return Buffer.from(text)
}

const samples: Record<string, string> = {
  small: 'From: bob@example.org\r\nSubject: Small\r\n\r\nHello\r\n',
  dots: 'Subject: Dots\r\n\r\n.\r\n..\r\n.one\r\ntwo.\r\n\r\n.',
  'bare-lf': 'Subject: Bare\n\none\n.two\n',
  'not-ended': 'Subject: Not ended\r\n\r\nlast line',
  'header-only': 'Subject: Header only\r\n\r\n',
  'no-empty-line': 'Subject: No empty line\r\n',
  international: 'From: Élise <élise@example.org>\r\nSubject: Un été\r\n\r\nÀ bientôt\r\n',
}
