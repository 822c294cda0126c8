/** One run of a script over one message: what it has done so far, what it may still spend, and what it remembers. */
import { decodeEncodedWords } from '../mime/encoded-word.ts'
import type { ParsedAddress } from './address-part.ts'
import { type FoldedText, foldPieces } from './folded-text.ts'
import { HeaderView } from './header-view.ts'
import { ACTIONS, CHANGES, MATCH_VALUES, STEPS, STEPS_WITHOUT_PAUSE, VARIABLE_LENGTH, VARIABLES } from './limits.ts'
import { RuntimeProblem } from './problem.ts'
import type { Program } from './program.ts'
import { inSlices, type Sliced } from './slices.ts'
import { cut } from './text.ts'
import type { Action, Change, FlagNames, SieveMessage, World } from './types.ts'

/** Of each script that is running: variables are its own (RFC 6609 §3.4). */
export interface Frame {
  program: Program
  variables: Map<string, string>
  matchValues: readonly string[]
}

export class Run {
  readonly message: SieveMessage
  readonly world: World
  readonly header: HeaderView
  readonly actions: Action[] = []
  /** Where each action stands: `at` in the script. */
  readonly origins: { program: Program; at: number }[] = []
  readonly changes: { program: Program; at: number; kind: Change['kind']; names: readonly string[]; before: number }[] =
    []
  /** RFC 5232 §2: the internal variable, what is put on the message where nothing else is said. */
  flags: FlagNames
  implicitKeep = true
  frame: Frame
  /** The script that includes all others, how deep they include each other now, and those that ran, for `:once`. */
  readonly included: { own: string | null; stack: string[]; done: Set<string> }
  readonly #globals = new Map<string, string>()
  readonly #decoded = new Map<string, string>()
  readonly #addresses = new Map<string, ParsedAddress[]>()
  readonly #folded = new Map<string, Map<string, string>>()
  readonly #foldedPieces = new Map<string, FoldedText | null>()
  #variableCount = 0
  readonly #texts = new Map<unknown, readonly string[]>()
  #left = STEPS
  #pauseAt = STEPS - STEPS_WITHOUT_PAUSE
  /** Where in its script the run is, for problems met deep inside. */
  at = 0

  constructor(program: Program, message: SieveMessage, world: World, flags: FlagNames) {
    this.message = message
    this.world = world
    this.flags = flags
    this.header = new HeaderView(message)
    this.frame = newFrame(program)
    this.included = { own: program.key, stack: [], done: new Set(program.key === null ? [] : [program.key]) }
  }

  fail(message: string, at = this.at): never {
    throw new RuntimeProblem(at, message)
  }

  /** Work about to be done. */
  spend(units: number): void {
    this.#left -= units + 0.5
    if (this.#left < 0) this.fail('the script takes too long for this message')
  }

  /** Whether others have waited long enough; `pause` then lets them. */
  get isPauseDue(): boolean {
    return this.#left < this.#pauseAt
  }

  async pause(): Promise<void> {
    this.#pauseAt = this.#left - STEPS_WITHOUT_PAUSE
    await this.world.pause?.()
  }

  /** Done at once, unless it takes so long that others wait. */
  inTurns<T>(work: Sliced<T>): T | Promise<T> {
    for (;;) {
      const { done, value } = work.next()
      if (done) return value
      if (this.isPauseDue) return this.#rest(work)
    }
  }

  async #rest<T>(work: Sliced<T>): Promise<T> {
    await this.pause()
    return inSlices(work, () => (this.isPauseDue ? this.pause() : undefined))
  }

  /** Texts of the body, made once: many rules look at the same. */
  async textsOf(key: unknown, make: () => Sliced<readonly string[]>): Promise<readonly string[]> {
    let texts = this.#texts.get(key)
    if (texts === undefined) {
      texts = await inSlices(make(), () => this.world.pause?.())
      this.spend(texts.reduce((sum, { length }) => sum + length, 0) / 8)
      this.#texts.set(key, texts)
    }
    return texts
  }

