/** What a fault is to the command and to the short version: a moment of harm, over and over, with a look at everything after each. */
import type { Random } from './random.ts'
import { World, type WorldOptions } from './world.ts'

export interface Fault {
  readonly name: string
  /** One line, for the table and the documentation. */
  readonly about: string
  /** The process ends in it: then what was refused just before may have been done for all that. */
  readonly dies: boolean
  /** Why it can't be had here. */
  whyNot?(): string | null
  readonly disk?: WorldOptions['disk']
  readonly settings?: WorldOptions['settings']
  /** From its beginning to its end under load; the service runs afterwards. Resolves with what was done, for the log. */
  strike(world: World, random: Random, options: { isShort: boolean }): Promise<string>
}

export interface Outcome {
  rounds: number
  acknowledged: number
  /** By answer, how often it was given. */
  refused: ReadonlyMap<string, number>
  /** Empty where all was well; the run ends with the first round that has some. */
  problems: readonly string[]
}

export interface RunOptions {
  times: number
  /** Nothing that waits for a time the service itself waits for. */
  isShort?: boolean
  random: Random
  /** After each round. */
  onRound?: (round: number, text: string) => void
}

/** Opens a world on what the fault needs. */
export function worldFor({ dies, disk, settings }: Fault, random: Random): Promise<World> {
  return World.open({ random, dies, ...(disk && { disk }), ...(settings && { settings }) })
}

/** In a world of its own. */
export async function runFault(fault: Fault, options: RunOptions): Promise<Outcome> {
  const world = await worldFor(fault, options.random)
  try {
    return await strikeIn(world, fault, options)
  } finally {
    await world.close()
  }
}

/** In a world that stands on what the fault needs. Takes the problems with it. */
export async function strikeIn(
  world: World,
  fault: Fault,
  { times, random, isShort = false, onRound }: RunOptions,
): Promise<Outcome> {
  const { ledger } = world
  const { dies } = fault
  world.dies = dies
  const before = ledger.acknowledged
  let rounds = 0
  while (rounds < times && ledger.problems.length === 0) {
    const { acknowledged } = ledger
    await world.begin()
    const text = await fault.strike(world, random, { isShort })
    // By itself, and under the same load. After its death it has to be looked at first: the next round's begin shows the same.
    if (!dies) await world.working()
    await world.examine()
    rounds++
    onRound?.(rounds, `${text}; ${ledger.acknowledged - acknowledged} acknowledged`)
  }
  if (dies && ledger.problems.length === 0) {
    await world.begin()
    await world.examine()
  }
  const outcome = { rounds, acknowledged: ledger.acknowledged - before, refused: new Map(ledger.refused) }
  ledger.refused.clear()
  return { ...outcome, problems: ledger.problems.splice(0) }
}
