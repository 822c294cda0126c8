/** facteur import */
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import path from 'node:path'
import { Command } from 'commander'
import { dboxOf } from '../archive/dbox.ts'
import type { ImportItem } from '../archive/import-item.ts'
import { maildirFolders, readMaildir } from '../archive/import-maildir.ts'
import { readMbox } from '../archive/import-mbox.ts'
import { ControlError } from '../ops/control.ts'
import { CALL_PAYLOAD_BYTES } from '../ops/limits.ts'
import type { AccountId } from '../store/types.ts'
import { addressArgument, CommandError, type Context, examples, flag, reasonOf, withSettings } from './context.ts'
import type { Control } from './control-commands.ts'
import { createProgress } from './progress.ts'
import { visible } from './table.ts'

/** Messages of one transaction, and their bytes; a larger message goes alone. */
const BATCH_MESSAGES = 50
const BATCH_BYTES = 4 * 1024 * 1024
/** Failures after which every other message fails too. */
const FATAL = new Set(['over-quota', 'no-answer', 'other-version', 'unavailable'])

interface Source {
  items: AsyncIterable<ImportItem>
  /** What `position` counts up to. */
  total: number
  defaultDate: number
}

interface Options {
  mbox?: string
  maildir?: string
  into: string
}

export function importCommand(context: Context): Command {
  const command = withSettings(new Command('import'))
    .description(
      'put old mail into a mailbox, with its folders, flags and dates; messages that a folder has already are passed over',
    )
    .argument('<address>', 'of the mailbox', addressArgument)
    .addOption(flag('--mbox <file>', 'an mbox file'))
    .addOption(flag('--maildir <dir>', 'a Maildir, with its folders'))
    .addOption(
      flag('--into <folder>', 'the folder of the mailbox that takes it; folders of a Maildir go below').default(
        'INBOX',
      ),
    )
    .action(async (address: string, options: Options, self: Command) => {
      if ((options.mbox === undefined) === (options.maildir === undefined))
        throw new CommandError('import takes either --mbox FILE or --maildir DIR', 2)
      const source = await openSource(context, options)
      await context.withControl(self, async control => {
        const { accountId, address: found } = await control.call('mailbox.find', { address })
        await run(context, control, source, { accountId, address: found, into: options.into })
      })
    })
  return examples(
    command,
    'facteur import alice@example.org --maildir /home/alice/Maildir',
    'facteur import alice@example.org --mbox old.mbox --into Archive/2019',
  )
}

async function openSource(context: Context, { mbox, maildir }: Options): Promise<Source> {
  const limits = { maxMessageBytes: CALL_PAYLOAD_BYTES }
  const given = path.resolve(context.terminal.folder, mbox ?? maildir ?? '')
  try {
    const facts = await stat(given)
    const defaultDate = Math.round(facts.mtimeMs)
    if (mbox !== undefined) {
      if (facts.isDirectory()) throw new CommandError(`${mbox} is a folder; --mbox takes a file`)
      return { items: readMbox(createReadStream(given), limits), total: facts.size, defaultDate }
    }
    if (!facts.isDirectory()) throw new CommandError(`${maildir} is no folder; --maildir takes one`)
    const folders = await maildirFolders(given)
    if (folders.length === 0) throw new CommandError(noMaildir(maildir ?? '', given))
    const total = folders.reduce((sum, { files }) => sum + files.length, 0)
    return { items: readMaildir(folders, limits), total, defaultDate }
  } catch (error) {
    if (error instanceof CommandError) throw error
    throw new CommandError(`${mbox ?? maildir} can't be read: ${reasonOf(error)}`)
  }
}

function noMaildir(shown: string, folder: string): string {
  const dbox = dboxOf(folder)
  if (dbox === null) return `${shown} is no Maildir: it has no cur or new in it`
  return `${shown} is no Maildir, but ${dbox}, a format of Dovecot’s own: let Dovecot write a Maildir first, and import that: doveadm backup -u ADDRESS maildir:FOLDER`
}

