import { spawnSync } from 'node:child_process'
import { chmodSync, chownSync, lchownSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { refuseOthersStore } from './store.ts'

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

describe.skipIf(process.geteuid?.() !== 0)(
  'what a command makes without the service (skipped for users other than root)',
  () => {
    const postgres = 'postgres://facteur@db.example.org/facteur'
    let data: string
    beforeEach(() => {
      data = mkdtempSync(path.join(tmpdir(), 'facteur-owners-'))
    })
    afterEach(() => {
      vi.restoreAllMocks()
      rmSync(data, { recursive: true })
    })

    function put(name: string, owner: number): void {
      mkdirSync(path.dirname(path.join(data, name)), { recursive: true })
      writeFileSync(path.join(data, name), '')
      chownSync(path.join(data, name), owner, owner)
    }
    const isRefused = (store: string | null): boolean => {
      try {
        refuseOthersStore({ data, store })
        return false
      } catch {
        return true
      }
    }

    it.each([null, postgres])('is not refused to a user whose folder is root’s and his group’s (store: %s)', store => {
      chownSync(data, 0, 65534)
      chmodSync(data, 0o2770)
      vi.spyOn(process, 'geteuid').mockReturnValue(65534)
      expect(isRefused(store)).toBe(false)
    })

    it('is not refused to root where the service is root’s own in another’s folder', () => {
      chownSync(data, 65534, 65534)
      for (const store of [null, postgres]) expect(isRefused(store)).toBe(true)
      for (const name of ['facteur.db', 'packs/1', 'node.id']) put(name, 0)
      for (const store of [null, postgres]) expect(isRefused(store)).toBe(false)
    })

    it.each([
      ['facteur.db', null],
      ['packs/2', null],
      ['node.id', postgres],
    ])('is refused to root where %s is another’s', (name, store) => {
      for (const own of ['facteur.db', 'packs/1', 'node.id']) put(own, 0)
      put(name, 65534)
      expect(isRefused(store)).toBe(true)
    })
  },
)
