/** facteur user … */
import { Command } from 'commander'
import type { Language } from '../store/types/principals.ts'
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
import { codeFlag, type LinkOptions, linkText, toFlag, wishOf } from './link.ts'
import { humanTime, readableName, table, visible } from './table.ts'
import type { UserListing } from './user-control.ts'

const domainsFlag = () => flag('--domain <domains...>', 'domains a manager manages').argParser(collectDomain)

export function userCommand(context: Context): Command {
  return new Command('user')
    .description('managers of domains, and staff')
    .addCommand(create(context))
    .addCommand(list(context))
    .addCommand(role(context))
    .addCommand(domains(context))
    .addCommand(remove(context))
    .addCommand(secondFactor(context))
}

interface CreateOptions extends LinkOptions {
  staff?: true
  manager?: true
  domain?: string[]
  name?: string
  language?: Language
  json?: true
}

function create(context: Context): Command {
  const command = withSettings(new Command('create'))
    .description('make a manager or one of the staff; prints a single-use link, unless it is a mailbox of this service')
    .argument('<address>', 'what is signed in with: a mailbox here, or an address elsewhere', addressArgument)
    .addOption(flag('--staff', 'administers the whole service'))
    .addOption(flag('--manager', 'administers the domains given with --domain'))
    .addOption(domainsFlag())
    .addOption(flag('--name <name>', 'as people call him'))
    .addOption(flag('--language <code>', 'fr or en').choices(['fr', 'en']))
    .addOption(codeFlag())
    .addOption(toFlag())
    .addOption(jsonFlag())
    .action((address: string, options: CreateOptions, self: Command) => {
      const { staff, manager, domain: managed = [], name = '', language = null, json } = options
      if ((staff === undefined) === (manager === undefined))
        throw new CommandError('say what the user is: --staff or --manager', 2)
      if (staff && managed.length > 0) throw new CommandError('staff administer all domains: leave --domain out', 2)
      const wanted = { address, name, role: staff ? 'staff' : 'manager', language, domains: managed } as const
      return context.withControl(self, async control => {
        const { user, link } = await control.call('user.create', { ...wanted, ...wishOf(options) })
        if (json) return context.printJson({ user, link })
        context.print(`${describe(user)}\n`)
        context.print(link ? linkText(link, options) : 'Signs in with the password of the mailbox.\n')
      })
    })
  return examples(
    command,
    'facteur user create alice@example.net --staff --name "Alice Martin"',
    'facteur user create bob@example.net --manager --domain example.org example.com',
  )
}

function list(context: Context): Command {
  const command = withSettings(new Command('list'))
    .description('list managers and staff')
    .addOption(flag('--role <role>', 'manager or staff').choices(['manager', 'staff']))
    .addOption(jsonFlag())
    .action((options: { role?: 'manager' | 'staff'; json?: true }, self: Command) =>
      context.withControl(self, async control => {
        const users = await control.all('user.list', { role: options.role ?? null }, ({ address }) => address)
        if (options.json) return context.printJson(users)
        context.print(
          table(users, [
            { title: 'ADDRESS', value: ({ address }) => readableName(address) },
            { title: 'ROLE', value: user => user.role },
            { title: 'NAME', value: ({ name }) => name || '-' },
            { title: 'DOMAINS', value: user => user.domains.join(', ') || '-' },
            { title: 'MAILBOX', value: ({ hasMailbox }) => (hasMailbox ? 'yes' : '-') },
            { title: 'SIGN-IN', value: ({ signInEnabled }) => (signInEnabled ? '-' : 'off') },
            { title: 'SINCE', value: ({ createdAt }) => humanTime(createdAt, Date.now()) },
          ]),
        )
      }),
    )
  return examples(command, 'facteur user list', 'facteur user list --role manager --json')
}

function role(context: Context): Command {
  const command = withSettings(new Command('role'))
    .description('make a mailbox a manager or staff, or its owner alone again')
    .argument('<address>', 'a mailbox, a manager or one of the staff', addressArgument)
    .argument('<role>', 'owner, manager or staff')
    .addOption(domainsFlag())
    .action((address: string, wanted: string, options: { domain?: string[] }, self: Command) =>
      context.withControl(self, async control => {
        if (wanted !== 'owner' && wanted !== 'manager' && wanted !== 'staff')
          throw new CommandError(`"${wanted}" is not a role: use owner, manager or staff`, 2)
        const user = await control.call('user.role', { address, role: wanted, domains: options.domain ?? null })
        context.print(`${describe(user)}\n`)
      }),
    )
  return examples(
    command,
    'facteur user role alice@example.org manager --domain example.org',
    'facteur user role alice@example.org owner',
  )
}

function domains(context: Context): Command {
  const command = withSettings(new Command('domains'))
    .description('give a manager these domains instead of those before')
    .argument('<address>', 'the manager', addressArgument)
    .argument('[domains...]', 'domains of this service; none: takes all away', collectDomain)
    .action((address: string, names: string[] | undefined, _: object, self: Command) =>
      context.withControl(self, async control => {
        const user = await control.call('user.domains', { address, domains: names ?? [] })
        context.print(`${describe(user)}\n`)
      }),
    )
  return examples(command, 'facteur user domains bob@example.net example.org example.com')
}

function remove(context: Context): Command {
  const command = withSettings(new Command('remove'))
    .description('remove a manager or one of the staff; who has a mailbox keeps it')
    .argument('<address>', 'the user', addressArgument)
    .action((address: string, _: object, self: Command) =>
      context.withControl(self, async control => {
        await control.call('user.remove', { address })
        context.print(`removed user ${visible(address)}\n`)
      }),
    )
  return examples(command, 'facteur user remove bob@example.net')
}

function secondFactor(context: Context): Command {
  const reset = withSettings(new Command('reset'))
    .description('remove the codes, passkeys and recovery codes of someone who has lost them; ends all sessions')
    .argument('<address>', 'anyone who signs in: a mailbox, a manager or one of the staff', addressArgument)
    .action((text: string, _: object, self: Command) =>
      context.withControl(self, async control => {
        const { address } = await control.call('user.resetSecondFactor', { address: text })
        context.print(`removed the second factor of ${visible(address)}; the password is enough again\n`)
      }),
    )
  return new Command('second-factor')
    .description('what is asked for beside the password')
    .addCommand(examples(reset, 'facteur user second-factor reset alice@example.org'))
}

function describe({ address, role: is, domains: managed }: UserListing): string {
  const what = is === 'owner' ? 'the owner of a mailbox' : is === 'staff' ? 'now staff' : 'a manager'
  const of = is !== 'manager' ? '' : managed.length === 0 ? ' of no domain yet' : ` of ${managed.join(', ')}`
  return `${visible(address)} is ${what}${of}`
}

function collectDomain(text: string, all: string[] = []): string[] {
  return [...all, domainArgument(text)]
}
