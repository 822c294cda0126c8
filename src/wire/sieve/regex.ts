/**
 * Regular expressions in linear time: all states that the text so far can have led to are followed at once (Thompson, Pike),
 * nothing is ever tried again. The cost is at most states × characters, whatever the expression is.
 */
import { REGEX_STATES, STEPS_OF_MATCH } from './limits.ts'
import { type CharacterTest, parseRegex, type RegexNode, RegexProblem } from './regex-syntax.ts'
import type { Sliced } from './slices.ts'

export { RegexProblem }

type Instruction =
  | { kind: 'character'; test: CharacterTest }
  | { kind: 'split'; first: number; second: number }
  | { kind: 'jump'; to: number }
  | { kind: 'save'; slot: number }
  | { kind: 'start' | 'end' | 'match' }

export interface Regex {
  instructions: readonly Instruction[]
  groups: number
  /** Which ASCII characters a match can begin with; null where it may be empty or begins with an anchor. */
  first: readonly boolean[] | null
}

/** Throws a RegexProblem. */
export function compileRegex(pattern: string, ignoresCase: boolean): Regex {
  const { node, groups } = parseRegex(pattern, ignoresCase)
  const instructions: Instruction[] = []
  emit(node, instructions)
  push(instructions, { kind: 'match' })
  return { instructions, groups, first: firstCharacters(instructions) }
}

function push(to: Instruction[], instruction: Instruction): number {
  if (to.length >= REGEX_STATES) throw new RegexProblem('the regular expression is too large')
  return to.push(instruction) - 1
}

function emit(node: RegexNode, to: Instruction[]): void {
  switch (node.kind) {
    case 'character':
      push(to, { kind: 'character', test: node.test })
      return
    case 'start':
    case 'end':
      push(to, { kind: node.kind })
      return
    case 'sequence':
      for (const part of node.nodes) emit(part, to)
      return
    case 'either':
      emitEither(node.nodes, to)
      return
    case 'group':
      push(to, { kind: 'save', slot: node.number * 2 })
      emit(node.node, to)
      push(to, { kind: 'save', slot: node.number * 2 + 1 })
      return
    case 'repeat':
      emitRepeat(node, to)
  }
}

function emitEither(nodes: readonly RegexNode[], to: Instruction[]): void {
  const jumps: number[] = []
  for (const node of nodes.slice(0, -1)) {
    const split = push(to, { kind: 'match' })
    emit(node, to)
    jumps.push(push(to, { kind: 'match' }))
    to[split] = { kind: 'split', first: split + 1, second: to.length }
  }
  emit(nodes.at(-1)!, to)
  for (const jump of jumps) to[jump] = { kind: 'jump', to: to.length }
}

function emitRepeat({ node, least, most }: Extract<RegexNode, { kind: 'repeat' }>, to: Instruction[]): void {
  for (let i = 0; i < least; i++) emit(node, to)
  if (most === Number.POSITIVE_INFINITY) {
    const split = push(to, { kind: 'match' })
    emit(node, to)
    push(to, { kind: 'jump', to: split })
    to[split] = { kind: 'split', first: split + 1, second: to.length }
    return
  }
  const splits: number[] = []
  for (let i = least; i < most; i++) {
    splits.push(push(to, { kind: 'match' }))
    emit(node, to)
  }
  for (const split of splits) to[split] = { kind: 'split', first: split + 1, second: to.length }
}

function firstCharacters(instructions: readonly Instruction[]): boolean[] | null {
  const first = new Array<boolean>(128).fill(false)
  const seen = new Set<number>()
  const stack = [0]
  for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
    if (seen.has(at)) continue
    seen.add(at)
    const instruction = instructions[at]!
    if (instruction.kind === 'character') for (let c = 0; c < 128; c++) first[c] ||= instruction.test(c)
    else if (instruction.kind === 'split') stack.push(instruction.first, instruction.second)
    else if (instruction.kind === 'jump') stack.push(instruction.to)
    else if (instruction.kind === 'save') stack.push(at + 1)
    else return null
  }
  return first
}

