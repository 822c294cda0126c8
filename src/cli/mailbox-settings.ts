/** facteur mailbox set, forward */
import { Command } from 'commander'
import type { AccountChange } from '../accounts/directory/accounts.ts'
import {
  addressArgument,
  CommandError,
  type Context,
  examples,
  flag,
  limitArgument,
  switchArgument,
  withSettings,
} from './context.ts'
import type { MailboxListing } from './directory-control.ts'
import { saidOfBlocks } from './sending.ts'
import { visible } from './table.ts'

interface SetOptions {
  name?: string
  signIn?: boolean
  sending?: boolean
  receiving?: boolean
  hourlyLimit?: number | 'none'
}

export function setCommand(context: Context): Command {
  const command = withSettings(new Command('set'))
    .description('switch sign-in, sending and receiving independently; set its name and hourly limit')
    .argument('<address>', 'of the mailbox', addressArgument)
    .addOption(flag('--name <name>', 'display name'))
    .addOption(flag('--sign-in <on|off>', 'whether anyone can sign in').argParser(switchArgument))
    .addOption(
      flag(
        '--sending <on|off>',
        'whether mail is taken from whoever signs in; forwards, filters and automatic replies go on',
      ).argParser(switchArgument),
    )
    .addOption(flag('--receiving <on|off>', 'whether mail to it is taken; off answers 550').argParser(switchArgument))
    .addOption(
      flag(
        '--hourly-limit <recipients>',
        'it may send to in an hour, or none for that of its domain, plan or the service',
      ).argParser(limitArgument),
    )
    .action((address: string, options: SetOptions, self: Command) => {
      const { name, signIn, sending, receiving, hourlyLimit } = options
      const change: AccountChange = {
        ...(name !== undefined && { name }),
        ...(signIn !== undefined && { signInEnabled: signIn }),
        ...(sending !== undefined && { sendingEnabled: sending }),
        ...(receiving !== undefined && { receivingEnabled: receiving }),
        ...(hourlyLimit !== undefined && { hourlyLimit: hourlyLimit === 'none' ? null : hourlyLimit }),
      }
      if (Object.keys(change).length === 0) throw new CommandError('say what to set; --help lists it', 2)
      return context.withControl(self, async control => {
        const now = await control.call('mailbox.set', { address, change })
        context.print(`${now.address}: ${stateOf(now, change).join(', ')}\n`)
        if (hourlyLimit !== undefined) context.print(await saidOfBlocks(control, now.address))
      })
    })
  return examples(
    command,
    'facteur mailbox set alice@example.org --sign-in off --sending off',
    'facteur mailbox set alice@example.org --name "Alice Martin"',
  )
}

/** The switches, and what was set besides. */
function stateOf(now: MailboxListing, change: AccountChange): string[] {
  const shown = (on: boolean): string => (on ? 'on' : 'off')
  const limit = now.hourlyLimit === null ? 'no hourly limit of its own' : `${now.hourlyLimit} recipients an hour`
  return [
    `sign-in ${shown(now.signInEnabled)}`,
    `sending ${shown(now.sendingEnabled)}`,
    `receiving ${shown(now.receivingEnabled)}`,
    ...(now.hourlyLimit !== null || change.hourlyLimit !== undefined ? [limit] : []),
    ...(change.name === undefined ? [] : [now.name === '' ? 'without a name' : `name ${visible(now.name)}`]),
  ]
}

export function forwardCommand(context: Context): Command {
  const command = withSettings(new Command('forward'))
    .description('send what arrives on to other addresses, and keep a copy or not')
    .argument('<address>', 'of the mailbox', addressArgument)
    .argument('[targets...]', 'where its mail goes', (text, all: string[] = []) => [...all, addressArgument(text)])
    .addOption(flag('--without-copy', 'the mailbox itself keeps nothing'))
    .addOption(flag('--none', 'forward nothing any more'))
    .action((address: string, targets: string[] = [], options: { withoutCopy?: true; none?: true }, self: Command) => {
      if (targets.length > 0 === (options.none === true))
        throw new CommandError('forward takes either target addresses or --none', 2)
      const forward = options.none ? null : { targets, keepCopy: !options.withoutCopy }
      return context.withControl(self, async control => {
        const { forward: now } = await control.call('mailbox.forward', { address, forward })
        context.print(
          now === null
            ? `${address} forwards nothing\n`
            : `${address} forwards to ${now.targets.join(', ')}, ${now.keepCopy ? 'and keeps a copy' : 'and keeps nothing'}\n`,
        )
      })
    })
  return examples(
    command,
    'facteur mailbox forward alice@example.org alice@example.net',
    'facteur mailbox forward alice@example.org --none',
  )
}
