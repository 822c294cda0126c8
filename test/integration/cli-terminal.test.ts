/** Commands on a real terminal, which Python lends: passwords that are asked for, and progress; and on a disk that is full. */
import { spawn, spawnSync } from 'node:child_process'
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeStore } from './fixtures/empty-store.ts'
import { cleanEnvironment, runCli } from './service.ts'

const program = path.resolve(import.meta.dirname, '../../bin/facteur.js')
const hasPython = spawnSync('python3', ['--version']).status === 0

/** argv: a JSON list of [awaited text, typed text], then the command. Prints what the terminal showed, then the exit code. */
const onTerminal = `
import json, os, pty, sys
answers = json.loads(sys.argv[1])
pid, fd = pty.fork()
if pid == 0:
    os.execvp(sys.argv[2], sys.argv[2:])
shown = b''
seen = 0
while True:
    try:
        data = os.read(fd, 65536)
    except OSError:
        break
    if not data:
        break
    shown += data
    if answers and answers[0][0].encode() in shown[seen:]:
        seen = len(shown)
        os.write(fd, answers.pop(0)[1].encode())
code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
print(json.dumps({'shown': shown.decode(), 'code': code}))
`

let data: string
beforeAll(async () => {
  data = mkdtempSync(path.join(tmpdir(), 'facteur-terminal-'))
  await makeStore(data)
  await runCli(['domain', 'add', 'example.org', '--data', data])
})
afterAll(() => rmSync(data, { recursive: true, force: true }))

function terminal(
  args: string[],
  answers: [awaited: string, typed: string][] = [],
): Promise<{ shown: string; code: number }> {
  return new Promise((resolve, reject) => {
    const command = [process.execPath, program, ...args, '--data', data]
    const child = spawn('python3', ['-c', onTerminal, JSON.stringify(answers), ...command], { env: cleanEnvironment() })
    let text = ''
    child.stdout.on('data', chunk => (text += chunk))
    child.once('error', reject)
    child.once('close', () => resolve(JSON.parse(text)))
  })
}

describe.skipIf(!hasPython)('on a terminal (skipped where python3 is not installed)', () => {
  it('a password is asked for twice and never shown', async () => {
    const { shown, code } = await terminal(
      ['mailbox', 'add', 'alice@example.org'],
      [
        ['Password for alice@example.org: ', 'correct horze\x7f\x7fse battery\r'],
        ['Again: ', 'correct horse battery\r'],
      ],
    )
    expect(shown).toBe('Password for alice@example.org: \r\nAgain: \r\nadded mailbox alice@example.org\r\n')
    expect(code).toBe(0)
  })

  it('two passwords that differ change nothing', async () => {
    const { shown, code } = await terminal(
      ['mailbox', 'add', 'bob@example.org'],
      [
        ['Password for bob@example.org: ', 'correct horse battery\r'],
        ['Again: ', 'incorrect horse\r'],
      ],
    )
    expect(shown).toContain('the passwords differ; nothing was changed')
    expect(code).toBe(1)
    expect((await runCli(['mailbox', 'list', '--data', data])).stdout).not.toContain('bob@')
  })

  it('Ctrl-C gives up', async () => {
    const { shown, code } = await terminal(
      ['mailbox', 'passwd', 'alice@example.org'],
      [['Password for', 'half a pass\x03']],
    )
    expect(shown).toContain('nothing was changed')
    expect(code).toBe(130)
  })

  it('an import shows how far it is, and takes the line away', async () => {
    const file = path.join(data, 'old.mbox')
    const message = (n: number): string => `From a@b.test Fri Jul  8 12:08:34 2011\nSubject: ${n}\n\nbody\n\n`
    writeFileSync(file, Array.from({ length: 500 }, (_, n) => message(n)).join(''))
    const { shown, code } = await terminal(['import', 'alice@example.org', '--mbox', file])
    expect(shown).toMatch(/\[#+ *\] +\d+ % {2}\d+ messages/)
    expect(shown).toMatch(/\x1b\[Kimported 500 messages into 1 folder of alice@example\.org\r\n$/)
    expect(code).toBe(0)
  })
})

describe.skipIf(process.platform !== 'linux')('on a full disk (skipped but on Linux)', () => {
  it('a command that can’t print says so in one line, and failed', () => {
    const full = openSync('/dev/full', 'w')
    const { status, stderr } = spawnSync(process.execPath, [program, 'domain', 'list', '--data', data], {
      env: cleanEnvironment(),
      stdio: ['ignore', full, 'pipe'],
      encoding: 'utf8',
    })
    closeSync(full)
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr: "facteur: standard output can't be written: ENOSPC: no space left on device, write\n",
    })
  })
})
