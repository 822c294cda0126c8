/** facteur store …: a whole service copied from one store to another, or back from a backup. */
import { copyFileSync, existsSync, realpathSync, statSync } from 'node:fs'
import path from 'node:path'
import { Command } from 'commander'
import { blobPlace, openStore, refuseOthersStore, type StoreLocation } from '../app/store.ts'
import { SURELY_DEAD_MS } from '../cluster/limits.ts'
import { clusterStatus } from '../cluster/status.ts'
import { systemClock } from '../ops/clock.ts'
import { blobLocation, postgresUrl, shownMistake } from '../ops/config-kinds.ts'
import { controlSocketPath } from '../ops/control.ts'
import { connectControl } from '../ops/control-client.ts'
import { secretKeyPath, storePath } from '../ops/data-folder.ts'
import { packageVersion } from '../ops/version.ts'
import { type CopyEvent, copyStore } from '../store/copy/copy.ts'
import type { CopySource, CopyTarget } from '../store/copy/end.ts'
import { openPostgresSource, openPostgresTarget } from '../store/copy/postgres.ts'
import { openSqliteSource, openSqliteTarget } from '../store/copy/sqlite.ts'
import { makeFolder } from '../store/make-folder.ts'
import type { Store } from '../store/store.ts'
import { CommandError, type Context, examples, flag, jsonFlag, withSettings } from './context.ts'
import { createProgress } from './progress.ts'

interface Options {
  from?: string
  fromBlobs?: string
  to: string
  toBlobs?: string
  json?: true
}

const steps = {
  copy: 'rows copied',
  blobs: 'large messages copied',
  verify: 'rows proved',
  'verify-blobs': 'large messages proved',
} as const

export function storeCommand(context: Context): Command {
  const store = new Command('store').description('the store as a whole')
  store.addCommand(copyCommand(context))
  store.addCommand(restoredCommand(context))
  return store
}

function copyCommand(context: Context): Command {
  const command = withSettings(new Command('copy'))
    .description(
      'copy a whole service into a new store, on another engine or elsewhere, and prove it; no service may run on either. Ended in the middle, it goes on when it is given again',
    )
    .addOption(flag('--from <store>', 'a data folder, or postgres://... (default: the settings in force)'))
    .addOption(
      flag('--from-blobs <place>', 'its large messages: a folder, or s3://... (default: blobs in the data folder)'),
    )
    .addOption(flag('--to <store>', 'a new data folder, or postgres://... of an empty database').makeOptionMandatory())
    .addOption(flag('--to-blobs <place>', 'where its large messages go (default: blobs in the data folder)'))
    .addOption(jsonFlag())
    .action((options: Options, self: Command) => copy(context, options, self))
  return examples(
    command,
    'facteur store copy --to postgres://facteur@db.example.org/facteur --to-blobs s3://facteur-mail',
    'facteur store copy --from postgres://facteur@db.example.org/facteur --from-blobs s3://facteur-mail --to /srv/facteur',
  )
}

function restoredCommand(context: Context): Command {
  const command = withSettings(new Command('restored'))
    .description(
      'after a backup was put back, before the service starts: give every mailbox a new UIDVALIDITY, so that mail programs read it anew and take no new message for one they had',
    )
    .action(async (_: object, self: Command) => {
      const { config } = context.settings(self)
      await refuseRunning(config.data)
      if (config.store === null && !existsSync(storePath(config)))
        throw new CommandError(`there is no store at ${storePath(config)}`)
      refuseOthersStore(config)
      const store = await openStore(config)
      try {
        // On a shared one nodes may run elsewhere.
        if (config.store !== null) await refuseNodes(store)
        const { mailboxes } = await store.write('store.restored', { at: systemClock.now() })
        context.print(
          `gave ${mailboxes} mailboxes a new UIDVALIDITY: mail programs read them anew; what waits in the queue (facteur queue list) is sent once the service runs, also what was sent since the backup\n`,
        )
      } finally {
        await store.close()
      }
    })
  return examples(command, 'facteur store restored', 'facteur store restored --data /var/lib/facteur')
}

async function refuseNodes(store: Store): Promise<void> {
  const { nodes } = await clusterStatus({ store, isShared: true, redis: 'none', self: null, clock: systemClock })
  // By its own clock, which may be behind, each was seen lately.
  const running = nodes.filter(({ seenMs }) => seenMs < SURELY_DEAD_MS).map(({ hostname }) => hostname)
  if (running.length > 0)
    throw new CommandError(
      `the store is in use by ${running.join(', ')}: stop them first; one that was killed counts for three minutes`,
    )
}

