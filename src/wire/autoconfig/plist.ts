/** Apple's XML property lists, as far as a configuration profile needs them. */
import { xmlText } from './xml.ts'

export type PlistValue = string | number | boolean | readonly PlistValue[] | PlistDictionary

/** A key with `undefined` is left out. */
export interface PlistDictionary {
  readonly [key: string]: PlistValue | undefined
}

export function encodePlist(root: PlistDictionary): string {
  return `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
${encode(root, '')}</plist>
`
}

function encode(value: PlistValue, indent: string): string {
  const inner = `${indent}  `
  if (typeof value === 'string') return `${indent}<string>${xmlText(value)}</string>\n`
  if (typeof value === 'number') return `${indent}<integer>${value}</integer>\n`
  if (typeof value === 'boolean') return `${indent}<${value}/>\n`
  if (isArray(value)) return `${indent}<array>\n${value.map(item => encode(item, inner)).join('')}${indent}</array>\n`
  const entries = Object.entries(value)
    .flatMap(([key, item]) => (item === undefined ? [] : `${inner}<key>${xmlText(key)}</key>\n${encode(item, inner)}`))
    .join('')
  return `${indent}<dict>\n${entries}${indent}</dict>\n`
}

/** Array.isArray doesn't know read-only arrays. */
function isArray(value: readonly PlistValue[] | PlistDictionary): value is readonly PlistValue[] {
  return Array.isArray(value)
}
