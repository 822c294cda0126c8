/** ManageSieve of the real service: exact answers over TLS, what strangers may not, and Debian's sieve-connect. */
import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { connect as connectTls } from 'node:tls'
import { promisify } from 'node:util'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { ApiClient } from './api-client.ts'
import { has } from './fixtures/imap.ts'
import { type Service, startService } from './service.ts'

const run = promisify(execFile)
const user = 'ann@example.org'
const password = 'correct horse 1'
let service: Service
beforeAll(async () => {
  service = await startService({ FACTEUR_LIMITS_LOOPBACK: 'false' })
  await service.cli(['domain', 'add', 'example.org'])
  await service.cli(['mailbox', 'add', user, '--password-stdin'], { stdin: password })
})
afterAll(() => service.stop())

/** Sends lines, reads answers up to their OK, NO or BYE. */
class Client {
  #socket: Socket
  #text = ''
  #more: () => void = () => {}

  constructor(socket: Socket) {
    this.#socket = this.#listen(socket)
  }

  #listen(socket: Socket): Socket {
    socket.setEncoding('utf8').on('data', text => {
      this.#text += text
      this.#more()
    })
    socket.on('error', () => {}).on('close', () => this.#more())
    return socket
  }

  send(text: string): void {
    this.#socket.write(text)
  }