async function copy(context: Context, options: Options, self: Command): Promise<void> {
  const { config } = context.settings(self)
  const from =
    options.from === undefined
      ? { ...config, ...(options.fromBlobs !== undefined && { blobs: placeOf(context, options.fromBlobs) }) }
      : locationOf(context, config, options.from, options.fromBlobs)
  const to = locationOf(context, config, options.to, options.toBlobs)
  refuseOverlap(from, to)
  const print = options.json
    ? (event: CopyEvent): void => void context.terminal.stdout.write(`${JSON.stringify(event)}\n`)
    : tellPerson(context)
  const source = await openSource(from)
  try {
    const target = await openTarget(to)
    try {
      await copyStore({
        source,
        target,
        sourceBlobs: blobPlace(from),
        targetBlobs: blobPlace(to),
        clock: systemClock,
        tell: print,
      })
    } finally {
      await target.close()
    }
  } finally {
    await source.close()
  }
  const note = takeKey(from, to)
  if (!options.json) context.print(note)
}

const openSource = async (location: StoreLocation): Promise<CopySource> =>
  location.store === null ? openSqliteSource(storePath(location)) : openPostgresSource(location.store)

async function openTarget(location: StoreLocation): Promise<CopyTarget> {
  if (location.store !== null) return openPostgresTarget(location.store, systemClock.now())
  await refuseRunning(location.data)
  return openSqliteTarget(storePath(location), systemClock.now())
}

/** A node whose store is elsewhere has no store in its data folder that could be locked: its control socket tells that it runs. */
async function refuseRunning(data: string): Promise<void> {
  if (!statSync(data, { throwIfNoEntry: false })?.isDirectory()) return
  const client = await connectControl(controlSocketPath(data), packageVersion())
  if (!client) return
  client.close()
  throw new CommandError(`the data folder ${data} is in use: a service runs on it`)
}

/** Where the one would be read while the other is written, or removed with it. */
function refuseOverlap(from: StoreLocation, to: StoreLocation): void {
  if (from.store !== null || to.store !== null) {
    if (from.store === to.store) throw new CommandError('source and target are the same')
    return
  }
  const source = realPath(from.data)
  const target = realPath(to.data)
  if (source === target) throw new CommandError(`source and target are the same: ${source}`)
  if (isWithin(source, target) || isWithin(target, source))
    throw new CommandError(`of ${source} and ${target} one lies in the other: copy into a folder beside it`)
}

/** Also of what is not there yet. */
function realPath(file: string): string {
  if (existsSync(file)) return realpathSync(file)
  const above = path.dirname(file)
  return above === file ? file : path.join(realPath(above), path.basename(file))
}

const isWithin = (folder: string, file: string): boolean => file.startsWith(path.join(folder, path.sep))

function locationOf(context: Context, config: StoreLocation, store: string, blobs: string | undefined): StoreLocation {
  const isDatabase = postgresUrl.read(store, '') !== undefined
  if (!isDatabase && /^\w+:\/\//.test(store))
    throw new CommandError(`${shownMistake(store)}: expected a data folder, or ${postgresUrl.expected}`, 2)
  if (isDatabase && blobs === undefined)
    throw new CommandError(
      `large messages of a service on PostgreSQL are not in the database: say with --from-blobs or --to-blobs where they are`,
      2,
    )
  return {
    ...config,
    data: isDatabase ? config.data : path.resolve(context.terminal.folder, store),
    store: isDatabase ? store : null,
    blobs: blobs === undefined ? null : placeOf(context, blobs),
    // What is copied is not read soon.
    s3CacheSize: 0,
  }
}

function placeOf(context: Context, text: string): string {
  const place = blobLocation.read(text, context.terminal.folder)
  if (place === undefined) throw new CommandError(`${text}: expected ${blobLocation.expected}`, 2)
  return place
}

/** Secrets in the store are encrypted with a key beside it. */
function takeKey(from: StoreLocation, to: StoreLocation): string {
  const key = secretKeyPath(from)
  const target = secretKeyPath(to)
  if (key === target || !existsSync(key) || existsSync(target))
    return `Start the new service with ${key}: secrets in the store are encrypted with it.\n`
  makeFolder(to.data)
  copyFileSync(key, target)
  return ''
}

function tellPerson(context: Context): (event: CopyEvent) => void {
  const progress = createProgress(context.terminal)
  return event => {
    if (event.event === 'progress') {
      const { step, table, done, total } = event
      progress.show(done, total, `${done} ${steps[step]}${step === 'copy' || step === 'verify' ? ` (${table})` : ''}`)
      return
    }
    progress.end()
    if (event.event === 'resume') context.print('going on where the last copy ended\n')
    if (event.event === 'end')
      context.print(
        `copied and proved ${event.rows} rows of ${event.tables} tables, ${event.blobs} large messages: the two are the same\n`,
      )
  }
}
