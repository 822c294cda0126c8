/** The service's start and end as an operator meets them. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { X509Certificate } from 'node:crypto'
import {
  chmodSync,
  existsSync,
  lchownSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statfsSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { connect, createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import tls from 'node:tls'
import { afterEach, describe, expect, it } from 'vitest'
import { makeSelfSigned } from '../../src/ops/self-signed.ts'
import { mountSmall, whyNoDisks } from '../faults/disks.ts'
import { LineClient } from '../faults/line-client.ts'
import { cleanEnvironment, runCli, type Service, services, startService } from './service.ts'

const program = path.resolve(import.meta.dirname, '../../bin/facteur.js')
const running: Service[] = []
const folders: string[] = []
const blockers: Server[] = []
const children: ChildProcess[] = []
/** Processes that began one, by their ids. */
const groups: number[] = []

afterEach(async () => {
  for (const service of running.splice(0)) await service.stop()
  for (const child of children.splice(0)) {
    const closed = new Promise(resolve => child.once('close', resolve))
    if (child.kill('SIGTERM')) await closed
  }
  for (const group of groups.splice(0))
    try {
      process.kill(-group, 'SIGKILL')
    } catch {
      // Nothing of it is left.
    }
  for (const blocker of blockers.splice(0)) await new Promise(resolve => blocker.close(resolve))
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})

async function start(settings: Record<string, string> = {}): Promise<Service> {
  const service = await startService(settings)
  running.push(service)
  return service
}

/** A service without the harness; resolves with what it printed once it is up. */
function serve(args: string[], settings: Record<string, string>, script = program): Promise<string> {
  const child = spawn(process.execPath, [script, 'serve', ...args], { env: cleanEnvironment(settings) })
  children.push(child)
  let printed = ''
  return new Promise((resolve, reject) => {
    child.stdout.on('data', text => {
      printed += text
      if (printed.includes('Ctrl-C')) resolve(printed)
    })
    child.once('close', code => reject(new Error(`the service ended with ${code}`)))
  })
}

function temporary(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'facteur-start-'))
  folders.push(folder)
  return folder
}

async function block(port = 0): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, '127.0.0.1', resolve))
  blockers.push(server)
  const address = server.address()
  return typeof address === 'object' && address ? address.port : 0
}

function greeting(port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('data', data => {
      resolve(data.toString())
      socket.destroy()
    })
    socket.once('error', reject)
  })
}

function fingerprint(port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = tls.connect({ port, host: '127.0.0.1', rejectUnauthorized: false }, () => {
      resolve(socket.getPeerCertificate().fingerprint256)
      socket.destroy()
    })
    socket.once('error', reject)
  })
}

/** All on ports of loopback that the system chooses. */
const anyPorts = Object.fromEntries(services.map(name => [`FACTEUR_LISTEN_${name.toUpperCase()}`, '127.0.0.1:0']))
const systemNode = ['/usr/bin/node', '/usr/local/bin/node'].find(node => existsSync(node))
const isOld = systemNode !== undefined && (await versionOf(systemNode)) < 26

function versionOf(node: string): Promise<number> {
  return new Promise(resolve => {
    let text = ''
    const child = spawn(node, ['--version'])
    child.stdout.on('data', chunk => (text += chunk))
    child.once('close', () => resolve(Number.parseInt(text.slice(1), 10)))
  })
}

