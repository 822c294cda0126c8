import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createSecretBox, loadSecretKey } from './secret-box.ts'

const secret = Buffer.from('JBSWY3DPEHPK3PXP')

describe('a secret box', () => {
  const box = createSecretBox(Buffer.alloc(32, 1))

  it('opens what it sealed, in the same context alone', () => {
    const sealed = box.seal(secret, 'totp:7')
    expect(box.open(sealed, 'totp:7')).toEqual(secret)
    expect(sealed.includes(secret)).toBe(false)
    expect(() => box.open(sealed, 'totp:8')).toThrow()
    expect(() => createSecretBox(Buffer.alloc(32, 2)).open(sealed, 'totp:7')).toThrow()
  })

  it('never gives the same bytes twice, and none that were changed', () => {
    const sealed = box.seal(secret, 'x')
    expect(box.seal(secret, 'x')).not.toEqual(sealed)
    for (let at = 0; at < sealed.length; at++) {
      const damaged = Buffer.from(sealed)
      damaged[at]! ^= 1
      expect(() => box.open(damaged, 'x')).toThrow()
    }
    expect(() => box.open(sealed.subarray(0, 5), 'x')).toThrow()
  })
})

it('keeps one key in the data folder, for its owner alone', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'facteur-key-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const file = path.join(folder, 'secret.key')
  const key = loadSecretKey(file)
  expect(key).toHaveLength(32)
  expect(loadSecretKey(file)).toEqual(key)
  expect(statSync(file).mode & 0o777).toBe(0o600)
  writeFileSync(file, 'short')
  expect(() => loadSecretKey(file)).toThrow('restore it from a backup')
})