/** Places of the groups: start and end of each by its number, the whole at 0; -1 where it has none. */
type Slots = readonly number[]

interface Thread {
  at: number
  slots: Slots
}

/**
 * Finds the leftmost match, the longest of those; gives its text and that of each group (empty where it took no part).
 * With `wantsValues` false any match will do, and the texts are left out. `spend` is told of the work, and may throw.
 */
export function* matchRegex(
  regex: Regex,
  text: string,
  spend: (units: number) => void,
  wantsValues: boolean,
): Sliced<string[] | null> {
  const { instructions, groups, first } = regex
  const empty: Slots = new Array<number>((groups + 1) * 2).fill(-1)
  /** At which place an instruction was last reached. */
  const reached = new Int32Array(instructions.length).fill(-1)
  let threads: Thread[] = []
  let best: Slots | null = null
  let at = 0
  let work = 0
  for (;;) {
    if (work > STEPS_OF_MATCH) {
      work = 0
      yield
    }
    if (threads.length === 0) {
      if (best !== null) break
      const from = at
      if (first !== null) while (at < text.length && isNoStart(first, text.charCodeAt(at))) at++
      spend((at - from) / 16)
    }
    const next: Thread[] = []
    for (const thread of threads) follow(thread.at, thread.slots, next)
    if (best === null) follow(0, wantsValues ? withSlot(empty, 0, at) : empty, next)
    // Instructions reached, not those waiting for a character alone: empty loops cost too.
    const units = next.length * (wantsValues ? 2 + groups / 4 : 1)
    work += units
    spend(units)
    threads = []
    const point = at < text.length ? text.codePointAt(at)! : -1
    for (const thread of next) {
      const instruction = instructions[thread.at]!
      if (instruction.kind === 'match') {
        if (!wantsValues) return []
        // Those that are further to the left come first, then those that are preferred.
        const isBetter: boolean =
          best === null || thread.slots[0]! < best[0]! || (thread.slots[0] === best[0] && at > best[1]!)
        if (isBetter) best = withSlot(thread.slots, 1, at)
      } else if (instruction.kind === 'character' && point >= 0 && instruction.test(point))
        threads.push({ at: thread.at + 1, slots: thread.slots })
    }
    if (best !== null) {
      const [start] = best
      threads = threads.filter(({ slots }) => slots[0]! <= start!)
    }
    if (point < 0) break
    at += point > 0xffff ? 2 : 1
  }
  if (best === null) return null
  const values: string[] = []
  for (let group = 0; group <= groups; group++) {
    const [start, end] = [best[group * 2]!, best[group * 2 + 1]!]
    values.push(start >= 0 && end >= start ? text.slice(start, end) : '')
  }
  return values

  /** The instructions that wait for a character, and the end, which are reached from one without any. */
  function follow(from: number, slots: Slots, to: Thread[]): void {
    const stack: Thread[] = [{ at: from, slots }]
    for (let thread = stack.pop(); thread !== undefined; thread = stack.pop()) {
      if (reached[thread.at] === at) continue
      reached[thread.at] = at
      const instruction = instructions[thread.at]!
      switch (instruction.kind) {
        case 'character':
        case 'match':
          to.push(thread)
          break
        case 'split':
          stack.push({ at: instruction.second, slots: thread.slots }, { at: instruction.first, slots: thread.slots })
          break
        case 'jump':
          stack.push({ at: instruction.to, slots: thread.slots })
          break
        case 'save':
          stack.push({
            at: thread.at + 1,
            slots: wantsValues ? withSlot(thread.slots, instruction.slot, at) : thread.slots,
          })
          break
        case 'start':
          if (at === 0) stack.push({ at: thread.at + 1, slots: thread.slots })
          break
        case 'end':
          if (at === text.length) stack.push({ at: thread.at + 1, slots: thread.slots })
      }
    }
  }
}

function isNoStart(first: readonly boolean[], unit: number): boolean {
  return unit < 128 && !first[unit]
}

function withSlot(slots: Slots, slot: number, value: number): Slots {
  const copy = slots.slice()
  copy[slot] = value
  return copy
}
