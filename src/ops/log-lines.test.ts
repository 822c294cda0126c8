import { execFileSync } from 'node:child_process'
import { closeSync, constants, mkdtempSync, openSync, readSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { LOG_LAST_MS, LOG_STUCK_MS, LOG_WAITING_CHARACTERS } from './limits.ts'
import { type LogGap, LogLines } from './log-lines.ts'

let folder: string
let pipe: number
let gaps: LogGap[]
let lines: LogLines

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'facteur-lines-'))
  execFileSync('mkfifo', [path.join(folder, 'pipe')])
  pipe = openSync(path.join(folder, 'pipe'), constants.O_RDWR | constants.O_NONBLOCK)
  gaps = []
  lines = new LogLines(pipe, gap => {
    gaps.push(gap)
    lines.write('told\n')
  })
})
afterEach(() => {
  vi.restoreAllMocks()
  closeSync(pipe)
  rmSync(folder, { recursive: true })
})

/** What is in the pipe; empty where nothing is. */
function read(): string {
  const bytes = Buffer.alloc(1024 * 1024)
  try {
    return bytes.toString('utf8', 0, readSync(pipe, bytes))
  } catch {
    return ''
  }
}

/** Everything up to the line that tells of a gap. */
async function readToTold(): Promise<string[]> {
  let text = ''
  await expect.poll(() => (text += read()) && gaps.length, { interval: 1 }).toBe(1)
  await expect.poll(() => (text += read()).endsWith('told\n'), { interval: 1 }).toBe(true)
  return text.trimEnd().split('\n')
}

const line = (number: number): string => `${number} ${'x'.repeat(1000)}\n`

describe('lines of the log', () => {
  it('go out in order, soon', async () => {
    for (let number = 0; number < 3; number++) lines.write(`${number}\n`)
    let text = ''
    await expect.poll(() => (text += read()), { interval: 5 }).toBe('0\n1\n2\n')
    expect(gaps).toEqual([])
  })

  it('wait for a reader that is stuck up to a limit; those beyond are counted, and told once behind those that waited', async () => {
    const count = Math.ceil(LOG_WAITING_CHARACTERS / 1000) + 500
    for (let number = 0; number < count; number++) lines.write(line(number))
    const came = await readToTold()
    expect(gaps).toEqual([{ lost: count - (came.length - 1), since: expect.any(Date), problem: null }])
    expect(gaps[0]?.lost).toBeGreaterThan(400)
    expect(came.slice(0, -1)).toEqual(Array.from({ length: came.length - 1 }, (_, number) => line(number).trimEnd()))
    lines.write('later\n')
    await expect.poll(read).toBe('later\n')
    expect(gaps).toHaveLength(1)
  })

  it('are given up soon where the process ends and nobody reads', () => {
    for (let number = 0; number < 1000; number++) lines.write(line(number))
    const waits = vi.spyOn(Atomics, 'wait')
    lines.flush()
    lines.flush()
    expect(waits).toHaveBeenCalled()
    expect(waits.mock.calls.length).toBeLessThanOrEqual(2 * Math.ceil(LOG_LAST_MS / LOG_STUCK_MS) + 2)
  })

  it('are given up at once where the disk is full and the process ends', () => {
    const full = openSync('/dev/full', 'w')
    const toFull = new LogLines(full, gap => gaps.push(gap))
    for (let number = 0; number < 10; number++) toFull.write(line(number))
    const waits = vi.spyOn(Atomics, 'wait')
    toFull.flush()
    expect(waits).not.toHaveBeenCalled()
    closeSync(full)
    expect(gaps).toEqual([])
  })

  it.each(['goes on', 'ends'])(
    'that were lost are told of where nothing waits any more and the process %s',
    async how => {
      lines.write(line(0).repeat(LOG_WAITING_CHARACTERS / 1000))
      if (how === 'ends') lines.flush()
      await expect.poll(read).toBe('told\n')
      expect(gaps).toMatchObject([{ lost: 1 }])
    },
  )

  it('that were not written yet are, before the process ends', () => {
    lines.write('last\n')
    lines.flush()
    expect(read()).toBe('last\n')
  })
})
