import type { Log } from '../ops/log.ts'

/** Of the embedded store. The service starts all the same: what is not in them is served, and they can be put back beside it. */
export const tellIncomplete =
  (log: Log) =>
  (packs: number[]): void =>
    log.error(
      { packs: packs.slice(0, SHOWN), count: packs.length },
      'packs of the store are missing or not whole, and the messages in them can’t be read: put these files back into its folder packs; facteur verify lists what is missing',
    )

const SHOWN = 20
