/** The log on a disk that is full: mail goes on, and once there is room the log tells what it lacks. */
import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { LOG_WAITING_CHARACTERS } from '../../src/ops/limits.ts'
import { cleanEnvironment, runCli, services } from '../integration/service.ts'
import { freePort } from '../support/free-port.ts'
import { type Disk, mountSmall, whyNoDisks } from './disks.ts'
import { LineClient } from './line-client.ts'

const program = path.resolve(import.meta.dirname, '../../bin/facteur.js')
const logModule = path.resolve(import.meta.dirname, '../../src/ops/log.ts')
const why = whyNoDisks()
const folders: string[] = []
const disks: Disk[] = []
const children: ChildProcess[] = []

afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
  for (const disk of disks.splice(0)) disk.unmount()
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true })
})

function temporary(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'facteur-full-log-'))
  folders.push(folder)
  return folder
}

function smallDisk(mebibytes: number): string {
  const folder = temporary()
  disks.push(mountSmall(folder, mebibytes))
  return folder
}

/** Takes all room but so much. */
function fill(disk: string, leaves = 0): string {
  const { bavail, bsize } = statfsSync(disk)
  const filler = path.join(disk, 'filler')
  writeFileSync(filler, Buffer.alloc(bavail * bsize - leaves))
  return filler
}

interface Served {
  ports: Record<'smtp' | 'imap' | 'http', number>
  data: string
  /** Ends it in good order. */
  end(): Promise<number | null>
}

/** Up once it answers: where it can't print, it tells nobody. */
async function serve(output: string, log: string, settings: Record<string, string> = {}): Promise<Served> {
  const data = temporary()
  const ports = { smtp: await freePort(), imap: await freePort(), http: await freePort() }
  const listen = services.map(name => [
    `FACTEUR_LISTEN_${name.toUpperCase()}`,
    name in ports ? `127.0.0.1:${ports[name as keyof typeof ports]}` : 'off',
  ])
  const [out, error] = [output, log].map(file => openSync(file, 'a')) as [number, number]
  const child = spawn(process.execPath, [program, 'serve', '--data', data], {
    env: cleanEnvironment({ ...Object.fromEntries(listen), ...settings }),
    stdio: ['ignore', out, error],
  })
  for (const file of [out, error]) closeSync(file)
  children.push(child)
  const ended = new Promise<number | null>(resolve => child.once('exit', resolve))
  const served = {
    ports,
    data,
    end: () => {
      child.kill('SIGTERM')
      return ended
    },
  }
  await expect.poll(() => child.exitCode ?? isHealthy(served), { timeout: 120_000 }).toBe(true)
  return served
}

const isHealthy = ({ ports }: Served): Promise<boolean> =>
  fetch(`http://127.0.0.1:${ports.http}/healthz`, { signal: AbortSignal.timeout(5_000) }).then(
    answer => answer.ok,
    () => false,
  )

/** Each is a line or more in the log. */
async function deliver({ ports }: Served, count: number): Promise<void> {
  for (let number = 0; number < count; number++) {
    const smtp = await LineClient.open(ports.smtp)
    expect(await smtp.line()).toMatch(/^220 /)
    for (const [command, answer] of [
      ['HELO client.test', '250'],
      [`MAIL FROM:<a${number}@far.test>`, '250'],
      ['RCPT TO:<ada@here.test>', '250'],
      ['DATA', '354'],
      [`Subject: ${number}\r\n\r\nHello.\r\n.`, '250'],
    ] as const) {
      smtp.send(`${command}\r\n`)
      expect(await smtp.line()).toMatch(new RegExp(`^${answer} `))
    }
    smtp.close()
  }
}

async function addAda({ data }: Served): Promise<void> {
  for (const [args, stdin] of [
    [['domain', 'add', 'here.test'], ''],
    [['mailbox', 'add', 'ada@here.test', '--password-stdin'], 'two words there\n'],
  ] as const)
    expect(await runCli([...args, '--data', data], { stdin })).toMatchObject({ exitCode: 0, stderr: '' })
}

