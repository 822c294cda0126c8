import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { brandColours, contrast, parseHex } from './colour.ts'

const hex = fc.integer({ min: 0, max: 0xffffff }).map(value => `#${value.toString(16).padStart(6, '0')}`)

describe('contrast', () => {
  it('is that of WCAG', () => {
    expect(contrast('#000000', '#ffffff')).toBeCloseTo(21)
    expect(contrast('#777777', '#ffffff')).toBeCloseTo(4.48, 2)
  })
})

describe('a brand colour', () => {
  it('is written in hex', () => {
    expect(parseHex('#fff')).toEqual([1, 1, 1])
    expect(parseHex('red')).toBeNull()
    expect(brandColours('url(x)')).toBeNull()
  })

  it('is kept as it is where it can be read', () => {
    expect(brandColours('#2a5d9f')).toMatchObject({ solidLight: '#2a5d9f', onSolidLight: '#ffffff' })
    expect(brandColours('#f2b705')?.onSolidDark).toBe('#14171d')
  })

  it('reads in light and dark, whatever it is', () => {
    fc.assert(
      fc.property(hex, colour => {
        const brand = brandColours(colour)
        if (brand === null) throw new Error('refused')
        expect(contrast(brand.onSolidLight, brand.solidLight)).toBeGreaterThanOrEqual(4.5)
        expect(contrast(brand.onSolidDark, brand.solidDark)).toBeGreaterThanOrEqual(4.5)
        for (const page of ['#ffffff', '#f6f7f9', '#f3f4f7'])
          expect(contrast(brand.textLight, page)).toBeGreaterThanOrEqual(4.5)
        for (const page of ['#12151a', '#191d24', '#20252e'])
          expect(contrast(brand.textDark, page)).toBeGreaterThanOrEqual(4.5)
        // The fill of a button stands out from what is around it.
        expect(contrast(brand.solidLight, '#ffffff')).toBeGreaterThanOrEqual(3)
        expect(contrast(brand.solidDark, '#191d24')).toBeGreaterThanOrEqual(2.2)
      }),
    )
  })
})
