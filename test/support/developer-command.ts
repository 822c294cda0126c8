/** Commands for developers (benchmarks, faults, fuzzing): what they take, as `--help` tells it. */
import { Command, InvalidArgumentError } from 'commander'

/** What it can't take ends it with a line on that, and 2: with 1 ends what was done and found something. */
export const developerCommand = (name: string, about: string): Command =>
  new Command(name)
    .description(about)
    .allowExcessArguments(false)
    .showHelpAfterError('--help tells what there is.')
    .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2))

export function wholeNumber(text: string): number {
  if (!/^\d{1,10}$/.test(text)) throw new InvalidArgumentError('Expected a whole number.')
  return Number(text)
}

export const listOf =
  <Name extends string>(known: readonly Name[]) =>
  (text: string): Name[] => {
    const names = text.split(',') as Name[]
    const unknown = names.find(name => !known.includes(name))
    if (unknown !== undefined) throw new InvalidArgumentError(`There is no "${unknown}"; there are ${known.join(',')}.`)
    return names
  }