const entries = (file: string): Record<string, unknown>[] =>
  readFileSync(file, 'utf8')
    .trimEnd()
    .split('\n')
    .map(line => JSON.parse(line))

describe.skipIf(process.platform !== 'linux')(
  'where nothing can be written from the start (skipped but on Linux)',
  () => {
    it.each(['1', '2'])('the service serves, and ends in good order (%s workers)', async workers => {
      const service = await serve('/dev/full', '/dev/full', { FACTEUR_WORKERS: workers })
      await addAda(service)
      await deliver(service, 3)
      const imap = await LineClient.open(service.ports.imap)
      expect(await imap.line()).toMatch(/^\* OK /)
      imap.close()
      expect(await service.end()).toBe(0)
    })

    it('a start that is refused ends with 1', async () => {
      const full = openSync('/dev/full', 'a')
      const child = spawn(process.execPath, [program, 'serve', '--data', '/dev/null/none'], {
        env: cleanEnvironment(),
        stdio: ['ignore', full, full],
      })
      children.push(child)
      closeSync(full)
      expect(await new Promise(resolve => child.once('exit', resolve))).toBe(1)
    })
  },
)

describe.skipIf(why !== null)(`a disk that fills up (${why ?? 'a tmpfs'})`, () => {
  it.each([
    ['1', 'json'],
    ['2', 'json'],
    ['1', 'text'],
  ])('keeps no mail back; with room again the log goes on and says so (%s workers, %s)', async (workers, format) => {
    const disk = smallDisk(1)
    const log = path.join(disk, 'log')
    const filler = fill(disk, 8192)
    const service = await serve('/dev/null', log, { FACTEUR_WORKERS: workers, FACTEUR_LOG_FORMAT: format })
    await addAda(service)
    await deliver(service, 60)
    expect(statfsSync(disk).bavail).toBe(0)
    expect(await isHealthy(service)).toBe(true)
    rmSync(filler)
    await expect.poll(() => readFileSync(log, 'utf8')).toContain('the log could not be written')
    await deliver(service, 1)
    expect(await service.end()).toBe(0)
    if (format === 'text')
      return expect(readFileSync(log, 'utf8')).toMatch(/error the log could not be written lost=0 since=/)
    const told = entries(log).filter(({ msg }) => msg === 'the log could not be written')
    expect(told).toMatchObject([{ level: 'error', lost: 0, problem: expect.stringContaining('ENOSPC') }])
    expect(entries(log).at(-1)).toMatchObject({ msg: 'stopped' })
  })

  it('costs the lines that memory may not hold, which are counted', async () => {
    const disk = smallDisk(32)
    const log = path.join(disk, 'log')
    const filler = fill(disk)
    const file = openSync(log, 'a')
    const script = `
      const { createLog } = await import(${JSON.stringify(logModule)})
      const { log } = createLog({ level: 'error', format: 'json' })
      const text = 'x'.repeat(${LOG_WAITING_CHARACTERS / 10})
      process.on('message', () => log.error({}, 'later'))
      for (let number = 0; number < 30; number++) {
        log.error({ number, text }, 'line')
        await new Promise(resolve => setTimeout(resolve, 10))
      }
      process.send('logged')`
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'ignore', file, 'ipc'],
    })
    children.push(child)
    closeSync(file)
    await new Promise(resolve => child.once('message', resolve).once('exit', resolve))
    rmSync(filler)
    await expect.poll(() => readFileSync(log, 'utf8')).toContain('the log could not be written')
    child.send('go on')
    await expect.poll(() => readFileSync(log, 'utf8')).toContain('later')
    const lines = entries(log)
    const kept = lines.filter(({ msg }) => msg === 'line').map(({ number }) => number)
    expect(kept).toEqual(kept.map((_, number) => number))
    expect(kept.length).toBeGreaterThan(5)
    expect(lines.slice(kept.length)).toMatchObject([{ level: 'error', lost: 30 - kept.length }, { msg: 'later' }])
  })
})