  /** Refuses what contradicts what was done before (RFC 5429 §2.4, RFC 5230 §4.7). */
  act(action: Action): void {
    const other = this.actions.find(({ kind }) => contradicts(action.kind, kind))
    if (other)
      this.fail(
        other.kind === action.kind ? `"${action.kind}" a second time` : `"${action.kind}" after "${other.kind}"`,
      )
    if (this.actions.length === ACTIONS) this.fail(`more than ${ACTIONS} actions`)
    this.actions.push(action)
    this.origins.push({ program: this.frame.program, at: this.at })
  }

  /** Notes what was done to the message beside actions. */
  change(kind: Change['kind'], names: readonly string[]): void {
    if (names.length === 0 || this.changes.length === CHANGES) return
    this.changes.push({ program: this.frame.program, at: this.at, kind, names, before: this.actions.length })
  }

  /** A header text for people: encoded words decoded (RFC 5228 §2.7.2), without white space around it. */
  decoded(raw: string): string {
    let text = this.#decoded.get(raw)
    this.spend(0)
    if (text === undefined) {
      this.spend(raw.length / 4)
      text = decodeEncodedWords(raw).trim()
      this.#decoded.set(raw, text)
    }
    return text
  }

  /** The addresses of a header text, read once. */
  addresses(text: string, read: () => ParsedAddress[]): ParsedAddress[] {
    let addresses = this.#addresses.get(text)
    if (addresses === undefined) {
      this.spend(text.length)
      addresses = read()
      this.#addresses.set(text, addresses)
    }
    return addresses
  }

  /** A text as a comparator sees it, made once: many rules look at the same fields. */
  folded(text: string, name: string, fold: (text: string) => string): string {
    let texts = this.#folded.get(name)
    if (texts === undefined) this.#folded.set(name, (texts = new Map()))
    let folded = texts.get(text)
    if (folded === undefined) {
      this.spend(text.length / 8)
      folded = fold(text)
      texts.set(text, folded)
    }
    return folded
  }

  /** The same with its places, of the one comparator that needs them; null where they are those of the text, as in ASCII. */
  foldedPieces(text: string, fold: (text: string) => string): FoldedText | null {
    let folded = this.#foldedPieces.get(text)
    if (folded === undefined) {
      this.spend(text.length / 16)
      const keepsPlaces = !/[^\x00-\x7f]/.test(text)
      if (!keepsPlaces) this.spend(text.length)
      folded = keepsPlaces ? null : foldPieces(text, fold)
      this.#foldedPieces.set(text, folded)
    }
    return folded
  }

  variable(name: string): string {
    return this.#place(name).get(bareName(name)) ?? ''
  }

  setVariable(name: string, value: string): void {
    const place = this.#place(name)
    const bare = bareName(name)
    if (!place.has(bare) && ++this.#variableCount > VARIABLES) this.fail(`more than ${VARIABLES} variables`)
    place.set(bare, cut(value, VARIABLE_LENGTH))
  }

  matchValue(index: number): string {
    return this.frame.matchValues[index] ?? ''
  }

  setMatchValues(values: readonly string[]): void {
    this.frame.matchValues = values.slice(0, MATCH_VALUES).map(value => cut(value, VARIABLE_LENGTH))
  }

  #place(name: string): Map<string, string> {
    return name.startsWith('global.') || this.frame.program.globals.has(name) ? this.#globals : this.frame.variables
  }
}

const isRefusal = (kind: Action['kind']): boolean => kind === 'reject' || kind === 'ereject'

/** Whether one can't be done where the other is, in either order. */
export function contradicts(a: Action['kind'], b: Action['kind']): boolean {
  if (isRefusal(a) && isRefusal(b)) return true
  if (a === 'vacation' && b === 'vacation') return true
  return (isRefusal(a) && WITHOUT_REFUSAL.has(b)) || (isRefusal(b) && WITHOUT_REFUSAL.has(a))
}

/** A sender must not hear that his message was refused where it was delivered or answered. */
const WITHOUT_REFUSAL: ReadonlySet<Action['kind']> = new Set<Action['kind']>([
  'keep',
  'fileinto',
  'redirect',
  'vacation',
])

export function newFrame(program: Program): Frame {
  return { program, variables: new Map(), matchValues: [] }
}

function bareName(name: string): string {
  return name.startsWith('global.') ? name.slice('global.'.length) : name
}
