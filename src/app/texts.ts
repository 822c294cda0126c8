/** The texts that searches look through: the threads on the store, and who keeps them. */
import path from 'node:path'
import type { AllChanges } from '../mail/changes.ts'
import { TextKeeper } from '../mail/texts/keeper.ts'
import { TextThreads } from '../mail/texts/threads.ts'
import type { Clock } from '../ops/clock.ts'
import type { Config } from '../ops/config.ts'
import type { Log } from '../ops/log.ts'
import { loopLoad } from '../ops/loop-load.ts'
import type { Store } from '../store/store.ts'
import { locationOf } from './store.ts'

export interface TextServices {
  textRunner: TextThreads
  textKeeper: TextKeeper
}

/** Beside this file, and compiled where this one is. */
const threadFile = new URL(`./text-thread${path.extname(import.meta.filename)}`, import.meta.url)

export function createTexts(parts: {
  store: Store
  config: Config
  changes: AllChanges
  clock: Clock
  log: Log
}): TextServices {
  const { config, ...others } = parts
  const textRunner = new TextThreads(threadFile, locationOf(config))
  return { textRunner, textKeeper: new TextKeeper({ ...others, load: loopLoad, runner: textRunner }) }
}
