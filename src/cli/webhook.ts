/** facteur webhook … */
import { Command, InvalidArgumentError } from 'commander'
import { type WebhookEventName, webhookEventNames } from '../accounts/billing/events.ts'
import type { Webhook } from '../accounts/webhooks/webhooks.ts'
import { CommandError, type Context, domainArgument, examples, flag, jsonFlag, withSettings } from './context.ts'
import { table } from './table.ts'

export function webhookCommand(context: Context): Command {
  return new Command('webhook')
    .description('programs that are told of what happens')
    .addCommand(list(context))
    .addCommand(add(context))
    .addCommand(test(context))
    .addCommand(remove(context))
}

function list(context: Context): Command {
  const command = withSettings(new Command('list'))
    .description('list the webhooks')
    .addOption(jsonFlag())
    .action((options: { json?: true }, self: Command) =>
      context.withControl(self, async control => {
        const webhooks = await control.call('webhook.list', {})
        if (options.json) return context.printJson(webhooks)
        context.print(
          table(webhooks, [
            { title: 'WEBHOOK', value: webhook => webhook.webhookId },
            { title: 'DOMAIN', value: webhook => webhook.domain ?? 'all' },
            { title: 'HOST', value: webhook => new URL(webhook.url).host },
            { title: 'STATE', value: stateOf },
            { title: 'EVENTS', value: webhook => webhook.events.join(' ') },
          ]),
        )
      }),
    )
  return examples(command, 'facteur webhook list', 'facteur webhook list --json')
}

function add(context: Context): Command {
  const command = withSettings(new Command('add'))
    .description('add a webhook; prints its secret, this once')
    .argument('<url>', 'where events are sent: https, leading to the Internet')
    .argument('<events...>', `what it is told of: ${webhookEventNames.join(', ')}`, collectEvent)
    .addOption(flag('--domain <domain>', 'of that domain alone (default: all)').argParser(domainArgument))
    .addOption(flag('--description <text>', 'what it is for').default(''))
    .addOption(jsonFlag())
    .action(
      (
        url: string,
        events: WebhookEventName[],
        options: { domain?: string; description: string; json?: true },
        self: Command,
      ) =>
        context.withControl(self, async control => {
          const { domain = null, description, json } = options
          const { webhook, secret } = await control.call('webhook.add', { domain, url, description, events })
          if (json) return context.printJson({ ...webhook, secret })
          context.print(`added webhook ${webhook.webhookId}\nsecret: ${secret}\n`)
        }),
    )
  return examples(
    command,
    'facteur webhook add https://hooks.example.net/facteur mailbox.created plan.changed',
    'facteur webhook add https://hooks.example.net/facteur mailbox.created --domain example.org',
  )
}

function test(context: Context): Command {
  const command = withSettings(new Command('test'))
    .description('send a test now; ends with 1 where it was not taken')
    .argument('<webhook>', 'its id, as in the list')
    .addOption(jsonFlag())
    .action((webhookId: string, options: { json?: true }, self: Command) =>
      context.withControl(self, async control => {
        const outcome = await control.call('webhook.test', { webhookId })
        if (options.json) context.printJson(outcome)
        if (outcome.status !== 'delivered') throw new CommandError(`the test failed: ${outcome.lastProblem}`)
        if (!options.json) context.print(`answered ${outcome.lastStatus} in ${outcome.ms} ms\n`)
      }),
    )
  return examples(command, 'facteur webhook test 5f3c9a0b1d2e4f6a7b8c9d0e')
}

function remove(context: Context): Command {
  const command = withSettings(new Command('remove'))
    .description('remove a webhook, with the log of what was sent')
    .argument('<webhook>', 'its id, as in the list')
    .action((webhookId: string, _: object, self: Command) =>
      context.withControl(self, async control => {
        await control.call('webhook.remove', { webhookId })
        context.print(`removed webhook ${webhookId}\n`)
      }),
    )
  return examples(command, 'facteur webhook remove 5f3c9a0b1d2e4f6a7b8c9d0e')
}

function collectEvent(text: string, before: WebhookEventName[] | undefined): WebhookEventName[] {
  const event = webhookEventNames.find(name => name === text)
  if (!event) throw new InvalidArgumentError(`Expected one of ${webhookEventNames.join(', ')}.`)
  return [...(before ?? []), event]
}

function stateOf({ isEnabled, disabledReason, failingSince }: Webhook): string {
  if (!isEnabled) return disabledReason === null ? 'off' : `off: ${disabledReason}`
  return failingSince === null ? 'on' : 'failing'
}