describe('the first start', () => {
  it('makes a private data folder and a certificate, and tells the next two commands', async () => {
    const service = await start()
    expect(statSync(service.data).mode & 0o777).toBe(0o700)
    expect(statSync(path.join(service.data, 'control.sock')).mode & 0o777).toBe(0o600)
    expect(statSync(path.join(service.data, 'tls/key.pem')).mode & 0o077).toBe(0)
    for (const port of Object.values(service.ports))
      expect(service.stdout).toMatch(new RegExp(`^ *${port}  127\\.0\\.0\\.1`, 'm'))
    expect(service.stdout).toContain('self-signed')
    const commands = [...service.stdout.matchAll(/^ {2}npx facteur (.*)$/gm)].map(match => match[1]?.split(' ') ?? [])
    expect(commands).toHaveLength(2)
    for (const command of commands) expect((await runCli(command)).stderr).toBe('')
    expect((await service.cli(['mailbox', 'list'])).stdout).toContain('alice@example.org')
  })

  it('is told without npx where the program is in the PATH, as in the image', async () => {
    const folder = temporary()
    const script = path.join(folder, 'facteur')
    symlinkSync(program, script)
    const printed = await serve(['--data', path.join(folder, 'data')], anyPorts, script)
    expect(printed).toMatch(/^ {2}facteur domain add example\.org --data /m)
    expect(printed).not.toContain('npx')
  })

  it('gives the link with localhost too where the name of the machine has no dot', async () => {
    const link = (host: string): RegExp => new RegExp(`^ {2}https://${host}:(\\d+/.*)$`, 'm')
    const named = await start({ FACTEUR_HOSTNAME: 'box' })
    expect(link('localhost').exec(named.stdout)?.[1]).toBe(link('box').exec(named.stdout)?.[1] ?? 'a link')
    expect((await start()).stdout).not.toContain('https://localhost')
  })

  it('is told from a later one, which does not teach again', async () => {
    const service = await start()
    expect(await service.end()).toBe(0)
    await service.start()
    expect(service.stdout).not.toContain('npx facteur domain add')
  })

  it('makes the data folder where --data says, with the flag above the environment', async () => {
    const folder = temporary()
    const flagged = path.join(folder, 'flagged')
    await serve(['--data', flagged], { ...anyPorts, FACTEUR_DATA: path.join(folder, 'from-environment') })
    expect(readdirSync(folder)).toEqual(['flagged'])
  })

  it('tells commands that a shell takes, also where the path of the data folder has spaces and quotes', async () => {
    const data = path.join(temporary(), "Facteur's data")
    const printed = await serve(['--data', data], anyPorts)
    const command = /^ {2}npx facteur (domain add .*)$/m.exec(printed)?.[1] ?? ''
    expect(execFileSync('sh', ['-c', `printf '%s\\n' ${command}`], { encoding: 'utf8' })).toBe(
      `domain\nadd\nexample.org\n--data\n${data}\n`,
    )
  })

  it('keeps mail to its own user, also in a data folder that others may enter', async () => {
    const folder = temporary()
    chmodSync(folder, 0o755)
    await serve(['--data', folder], anyPorts)
    const open = readdirSync(folder).filter(name => (statSync(path.join(folder, name)).mode & 0o077) !== 0)
    expect(open).toEqual([])
  })

  it('names a data folder that it may not have, in one line', async () => {
    const file = path.join(temporary(), 'file')
    writeFileSync(file, '')
    const data = path.join(file, 'data')
    const { exitCode, stderr } = await runCli(['serve', '--data', data], { environment: anyPorts })
    expect(exitCode).toBe(1)
    expect(stderr).toMatch(/^facteur: .*file\/data must be readable and writable for this user: .*\n$/)
  })
})

describe('a start on a damaged database', () => {
  it.each([
    ['is none any more', 0, 'file is not a database'],
    ['has lost its tables', 4096, 'database disk image is malformed'],
  ])('that %s names the file, and leaves it as it is', async (_, at, answer) => {
    const data = path.join(temporary(), 'data')
    await serve(['--data', data], anyPorts)
    const child = children.pop()!
    const ended = new Promise(resolve => child.once('close', resolve))
    child.kill('SIGTERM')
    await ended
    const file = path.join(data, 'facteur.db')
    const bytes = readFileSync(file)
    bytes.fill(0xff, at, at + 4096)
    writeFileSync(file, bytes)
    const told = `facteur: the database answered: ${answer}; ${file} is damaged: docs/operate/backup.md says how a backup is put back\n`
    for (const command of ['serve', 'verify']) {
      const { exitCode, stderr } = await runCli([command, '--data', data], { environment: anyPorts })
      expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: told })
    }
    expect(readFileSync(file).equals(bytes)).toBe(true)
  })
})

