/** facteur queue … */
import { Command, InvalidArgumentError } from 'commander'
import type { QueueEntry } from '../queue/control.ts'
import type { AttemptResult, QueueRecipientRow, RecipientStatus } from '../store/types.ts'
import { type Context, examples, flag, jsonFlag, withSettings } from './context.ts'
import { humanSize, humanTime, table, visible } from './table.ts'

const statuses: RecipientStatus[] = ['queued', 'held', 'delivered', 'failed', 'expired', 'removed']

export function queueCommand(context: Context): Command {
  return new Command('queue')
    .description('what waits to be delivered elsewhere')
    .addCommand(list(context))
    .addCommand(show(context))
    .addCommand(act(context, 'retry', 'try now to deliver a message, or one recipient of it', 'due now'))
    .addCommand(act(context, 'hold', 'keep a message in the queue without trying', 'held'))
    .addCommand(act(context, 'release', 'end the hold of a message', 'released'))
    .addCommand(act(context, 'remove', 'take a message out of the queue; its sender is not told', 'removed'))
}

function list(context: Context): Command {
  const command = withSettings(new Command('list'))
    .description('list messages with recipients that wait')
    .addOption(
      flag('--status <status>', `those of this status instead: ${statuses.join(', ')}, all`).argParser(statusArgument),
    )
    .addOption(jsonFlag())
    .action((options: { json?: true; status?: RecipientStatus | 'all' }, self: Command) =>
      context.withControl(self, async control => {
        const wanted = (status: RecipientStatus): boolean =>
          options.status === undefined
            ? status === 'queued' || status === 'held'
            : options.status === 'all' || status === options.status
        const status = options.status === undefined || options.status === 'all' ? null : options.status
        const entries = (await control.all('queue.list', { status }, entry => entry.message.queueId)).filter(entry =>
          entry.recipients.some(recipient => wanted(recipient.status)),
        )
        if (options.json) return context.printJson(entries.map(asJson))
        const now = Date.now()
        const rows = entries.flatMap(({ message, recipients }) =>
          recipients.filter(recipient => wanted(recipient.status)).map(recipient => ({ message, recipient })),
        )
        context.print(
          table(rows, [
            { title: 'ID', value: ({ message }) => message.queueId },
            { title: 'ARRIVED', value: ({ message }) => humanTime(message.createdAt, now) },
            { title: 'SIZE', value: ({ message }) => humanSize(message.sizeBytes) },
            { title: 'FROM', value: ({ message }) => message.reversePath || '<>' },
            { title: 'TO', value: ({ recipient }) => recipient.address },
            { title: 'STATUS', value: ({ recipient }) => recipient.status },
            { title: 'TRIES', value: ({ recipient }) => recipient.attempts },
            { title: 'NEXT', value: ({ recipient }) => nextOf(recipient, now) },
            { title: 'LAST ANSWER', value: ({ recipient }) => recipient.last?.text.slice(0, 100) ?? '-' },
          ]),
        )
      }),
    )
  return examples(command, 'facteur queue list', 'facteur queue list --status held --json')
}

function show(context: Context): Command {
  const command = withSettings(new Command('show'))
    .description('show a message of the queue with all its recipients')
    .argument('<id>', 'as queue list shows it', idArgument)
    .addOption(jsonFlag())
    .action((queueId: number, options: { json?: true }, self: Command) =>
      context.withControl(self, async control => {
        const entry = await control.call('queue.show', { queueId })
        if (options.json) return context.printJson(asJson(entry))
        context.print(details(entry, Date.now()))
      }),
    )
  return examples(command, 'facteur queue show 42')
}

function act(
  context: Context,
  name: 'retry' | 'hold' | 'release' | 'remove',
  description: string,
  done: string,
): Command {
  const command = withSettings(new Command(name))
    .description(description)
    .argument('<id>', 'as queue list shows it', idArgument)
    .addOption(flag('--recipient <id>', 'one recipient only, as queue show shows it').argParser(idArgument))
    .action((queueId: number, options: { recipient?: number }, self: Command) =>
      context.withControl(self, async control => {
        const { recipients } = await control.call(`queue.${name}`, { queueId, recipientId: options.recipient ?? null })
        context.print(`message ${queueId}: ${recipients} ${recipients === 1 ? 'recipient' : 'recipients'} ${done}\n`)
      }),
    )
  return examples(command, `facteur queue ${name} 42`, `facteur queue ${name} 42 --recipient 57`)
}

function details({ message, recipients }: QueueEntry, now: number): string {
  const lines = [
    `message    ${message.queueId}`,
    `from       ${message.reversePath || '<>'}`,
    `size       ${humanSize(message.sizeBytes)}`,
    `arrived    ${new Date(message.createdAt).toISOString()} (${humanTime(message.createdAt, now)})`,
    `envelope   ${message.envelopeId ?? '-'}`,
  ]
  for (const recipient of recipients)
    lines.push(
      '',
      `recipient  ${recipient.recipientId}`,
      `to         ${recipient.address}`,
      `status     ${recipient.status}`,
      `tries      ${recipient.attempts}`,
      `next       ${nextOf(recipient, now)}`,
      `last       ${lastOf(recipient.last)}`,
    )
  return `${lines.map(visible).join('\n')}\n`
}

function nextOf(recipient: QueueRecipientRow, now: number): string {
  if (recipient.status !== 'queued') return '-'
  // Taken by a process: tried just now, or waiting there for its turn.
  if (recipient.leaseUntil !== null && recipient.leaseUntil > now) return 'taken'
  return recipient.nextAttemptAt <= now ? 'due' : humanTime(recipient.nextAttemptAt, now)
}

function lastOf(last: AttemptResult | null): string {
  if (!last) return '-'
  const server = last.remoteHost ?? last.remoteAddress
  return `${new Date(last.at).toISOString()} ${server ? `${server}: ` : ''}${last.text}`
}

function asJson({ message, recipients }: QueueEntry): object {
  return {
    id: message.queueId,
    from: message.reversePath,
    sizeBytes: message.sizeBytes,
    createdAt: message.createdAt,
    envelopeId: message.envelopeId,
    recipients: recipients.map(recipient => ({
      id: recipient.recipientId,
      address: recipient.address,
      destination: recipient.destination,
      status: recipient.status,
      attempts: recipient.attempts,
      nextAttemptAt: recipient.status === 'queued' ? recipient.nextAttemptAt : null,
      last: recipient.last,
    })),
  }
}

function idArgument(text: string): number {
  if (!/^[1-9]\d{0,14}$/.test(text)) throw new InvalidArgumentError('Expected a number.')
  return Number(text)
}

function statusArgument(text: string): RecipientStatus | 'all' {
  const status = [...statuses, 'all' as const].find(known => known === text)
  if (!status) throw new InvalidArgumentError(`Expected one of ${statuses.join(', ')}, all.`)
  return status
}
