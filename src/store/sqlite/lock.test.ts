import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { lockStore, waitForStore } from './lock.ts'

let folder: string
let file: string
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'facteur-lock-'))
  file = path.join(folder, 'facteur.db.lock')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

it('waits for who is done in a moment', async () => {
  const first = lockStore(file, 1)
  let waits = 0
  const second = await waitForStore(file, 2, {
    wait: async () => {
      if (++waits === 3) first.release()
    },
  })
  expect(waits).toBe(3)
  expect(() => lockStore(file, 3)).toThrow('the store is in use by process 2')
  second.release()
})

it('waits for who is at this moment writing that he holds it', async () => {
  const writing = new DatabaseSync(file)
  writing.exec('BEGIN EXCLUSIVE')
  const lock = await waitForStore(file, 2, { wait: async () => writing.close() })
  expect(() => lockStore(file, 3)).toThrow('the store is in use by process 2')
  lock.release()
})

it('refuses after some seconds, naming who holds it', async () => {
  const first = lockStore(file, 1)
  let waited = 0
  const second = waitForStore(file, 2, { wait: async ms => void (waited += ms) })
  await expect(second).rejects.toMatchObject({ code: 'unavailable', message: 'the store is in use by process 1' })
  expect(waited).toBeGreaterThanOrEqual(3000)
  expect(waited).toBeLessThanOrEqual(10_000)
  first.release()
})

it('does not wait for what does not pass', async () => {
  const nowhere = path.join(folder, 'none', 'facteur.db.lock')
  await expect(waitForStore(nowhere, 1, { wait: () => Promise.reject(new Error('waited')) })).rejects.toThrow(
    'unable to open',
  )
})
