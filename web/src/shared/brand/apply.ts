/** Puts the service's colour over the defaults of tokens.css, through the CSSOM: the page's policy allows no style attribute. */
import type { Service } from '../api/contract.ts'
import { brandColours } from './colour.ts'

const properties = {
  '--brand-solid-light': 'solidLight',
  '--brand-solid-dark': 'solidDark',
  '--brand-on-solid-light': 'onSolidLight',
  '--brand-on-solid-dark': 'onSolidDark',
  '--brand-text-light': 'textLight',
  '--brand-text-dark': 'textDark',
} as const

export function applyBrand({ colours }: Pick<Service, 'colours'>): void {
  const brand = colours.primary === null ? null : brandColours(colours.primary)
  const { style } = document.documentElement
  for (const [property, key] of Object.entries(properties)) {
    if (brand === null) style.removeProperty(property)
    else style.setProperty(property, brand[key])
  }
}
