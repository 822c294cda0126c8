/** facteur domain set, alias */
import { Command } from 'commander'
import type { DomainChange } from '../accounts/directory/domains.ts'
import type { DomainRow } from '../store/types.ts'
import {
  CommandError,
  type Context,
  domainArgument,
  examples,
  flag,
  jsonFlag,
  limitArgument,
  quotaArgument,
  withSettings,
} from './context.ts'
import { saidOfBlocks } from './sending.ts'
import { humanSize, readableName, table } from './table.ts'

type Given = number | 'none'

interface SetOptions {
  mailboxes?: Given
  space?: Given
  defaultQuota?: Given
  mailboxLimit?: Given
  domainLimit?: Given
}

export function setCommand(context: Context): Command {
  const command = withSettings(new Command('set'))
    .description('say how many mailboxes a domain may have, how much space, and how much it may send')
    .argument('<domain>', 'as example.org', domainArgument)
    .addOption(flag('--mailboxes <number>', 'how many, or none for no limit').argParser(limitArgument))
    .addOption(flag('--space <size>', 'of all mailboxes together, such as 100GB, or none').argParser(quotaArgument))
    .addOption(flag('--default-quota <size>', 'of new mailboxes, such as 5GB, or none').argParser(quotaArgument))
    .addOption(flag('--mailbox-limit <recipients>', 'an hour of each mailbox, or none').argParser(limitArgument))
    .addOption(flag('--domain-limit <recipients>', 'an hour of all together, or none').argParser(limitArgument))
    .action((domain: string, options: SetOptions, self: Command) => {
      const settings: [keyof DomainChange, Given | undefined][] = [
        ['maxMailboxes', options.mailboxes],
        ['quotaBytes', options.space],
        ['defaultQuotaBytes', options.defaultQuota],
        ['mailboxHourlyLimit', options.mailboxLimit],
        ['domainHourlyLimit', options.domainLimit],
      ]
      const given = settings.filter(([, value]) => value !== undefined)
      if (given.length === 0) throw new CommandError('say what to set; --help lists it', 2)
      const change: DomainChange = Object.fromEntries(
        given.map(([key, value]) => [key, value === 'none' ? null : value]),
      )
      return context.withControl(self, async control => {
        const now = await control.call('domain.set', { name: domain, change })
        context.print(`${limitsOf(now, change).join('; ')}\n`)
        if (options.domainLimit !== undefined) context.print(await saidOfBlocks(control, now.name))
      })
    })
  return examples(command, 'facteur domain set example.org --mailboxes 50 --space 100GB --default-quota 2GB')
}

/** What it may have, and what of the rest it has or was just set. */
function limitsOf(now: DomainRow, change: DomainChange): string[] {
  const { maxMailboxes: max, defaultQuotaBytes: quota } = now
  const mailboxes = max === null ? 'any number of mailboxes' : max === 1 ? '1 mailbox' : `${max} mailboxes`
  const isTold = (key: keyof DomainChange & keyof DomainRow): boolean => now[key] !== null || change[key] !== undefined
  const limit = (recipients: number | null): string =>
    recipients === null ? 'the limit of the service' : `${recipients} recipients an hour`
  return [
    `${now.name} may have ${mailboxes} and ${now.quotaBytes === null ? 'any space' : humanSize(now.quotaBytes)}`,
    ...(isTold('defaultQuotaBytes') ? [`a new mailbox has ${quota === null ? 'no quota' : humanSize(quota)}`] : []),
    ...(isTold('mailboxHourlyLimit') ? [`each mailbox has ${limit(now.mailboxHourlyLimit)}`] : []),
    ...(isTold('domainHourlyLimit') ? [`the domain has ${limit(now.domainHourlyLimit)}`] : []),
  ]
}

export function aliasCommand(context: Context): Command {
  const group = new Command('alias').description('other names of a domain: each address is the same one of the domain')

  const add = withSettings(new Command('add'))
    .description('make another domain an alias: each of its addresses is the same address here')
    .argument('<domain>', 'one of this service', domainArgument)
    .argument('<alias>', 'the other name', domainArgument)
    .action((domain: string, name: string, _: object, self: Command) =>
      context.withControl(self, async control => {
        const alias = await control.call('domainAlias.add', { domain, name })
        context.print(`addresses of ${alias.name} are those of ${alias.domain}\n`)
      }),
    )
  examples(add, 'facteur domain alias add example.org example.net')

  const list = withSettings(new Command('list'))
    .description('list the other names of domains')
    .addOption(flag('--domain <domain>', 'of this domain only').argParser(domainArgument))
    .addOption(jsonFlag())
    .action((options: { json?: true; domain?: string }, self: Command) =>
      context.withControl(self, async control => {
        const aliases = await control.call('domainAlias.list', { domain: options.domain ?? null })
        if (options.json) return context.printJson(aliases.map(({ name, domain }) => ({ alias: name, domain })))
        context.print(
          table(aliases, [
            { title: 'ALIAS', value: row => readableName(row.name) },
            { title: 'DOMAIN', value: row => readableName(row.domain) },
          ]),
        )
      }),
    )
  examples(list, 'facteur domain alias list --domain example.org')

  const remove = withSettings(new Command('remove'))
    .description('take no more mail for the other name')
    .argument('<alias>', 'the other name', domainArgument)
    .action((name: string, _: object, self: Command) =>
      context.withControl(self, async control => {
        await control.call('domainAlias.remove', { name })
        context.print(`removed the domain alias ${name}\n`)
      }),
    )
  examples(remove, 'facteur domain alias remove example.net')

  return group.addCommand(add).addCommand(list).addCommand(remove)
}