const why = whyNoDisks()

describe.skipIf(why !== null)(`a start on a full disk (${why ?? 'a tmpfs'})`, () => {
  it.each(['1', '2'])('names the folder that lacks room (%s workers)', async workers => {
    const disk = temporary()
    const { unmount } = mountSmall(disk, 16)
    try {
      const data = path.join(disk, 'data')
      const environment = { ...anyPorts, FACTEUR_WORKERS: workers }
      await serve(['--data', data], environment)
      const child = children.pop()!
      const ended = new Promise(resolve => child.once('close', resolve))
      child.kill('SIGTERM')
      expect(await ended).toBe(0)
      const { bavail, bsize } = statfsSync(disk)
      writeFileSync(path.join(disk, 'filler'), Buffer.alloc(bavail * bsize))
      expect(await runCli(['serve', '--data', data], { environment })).toMatchObject({
        exitCode: 1,
        stderr: `facteur: the database answered: database or disk is full; ${data} has 0 KiB of room left on its disk, a start takes more\n`,
      })
      rmSync(path.join(disk, 'filler'))
      await serve(['--data', data], environment)
    } finally {
      for (const child of children.splice(0)) {
        const closed = new Promise(resolve => child.once('close', resolve))
        if (child.kill('SIGTERM')) await closed
      }
      unmount()
    }
  })
})

describe('ports', () => {
  it('that are named in the settings are a promise: the start fails where one is taken, and leaves nothing running', async () => {
    const port = await block()
    const folder = temporary()
    const { exitCode, stdout, stderr } = await runCli(['serve', '--data', folder], {
      environment: { ...anyPorts, FACTEUR_LISTEN_IMAP: `127.0.0.1:${port}` },
    })
    expect(exitCode).toBe(1)
    expect(stderr).toContain(`facteur: listen.imap: port ${port} of 127.0.0.1 can't be bound: another program has it\n`)
    expect(stdout).toBe('')
    expect(existsSync(path.join(folder, 'control.sock'))).toBe(false)
  })

  it('that nobody named and are taken give way to high ones, which are printed', async () => {
    // Where another program has it already, all the better.
    await block(8080).catch(() => {})
    const folder = temporary()
    const { FACTEUR_LISTEN_HTTP: _, ...named } = anyPorts
    const printed = await serve(['--data', folder], named)
    const [, port] =
      /(\d+) {2}127\.0\.0\.1 {2}\/metrics and \/healthz +instead of 8080, which can't be bound/.exec(printed) ?? []
    expect(Number(port)).toBeGreaterThan(8080)
    expect((await fetch(`http://127.0.0.1:${port}/healthz`)).status).toBe(200)
  })

  it('can be switched off', async () => {
    const service = await start({ FACTEUR_LISTEN_POP3: 'off' })
    expect(service.ports.pop3).toBe(0)
    expect(service.stdout).not.toContain('POP3, STLS')
  })
})

