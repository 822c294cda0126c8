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
  /** From its beginning to its end under load; the service runs afterwards. */
  strike(world: World, random: Random, options: { isShort: boolean }): Promise<Strike>
}

export interface Strike {
  /** What was done, for the log. */
  text: string
  /** False where the service can't have noticed: such a round shows nothing. */
  met: boolean
}

export interface Outcome {
  /** In which the fault happened. */
  rounds: number
  /** In which it didn't. */
  missed: number
  acknowledged: number
  /** By answer, how often it was given. */
  refused: ReadonlyMap<string, number>
  /** Empty where all was well; the run ends with the first round that has some. */
  problems: readonly string[]
  /** Where there are some: a copy of the data folder. */
  kept?: string
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

/** In a world of its own. An exception is a problem too: the folder it was met in is kept. */
export async function runFault(fault: Fault, options: RunOptions): Promise<Outcome> {
  const world = await worldFor(fault, options.random)
  try {
    const outcome = await strikeIn(world, fault, options)
    return outcome.problems.length > 0 ? { ...outcome, kept: await world.keep() } : outcome
  } finally {
    await world.close()
  }
}

/** So many rounds for each that is wanted: where chance misses more often, the fault is none. */
const triesEach = 4

/** In a world that stands on what the fault needs. Takes the problems with it, and what was thrown as one of them. */
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
  let missed = 0
  let doing = 'the beginning'
  try {
    while (rounds < times && ledger.problems.length === 0) {
      const { acknowledged } = ledger
      doing = `round ${rounds + missed + 1}`
      await world.begin()
      const strike = (): Promise<Strike> => fault.strike(world, random, { isShort })
      const { text, met } = await (dies ? world.deaths.during(strike) : strike())
      doing += ` (${text})`
      // By itself, and under the same load. After its death it has to be looked at first: the next round's begin shows the same.
      if (!dies) await world.working()
      await world.examine()
      if (met) rounds++
      else missed++
      onRound?.(rounds + missed, `${text}${met ? '' : ', NOT MET'}; ${ledger.acknowledged - acknowledged} acknowledged`)
      if (rounds + missed === triesEach * times && rounds < times)
        ledger.problem(`the fault happened in ${rounds} of ${rounds + missed} rounds only`)
    }
    if (dies && ledger.problems.length === 0) {
      doing = 'what came behind the last round'
      await world.begin()
      await world.examine()
    }
  } catch (error) {
    ledger.problem(`${doing}: ${error instanceof Error ? error.stack : error}`)
  }
  const outcome = { rounds, missed, acknowledged: ledger.acknowledged - before, refused: new Map(ledger.refused) }
  ledger.refused.clear()
  return { ...outcome, problems: ledger.problems.splice(0) }
}
