import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { originalReversePath, rewriteReversePath, type SrsKey } from './srs.ts'

const key: SrsKey = { secret: Buffer.from('of the forwarder'), now: Date.UTC(2026, 10, 27) }
const later = (days: number): SrsKey => ({ ...key, now: key.now + days * 86_400_000 })
const domain = 'forwarder.example'

describe('a reverse-path', () => {
  it('is rewritten to the forwarding domain and read back', () => {
    const rewritten = rewriteReversePath('Ann@Away.example', domain, key)
    expect(rewritten).toMatch(/^SRS0=[A-Z2-7]{6}=[A-Z2-7]{2}=away\.example=Ann@forwarder\.example$/)
    expect(originalReversePath(rewritten, key)).toBe('Ann@away.example')
    expect(originalReversePath(rewritten.toLowerCase(), key)).toBe('ann@away.example')
  })

  it('is read back from either Unicode form', () => {
    const rewritten = rewriteReversePath('Ame\u0301lie@away.example', domain, key)
    expect(originalReversePath(rewritten, key)).toBe('Ame\u0301lie@away.example')
    expect(originalReversePath(rewritten.normalize('NFC'), key)).toBe('Am\u00e9lie@away.example')
  })

  it('of nobody, of the domain itself, too long to be rewritten, or with what asks for quotes, stays', () => {
    const quoted = ['"john doe"@away.example', '"SRS0=HHHH=TT=away.example=a b"@one.example', 'ann@[192.0.2.1]']
    for (const address of ['', 'ann@forwarder.example', `${'a'.repeat(50)}@away.example`, ...quoted])
      expect(rewriteReversePath(address, domain, key)).toBe(address)
  })

  it('that was rewritten elsewhere keeps its first forwarder, however often it is forwarded', () => {
    const first = 'SRS0=HHHH=TT=away.example=ann@one.example'
    const second = rewriteReversePath(first, domain, key)
    expect(second).toMatch(/^SRS1=[A-Z2-7]{6}=one\.example==HHHH=TT=away\.example=ann@forwarder\.example$/)
    expect(originalReversePath(second, key)).toBe(first)
    const third = rewriteReversePath(second, 'third.example', { ...key, secret: Buffer.from('another') })
    expect(third).toMatch(/^SRS1=[A-Z2-7]{6}=one\.example==HHHH=TT=away\.example=ann@third\.example$/)
    expect(originalReversePath(third, { ...key, secret: Buffer.from('another') })).toBe(first)
  })

  it('is believed for 21 days, also where the count of days begins anew', () => {
    for (const start of [0, 1000, 1003, 1023]) {
      const from = { ...key, now: start * 86_400_000 }
      const rewritten = rewriteReversePath('ann@away.example', domain, from)
      const ahead = (days: number): SrsKey => ({ ...key, now: (start + days) * 86_400_000 })
      expect(originalReversePath(rewritten, ahead(21))).toBe('ann@away.example')
      expect(originalReversePath(rewritten, ahead(22))).toBeNull()
    }
    expect(originalReversePath(rewriteReversePath('ann@away.example', domain, later(1)), key)).toBeNull()
  })

  it('is not believed where a letter of it was changed', () => {
    const rewritten = rewriteReversePath('ann@away.example', domain, key)
    for (let at = 5; at < rewritten.lastIndexOf('@'); at++) {
      const other = rewritten[at] === 'x' ? 'y' : 'x'
      const forged = rewritten.slice(0, at) + other + rewritten.slice(at + 1)
      expect(originalReversePath(forged, key), forged).toBeNull()
    }
    expect(originalReversePath(rewritten, { ...key, secret: Buffer.from('guessed') })).toBeNull()
  })

  it('of any kind is read without harm', () => {
    fc.assert(
      fc.property(fc.string(), text => {
        expect(originalReversePath(`SRS0=${text}@x`, key)).toBeNull()
        expect(originalReversePath(`SRS1=${text}@x`, key)).toBeNull()
      }),
    )
    fc.assert(
      fc.property(fc.emailAddress(), address => {
        const rewritten = rewriteReversePath(address, domain, key)
        if (rewritten === address) return
        const at = address.lastIndexOf('@')
        expect(originalReversePath(rewritten, key)).toBe(address.slice(0, at) + address.slice(at).toLowerCase())
      }),
    )
  })
})
