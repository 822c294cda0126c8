/** facteur import */
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import path from 'node:path'
import { Command } from 'commander'
import type { ImportItem } from '../archive/import-item.ts'
import { maildirFolders, readMaildir } from '../archive/import-maildir.ts'
import { readMbox } from '../archive/import-mbox.ts'
import { CALL_PAYLOAD_BYTES, ControlError } from '../ops/control.ts'
import type { AccountId } from '../store/types.ts'
import { addressArgument, CommandError, type Context, examples, flag, withSettings } from './context.ts'
import type { Control } from './control-commands.ts'
import { createProgress } from './progress.ts'
import { visible } from './table.ts'

/** Messages under way share the store's commits. */
const MESSAGES_AT_ONCE = 16
/** Bytes of them in memory; one message may always go. */
const BYTES_AT_ONCE = 32 * 1024 * 1024
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
    .description('put old mail into a mailbox, with its folders, flags and dates')
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
    if (folders.length === 0) throw new CommandError(`${maildir} is no Maildir: it has no cur or new in it`)
    const total = folders.reduce((sum, { files }) => sum + files.length, 0)
    return { items: readMaildir(folders, limits), total, defaultDate }
  } catch (error) {
    if (error instanceof CommandError) throw error
    throw new CommandError(`${mbox ?? maildir} can't be read: ${error instanceof Error ? error.message : error}`)
  }
}

async function run(
  context: Context,
  control: Control,
  source: Source,
  target: { accountId: AccountId; address: string; into: string },
): Promise<void> {
  const progress = createProgress(context.terminal)
  const underWay = new Set<Promise<void>>()
  const folders = new Set<string>()
  let bytesUnderWay = 0
  let imported = 0
  let failed = 0
  let fatal: ControlError | null = null

  const report = (where: string, problem: string): void => {
    failed++
    progress.end()
    context.complain(visible(`${where}: ${problem}`))
  }
  const send = async (item: Extract<ImportItem, { kind: 'message' }>, mailbox: string): Promise<void> => {
    const { flags, internalDate, bytes } = item
    try {
      await control.call(
        'import.message',
        { accountId: target.accountId, mailbox, flags, internalDate: internalDate ?? source.defaultDate },
        bytes,
      )
      imported++
      folders.add(mailbox)
    } catch (error) {
      if (!(error instanceof ControlError)) throw error
      if (FATAL.has(error.code)) fatal ??= error
      report(item.source, error.message)
    }
  }

  for await (const item of source.items) {
    if (item.kind === 'problem') {
      report(item.source, item.problem)
      continue
    }
    while (
      underWay.size >= MESSAGES_AT_ONCE ||
      (underWay.size > 0 && bytesUnderWay + item.bytes.length > BYTES_AT_ONCE)
    )
      await Promise.race(underWay)
    if (fatal) break
    bytesUnderWay += item.bytes.length
    const sent = send(item, mailboxName(target.into, item.mailbox)).finally(() => {
      underWay.delete(sent)
      bytesUnderWay -= item.bytes.length
    })
    underWay.add(sent)
    progress.show(item.position, source.total, `${imported} messages`)
  }
  await Promise.all(underWay)
  progress.end()
  context.print(
    `imported ${imported} messages into ${folders.size} ${folders.size === 1 ? 'folder' : 'folders'} of ${target.address}\n`,
  )
  if (fatal) throw new CommandError(`stopped: ${(fatal as ControlError).message}`)
  if (failed > 0) throw new CommandError(`${failed} could not be imported`)
}

/** Folders of the archive lie beside INBOX, or below the folder that was asked for. */
function mailboxName(into: string, mailbox: string): string {
  if (mailbox === '') return into
  return /^inbox$/i.test(into) ? mailbox : `${into}/${mailbox}`
}
