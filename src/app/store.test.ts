import { spawnSync } from 'node:child_process'
import { chownSync, lchownSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, it } from 'vitest'

const module = (name: string): string => JSON.stringify(path.resolve(import.meta.dirname, name))

it.skipIf(process.geteuid?.() !== 0).each(['packs', 'packs/1', 'blobs', 'blobs/unfinished'])(
  'names what another user has of its data folder: %s (skipped for users other than root)',
  name => {
    const data = mkdtempSync(path.join(tmpdir(), 'facteur-others-'))
    try {
      for (const folder of ['packs', 'blobs', 'blobs/unfinished']) mkdirSync(path.join(data, folder), { mode: 0o700 })
      writeFileSync(path.join(data, 'packs/1'), '', { mode: 0o600 })
      for (const made of ['', ...(readdirSync(data, { recursive: true }) as string[])])
        lchownSync(path.join(data, made), 65534, 65534)
      chownSync(path.join(data, name), 0, 0)
      const script = `
        const { openStore } = await import(${module('store.ts')})
        const { loadConfig } = await import(${module('../ops/config.ts')})
        const { config } = loadConfig({
          folder: '/', environment: {}, file: null, flags: { data: ${JSON.stringify(data)} }, otherVariables: new Set(),
        })
        process.setuid(65534)
        await openStore(config).then(store => store.close(), ({ code, message }) => console.log(code, message))`
      const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' })
      expect(stdout).toContain(
        `unavailable ${path.join(data, name)} must be readable and writable for this user: EACCES`,
      )
    } finally {
      rmSync(data, { recursive: true })
    }
  },
)
