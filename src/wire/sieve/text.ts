/**
 * String arguments: characters written as numbers (RFC 5228 §2.4.2.4), then variables (RFC 5229 §3), each where the script
 * requires it. What looks alike and is neither stays as it is.
 */
import { MATCH_VALUES, TEXT_LENGTH, VARIABLE_NAME_LENGTH } from './limits.ts'
import { SyntaxProblem } from './problem.ts'
import type { Text } from './program.ts'
import type { Run } from './run.ts'

/** One way to read each text, so that looking for it takes no longer than the text is. */
const ENCODED = /\$\{(hex|unicode):[ \t\r\n]*([0-9a-f]+(?:[ \t\r\n]+[0-9a-f]+)*)[ \t\r\n]*\}/gi
const REFERENCE = /\$\{(?:([a-z_][a-z0-9_]*(?:\.(?:[a-z_][a-z0-9_]*|\d+))*)|(\d+))\}/gi

export function constantText(at: number, value: string): Text {
  return { at, source: value, constant: value, of: () => value }
}

export function decodeCharacters(at: number, text: string): string {
  if (!text.includes('${')) return text
  // Bytes that stand side by side make characters together; so the whole string is put together as bytes.
  const parts: Buffer[] = []
  let last = 0
  for (const match of text.matchAll(ENCODED)) {
    const [whole, kind = '', numbers = ''] = match
    const values = numbers.trim().split(/\s+/)
    const isHex = kind.toLowerCase() === 'hex'
    // A hex pair has one or two digits; longer ones are no encoded character.
    if (isHex && values.some(value => value.length > 2)) continue
    parts.push(Buffer.from(text.slice(last, match.index)))
    parts.push(isHex ? Buffer.from(values.map(value => Number.parseInt(value, 16))) : fromUnicode(at, values))
    last = match.index + whole.length
  }
  return last === 0 ? text : Buffer.concat([...parts, Buffer.from(text.slice(last))]).toString()
}

/** §2.4.2.4: "an error for an encoded character outside 0-D7FF and E000-10FFFF". */
function fromUnicode(at: number, values: readonly string[]): Buffer {
  const points = values.map(value => Number.parseInt(value, 16))
  const wrong = points.findIndex(point => point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff))
  if (wrong >= 0) throw new SyntaxProblem(at, `there is no character \${unicode:${values[wrong]!.slice(0, 12)}}`)
  return Buffer.from(points.map(point => String.fromCodePoint(point)).join(''))
}

/** `canGlobal`: whether `${global.name}` may stand (RFC 6609 §3.4.2). */
export function textWithVariables(at: number, value: string, canGlobal: boolean): Text {
  const parts: (string | ((run: Run) => string))[] = []
  let last = 0
  for (const match of value.matchAll(REFERENCE)) {
    const [whole, name, digits] = match
    parts.push(value.slice(last, match.index))
    if (Number(digits ?? 0) >= MATCH_VALUES)
      throw new SyntaxProblem(at, `there are no match values beyond \${${MATCH_VALUES - 1}}`)
    parts.push(digits === undefined ? variable(at, name!.toLowerCase(), canGlobal) : matchValue(Number(digits)))
    last = match.index + whole.length
  }
  if (last === 0) return constantText(at, value)
  parts.push(value.slice(last))
  return { at, source: value, constant: null, of: run => join(parts, run) }
}

function join(parts: readonly (string | ((run: Run) => string))[], run: Run): string {
  let text = ''
  for (const part of parts) {
    text += typeof part === 'string' ? part : part(run)
    if (text.length > TEXT_LENGTH) {
      text = cut(text, TEXT_LENGTH)
      break
    }
  }
  run.spend(text.length / 16)
  return text
}

function matchValue(index: number): (run: Run) => string {
  return run => run.matchValue(index)
}

function variable(at: number, name: string, canGlobal: boolean): (run: Run) => string {
  checkVariableName(at, name, canGlobal)
  return run => run.variable(name)
}

/** RFC 5229 §3: a namespace belongs to an extension, and none but that of RFC 6609 is here. */
export function checkVariableName(at: number, name: string, canGlobal: boolean): void {
  if (name.length > VARIABLE_NAME_LENGTH) throw new SyntaxProblem(at, 'the name of the variable is too long')
  const dot = name.indexOf('.')
  if (dot < 0) return
  const namespace = name.slice(0, dot)
  if (namespace !== 'global') throw new SyntaxProblem(at, `there are no variables "${namespace}."`)
  if (!canGlobal) throw new SyntaxProblem(at, 'variables "global." require the capability "include"')
  if (name.includes('.', dot + 1)) throw new SyntaxProblem(at, `"${name}" is no name of a variable`)
}

/** The first characters, whole ones. */
export function cut(text: string, length: number): string {
  if (text.length <= length) return text
  const shorter = text.slice(0, length)
  return /[\ud800-\udbff]$/.test(shorter) ? shorter.slice(0, -1) : shorter
}
