/** All commands but `require` and `if`, which the compiler knows itself. */
import { discard, fileinto, keep, redirect, stop } from './actions.ts'
import { addflag, removeflag, setflag } from './flags.ts'
import type { CommandDefinition } from './program.ts'

export const commandDefinitions: ReadonlyMap<string, CommandDefinition> = new Map(
  Object.entries({ keep, discard, stop, fileinto, redirect, setflag, addflag, removeflag }),
)
