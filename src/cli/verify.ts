/** facteur verify */
import { Command } from 'commander'
import { openStoreReader } from '../app/store.ts'
import type { Damage } from '../store/store.ts'
import { CommandError, type Context, examples, jsonFlag, withSettings } from './context.ts'
import { damagedFile } from './damaged-file.ts'
import { createProgress } from './progress.ts'
import { visible } from './table.ts'

export function verifyCommand(context: Context): Command {
  const command = withSettings(new Command('verify'))
    .description(
      'look at every row, checksum and counter of the store, also beside a running service; lists all damage',
    )
    .addOption(jsonFlag())
    .action(async (options: { json?: true }, self: Command) => {
      const { config } = context.settings(self)
      // Read directly: the service goes on, and what is proved is the disk, not the service's word for it.
      const store = await openStoreReader(config).catch((error: Error) => {
        const file = damagedFile(error, config)
        throw file ? new CommandError(`${error.message}${file}`) : error
      })
      const progress = createProgress(context.terminal)
      const found = []
      let rows = 0
      try {
        for await (const damage of store.verify((done, total) => {
          rows = done
          progress.show(done, total, `${done} rows, ${found.length} damaged`)
        })) {
          found.push(damage)
          progress.end()
          if (!options.json) context.print(visible(lineOf(damage)).concat('\n'))
        }
      } finally {
        progress.end()
        await store.close()
      }
      if (options.json) context.printJson({ ok: found.length === 0, rows, damage: found })
      else if (found.length === 0) context.print(`verified ${rows} rows: no damage\n`)
      if (found.length > 0)
        throw new CommandError(`damaged in ${found.length} ${found.length === 1 ? 'place' : 'places'}`)
    })
  return examples(command, 'facteur verify', 'facteur verify --data /backup --json')
}

function lineOf({ table, key, problem, named }: Damage): string {
  const line = `${table} ${key}: ${problem}`
  if (!named) return line
  const { messages, queued, more } = named
  const names = messages.map(({ address, mailbox, uid }) => `${address} ${mailbox} UID ${uid}`)
  names.push(...queued.map(queueId => `queue ${queueId}`), ...(more ? ['and more'] : []))
  return `${line} (${names.join(', ') || 'no message has it any more'})`
}