  async answer(): Promise<string> {
    for (;;) {
      const end = /^(?:OK|NO|BYE)\b(?: \([^\r]*\))? (?:"(?:\\.|[^"\\])*"|\{(\d+)\}\r\n)/m.exec(this.#text)
      const rest = end ? end.index + end[0].length + Number(end[1] ?? 0) + 2 : 0
      if (end && this.#text.length >= rest) {
        const answer = this.#text.slice(0, rest)
        this.#text = this.#text.slice(rest)
        return answer
      }
      if (this.#socket.closed) throw new Error(`closed after ${JSON.stringify(this.#text)}`)
      await new Promise<void>(resolve => (this.#more = resolve))
    }
  }

  ask(text: string): Promise<string> {
    this.send(text)
    return this.answer()
  }

  async startTls(injected = ''): Promise<string> {
    expect(await this.ask(`STARTTLS\r\n${injected}`)).toBe('OK "Begin TLS negotiation now"\r\n')
    this.#socket.removeAllListeners('data')
    const secured = connectTls({ socket: this.#socket, rejectUnauthorized: false })
    await once(secured, 'secureConnect')
    this.#socket = this.#listen(secured)
    return this.answer()
  }

  destroy(): void {
    this.#socket.destroy()
  }

  get closed(): Promise<unknown> {
    return this.#socket.closed ? Promise.resolve() : once(this.#socket, 'close')
  }
}

const open: Client[] = []
afterEach(() => {
  for (const client of open.splice(0)) client.destroy()
})

async function greeted(): Promise<{ client: Client; greeting: string }> {
  const client = new Client(connect(service.ports.managesieve, '127.0.0.1'))
  open.push(client)
  return { client, greeting: await client.answer() }
}

const plain = (name = user, secret = password) => Buffer.from(`\0${name}\0${secret}`).toString('base64')

async function signedIn(secret = password, name = user): Promise<Client> {
  const { client } = await greeted()
  await client.startTls()
  expect(await client.ask(`AUTHENTICATE "PLAIN" "${plain(name, secret)}"\r\n`)).toBe('OK "Signed in"\r\n')
  return client
}

const put = (name: string, source: string) => `PUTSCRIPT "${name}" {${Buffer.byteLength(source)}+}\r\n${source}\r\n`

describe('a stranger', () => {
  it('is told what there is, and signs in under TLS alone', async () => {
    const { client, greeting } = await greeted()
    expect(greeting).toMatch(/^"IMPLEMENTATION" "Facteur [^"]+"\r\n"SASL" ""\r\n"SIEVE" "fileinto [^"]+"\r\n/)
    expect(greeting).toMatch(/\r\n"STARTTLS"\r\n"UNAUTHENTICATE"\r\n"VERSION" "1\.0"\r\nOK "ManageSieve ready"\r\n$/)
    expect(await client.ask(`AUTHENTICATE "PLAIN" "${plain()}"\r\n`)).toBe(
      'NO (ENCRYPT-NEEDED) "Passwords are taken under TLS only: use STARTTLS"\r\n',
    )
    const after = await client.startTls()
    expect(after).toMatch(/"SASL" "PLAIN"\r\n/)
    expect(after).not.toContain('STARTTLS')
    expect(after).toMatch(/OK "TLS is active"\r\n$/)
    expect(await client.ask('LISTSCRIPTS\r\n')).toBe('NO "Sign in first"\r\n')
    expect(await client.ask('STARTTLS\r\n')).toBe('NO "TLS is active already"\r\n')
    expect(await client.ask('NOOP "x y"\r\n')).toBe('OK (TAG "x y") "Done"\r\n')
    expect(await client.ask('AUTHENTICATE "CRAM-MD5"\r\n')).toBe('NO "The only mechanism is PLAIN"\r\n')
    expect(await client.ask(`AUTHENTICATE "PLAIN" "${plain(user, 'wrong')}"\r\n`)).toBe(
      'NO "Wrong user name or password"\r\n',
    )
    expect(await client.ask('LOGOUT\r\n')).toBe('OK "Goodbye"\r\n')
    await client.closed
  })

  it('is not believed what he said before the handshake', async () => {
    const { client } = await greeted()
    expect(await client.startTls('NOOP "injected"\r\n')).not.toContain('injected')
    expect(await client.ask('NOOP\r\n')).toBe('OK "Done"\r\n')
  })

  it('may answer the challenge in a string of its own, or cancel', async () => {
    const { client } = await greeted()
    await client.startTls()
    client.send('AUTHENTICATE "PLAIN"\r\n')
    expect(await client.ask('"*"\r\n')).toBe('""\r\nNO "Sign-in cancelled"\r\n')
    client.send('AUTHENTICATE "PLAIN"\r\n')
    expect(await client.ask(`{${plain().length}+}\r\n${plain()}\r\n`)).toBe('""\r\nOK "Signed in"\r\n')
    const capabilities = await client.ask('CAPABILITY\r\n')
    expect(capabilities).toContain(`"OWNER" "${user}"\r\n`)
    // RFC 5804 §1.7: empty "if and only if" there is STARTTLS.
    expect(capabilities).toContain('"SASL" "PLAIN"\r\n')
    expect(await client.ask('UNAUTHENTICATE\r\n')).toBe('OK "Signed out"\r\n')
    expect(await client.ask('LISTSCRIPTS\r\n')).toBe('NO "Sign in first"\r\n')
  })

  it('can make the service hold little: large strings, endless lines, nonsense', async () => {
    const { client } = await greeted()
    expect(await client.ask(`PUTSCRIPT "a" {5000+}\r\n${'x'.repeat(5000)}\r\n`)).toMatch(/^NO \(QUOTA\/MAXSIZE\) /)
    client.send('x'.repeat(20_000))
    expect(await client.answer()).toMatch(/^BYE "The line is longer/)
    await client.closed
    const { client: other } = await greeted()
    for (let i = 1; i < 20; i++) expect(await other.ask('HELLO\r\n')).toBe('NO "There is no such command"\r\n')
    expect(await other.ask('HELLO\r\n')).toBe('BYE "There is no such command"\r\n')
    await other.closed
  })
})

describe('an owner', () => {
  it('stores, lists, reads, activates, renames and removes scripts', async () => {
    const client = await signedIn()
    const source = '# é "quoted"\r\nkeep;\r\n'
    expect(await client.ask('LISTSCRIPTS\r\n')).toBe('OK "Scripts listed"\r\n')
    expect(await client.ask('HAVESPACE "one" 100\r\n')).toBe('OK "There is room for it"\r\n')
    expect(await client.ask('HAVESPACE "one" 9999999\r\n')).toMatch(/^NO \(QUOTA\/MAXSIZE\) /)
    expect(await client.ask(put('one', source))).toBe('OK "Script stored"\r\n')
    expect(await client.ask(put('two', 'discard;'))).toBe('OK "Script stored"\r\n')
    expect(await client.ask('SETACTIVE "one"\r\n')).toBe('OK "Script active"\r\n')
    expect(await client.ask('LISTSCRIPTS\r\n')).toBe('"one" ACTIVE\r\n"two"\r\nOK "Scripts listed"\r\n')
    expect(await client.ask('GETSCRIPT "one"\r\n')).toBe(
      `{${Buffer.byteLength(source)}}\r\n${source}\r\nOK "Script sent"\r\n`,
    )
    expect(await client.ask('DELETESCRIPT "one"\r\n')).toMatch(/^NO \(ACTIVE\) /)
    expect(await client.ask('RENAMESCRIPT "one" "two"\r\n')).toMatch(/^NO \(ALREADYEXISTS\) /)
    expect(await client.ask('RENAMESCRIPT "one" "three"\r\n')).toBe('OK "Script renamed"\r\n')
    expect(await client.ask('GETSCRIPT "one"\r\n')).toMatch(/^NO \(NONEXISTENT\) /)
    expect(await client.ask('SETACTIVE ""\r\n')).toBe('OK "No script is active"\r\n')
    for (const name of ['two', 'three'])
      expect(await client.ask(`DELETESCRIPT "${name}"\r\n`)).toBe('OK "Script removed"\r\n')
    expect(await client.ask('LISTSCRIPTS\r\n')).toBe('OK "Scripts listed"\r\n')
    const { stdout } = await service.cli(['audit', '--json'])
    expect(stdout).toContain('"script.rename"')
    expect(stdout).toContain('"mail-program"')
  })

  it('is told where a script is wrong, and it is not stored', async () => {
    const client = await signedIn()
    const wrong = 'keep;\r\nfileinto "x";\r\n'
    const answer = await client.ask(put('wrong', wrong))
    expect(answer).toMatch(/^NO /)
    expect(answer).toContain('line 2, column 1: ')
    expect(await client.ask(`CHECKSCRIPT {${wrong.length}+}\r\n${wrong}\r\n`)).toBe(answer)
    expect(await client.ask('CHECKSCRIPT {5+}\r\nkeep;\r\n')).toBe('OK "The script is valid"\r\n')
    expect(await client.ask('LISTSCRIPTS\r\n')).toBe('OK "Scripts listed"\r\n')
  })

  it('may have so many scripts', async () => {
    const client = await signedIn()
    for (let i = 0; i < 20; i++) expect(await client.ask(put(`s${i}`, 'keep;'))).toBe('OK "Script stored"\r\n')
    expect(await client.ask('HAVESPACE "more" 5\r\n')).toMatch(/^NO \(QUOTA\/MAXSCRIPTS\) /)
    expect(await client.ask(put('more', 'keep;'))).toMatch(/^NO \(QUOTA\/MAXSCRIPTS\) /)
    expect(await client.ask(put('s0', 'stop;'))).toBe('OK "Script stored"\r\n')
    for (let i = 0; i < 20; i++) await client.ask(`DELETESCRIPT "s${i}"\r\n`)
  })

  it('is thrown out once sign-in is switched off for him', async () => {
    await service.cli(['mailbox', 'add', 'bob@example.org', '--password-stdin'], { stdin: password })
    const { client } = await greeted()
    await client.startTls()
    await client.ask(`AUTHENTICATE "PLAIN" "${plain('bob@example.org')}"\r\n`)
    await service.cli(['mailbox', 'remove', 'bob@example.org'])
    expect(await client.ask('LISTSCRIPTS\r\n')).toMatch(/^BYE /)
    await client.closed
  })
})

describe('an app password that is not for sending', () => {
  const sends = 'redirect "elsewhere@example.net";\r\n'
  const answers = 'require "vacation";\r\nvacation "away";\r\n'
  const tells = 'require "enotify";\r\nnotify "mailto:elsewhere@example.net";\r\n'
  const files = 'require "fileinto";\r\nfileinto "INBOX";\r\n'
  const refused =
    /^NO (?:"|\{\d+\}\r\n)line \d+, column 1: \\?"\w+\\?" is not allowed here: this app password is not for sending mail/

  it('sorts mail, and has no script send any', async () => {
    const panel = new ApiClient(service)
    await panel.signIn(user, password)
    const made = await panel.post('/app-passwords', { label: 'Reader', protocols: ['imap'] })
    const { secret, appPassword } = made.json
    const [owner, reader] = [await signedIn(), await signedIn(secret)]
    expect(await owner.ask(put('owner', sends))).toBe('OK "Script stored"\r\n')
    expect(await reader.ask(put('sorts', files))).toBe('OK "Script stored"\r\n')
    expect(await reader.ask('SETACTIVE "sorts"\r\n')).toBe('OK "Script active"\r\n')
    for (const source of [sends, answers, tells, 'require "include";\r\ninclude "owner";\r\n']) {
      expect(await reader.ask(put('sorts', source))).toMatch(/is not allowed here/)
      expect(await reader.ask(`CHECKSCRIPT {${source.length}+}\r\n${source}\r\n`)).toMatch(/is not allowed here/)
    }
    expect(await reader.ask(put('sorts', sends))).toMatch(refused)
    expect(await reader.ask('SETACTIVE "owner"\r\n')).toMatch(refused)
    expect(await reader.ask('RENAMESCRIPT "owner" "included"\r\n')).toMatch(refused)
    expect(await reader.ask('GETSCRIPT "sorts"\r\n')).toContain(files)

    // It becomes one for sending while its session is open.
    await panel.patch(`/app-passwords/${appPassword.appPasswordId}`, { protocols: ['imap', 'submission'] })
    expect(await reader.ask('SETACTIVE "owner"\r\n')).toBe('OK "Script active"\r\n')
    expect(await reader.ask('SETACTIVE ""\r\n')).toBe('OK "No script is active"\r\n')
    for (const name of ['owner', 'sorts'])
      expect(await reader.ask(`DELETESCRIPT "${name}"\r\n`)).toBe('OK "Script removed"\r\n')
  })
})

it('a script of a shared mailbox stays when its author is no member any more, for members and managers to see and replace', async () => {
  const [shared, member, manager] = ['support@example.org', 'cleo@example.org', 'dora@example.org']
  for (const address of [member, manager])
    await service.cli(['mailbox', 'add', address, '--password-stdin'], { stdin: password })
  await service.cli(['mailbox', 'add', shared, '--shared'])
  await service.cli(['user', 'role', manager, 'manager', '--domain', 'example.org'])
  const secretOf = async (person: string): Promise<string> => {
    await service.cli(['mailbox', 'member', 'add', shared, person])
    const panel = new ApiClient(service)
    await panel.signIn(person, password)
    const app = { label: 'Support', mailbox: shared, protocols: ['imap', 'submission'] }
    return (await panel.post('/app-passwords', app)).json.secret
  }
  const source = 'redirect "cleo@elsewhere.test";\r\n'
  const author = await signedIn(await secretOf(member), shared)
  await author.ask(put('mine', source))
  expect(await author.ask('SETACTIVE "mine"\r\n')).toBe('OK "Script active"\r\n')
  const other = await secretOf(user)
  await service.cli(['mailbox', 'member', 'remove', shared, member])
  expect(await author.ask('LISTSCRIPTS\r\n')).toMatch(/^BYE /)

  expect(await (await signedIn(other, shared)).ask('GETSCRIPT "mine"\r\n')).toContain(source)
  const desk = new ApiClient(service)
  await desk.signIn(manager, password)
  const path = `/mailboxes/${shared}/filters`
  expect((await desk.get(path)).json).toMatchObject({ rules: null, script: { name: 'mine', source } })
  expect((await desk.put(path, { rules: [], replacesScript: true })).json).toMatchObject({ rules: [] })
})

it.skipIf(!has('sieve-connect'))('is spoken by sieve-connect (skipped where it is not installed)', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'facteur-sieve-'))
  try {
    const script = path.join(folder, 'main.sieve')
    writeFileSync(script, 'require "fileinto";\nif header :contains "subject" "x" { fileinto "INBOX"; }\n')
    writeFileSync(path.join(folder, 'password'), password)
    const sieve = async (...args: string[]): Promise<string> => {
      const { stdout } = await run(
        'bash',
        [
          '-c',
          'exec sieve-connect "$@" 3<password',
          'bash',
          '--server',
          'localhost',
          '--port',
          String(service.ports.managesieve),
          '--user',
          user,
          '--passwordfd',
          '3',
          '--notlsverify',
          ...args,
        ],
        { cwd: folder },
      )
      return stdout
    }
    await sieve('--localsieve', script, '--checkscript')
    await sieve('--localsieve', script, '--remotesieve', 'main', '--upload')
    await sieve('--remotesieve', 'main', '--activate')
    expect(await sieve('--list')).toMatch(/"main" ACTIVE/)
    await sieve('--remotesieve', 'main', '--localsieve', path.join(folder, 'back'), '--download')
    await sieve('--deactivate')
    await sieve('--remotesieve', 'main', '--delete')
    expect(await sieve('--list')).not.toMatch(/"main"/)
  } finally {
    rmSync(folder, { recursive: true })
  }
})
