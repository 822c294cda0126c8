/** facteur sending … */
import { Command } from 'commander'
import type { HoldReason, SendingGauge } from '../store/types/sending.ts'
import { addressArgument, type Context, domainArgument, examples, jsonFlag, withSettings } from './context.ts'
import type { Control } from './control-commands.ts'
import { humanTime, table } from './table.ts'

const reasons: Record<HoldReason, string> = {
  'new-place': 'many recipients from a new place',
  'unknown-users': 'many unknown recipients',
  bounces: 'many refusals',
}

export function sendingCommand(context: Context): Command {
  return new Command('sending')
    .description('mail that is held, since its mailbox sends in an unusual way; blocks over a limit')
    .addCommand(held(context))
    .addCommand(
      act(context, 'release', 'let go what a mailbox sent and was held, and end the hold', ({ name }) => {
        return `${name}: released, what waited goes out`
      }),
    )
    .addCommand(
      act(context, 'drop', 'drop what a mailbox sent and was held, without bounces; it stays held', ({ name }) => {
        return `${name}: nothing waits any more; what it sends is still held`
      }),
    )
    .addCommand(unblock(context))
}

function unblock(context: Context): Command {
  const command = withSettings(new Command('unblock'))
    .description('let a mailbox, or a domain, send again that went over its limit')
    .argument('<name>', 'the mailbox, or the domain', text =>
      text.includes('@') ? addressArgument(text) : domainArgument(text),
    )
    .action((name: string, _: object, self: Command) =>
      context.withControl(self, async control => {
        const { blockedUntil } = await control.call('sending.gauge', { name })
        const { name: known, used, limit } = await control.call('sending.unblock', { name })
        const rest = limit === null ? '' : `; ${used} of ${limit} recipients used within the hour`
        context.print(`${known} ${blockedUntil === null ? 'was not blocked' : 'can send again'}${rest}\n`)
      }),
    )
  return examples(command, 'facteur sending unblock alice@example.org', 'facteur sending unblock example.org')
}

/**
 * A line for each block that is in force, of a mailbox or of its domain: whoever sets a limit for good may expect that it ends
 * one, which takes a look at what was sent.
 */
export async function saidOfBlocks(control: Control, name: string): Promise<string> {
  const gauge = await control.call('sending.gauge', { name })
  const gauges =
    gauge.kind === 'domain' ? [gauge] : [gauge, await control.call('sending.gauge', { name: gauge.domain })]
  return gauges
    .map(({ kind, name, blockedUntil }) => {
      if (blockedUntil === null) return ''
      const until = new Date(blockedUntil).toISOString()
      return `${name} went over its limit and is blocked until ${until}; where its owner${kind === 'domain' ? 's' : ''} sent that mail: facteur sending unblock ${name}\n`
    })
    .join('')
}

function held(context: Context): Command {
  const command = withSettings(new Command('held'))
    .description('list mailboxes whose mail is held, latest first')
    .addOption(jsonFlag())
    .action((options: { json?: true }, self: Command) =>
      context.withControl(self, async control => {
        const holds = await control.call('sending.held', {})
        if (options.json) return context.printJson(holds)
        const now = Date.now()
        context.print(
          table(holds, [
            { title: 'MAILBOX', value: ({ address }) => address },
            { title: 'SINCE', value: ({ at }) => humanTime(at, now) },
            { title: 'WHY', value: ({ reason, facts }) => `${reasons[reason]} (${facts.count})` },
            {
              title: 'FROM',
              value: ({ facts: { remoteAddress, place } }) =>
                remoteAddress === null ? '-' : `${remoteAddress} (${place ?? '-'})`,
            },
            { title: 'MESSAGES', value: ({ messages }) => messages },
            { title: 'RECIPIENTS', value: ({ recipients }) => recipients },
            { title: 'SUCH AS', value: ({ facts }) => facts.sample.slice(0, 3).join(', ') || '-' },
          ]),
        )
      }),
    )
  return examples(command, 'facteur sending held', 'facteur sending held --json')
}

function act(
  context: Context,
  name: 'release' | 'drop',
  description: string,
  done: (gauge: SendingGauge) => string,
): Command {
  const command = withSettings(new Command(name))
    .description(description)
    .argument('<address>', 'of the mailbox', addressArgument)
    .action((address: string, _: object, self: Command) =>
      context.withControl(self, async control => {
        context.print(`${done(await control.call(`sending.${name}`, { address }))}\n`)
      }),
    )
  return examples(command, `facteur sending ${name} alice@example.org`)
}
