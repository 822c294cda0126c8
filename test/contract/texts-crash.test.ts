/** The texts that searches look through, whatever ended the process between two steps or within one; and the threads that look. */
import { spawn } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, it } from 'vitest'
import { Breather } from '../../src/mail/breather.ts'
import { TextSearcher } from '../../src/mail/texts/text-search.ts'
import { TextThreads } from '../../src/mail/texts/threads.ts'
import { systemClock } from '../../src/ops/clock.ts'
import { openSqliteStore } from '../../src/store/sqlite/open.ts'
import { damagesOf, newAccount } from './store-fixtures.ts'

const kills = 3
const child = path.join(import.meta.dirname, 'texts-crash-child.ts')
const threadFile = new URL('../../src/app/text-thread.ts', import.meta.url)

/** Each line it wrote before it was killed, some steps after its first. */
async function runUntilKilled(file: string, run: number): Promise<string[]> {
  const running = spawn(process.execPath, [child, file, String(run)], { stdio: ['ignore', 'pipe', 'inherit'] })
  const ends = randomInt(2, 20)
  let output = ''
  await new Promise<void>((resolve, reject) => {
    running.on('exit', (code, signal) =>
      signal === 'SIGKILL' ? resolve() : reject(new Error(`it ended with ${code}`)),
    )
    running.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text
      if (output.split('packed').length > ends) running.kill('SIGKILL')
    })
  })
  return output.split('\n')
}

it(`are right through ${kills} kills, looked through in threads`, async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'facteur-texts-'))
  const file = path.join(folder, 'facteur.db')
  const threads = new TextThreads(threadFile, { data: folder, store: null, blobs: null })
  try {
    const made = await openSqliteStore({ path: file, clock: systemClock })
    const { accountId, inbox } = await newAccount(made)
    await made.close()
    const acknowledged = new Map<number, string>()
    const searcher = new TextSearcher(threads)
    for (let run = 0; run < kills; run++) {
      for (const line of await runUntilKilled(file, run)) {
        const [what, uid, word] = line.split(' ')
        if (what === 'added' && word !== undefined) acknowledged.set(Number(uid), word)
        if (what === 'removed') acknowledged.delete(Number(uid))
      }
      const store = await openSqliteStore({ path: file, clock: systemClock })
      try {
        expect(await damagesOf(store)).toEqual([])
        const mailbox = { accountId, mailboxId: inbox }
        const uids = await store.read('message.uids', { ...mailbox, after: 0, limit: 100_000 })
        const find = (text: string): Promise<number[]> =>
          searcher.find(mailbox, uids, { in: 'body', text }, new Breather())
        expect(await find('MESSAGE')).toEqual([...uids])
        expect(await find('NOWHERE')).toEqual([])
        // The others were removed, which may not have been said.
        const kept = [...acknowledged].filter(([uid]) => uids.includes(uid))
        expect(kept.length).toBeGreaterThan(0)
        for (const [uid, word] of kept.slice(-30)) expect(await find(word.toUpperCase())).toEqual([uid])
        const numbers = await store.read('text.numbers', { ...mailbox, from: 1, to: 0xffffffff, limit: 100_000 })
        const search = { in: 'body', text: 'X' } as const
        const verdicts = await store.read('text.find', { accountId, numbers: numbers.numbers, search })
        expect(verdicts.filter(verdict => verdict === 0).length).toBeGreaterThan(0)
      } finally {
        await store.close()
      }
    }
  } finally {
    await threads.close()
    await rm(folder, { recursive: true })
  }
})

it('fail where the thread can’t be had, and once they are closed', async () => {
  const threads = new TextThreads(threadFile, { data: '/nonexistent', store: null, blobs: null })
  const job = { accountId: 1, mailboxId: 1, from: 1, to: 9 }
  await expect(threads.run('numbers', job)).rejects.toThrow(/there is no store/)
  await expect(threads.run('numbers', job)).rejects.toThrow(/there is no store/)
  await threads.close()
  await expect(threads.run('numbers', job)).rejects.toMatchObject({ code: 'unavailable' })
})
