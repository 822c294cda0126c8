/** facteur mailbox … */
import { Command } from 'commander'
import { generatedPassword } from '../accounts/generated-password.ts'
import {
  addressArgument,
  CommandError,
  type Context,
  domainArgument,
  examples,
  flag,
  jsonFlag,
  quotaArgument,
  withSettings,
} from './context.ts'
import type { MailboxListing } from './directory-control.ts'
import { binCommand, removeCommand, restoreCommand } from './mailbox-bin.ts'
import { memberCommand } from './mailbox-members.ts'
import { forwardCommand, setCommand } from './mailbox-settings.ts'
import { askPassword, readPassword } from './password.ts'
import { humanSize, readableName, table } from './table.ts'

const passwordFlag = () => flag('--password-stdin', 'read the password from standard input, one line')
const quotaFlag = () =>
  flag('--quota <size>', 'largest size of all mail, such as 5GB, or none').argParser(quotaArgument)

/** As many passwords are hashed at once as there are threads for it. */
const ADDED_AT_ONCE = 4

export function mailboxCommand(context: Context): Command {
  return new Command('mailbox')
    .description('mailboxes, their passwords, quotas, switches, forwards and members')
    .addCommand(add(context))
    .addCommand(list(context))
    .addCommand(passwd(context))
    .addCommand(quota(context))
    .addCommand(setCommand(context))
    .addCommand(forwardCommand(context))
    .addCommand(memberCommand(context))
    .addCommand(removeCommand(context))
    .addCommand(restoreCommand(context))
    .addCommand(binCommand(context))
}

interface AddOptions {
  passwordStdin?: true
  quota?: number | 'none'
  name?: string
  shared?: true
}

function add(context: Context): Command {
  const command = withSettings(new Command('add'))
    .description(
      'make a mailbox; without --password-stdin asks for the password, or makes one where there is no terminal',
    )
    .argument('<addresses...>', 'one or more, of domains of this service', (text, all: string[] = []) => [
      ...all,
      addressArgument(text),
    ])
    .addOption(passwordFlag())
    .addOption(quotaFlag())
    .addOption(flag('--name <name>', 'display name'))
    .addOption(flag('--shared', 'without a password: its members read it, each with a password of his own'))
    .action((addresses: string[], options: AddOptions, self: Command) =>
      context.withControl(self, async control => {
        const isShared = options.shared === true
        if (isShared && options.passwordStdin) throw new CommandError('a shared mailbox has no password', 2)
        const given = isShared ? null : await givenPassword(context, addresses[0] ?? '', options)
        const waiting = [...addresses]
        let failed = 0
        const work = async (): Promise<void> => {
          for (let address = waiting.shift(); address !== undefined; address = waiting.shift()) {
            const password = isShared ? null : (given ?? generatedPassword())
            try {
              const added = await control.call('mailbox.add', {
                address,
                password,
                ...(options.quota !== undefined && { quotaBytes: options.quota === 'none' ? null : options.quota }),
                ...(options.name !== undefined && { name: options.name }),
                kind: isShared ? 'shared' : 'personal',
              })
              const shown = given === null && password !== null ? `, password ${password} (shown this once)` : ''
              context.print(`added ${isShared ? 'shared ' : ''}mailbox ${added.address}${shown}\n`)
            } catch (error) {
              if (addresses.length === 1) throw error
              failed++
              context.complain(`${address}: ${error instanceof Error ? error.message : error}`)
            }
          }
        }
        await Promise.all(Array.from({ length: ADDED_AT_ONCE }, work))
        if (failed > 0) throw new CommandError(`${failed} of ${addresses.length} mailboxes were not added`)
      }),
    )
  return examples(
    command,
    'facteur mailbox add alice@example.org --quota 5GB',
    'echo "$PASSWORD" | facteur mailbox add alice@example.org --password-stdin',
  )
}

function list(context: Context): Command {
  const command = withSettings(new Command('list'))
    .description('list the mailboxes with what they use')
    .addOption(flag('--domain <domain>', 'of this domain only').argParser(domainArgument))
    .addOption(jsonFlag())
    .action((options: { json?: true; domain?: string }, self: Command) =>
      context.withControl(self, async control => {
        const mailboxes = await control.all('mailbox.list', { domain: options.domain ?? null }, row => row.address)
        if (options.json) return context.printJson(mailboxes)
        context.print(
          table(mailboxes, [
            { title: 'ADDRESS', value: row => readableName(row.address) },
            { title: 'MESSAGES', value: row => row.messages },
            { title: 'USED', value: row => humanSize(row.usedBytes) },
            { title: 'QUOTA', value: row => (row.quotaBytes === null ? 'none' : humanSize(row.quotaBytes)) },
            {
              title: 'FULL',
              value: row => (row.quotaBytes ? `${Math.floor((100 * row.usedBytes) / row.quotaBytes)} %` : '-'),
            },
            { title: 'STATE', value: stateOf },
          ]),
        )
      }),
    )
  return examples(command, 'facteur mailbox list', 'facteur mailbox list --domain example.org --json')
}

function passwd(context: Context): Command {
  const command = withSettings(new Command('passwd'))
    .description('set a new password; the old one ends at once, and so do sessions of the panel')
    .argument('<address>', 'of the mailbox', addressArgument)
    .addOption(passwordFlag())
    .action((address: string, options: { passwordStdin?: true }, self: Command) =>
      context.withControl(self, async control => {
        const given = await givenPassword(context, address, options)
        const password = given ?? generatedPassword()
        await control.call('mailbox.passwd', { address, password })
        context.print(
          `changed the password of ${address}${given === null ? ` to ${password} (shown this once)` : ''}\n`,
        )
      }),
    )
  return examples(command, 'facteur mailbox passwd alice@example.org')
}

function quota(context: Context): Command {
  const command = withSettings(new Command('quota'))
    .description('set the quota of a mailbox')
    .argument('<address>', 'of the mailbox', addressArgument)
    .argument('<size>', 'such as 5GB, or none', quotaArgument)
    .action((address: string, size: number | 'none', _: object, self: Command) =>
      context.withControl(self, async control => {
        await control.call('mailbox.quota', { address, quotaBytes: size === 'none' ? null : size })
        context.print(`${address} has ${size === 'none' ? 'no quota' : `a quota of ${humanSize(size)}`}\n`)
      }),
    )
  return examples(command, 'facteur mailbox quota alice@example.org 10GB')
}

/** What is off, and what else is out of the ordinary. */
function stateOf({ kind, signInEnabled, sendingEnabled, receivingEnabled, forward }: MailboxListing): string {
  const off = [!signInEnabled && 'sign-in', !sendingEnabled && 'sending', !receivingEnabled && 'receiving'].filter(
    Boolean,
  )
  const facts = [
    kind === 'shared' && 'shared',
    forward && (forward.keepCopy ? 'forwarded, with a copy' : 'forwarded'),
    off.length > 0 && `${off.join(', ')} off`,
  ]
  return facts.filter(Boolean).join('; ') || '-'
}

/** null: make one. */
async function givenPassword(
  context: Context,
  address: string,
  options: { passwordStdin?: true },
): Promise<string | null> {
  if (options.passwordStdin) return readPassword(context.terminal)
  return context.terminal.stdin.isTTY && context.terminal.stderr.isTTY ? askPassword(context.terminal, address) : null
}
