import type { Log } from '../ops/log.ts'

/** Of the embedded store. The service starts all the same: what is not in them is served, and they can be put back beside it. */
export const tellIncomplete =
  (log: Log) =>
  (packs: number[]): void =>
    log.error(
      { packs: packs.slice(0, SHOWN), count: packs.length },
      'packs of the store are missing or not whole, and the messages in them can’t be read: put these files back into its folder packs; facteur verify lists what is missing',
    )

/** The service starts all the same: what is there is whole, and mail that comes is better kept than refused. */
export const tellCut = (log: Log) => (): void =>
  log.error(
    { file: 'facteur.db-wal' },
    'the last commits of the store are missing: its log was cut, removed or not copied whole since. What came last before the service ended is lost: stop it and run facteur store restored, so that mail programs read the mailboxes anew',
  )

const SHOWN = 20
