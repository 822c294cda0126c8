/** facteur trace */
import { Command, InvalidArgumentError } from 'commander'
import type { TraceDetail, TraceWish } from '../mail/trace/traces.ts'
import type { RecipientView, StepView, TraceView } from '../mail/trace/view.ts'
import { ControlError } from '../ops/control.ts'
import {
  CommandError,
  type Context,
  countArgument,
  examples,
  exitCodes,
  flag,
  jsonFlag,
  jsonText,
  withSettings,
} from './context.ts'
import type { Control } from './control-commands.ts'
import { humanSize, humanTime, table, visible } from './table.ts'

interface TraceOptions {
  from?: string
  to?: string
  status?: TraceWish['status'] & string
  id?: string
  around?: number
  since?: number
  until?: number
  limit: number
  follow?: true
  json?: true
}

/** Between two looks while following. */
const FOLLOW_MS = 1_000

export function traceCommand(context: Context): Command {
  const command = withSettings(new Command('trace'))
    .description('what became of messages, latest first; of one, step by step')
    .argument('[message]', "one: its number in the list, or the id given in the server's answer")
    .addOption(flag('--from <address>', 'who sent it: an address, a domain, or a piece of what stands before the @'))
    .addOption(flag('--to <address>', 'who it was for, as --from'))
    .addOption(flag('--id <id>', 'the id of the answer to the message, or its Message-ID; a piece of either'))
    .addOption(
      flag('--status <status>', 'of one recipient at least').choices(['delivered', 'waiting', 'refused', 'held']),
    )
    .addOption(flag('--around <time>', 'about that time: an hour and a half before and after').argParser(timeArgument))
    .addOption(
      flag('--since <time>', 'from then on: 2h, 30m, 3d ago, or a time such as 2026-11-27T10:00').argParser(
        timeArgument,
      ),
    )
    .addOption(flag('--until <time>', 'before then').argParser(timeArgument))
    .addOption(flag('--limit <count>', 'messages shown').default(50).argParser(countArgument))
    .addOption(
      flag('--follow', 'go on and show what is new, until Ctrl+C').conflicts([
        'until',
        'around',
        'since',
        'id',
        'status',
      ]),
    )
    .addOption(jsonFlag())
    .addHelpText(
      'after',
      `\nEnds with ${exitCodes.nothingFound} where nothing was found.\nWith --json, --follow prints one object a line.`,
    )
    .action((message: string | undefined, options: TraceOptions, self: Command) =>
      context.withControl(self, async control => {
        if (message !== undefined && /^[1-9]\d{0,14}$/.test(message))
          return show(context, control, Number(message), options)
        if (message !== undefined) return showById(context, control, message, options)
        if (options.follow) return follow(context, control, options)
        return search(context, control, options)
      }),
    )
  return examples(
    command,
    'facteur trace --to anna@example.org --since 2h',
    'facteur trace --from example.org --around 2026-11-27T10:30 --json',
    'facteur trace --id q7kd2mzwbhp4x5ne-1',
    'facteur trace --status held',
    'facteur trace 1042',
    'facteur trace q7kd2mzwbhp4x5ne-1',
    'facteur trace --follow',
  )
}

const everything: Omit<TraceWish, 'limit'> = {
  sender: null,
  recipient: null,
  address: null,
  way: null,
  status: null,
  id: null,
  around: null,
  since: null,
  until: null,
  below: null,
}

async function search(context: Context, control: Control, options: TraceOptions): Promise<void> {
  const { from = null, to = null, status = null, id = null, around = null, since = null, until = null, limit } = options
  const wish: TraceWish = { ...everything, sender: from, recipient: to, status, id, around, since, until, limit }
  const items: TraceView[] = []
  for (;;) {
    const page = await control.call('trace.search', { wish: { ...wish, limit: limit - items.length }, language: 'en' })
    items.push(...page.items)
    if (page.next === null || items.length >= limit) break
    wish.below = page.next
  }
  if (options.json) context.printJson(items)
  else if (items.length > 0) context.print(listed(items))
  if (items.length === 0) throw nothingFound()
}

/** What went out in copies has several of one id: the list of them then, from which one is chosen by its number. */
async function showById(context: Context, control: Control, id: string, options: TraceOptions): Promise<void> {
  const wish = { ...everything, id, limit: 2 }
  const { items } = await control.call('trace.search', { wish, language: 'en' })
  const [found, ...others] = items
  if (found && others.length === 0) return show(context, control, found.traceId, options)
  return search(context, control, { ...options, id })
}

async function show(context: Context, control: Control, traceId: number, options: TraceOptions): Promise<void> {
  const trace = await control.call('trace.show', { traceId, language: 'en' }).catch((error: unknown) => {
    throw error instanceof ControlError && error.code === 'trace-not-found' ? nothingFound() : error
  })
  if (options.json) context.printJson(trace)
  else context.print(details(trace))
}

