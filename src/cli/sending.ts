/** facteur sending … */
import { Command } from 'commander'
import type { HoldReason, SendingGauge } from '../store/types/sending.ts'
import { addressArgument, type Context, examples, jsonFlag, withSettings } from './context.ts'
import { humanTime, table } from './table.ts'

const reasons: Record<HoldReason, string> = {
  'new-place': 'many recipients from a new place',
  'unknown-users': 'many unknown recipients',
  bounces: 'many refusals',
}

export function sendingCommand(context: Context): Command {
  return new Command('sending')
    .description('mail that is held, since its mailbox sends in an unusual way')
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