describe('settings that are wrong', () => {
  it('stop the start, all named at once with line, variable and what was expected', async () => {
    const folder = temporary()
    writeFileSync(
      path.join(folder, 'facteur.toml'),
      'hostname = "mail.test"\n\n[queue]\nretry-frist = "5m"\nlifetime = "long"\n',
    )
    const { exitCode, stderr } = await runCli(['serve'], { folder, environment: { FACTEUR_LOG_LEVEL: 'chatty' } })
    expect(exitCode).toBe(1)
    expect(stderr.split('\n')).toEqual([
      'facteur: settings are wrong',
      '  facteur.toml line 4: unknown setting queue.retry-frist; did you mean queue.retry-first?',
      '  facteur.toml line 5: queue.lifetime is "long"; expected a duration such as 90s, 5m or 4h, from 1s to 30d',
      '  environment variable FACTEUR_LOG_LEVEL: log.level is "chatty"; expected one of "debug", "info", "warn", "error"',
      '',
    ])
    expect(readdirSync(folder)).toEqual(['facteur.toml'])
  })

  it('include a certificate that is none', async () => {
    const folder = temporary()
    writeFileSync(path.join(folder, 'c.pem'), 'not a certificate')
    const { exitCode, stderr } = await runCli(['serve', '--data', path.join(folder, 'data')], {
      folder,
      environment: { ...anyPorts, FACTEUR_TLS_CERTIFICATE: 'c.pem', FACTEUR_TLS_KEY: 'c.pem' },
    })
    expect(exitCode).toBe(1)
    expect(stderr).toMatch(/^facteur: .*c\.pem holds no certificate: .*\n$/)
  })

  it('include files that are empty, which leave nothing running', async () => {
    const folder = temporary()
    for (const file of ['c.pem', 'k.pem']) writeFileSync(path.join(folder, file), '')
    const environment = { ...anyPorts, FACTEUR_TLS_CERTIFICATE: 'c.pem', FACTEUR_TLS_KEY: 'k.pem' }
    const args = ['--data', path.join(folder, 'data')]
    const { exitCode, stdout, stderr } = await runCli(['serve', ...args], { folder, environment })
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' })
    expect(stderr).toMatch(/^facteur: .*c\.pem holds no certificate: .*\n$/)
    const checked = await runCli(['check', ...args], { folder, environment })
    expect(checked.stdout).toMatch(/^problem +certificate +.*c\.pem holds no certificate/m)
  })
})

