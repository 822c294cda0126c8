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
  strike(world: World, random: Random): Promise<string>
}

export interface Outcome {
  rounds: number
  acknowledged: number
  /** By answer, how often it was given. */
  refused: ReadonlyMap<string, number>
  /** Empty where all was well; the run ends with the first round that has some. */
  problems: readonly string[]
  /** The data folder, kept where there were problems and `keep` is set. */
  data: string
}

export interface RunOptions {
  times: number
  random: Random
  /** After each round. */
  onRound?: (round: number, text: string) => void
}

export async function runFault(fault: Fault, { times, random, onRound }: RunOptions): Promise<Outcome> {
  const { dies, disk, settings } = fault
  const world = await World.open({ random, dies, ...(disk && { disk }), ...(settings && { settings }) })
  const { ledger } = world
  let rounds = 0
  try {
    while (rounds < times && ledger.problems.length === 0) {
      const { acknowledged } = ledger
      await world.begin()
      const text = await fault.strike(world, random)
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
    const { acknowledged, refused, problems } = ledger
    return { rounds, acknowledged, refused, problems, data: world.service.data }
  } finally {
    await world.close()
  }
}
