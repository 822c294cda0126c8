/** The queue against Postfix's smtp-sink: a remote server that is not ours. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { freePort } from '../support/free-port.ts'
import { until } from './fixtures/queue.ts'
import { closeLater, queueFor } from './fixtures/scene.ts'

const program = ['/usr/sbin/smtp-sink', '/usr/libexec/postfix/smtp-sink'].find(file => existsSync(file))
const folders: string[] = []

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true })
})

async function startSink(...options: string[]): Promise<{ port: number; messages(): string[] }> {
  const port = await freePort()
  const folder = mkdtempSync(path.join(tmpdir(), 'facteur-sink-'))
  folders.push(folder)
  // As root it insists on becoming somebody else; whoever runs the tests is as good.
  const user = process.getuid?.() === 0 ? ['-u', 'root'] : []
  const sink: ChildProcess = spawn(
    program ?? '',
    [...user, '-d', path.join(folder, 'm.'), ...options, `127.0.0.1:${port}`, '100'],
    { stdio: 'ignore' },
  )
  const ended = once(sink, 'exit')
  closeLater({
    close: async () => {
      sink.kill()
      await ended
    },
  })
  await until(
    () =>
      new Promise<true | null>(resolve => {
        const probe = connect(port, '127.0.0.1')
        probe.on('connect', () => {
          probe.destroy()
          resolve(true)
        })
        probe.on('error', () => resolve(null))
      }),
  )
  return { port, messages: () => readdirSync(folder).map(name => readFileSync(path.join(folder, name), 'utf8')) }
}

describe.skipIf(!program)(
  `smtp-sink${program ? '' : ' (skipped: the Debian package postfix is not installed)'}`,
  () => {
    it('gets the message with its envelope', async () => {
      const sink = await startSink()
      const queue = await queueFor(sink)
      const text = 'Subject: dots\r\n\r\n.one\r\n..two\r\nend without a line end'
      const id = await queue.submit({ to: ['bob@there.test', 'eve@there.test'], text })
      expect(await queue.settled(id)).toMatchObject([{ status: 'delivered' }, { status: 'delivered' }])
      const [message] = await until(() => (sink.messages()[0]?.includes('line end') ? sink.messages() : null))
      expect(message).toMatch(/^X-Mail-Args: <anna@here\.test>/m)
      expect(message).toMatch(/^X-Rcpt-Args: <bob@there\.test>/m)
      expect(message).toMatch(/^X-Rcpt-Args: <eve@there\.test>/m)
      expect(message).toContain('Subject: dots\n\n.one\n..two\nend without a line end\n')
    })

    it.each([
      ['puts off', '-r', ['EHLO,HELO', 'MAIL', 'RCPT', 'DATA', '.'], 'queued'],
      ['refuses', '-f', ['MAIL', 'RCPT', 'DATA', '.'], 'failed'],
      ['hangs up at', '-q', ['CONNECT', 'EHLO', 'MAIL', 'RCPT', 'DATA', '.'], 'queued'],
      ['says 421 to', '-Q', ['CONNECT', 'EHLO', 'MAIL', 'RCPT', 'DATA', '.'], 'queued'],
    ])('that %s (%s) any command has the right effect', async (_, option, commands, outcome) => {
      for (const command of commands) {
        const sink = await startSink(option, command)
        const queue = await queueFor(sink)
        const [row] = await queue.settled(await queue.submit({ to: ['bob@there.test'] }))
        expect([command, row?.status]).toEqual([command, outcome])
        expect(row?.last?.status).toMatch(outcome === 'queued' ? /^4/ : /^5/)
        if (outcome === 'failed') expect((await queue.inbox(1))[0]?.text).toContain('Diagnostic-Code: smtp; 5')
      }
    })

    it.each([
      ['no ESMTP', ['-e']],
      ['no pipelining', ['-p']],
      ['no DSN, no 8BITMIME, no status codes', ['-N', '-8', '-E']],
      ['little at a time', ['-T', '1024']],
    ])('with %s gets it too', async (_, options) => {
      const sink = await startSink(...options)
      const queue = await queueFor(sink)
      const text = `Subject: x\r\n\r\n${`${'é'.repeat(30)}\r\n`.repeat(3_000)}`
      const id = await queue.submit({ to: ['bob@there.test'], text, eightBit: true })
      expect(await queue.settled(id)).toMatchObject([{ status: 'delivered' }])
    })

    it('that is slow to answer is waited for', async () => {
      const sink = await startSink('-W', 'DATA:1')
      const queue = await queueFor(sink)
      expect(await queue.settled(await queue.submit({ to: ['bob@there.test'] }))).toMatchObject([
        { status: 'delivered' },
      ])
    })
  },
)