describe('the service', () => {
  it('ends in good order on SIGTERM: sessions are told, the exit code is 0', async () => {
    const service = await start()
    const socket = connect(service.ports.imap, '127.0.0.1')
    let heard = ''
    socket.on('data', data => (heard += data))
    await new Promise(resolve => socket.once('data', resolve))
    const closed = new Promise(resolve => socket.once('close', resolve))
    expect(await service.end()).toBe(0)
    await closed
    expect(heard).toContain('* BYE')
    expect(readdirSync(service.data)).not.toContain('control.sock')
  })

  it.each([
    { signal: 'SIGTERM', to: 'npm alone, as a supervisor sends it', isGroup: false },
    { signal: 'SIGINT', to: 'all of the terminal, npm among them, which passes its own on', isGroup: true },
  ] as const)('ends in good order under npm start on $signal to $to', async ({ signal, isGroup }) => {
    const environment = cleanEnvironment({ ...anyPorts, FACTEUR_DATA: temporary(), FACTEUR_LOG_FORMAT: 'json' })
    const npm = spawn('npm', ['start'], { cwd: path.dirname(path.dirname(program)), env: environment, detached: true })
    const pid = npm.pid ?? 0
    groups.push(pid)
    let log = ''
    // Its output is open for as long as any of them runs.
    const closed = new Promise(resolve => npm.once('close', resolve))
    await new Promise<void>((resolve, reject) => {
      npm.once('close', () => reject(new Error(log)))
      npm.stderr.on('data', text => {
        log += text
        if (log.includes('"started"')) resolve()
      })
    })
    process.kill(isGroup ? -pid : pid, signal)
    await closed
    expect(log).toContain('"msg":"stopped"')
  })

  it.each(['text', 'json'])('goes on when nobody reads its log any more (%s)', async format => {
    const settings = { ...anyPorts, FACTEUR_LOG_FORMAT: format, FACTEUR_LOG_LEVEL: 'debug' }
    const printed = await serve(['--data', temporary()], settings)
    const child = children.pop()!
    const ended = new Promise(resolve => child.once('exit', resolve))
    child.stderr!.destroy()
    const port = Number(/(\d+) {2}127\.0\.0\.1 {2}SMTP, mail from/.exec(printed)?.[1])
    // Each is a line in the log.
    for (let connections = 0; connections < 3; connections++) expect(await greeting(port)).toMatch(/^220 /)
    child.kill('SIGTERM')
    expect(await ended).toBe(0)
  })

  it('takes in the message and the script that are coming when it is told to end, and says goodbye behind them', async () => {
    const service = await start({ FACTEUR_PLAIN_TEXT_SIGN_IN: 'loopback' })
    await service.cli(['domain', 'add', 'here.test'])
    await service.cli(['mailbox', 'add', 'ada@here.test', '--password-stdin'], { stdin: 'two words there\n' })
    const imap = await LineClient.open(service.ports.imap)
    await imap.line()
    imap.send('a LOGIN ada@here.test "two words there"\r\n')
    await imap.tagged('a')
    imap.send('b APPEND INBOX {20}\r\n')
    expect(await imap.line()).toMatch(/^\+ /)
    imap.send('Subject: half\r\n')
    const sieve = await LineClient.open(service.ports.managesieve)
    while (!(await sieve.line()).startsWith('OK'));
    const plain = Buffer.from('\0ada@here.test\0two words there').toString('base64')
    sieve.send(`AUTHENTICATE "PLAIN" "${plain}"\r\nPUTSCRIPT "a" {7+}\r\nke`)
    expect(await sieve.line()).toMatch(/^OK/)

    const ended = service.end()
    const isRefused = (port: number): Promise<boolean> =>
      LineClient.open(port).then(
        client => {
          client.close()
          return false
        },
        () => true,
      )
    for (const port of [service.ports.imap, service.ports.managesieve])
      await expect.poll(() => isRefused(port)).toBe(true)
    imap.send('\r\n!\r\n\r\n')
    await imap.tagged('b')
    expect(await imap.line()).toBe('* BYE [UNAVAILABLE] The service is stopping')
    sieve.send('ep;\r\n\r\n')
    expect(await sieve.line()).toBe('OK "Script stored"')
    expect(await sieve.line()).toBe('BYE (TRYLATER) "The service is stopping"')
    for (const client of [imap, sieve]) client.close()
    expect(await ended).toBe(0)
  })

  it('starts again by itself after kill -9, with what it had, and answers commands', async () => {
    const service = await start()
    await service.cli(['domain', 'add', 'example.org'])
    await service.kill('SIGKILL')
    expect(readdirSync(service.data)).toContain('control.sock')
    // A socket that nobody listens on is no service.
    expect((await service.cli(['domain', 'list'])).stdout).toContain('example.org')
    await service.start()
    expect((await service.cli(['domain', 'add', 'example.net'])).exitCode).toBe(0)
    expect(await greeting(service.ports.smtp)).toMatch(/^220 mail\.facteur\.test/)
  })

  it('is alone on its data folder', async () => {
    const service = await start()
    const second = await runCli(['serve', '--data', service.data], { environment: anyPorts })
    expect(second.exitCode).toBe(1)
    expect(second.stderr).toContain(`facteur: the store is in use by process ${service.pid}\n`)
    expect((await service.cli(['domain', 'add', 'example.org'])).exitCode).toBe(0)
  })

  it('is refused where its database is missing, and is whole once that is back', async () => {
    const service = await start()
    await service.cli(['domain', 'add', 'example.org'])
    await service.end()
    const database = path.join(service.data, 'facteur.db')
    renameSync(database, `${database}.away`)
    const before = readdirSync(service.data)
    expect(await service.cli(['domain', 'list'])).toMatchObject({ exitCode: 1 })
    const refused = await service.cli(['serve'])
    expect(refused).toMatchObject({ exitCode: 1, stdout: '' })
    expect(refused.stderr).toMatch(
      /^facteur: \S+facteur\.db is missing or empty, but \S+ is a store's, .*: put back the database .*\n$/,
    )
    expect(readdirSync(service.data)).toEqual(before)
    renameSync(`${database}.away`, database)
    await service.start()
    expect((await service.cli(['domain', 'list'])).stdout).toContain('example.org')
  })

  it.skipIf(process.geteuid?.() !== 0)(
    'is not kept from its store by what root does while it is stopped (skipped for other users)',
    async () => {
      const service = await start()
      await service.end()
      const files = (): string[] => ['', ...(readdirSync(service.data, { recursive: true }) as string[])]
      const ofNobody = (name: string): boolean => lstatSync(path.join(service.data, name)).uid === 65534
      for (const name of files()) lchownSync(path.join(service.data, name), 65534, 65534)
      const refused = await service.cli(['queue', 'list'])
      expect(refused).toMatchObject({ exitCode: 1, stdout: '' })
      expect(refused.stderr).toMatch(/^facteur: .* belongs to the user with the id 65534.*sudo -u '#65534'\n$/)
      expect(files().filter(name => !ofNobody(name))).toEqual([])
      for (const name of files()) lchownSync(path.join(service.data, name), 0, 0)
    },
  )

  it('reads the certificate again on SIGHUP, and keeps the last good one', async () => {
    const service = await start()
    const folder = path.join(service.data, 'tls')
    const before = await fingerprint(service.ports.imaps)
    const hangUp = async (message: string): Promise<void> => {
      process.kill(service.pid, 'SIGHUP')
      await expect.poll(() => service.log.map(({ msg }) => msg)).toContain(message)
    }
    writeFileSync(path.join(folder, 'certificate.pem'), 'half written')
    await hangUp('certificate not reloaded, the last good one stays')
    expect(await fingerprint(service.ports.imaps)).toBe(before)
    const { cert, key } = makeSelfSigned(['mail.facteur.test'], Date.now())
    writeFileSync(path.join(folder, 'key.pem'), key)
    writeFileSync(path.join(folder, 'certificate.pem'), cert)
    await hangUp('certificate changed')
    for (const port of [service.ports.imaps, service.ports.pop3s, service.ports.submissions])
      expect(await fingerprint(port)).toBe(new X509Certificate(cert).fingerprint256)
  })

  it.skipIf(!isOld)('says in one line that Node is too old (skipped where no older Node is installed)', async () => {
    const { exitCode, stdout, stderr } = await runCli(['serve'], { node: systemNode ?? '' })
    expect(exitCode).toBe(1)
    expect(stdout).toBe('')
    expect(stderr).toMatch(/^facteur: needs Node\.js 26 or later, this is v\d+\.\d+\.\d+ .*\n$/)
  })
})