const nothingFound = (): CommandError => new CommandError('no message found', exitCodes.nothingFound)

/** Ends with the process: Ctrl+C, or the service that stops answering. */
async function follow(context: Context, control: Control, { from, to, json }: TraceOptions): Promise<void> {
  const has = (text: string, piece: string | undefined): boolean =>
    piece === undefined || text.includes(piece.toLowerCase())
  let { next } = await control.call('trace.tail', { after: null, language: 'en' })
  for (;;) {
    await new Promise(resolve => setTimeout(resolve, FOLLOW_MS))
    const page = await control.call('trace.tail', { after: next, language: 'en' })
    next = page.next
    const wanted = page.items.filter(
      item => has(item.from, from) && item.recipients.some(({ address, via }) => has(`${address} ${via ?? ''}`, to)),
    )
    for (const item of wanted)
      context.print(json ? `${jsonText(item)}\n` : item.recipients.map(each => line(item, each)).join(''))
  }
}

function line({ traceId, at, from }: TraceView, { address, text }: RecipientView): string {
  return `${visible(`${new Date(at).toISOString()}  ${traceId}  ${from || '<>'} → ${address || '-'}  ${text}`)}\n`
}

function listed(items: readonly TraceView[]): string {
  const now = Date.now()
  const rows = items.flatMap(item => item.recipients.map(recipient => ({ item, recipient })))
  return table(rows, [
    { title: 'NUMBER', value: ({ item }) => item.traceId },
    { title: 'WHEN', value: ({ item }) => humanTime(item.at, now) },
    { title: 'FROM', value: ({ item }) => item.from || '<>' },
    { title: 'TO', value: ({ recipient }) => recipient.address || '-' },
    { title: 'SIZE', value: ({ item }) => humanSize(item.sizeBytes) },
    { title: 'OUTCOME', value: ({ recipient }) => recipient.text },
  ])
}

function details(trace: TraceDetail): string {
  const { origin } = trace
  const lines = [
    `number      ${trace.traceId}`,
    `id          ${trace.id || '-'}`,
    `message-id  ${trace.messageId || '-'}`,
    `from        ${trace.from || '<>'}`,
    ...(trace.subject === null ? [] : [`subject     ${trace.subject}`]),
    `size        ${humanSize(trace.sizeBytes)}`,
    `came        ${new Date(trace.at).toISOString()} by ${origin.via}${origin.remoteAddress === null ? '' : ` from ${origin.remoteAddress}`}${origin.tls === null ? '' : `, ${origin.tls}`}`,
    ...(origin.credential === null
      ? []
      : [
          `as          ${origin.credential}${origin.appPasswordId === null ? '' : ` (app password ${origin.appPassword ?? 'removed since'})`}`,
        ]),
  ]
  for (const { address, via, text, explanation, outcome } of trace.recipients) {
    lines.push('', `to          ${address || '-'}${via === null ? '' : ` (by ${via})`}`, `outcome     ${text}`)
    if (outcome.answer !== null) lines.push(`answer      ${outcome.answer.replaceAll('\n', ' ')}`)
    if (explanation) lines.push(`why         ${explanation.why}`, `what to do  ${explanation.todo}`)
  }
  if (trace.recipientCount > trace.recipients.length)
    lines.push('', `and ${trace.recipientCount - trace.recipients.length} more`)
  lines.push('', 'steps')
  for (const step of trace.steps) lines.push(`  ${stepText(step)}`)
  return `${lines.map(visible).join('\n')}\n`
}

function stepText({
  at,
  kind,
  address,
  host,
  remoteAddress,
  tls,
  answer,
  mailboxes,
  text,
  nextAttemptAt,
}: StepView): string {
  const server = host === null ? remoteAddress : `${host}${remoteAddress === null ? '' : ` [${remoteAddress}]`}`
  const parts = [
    kind,
    address,
    mailboxes.length > 0 ? `in ${mailboxes.join(', ')}` : null,
    text,
    server,
    tls,
    answer?.replaceAll('\n', ' '),
    nextAttemptAt === null ? null : `next ${new Date(nextAttemptAt).toISOString()}`,
  ]
  return `${new Date(at).toISOString()}  ${parts.filter(part => part !== null && part !== undefined).join('  ')}`
}

const units = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const

/** So long ago, or a time of ISO 8601 (in this machine's time zone where it names none). */
export function timeArgument(text: string): number {
  const ago = /^(\d{1,6})([smhd])$/.exec(text)
  if (ago) {
    // The pattern lets these alone pass.
    const unit = ago[2] as keyof typeof units
    return Date.now() - Number(ago[1]) * units[unit]
  }
  const at = /^\d{4}-\d{2}-\d{2}/.test(text) ? Date.parse(text) : Number.NaN
  if (Number.isNaN(at)) throw new InvalidArgumentError('Expected 30m, 2h, 3d, or a time such as 2026-11-27T10:00.')
  return at
}
