import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, it } from 'vitest'
import { BlobFiles } from './files.ts'
import { keepLarge } from './large.ts'

it('keeps what an operation is taking from a sweep after the clock has jumped, and no longer', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'facteur-blobs-'))
  try {
    let now = Date.now()
    const files = new BlobFiles(folder, { now: () => now })
    files.prepare()
    const hash = randomBytes(32).toString('hex')
    const data = randomBytes(100)
    const staged = await files.write({ hash, rawBytes: 100, encoding: 'identity', data })
    const first = keepLarge(files, [staged])
    const second = keepLarge(files, [staged])
    first()
    now += 2 * 24 * 60 * 60_000
    const nobody = () => undefined
    const name = { hash, encoding: 'identity', object: null } as const
    await files.sweep([name], 10, nobody)
    expect(await files.read(name)).toEqual(data)
    second()
    await files.sweep([name], 10, nobody)
    expect(await files.read(name)).toBeNull()
    expect(() => keepLarge(files, [staged])).toThrow('staged too long ago')
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
