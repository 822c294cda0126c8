import { afterEach, expect, it } from 'vitest'
import { TextThreads } from './threads.ts'

/** Answers with its thread's number; with `together`, once as many jobs are at work at the same time. The first starts, so many behind it don't. */
const worker = `
  import { parentPort, threadId, workerData } from 'node:worker_threads'
  const atWork = new Int32Array(workerData)
  const before = Atomics.add(atWork, 1, 1)
  if (before > 0 && before <= atWork[2]) throw new Error('no connection is to be had')
  parentPort.on('message', message => {
    if (message === null) {
      Atomics.add(atWork, 3, 1)
      return parentPort.close()
    }
    const { together } = message.job
    if (together) {
      Atomics.add(atWork, 0, 1)
      Atomics.notify(atWork, 0)
      for (let now = Atomics.load(atWork, 0); now < together; now = Atomics.load(atWork, 0)) Atomics.wait(atWork, 0, now)
    }
    parentPort.postMessage({ result: threadId })
  })
  parentPort.postMessage({ ready: true })`
const file = new URL(`data:text/javascript,${encodeURIComponent(worker)}`)

let threads: TextThreads
let shared: Int32Array

function start({ failing = 0 } = {}): void {
  shared = new Int32Array(new SharedArrayBuffer(16))
  shared[2] = failing
  threads = new TextThreads(file, shared.buffer)
}

/** The number of the thread that did it. */
const run = (name: 'find' | 'pack', together = 0): Promise<number> =>
  threads.run(name, { together } as never) as Promise<unknown> as Promise<number>

afterEach(() => threads.close())

it('does one job after the other in one thread', async () => {
  start()
  threads.startFirst()
  const first = await run('find')
  for (let job = 0; job < 5; job++) expect(await run('find')).toBe(first)
  threads.startFirst()
  expect(await run('pack')).toBe(first)
})

it('starts another where jobs wait and all are at work for long', async () => {
  start()
  const done = await Promise.all([run('find', 2), run('find', 2), run('find')])
  expect(new Set(done.slice(0, 2)).size).toBe(2)
})

it('leaves jobs to those that there are where one more can’t start, and tries that again', async () => {
  start({ failing: 1 })
  const first = await run('find')
  const done = await Promise.all([run('find', 2), run('find', 2)])
  expect(new Set([first, ...done]).size).toBe(2)
})

it('searches while a thread packs', async () => {
  start()
  const packed = run('pack', 2)
  expect(await run('find', 2)).not.toBe(await packed)
})

it('rejects what waits where it is closed, and starts nothing afterwards', async () => {
  start()
  const results = Promise.allSettled([run('find', 9), run('find', 9)])
  await threads.close()
  expect((await results).map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  threads.startFirst()
  await expect(run('find')).rejects.toMatchObject({ code: 'unavailable' })
})

it('lets threads end by themselves where it is closed: stopped as it begins to unpack, one takes the process along', async () => {
  start()
  await Promise.all([run('find', 2), run('find', 2)])
  await threads.close()
  expect(shared[3]).toBe(2)
})
