/** Real POP3 clients over real sockets: curl and Python's poplib, under TLS and STLS. */
import { execFile, execFileSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { commandLine } from '../../src/accounts/actor.ts'
import { createAuthenticator } from '../../src/accounts/authenticator.ts'
import { createDirectory } from '../../src/accounts/directory/directory.ts'
import { ServiceSettings } from '../../src/accounts/service-settings/service-settings.ts'
import { Throttle } from '../../src/accounts/throttle.ts'
import { LocalChanges } from '../../src/mail/changes.ts'
import { Maildrops } from '../../src/mail/maildrop.ts'
import { Messages } from '../../src/mail/messages.ts'
import { systemClock as clock } from '../../src/ops/clock.ts'
import { silentLog as log } from '../../src/ops/log.ts'
import { ensureSelfSigned } from '../../src/ops/self-signed.ts'
import { type Certificate, loadCertificate } from '../../src/ops/tls.ts'
import { createListener, type Listener } from '../../src/servers/listener.ts'
import { createPop3Session, pop3Refusal } from '../../src/servers/pop3/session.ts'
import { openSqliteStore } from '../../src/store/sqlite/open.ts'
import type { Store } from '../../src/store/store.ts'
import { mailboxAt } from '../contract/store-fixtures.ts'

const run = promisify(execFile)
const has = (program: string): boolean => {
  try {
    execFileSync(program, ['--version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

let folder: string
let store: Store
let certificate: Certificate
let listeners: Listener[]
let pop3s: number
let pop3: number
const inbox = { accountId: 0, mailboxId: 0 }
const messages = [
  'From: a@example.org\r\nSubject: One\r\n\r\nHello\r\n',
  `Subject: Dots\r\n\r\n.\r\n..\r\n.leading\r\n${'.\r\n'.repeat(100)}end\r\n`,
  `Subject: Large\r\n\r\n${'x'.repeat(70)}\r\n`.padEnd(20, ' ') + `${'y'.repeat(76)}\r\n`.repeat(40_000),
  'Subject: Eight bits\r\nContent-Transfer-Encoding: 8bit\r\n\r\nÀ bientôt\r\n',
]

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'facteur-pop3-'))
  store = await openSqliteStore({ path: path.join(folder, 'store.db'), clock })
  const { domains, accounts } = createDirectory({ store, settings: new ServiceSettings(store, clock), clock })
  await domains.add(commandLine, 'example.org')
  const alice = await accounts.add(commandLine, { address: 'alice@example.org', password: 'correct horse' })
  inbox.accountId = alice.accountId
  const names = await store.read('mailbox.byName', { accountId: inbox.accountId, name: 'INBOX' })
  inbox.mailboxId = names!.mailboxId
  certificate = await loadCertificate(await ensureSelfSigned(folder, ['localhost', '127.0.0.1'], clock), log)
  const changes = new LocalChanges()
  const createSession = createPop3Session({
    authenticator: createAuthenticator({
      store,
      clock,
      throttle: new Throttle({ clock, limitLoopback: false }),
      defaultDomain: 'example.org',
      sleep: async () => {},
      policy: { needsAppPasswords: async () => false },
      open: { follow: () => ({ over: null, end() {} }) },
      seen: { record() {} },
      log,
    }),
    maildrops: new Maildrops({ store, changes, clock }),
    clock,
    log,
    settings: { hostname: 'localhost', plainTextSignIn: 'never' },
  })
  const common = {
    protocol: 'pop3',
    host: '127.0.0.1',
    port: 0,
    tls: certificate,
    refusal: pop3Refusal,
    createSession,
    log,
  }
  listeners = [true, false].map(implicitTls => createListener({ ...common, implicitTls }))
  ;[pop3s, pop3] = (await Promise.all(listeners.map(listener => listener.listen()))) as [number, number]
})

afterAll(async () => {
  await Promise.all(listeners.map(listener => listener.close(1_000)))
  await store.close()
  await rm(folder, { recursive: true })
})

beforeEach(async () => {
  const uids = [{ from: 1, to: 0xffffffff }]
  await store.write('message.expunge', { ...inbox, uids, onlyDeleted: false, at: clock.now() })
  const flags = { system: 0, keywords: [] }
  const all = messages.map(text => ({ bytes: Buffer.from(text), flags, internalDate: null }))
  await new Messages(store, new LocalChanges(), clock).append(inbox, all)
})

const left = async (): Promise<number> =>
  (await mailboxAt(store, { accountId: inbox.accountId, mailboxId: inbox.mailboxId }))!.messages

const ways = [
  ['under TLS', () => `pop3s://127.0.0.1:${pop3s}`],
  ['under STLS', () => `pop3://127.0.0.1:${pop3}`],
] as const

describe.skipIf(!has('curl')).each(ways)('curl %s (skipped where curl is not installed)', (_, url) => {
  const curl = async (target: string, ...args: string[]): Promise<Buffer> => {
    const common = ['--silent', '--show-error', '--ssl-reqd', '--cacert', path.join(folder, 'certificate.pem')]
    const options = { encoding: 'buffer' as const, maxBuffer: 128 * 1024 * 1024 }
    const { stdout } = await run('curl', [...common, '--user', 'alice:correct horse', ...args, url() + target], options)
    return stdout
  }

  it('lists and fetches each message byte for byte', async () => {
    expect((await curl('/')).toString().split('\r\n').filter(Boolean)).toEqual(
      messages.map((text, i) => `${i + 1} ${Buffer.byteLength(text)}`),
    )
    for (const [i, text] of messages.entries()) expect((await curl(`/${i + 1}`)).equals(Buffer.from(text))).toBe(true)
  })

  it('fetches one that is larger than what may wait for a client', async () => {
    const line = `.${'x'.repeat(997)}\r\n`
    const bytes = Buffer.concat([Buffer.from('Subject: Larger\r\n\r\n'), Buffer.alloc(69_000 * line.length, line)])
    const flags = { system: 0, keywords: [] }
    await new Messages(store, new LocalChanges(), clock).append(inbox, [{ bytes, flags, internalDate: null }])
    const number = messages.length + 1
    expect((await curl(`/${number}`)).equals(bytes)).toBe(true)
    expect((await curl('/', '--request', `TOP ${number} 99999999`)).equals(bytes)).toBe(true)
  })

  it('asks for unique-ids, the top of a message, and deletes', async () => {
    expect((await curl('/', '--request', 'UIDL')).toString()).toMatch(/^1 \d+\.\d+\r\n2 \d+\.\d+\r\n/)
    expect((await curl('/', '--request', 'TOP 1 0')).toString()).toBe('From: a@example.org\r\nSubject: One\r\n\r\n')
    await curl('/', '--request', 'DELE 2', '--head')
    expect(await left()).toBe(messages.length - 1)
  })

  it('signs in with the mechanism it is told', async () => {
    expect((await curl('/1', '--login-options', 'AUTH=PLAIN')).toString()).toBe(messages[0])
    expect((await curl('/1', '--login-options', 'AUTH=PLAIN', '--sasl-ir')).toString()).toBe(messages[0])
    await expect(curl('/1', '--user', 'alice:wrong')).rejects.toMatchObject({ code: 67 })
  })
})

describe.skipIf(!has('python3'))("Python's poplib (skipped where python3 is not installed)", () => {
  const script = `
import poplib, ssl, sys, json
poplib._MAXLINE = 1 << 20
mode, port, ca = sys.argv[1], int(sys.argv[2]), sys.argv[3]
context = ssl.create_default_context(cafile=ca)
if mode == 'tls':
    box = poplib.POP3_SSL('localhost', port, context=context)
else:
    box = poplib.POP3('localhost', port)
    assert 'STLS' in box.capa() and 'USER' not in box.capa()
    try:
        box.user('alice')
        sys.exit('a password was asked for without TLS')
    except poplib.error_proto as error:
        assert b'STLS' in error.args[0], error
    box.stls(context)
assert 'USER' in box.capa()
box.user('alice@example.org')
try:
    box.pass_('wrong')
    sys.exit('signed in with a wrong password')
except poplib.error_proto as error:
    assert error.args[0].startswith(b'-ERR [AUTH]'), error
box.utf8()
box.user('alice@example.org')
box.pass_('correct horse')
count, size = box.stat()
other = poplib.POP3_SSL('localhost', int(sys.argv[4]), context=context)
other.user('alice')
try:
    other.pass_('correct horse')
    sys.exit('two sessions have the mailbox')
except poplib.error_proto as error:
    assert error.args[0].startswith(b'-ERR [IN-USE]'), error
other.quit()
result = {
    'count': count, 'size': size,
    'list': [line.decode() for line in box.list()[1]],
    'uids': len({line.split()[1] for line in box.uidl()[1]}),
    'messages': ['\\r\\n'.join(line.decode() for line in box.retr(n)[1]) + '\\r\\n' for n in range(1, count + 1)],
    'top': [line.decode() for line in box.top(2, 2)[1]],
}
box.dele(1); box.rset(); box.dele(2); box.noop()
result['after'] = box.stat()
box.quit()
print(json.dumps(result))
`

  it.each([
    ['TLS', 'tls', () => pop3s],
    ['STLS', 'stls', () => pop3],
  ])('reads, deletes and quits under %s', async (_, mode, port) => {
    const file = path.join(folder, 'client.py')
    await writeFile(file, script)
    const args = [file, mode, String(port()), path.join(folder, 'certificate.pem'), String(pop3s)]
    const result = JSON.parse((await run('python3', args, { maxBuffer: 64 * 1024 * 1024 })).stdout)
    const sizes = messages.map(text => Buffer.byteLength(text))
    expect(result).toMatchObject({
      count: messages.length,
      size: sizes.reduce((sum, size) => sum + size),
      list: sizes.map((size, i) => `${i + 1} ${size}`),
      uids: messages.length,
      top: ['Subject: Dots', '', '.', '..'],
      after: [messages.length - 1, sizes.reduce((sum, size) => sum + size) - sizes[1]!],
    })
    expect(result.messages).toEqual(messages)
    expect(await left()).toBe(messages.length - 1)
  })
})