type Found = Extract<ImportItem, { kind: 'message' }>

async function run(
  context: Context,
  control: Control,
  source: Source,
  target: { accountId: AccountId; address: string; into: string },
): Promise<void> {
  const progress = createProgress(context.terminal)
  const folders = new Set<string>()
  let imported = 0
  let present = 0
  let restored = 0
  let failed = 0

  const report = (where: string, problem: string): void => {
    failed++
    progress.end()
    context.complain(visible(`${where}: ${problem}`))
  }
  const send = async (batch: Found[]): Promise<void> => {
    const mailbox = mailboxName(target.into, batch[0]?.mailbox ?? '')
    const messages = batch.map(({ flags, internalDate, bytes }) => ({
      flags,
      internalDate: internalDate ?? source.defaultDate,
      sizeBytes: bytes.length,
    }))
    const payload = Buffer.concat(batch.map(({ bytes }) => bytes))
    const args = { accountId: target.accountId, mailbox, messages }
    const { imported: added, restored: mended } = await control.call('import.messages', args, payload)
    imported += added
    restored += mended
    present += batch.length - added
    if (added > 0) folders.add(mailbox)
  }
  /** Where a batch is refused, its messages go one by one, so that each has its own fate. */
  const sendEach = async (batch: Found[]): Promise<ControlError | null> => {
    try {
      await send(batch)
      return null
    } catch (error) {
      if (!(error instanceof ControlError)) throw error
      const [first] = batch
      if (first && batch.length === 1) {
        report(first.source, error.message)
        return FATAL.has(error.code) ? error : null
      }
      for (const item of batch) {
        const fatal = await sendEach([item])
        if (fatal) return fatal
      }
      return null
    }
  }

  let fatal: ControlError | null = null
  for await (const batch of batches(source.items, report)) {
    fatal = await sendEach(batch)
    if (fatal) break
    progress.show(batch.at(-1)?.position ?? 0, source.total, `${imported + present} messages`)
  }
  progress.end()
  const what = `${imported} ${imported === 1 ? 'message' : 'messages'}`
  const into = `${folders.size} ${folders.size === 1 ? 'folder' : 'folders'}`
  const passed = present === 0 ? '' : `; ${present} ${present === 1 ? 'was' : 'were'} there already`
  context.print(`imported ${what} into ${into} of ${target.address}${passed}\n`)
  if (restored > 0)
    context.print(
      `${restored} ${restored === 1 ? 'was' : 'were'} damaged or missing in the store, and ${restored === 1 ? 'is' : 'are'} whole again\n`,
    )
  if (fatal) throw new CommandError(`stopped: ${fatal.message}`)
  if (failed > 0) throw new CommandError(`${failed} could not be imported`)
}

/** Messages of one folder together, in their order. */
async function* batches(
  items: AsyncIterable<ImportItem>,
  report: (where: string, problem: string) => void,
): AsyncGenerator<Found[], void, void> {
  let batch: Found[] = []
  let bytes = 0
  for await (const item of items) {
    if (item.kind === 'problem') {
      report(item.source, item.problem)
      continue
    }
    const full = batch.length >= BATCH_MESSAGES || bytes + item.bytes.length > BATCH_BYTES
    if (batch.length > 0 && (full || batch[0]?.mailbox !== item.mailbox)) {
      yield batch
      batch = []
      bytes = 0
    }
    batch.push(item)
    bytes += item.bytes.length
  }
  if (batch.length > 0) yield batch
}

/** Folders of the archive lie beside INBOX, or below the folder that was asked for. */
function mailboxName(into: string, mailbox: string): string {
  if (mailbox === '') return into
  const superior = into.replace(/\/$/, '')
  return /^inbox$/i.test(superior) ? mailbox : `${superior}/${mailbox}`
}