describe('the HTTP port', () => {
  it('tells health and metrics, and nothing else', async () => {
    const service = await start()
    const base = `http://127.0.0.1:${service.ports.http}`
    const health = await fetch(`${base}/healthz`)
    expect(health.status).toBe(200)
    expect(await health.json()).toEqual({ ok: true, checks: { store: 'ok', queue: 'ok' } })
    await greeting(service.ports.smtp)
    const imap = await LineClient.open(service.ports.imap)
    await imap.line()
    imap.send('a NOOP\r\nb NOOP\r\n')
    await imap.tagged('b')
    const metrics = await (await fetch(`${base}/metrics`)).text()
    for (const name of [
      'facteur_queue_recipients{status="queued"} 0',
      'facteur_store_write_seconds_count',
      'facteur_store_commit_operations_count',
      'facteur_nodejs_eventloop_lag_seconds',
      'facteur_info{version=',
      `facteur_disk_free_bytes{folder="${service.data}"} `,
      'facteur_connections_total{protocol="smtp"} 1',
      'facteur_connections{protocol="imap"} 1',
      'facteur_commands_total{protocol="imap",command="NOOP"} 2',
    ])
      expect(metrics).toContain(name)
    expect((await fetch(`${base}/`)).status).toBe(404)
    expect((await fetch(`${base}/metrics`, { method: 'POST', body: 'x' })).status).toBe(405)
    expect((await fetch(`${base}/healthz`, { method: 'HEAD' })).status).toBe(200)
  })
})

describe('flags', () => {
  it('of every command can be given in the environment, switches by true and false', async () => {
    const service = await start()
    const list = (value: string) => service.cli(['domain', 'list'], { environment: { FACTEUR_JSON: value } })
    expect((await list('true')).stdout).toMatch(/^\[/)
    expect((await list('false')).stdout).toMatch(/^DOMAIN/)
    expect(await list('maybe')).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('FACTEUR_JSON is "maybe"'),
    })
  })
})
