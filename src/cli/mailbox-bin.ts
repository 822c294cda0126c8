/** facteur mailbox remove, restore, bin */
import { Command } from 'commander'
import { addressArgument, type Context, domainArgument, examples, flag, jsonFlag, withSettings } from './context.ts'
import { humanSize, humanTime, readableName, table } from './table.ts'

export function removeCommand(context: Context): Command {
  const command = withSettings(new Command('remove'))
    .description(
      'move a mailbox with its mail to the bin, for 30 days; nobody signs in to it, and mail to it is refused',
    )
    .argument('<address>', 'of the mailbox', addressArgument)
    .addOption(flag('--now', 'for good, with all its mail, also from the bin'))
    .action((address: string, options: { now?: true }, self: Command) =>
      context.withControl(self, async control => {
        await control.call(options.now ? 'mailbox.purge' : 'mailbox.remove', { address })
        context.print(
          options.now
            ? `removed mailbox ${address} with all its mail\n`
            : `moved mailbox ${address} to the bin; back with: facteur mailbox restore ${address}\n`,
        )
      }),
    )
  return examples(command, 'facteur mailbox remove alice@example.org', 'facteur mailbox remove alice@example.org --now')
}

export function restoreCommand(context: Context): Command {
  const command = withSettings(new Command('restore'))
    .description('take a mailbox out of the bin, as it was')
    .argument('<address>', 'of the mailbox', addressArgument)
    .action((address: string, _: object, self: Command) =>
      context.withControl(self, async control => {
        await control.call('mailbox.restore', { address })
        context.print(`restored mailbox ${address}\n`)
      }),
    )
  return examples(command, 'facteur mailbox restore alice@example.org')
}

export function binCommand(context: Context): Command {
  const command = withSettings(new Command('bin'))
    .description('list the mailboxes in the bin, the latest first')
    .addOption(flag('--domain <domain>', 'of this domain only').argParser(domainArgument))
    .addOption(jsonFlag())
    .action((options: { json?: true; domain?: string }, self: Command) =>
      context.withControl(self, async control => {
        const removed = await control.all('mailbox.bin', { domain: options.domain ?? null }, row => row)
        if (options.json)
          return context.printJson(
            removed.map(({ address, usedBytes, messages, removedAt, purgedAt }) => ({
              address,
              usedBytes,
              messages,
              removedAt,
              purgedAt,
            })),
          )
        const now = Date.now()
        context.print(
          table(removed, [
            { title: 'ADDRESS', value: row => readableName(row.address) },
            { title: 'MESSAGES', value: row => row.messages },
            { title: 'USED', value: row => humanSize(row.usedBytes) },
            { title: 'REMOVED', value: row => humanTime(row.removedAt, now) },
            { title: 'PURGED', value: row => humanTime(row.purgedAt, now) },
          ]),
        )
      }),
    )
  return examples(command, 'facteur mailbox bin', 'facteur mailbox bin --domain example.org --json')
}
