/** Whether what was read from a comment is a rule: people can write there what they like. */
import type { Condition, Rule, RuleAction } from './rule.ts'

type Shape = Record<string, (value: unknown) => boolean>

const isText = (value: unknown): boolean => typeof value === 'string'
const isTruth = (value: unknown): boolean => typeof value === 'boolean'
const isBytes = (value: unknown): boolean => Number.isSafeInteger(value) && Number(value) >= 0
const isComparison = oneOf('contains', 'is', 'begins', 'ends')
const isTexts = listOf(isText)

const compared: Shape = { comparison: isComparison, texts: isTexts, isNegated: isTruth }

const conditions: Record<Condition['kind'], Shape> = {
  sender: compared,
  recipient: compared,
  subject: compared,
  list: compared,
  header: { name: isText, ...compared },
  body: { texts: isTexts, isNegated: isTruth },
  size: { comparison: oneOf('over', 'under'), bytes: isBytes },
  attachment: { isNegated: isTruth },
}

const actions: Record<RuleAction['kind'], Shape> = {
  move: { mailbox: isText },
  copy: { mailbox: isText },
  forward: { address: isText, keepsCopy: isTruth },
  keyword: { keyword: isText },
  'mark-read': {},
  flag: {},
  trash: {},
  stop: {},
  reject: { reason: isText },
}

const ruleShape: Shape = {
  name: isText,
  isEnabled: isTruth,
  match: oneOf('all', 'any'),
  conditions: listOf(value => isOfKind(value, conditions)),
  actions: listOf(value => isOfKind(value, actions)),
}

export function isRule(value: unknown): value is Rule {
  return hasShape(value, ruleShape)
}

function isOfKind(value: unknown, shapes: Record<string, Shape>): boolean {
  if (!isRecord(value) || typeof value.kind !== 'string' || !Object.hasOwn(shapes, value.kind)) return false
  return hasShape(value, { kind: isText, ...shapes[value.kind] })
}

/** All of it and nothing else: a later version may know more, which this one would drop. */
function hasShape(value: unknown, shape: Shape): boolean {
  if (!isRecord(value)) return false
  const entries = Object.entries(shape)
  return (
    Object.keys(value).length === entries.length &&
    entries.every(([key, isValid]) => Object.hasOwn(value, key) && isValid(value[key]))
  )
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function oneOf(...words: string[]): (value: unknown) => boolean {
  return value => typeof value === 'string' && words.includes(value)
}

function listOf(isValid: (value: unknown) => boolean): (value: unknown) => boolean {
  return value => Array.isArray(value) && value.every(isValid)
}
