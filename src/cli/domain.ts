/** facteur domain … */
import { Command } from 'commander'
import {
  addressArgument,
  CommandError,
  type Context,
  domainArgument,
  examples,
  flag,
  jsonFlag,
  withSettings,
} from './context.ts'
import { aliasCommand, setCommand } from './domain-settings.ts'
import { humanSize, readableName, table } from './table.ts'

export function domainCommand(context: Context): Command {
  const group = new Command('domain').description('domains this service receives mail for')

  const add = withSettings(new Command('add'))
    .description('receive mail for a domain')
    .argument('<domain>', 'as example.org', domainArgument)
    .action((domain: string, _: object, command: Command) =>
      context.withControl(command, async control => {
        const { name } = await control.call('domain.add', { name: domain })
        context.print(`added domain ${name}\n`)
      }),
    )
  examples(add, 'facteur domain add example.org')

  const list = withSettings(new Command('list'))
    .description('list the domains')
    .addOption(jsonFlag())
    .action((options: { json?: true }, command: Command) =>
      context.withControl(command, async control => {
        const domains = await control.call('domain.list', {})
        if (options.json)
          context.printJson(
            domains.map(({ name, accounts, ...facts }) => ({ domain: name, mailboxes: accounts, ...facts })),
          )
        else
          context.print(
            table(domains, [
              { title: 'DOMAIN', value: domain => readableName(domain.name) },
              { title: 'MAILBOXES', value: domain => domain.accounts },
              { title: 'OF', value: domain => domain.maxMailboxes ?? '-' },
              { title: 'SPACE SOLD', value: domain => humanSize(domain.soldBytes) },
              { title: 'OF', value: domain => (domain.quotaBytes === null ? '-' : humanSize(domain.quotaBytes)) },
              { title: 'CATCH-ALL', value: domain => domain.catchAll ?? '-' },
            ]),
          )
      }),
    )
  examples(list, 'facteur domain list', 'facteur domain list --json')

  const remove = withSettings(new Command('remove'))
    .description('receive no more mail for a domain; it must have no mailboxes, its aliases go along')
    .argument('<domain>', 'as example.org', domainArgument)
    .action((domain: string, _: object, command: Command) =>
      context.withControl(command, async control => {
        await control.call('domain.remove', { name: domain })
        context.print(`removed domain ${domain}\n`)
      }),
    )
  examples(remove, 'facteur domain remove example.org')

  const catchAll = withSettings(new Command('catch-all'))
    .description('say who receives mail for addresses of a domain that do not exist')
    .argument('<domain>', 'as example.org', domainArgument)
    .argument('[address]', 'who receives it', addressArgument)
    .addOption(flag('--none', 'refuse such mail, as at first'))
    .action((domain: string, address: string | undefined, options: { none?: true }, command: Command) => {
      if ((address === undefined) !== (options.none === true))
        throw new CommandError('catch-all takes either an address or --none', 2)
      return context.withControl(command, async control => {
        await control.call('domain.set', { name: domain, change: { catchAll: address ?? null } })
        context.print(
          address === undefined
            ? `removed the catch-all of ${domain}\n`
            : `unknown addresses of ${domain} lead to ${address}\n`,
        )
      })
    })
  examples(
    catchAll,
    'facteur domain catch-all example.org alice@example.org',
    'facteur domain catch-all example.org --none',
  )

  return group
    .addCommand(add)
    .addCommand(list)
    .addCommand(setCommand(context))
    .addCommand(remove)
    .addCommand(catchAll)
    .addCommand(aliasCommand(context))
}
