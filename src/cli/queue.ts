/** facteur queue … */
import { Command, InvalidArgumentError, type Option } from 'commander'
import { type QueueAction, WAITING } from '../queue/control.ts'
import { type Filter, type Listed, selected } from '../queue/selection.ts'
import type { AttemptResult, QueueRecipientRow, RecipientStatus } from '../store/types.ts'
import {
  addressArgument,
  CommandError,
  type Context,
  domainArgument,
  examples,
  exitCodes,
  flag,
  jsonFlag,
  withSettings,
} from './context.ts'
import type { ControlCommands } from './control-commands.ts'
import { humanSize, humanTime, table, visible } from './table.ts'

const statuses: RecipientStatus[] = ['queued', 'held', 'delivered', 'failed', 'expired', 'removed']

export function queueCommand(context: Context): Command {
  return new Command('queue')
    .description('what waits to be delivered elsewhere')
    .addCommand(list(context))
    .addCommand(show(context))
    .addCommand(act(context, 'retry', 'try now to deliver messages, or one recipient of a message', 'due now'))
    .addCommand(act(context, 'hold', 'keep messages in the queue without trying', 'held'))
    .addCommand(act(context, 'release', 'end the hold of messages', 'released'))
    .addCommand(act(context, 'remove', 'take messages out of the queue; their senders are not told', 'removed'))
}

function list(context: Context): Command {
  const command = withSettings(new Command('list'))
    .description('list messages with recipients that wait')
    .addOption(
      flag('--status <status>', `those of this status instead: ${statuses.join(', ')}, all`).argParser(statusArgument),
    )
    .addOption(jsonFlag())
    .addOption(fromFlag())
    .addOption(toFlag())
    .action((options: FilterFlags & { json?: true; status?: RecipientStatus | 'all' }, self: Command) =>
      context.withControl(self, async control => {
        const { status } = options
        const listed = status === undefined ? WAITING : status === 'all' ? statuses : [status]
        const filter = filterOf(options)
        const entries = (
          await control.all(
            'queue.list',
            { statuses: status === 'all' ? null : listed },
            entry => entry.message.queueId,
          )
        ).filter(entry => selected(entry, filter, listed).length > 0)
        if (options.json) return context.printJson(entries.map(asJson))
        const now = Date.now()
        const rows = entries.flatMap(entry =>
          selected(entry, filter, listed).map(recipient => ({ message: entry.message, recipient })),
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
  return examples(
    command,
    'facteur queue list',
    'facteur queue list --to example.com',
    'facteur queue list --status held --json',
  )
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
  const action: QueueAction = name === 'release' ? 'unhold' : name
  const command = withSettings(new Command(name))
    .description(description)
    .argument('[id]', 'of one message, as queue list shows it', idArgument)
    .addOption(flag('--recipient <id>', 'one recipient of it only, as queue show shows it').argParser(idArgument))
    .addOption(fromFlag())
    .addOption(toFlag())
    .addOption(flag('--all', 'all that waits'))
    .action((queueId: number | undefined, options: ActFlags, self: Command) => {
      expectOneSelection(queueId, options)
      return context.withControl(self, async control => {
        if (queueId !== undefined) {
          const selection = { queueId, recipientId: options.recipient ?? null }
          const { recipients } = await control.call('queue.change', { action, ...selection })
          context.print(`message ${queueId}: ${counted(recipients, 'recipient')} ${done}\n`)
          return
        }
        const sum = { messages: 0, recipients: 0 }
        let after: number | null = null
        do {
          const page: ControlCommands['queue.changeAll']['result'] = await control.call('queue.changeAll', {
            action,
            ...filterOf(options),
            after,
          })
          sum.messages += page.messages
          sum.recipients += page.recipients
          after = page.next
        } while (after !== null)
        context.print(`${counted(sum.messages, 'message')}: ${counted(sum.recipients, 'recipient')} ${done}\n`)
      })
    })
  return examples(
    command,
    `facteur queue ${name} 42`,
    `facteur queue ${name} 42 --recipient 57`,
    `facteur queue ${name} --to example.com`,
    `facteur queue ${name} --from alice@example.org`,
  )
}

interface FilterFlags {
  from?: string
  to?: string
}

type ActFlags = FilterFlags & { recipient?: number; all?: true }

const fromFlag = (): Option =>
  flag('--from <sender>', 'those of this address or domain; <> for reports and automatic replies').argParser(text =>
    text === '<>' ? '' : partyArgument(text),
  )
const toFlag = (): Option => flag('--to <recipient>', 'those for this address or domain').argParser(partyArgument)

const filterOf = ({ from, to }: FilterFlags): Filter => ({ from: from ?? null, to: to ?? null })

const partyArgument = (text: string): string => (text.includes('@') ? addressArgument(text) : domainArgument(text))

/** One message, a choice, or all: what is left out by mistake must not mean everything. */
function expectOneSelection(queueId: number | undefined, { recipient, from, to, all }: ActFlags): void {
  const ways = [queueId, from ?? to, all].filter(way => way !== undefined).length
  if (ways === 1 && (recipient === undefined || queueId !== undefined)) return
  throw new CommandError(
    'name a message by its id (and one recipient of it), or those meant by --from and --to, or --all',
    exitCodes.usage,
  )
}

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`

function details({ message, recipients }: Listed, now: number): string {
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

function asJson({ message, recipients }: Listed): object {
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
