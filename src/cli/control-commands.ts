/**
 * What the command line can ask of the service: each command with its arguments and result, what it does, and the two
 * ways to it. On a running service it travels over the control socket; where none runs, the same handlers act in this process.
 */
import { AccountError } from '../accounts/account-error.ts'
import { commandLine } from '../accounts/actor.ts'
import type { Directory } from '../accounts/directory/directory.ts'
import { DirectoryError } from '../accounts/directory/error.ts'
import type { ServiceSettingsValues, SettingKey } from '../accounts/service-settings/catalogue.ts'
import type { ServiceSettings } from '../accounts/service-settings/service-settings.ts'
import type { Importer } from '../archive/import.ts'
import type { ClusterStatus } from '../cluster/status.ts'
import { MailboxNameError } from '../mail/mailbox-name.ts'
import { ControlError, type ControlHandler } from '../ops/control.ts'
import type { ControlClient } from '../ops/control-client.ts'
import type { QueueAction, QueueControl } from '../queue/control.ts'
import type { Filter, Listed, Selection } from '../queue/selection.ts'
import { StoreError } from '../store/store.ts'
import type { AccountId, Flags, RecipientStatus } from '../store/types.ts'
import { type BillingCommands, type BillingControlServices, billingHandlers } from './billing-control.ts'
import { type DirectoryCommands, directoryHandlers } from './directory-control.ts'
import { type ScriptCommands, type ScriptControlServices, scriptHandlers } from './script-control.ts'
import { type SendingCommands, type SendingControlServices, sendingHandlers } from './sending-control.ts'
import type { ServedSettings } from './served-settings.ts'
import { humanSize } from './table.ts'
import { type TraceCommands, type TraceControlServices, traceHandlers } from './trace-control.ts'
import { type UserCommands, type UserControlServices, userHandlers } from './user-control.ts'

type Define<A, R> = { args: A; result: R }
type Page<After> = { after: After | null; limit: number }

export interface ServiceStatus {
  pid: number
  startedAt: number
  listeners: { service: string; address: string; port: number }[]
  settings: ServedSettings
}

export interface ControlCommands
  extends DirectoryCommands,
    UserCommands,
    BillingCommands,
    SendingCommands,
    TraceCommands,
    ScriptCommands {
  'queue.list': Define<Page<number> & { statuses: readonly RecipientStatus[] | null }, Listed[]>
  'queue.show': Define<{ queueId: number }, Listed>
  'queue.change': Define<Selection & { action: QueueAction }, { recipients: number }>
  'queue.changeAll': Define<
    Filter & { action: QueueAction; after: number | null },
    { messages: number; recipients: number; next: number | null }
  >
  /** All that the folder doesn't have, or none. The payload is the messages, one behind the other. */
  'import.messages': Define<
    { accountId: AccountId; mailbox: string; messages: { flags: Flags; internalDate: number; sizeBytes: number }[] },
    { imported: number; restored: number }
  >
  'service.settings': Define<Record<never, never>, ServiceSettingsValues>
  /** null: back to the default. */
  'service.set': Define<{ key: SettingKey; value: string | null }, ServiceSettingsValues>
  'cluster.status': Define<Record<never, never>, ClusterStatus>
  /** Answers at once; the service ends by itself. Nothing where none runs. */
  'service.drain': Define<{ graceMs: number }, void>
  /** null where no service runs. */
  'service.status': Define<Record<never, never>, ServiceStatus | null>
}

type Name = keyof ControlCommands
type PagedName = 'mailbox.list' | 'mailbox.bin' | 'alias.list' | 'queue.list' | 'user.list'
type Row<K extends PagedName> = ControlCommands[K]['result'][number]
type Cursor<K extends PagedName> = NonNullable<ControlCommands[K]['args']['after']>

export interface Control {
  call<K extends Name>(
    name: K,
    args: ControlCommands[K]['args'],
    payload?: Uint8Array,
  ): Promise<ControlCommands[K]['result']>
  /** All pages of a list. `keyOf`: what the next page starts behind. */
  all<K extends PagedName>(
    name: K,
    args: Omit<ControlCommands[K]['args'], 'after' | 'limit'>,
    keyOf: (row: Row<K>) => Cursor<K>,
  ): Promise<Row<K>[]>
  close(): Promise<void>
}

export interface ControlServices
  extends UserControlServices,
    BillingControlServices,
    SendingControlServices,
    TraceControlServices,
    ScriptControlServices {
  directory: Directory
  queue: QueueControl
  importer: Importer
  settings: ServiceSettings
  status(): ServiceStatus | null
  cluster(): Promise<ClusterStatus>
  drain(graceMs: number): Promise<void>
}

/** Rows of one answer. */
const PAGE_ROWS = 500

type Handlers = {
  [K in Name]: (args: ControlCommands[K]['args'], payload: Uint8Array) => Promise<ControlCommands[K]['result']>
}

export function controlHandlers(services: ControlServices): ReadonlyMap<string, ControlHandler> {
  const { directory, queue, importer, settings } = services
  const handlers: Handlers = {
    ...directoryHandlers(directory),
    'queue.list': page => queue.list(page),
    'queue.show': async ({ queueId }) => (await queue.show(queueId)) ?? unknownMessage(queueId),
    'queue.change': ({ action, ...selection }) => change(queue, action, selection),
    'queue.changeAll': ({ action, after, ...filter }) => queue.changeAll(action, filter, after),
    'import.messages': ({ accountId, mailbox, messages }, payload) => {
      let end = 0
      const cut = messages.map(({ flags, internalDate, sizeBytes }) => {
        end += sizeBytes
        return { flags, internalDate, bytes: payload.subarray(end - sizeBytes, end) }
      })
      return importer.add({ accountId, mailbox, messages: cut })
    },
    ...userHandlers(services),
    ...billingHandlers(services),
    ...sendingHandlers(services),
    ...traceHandlers(services),
    ...scriptHandlers(services),
    'service.settings': () => settings.current(),
    'service.set': ({ key, value }) => settings.change(commandLine, { [key]: value }),
    'cluster.status': () => services.cluster(),
    'service.drain': ({ graceMs }) => services.drain(graceMs),
    'service.status': async () => services.status(),
  }
  return new Map(
    Object.entries(handlers).map(([name, handler]) => [
      name,
      async (args, payload) => {
        try {
          // The one who calls is of the same version, and its arguments were made for this handler.
          return await (handler as ControlHandler)(args, payload)
        } catch (error) {
          throw asControlError(error)
        }
      },
    ]),
  )
}

/** What was to be expected is told to whoever called; the rest stays an error of the service. */
function asControlError(error: unknown): unknown {
  if (error instanceof StoreError && error.code === 'over-quota')
    return new ControlError(error.code, 'the mailbox is full; a larger quota makes room: facteur mailbox quota')
  if (error instanceof DirectoryError && error.code === 'domain-space') {
    const { domain, left } = error.values
    return new ControlError(error.code, `the domain ${domain} has ${humanSize(Number(left))} left to sell`)
  }
  if (error instanceof AccountError || error instanceof DirectoryError || error instanceof StoreError)
    return new ControlError(error.code, uncapitalized(error.message))
  if (error instanceof MailboxNameError) return new ControlError('not-allowed', uncapitalized(error.message))
  return error
}

/** As the lines of the command line begin; PostgreSQL and INBOX stay. */
function uncapitalized(sentence: string): string {
  return sentence.replace(/^[A-Z](?=[a-z]*[ ,])/, letter => letter.toLowerCase())
}

async function change(queue: QueueControl, action: QueueAction, selection: Selection): Promise<{ recipients: number }> {
  const recipients = await queue.change(action, selection)
  if (recipients > 0) return { recipients }
  const { queueId, recipientId } = selection
  const entry = (await queue.show(queueId)) ?? unknownMessage(queueId)
  if (recipientId !== null && !entry.recipients.some(recipient => recipient.recipientId === recipientId))
    throw new ControlError('not-found', `message ${queueId} has no recipient ${recipientId}`)
  throw new ControlError('not-allowed', `message ${queueId} has no recipient for that: ${statusesOf(entry)}`)
}

const statusesOf = ({ recipients }: Listed): string =>
  recipients.map(({ address, status }) => `${address} is ${status}`).join(', ')

function unknownMessage(queueId: number): never {
  throw new ControlError('not-found', `there is no message ${queueId} in the queue`)
}

export function overSocket(client: ControlClient): Control {
  return control(client.call, async () => client.close())
}

export function inProcess(handlers: ReadonlyMap<string, ControlHandler>, close: () => Promise<void>): Control {
  const none = new Uint8Array(0)
  return control(async (name, args, payload) => handlers.get(name)?.(args, payload ?? none), close)
}

function control(call: ControlClient['call'], close: () => Promise<void>): Control {
  return {
    close,
    call: (name, args, payload) => call(name, args, payload) as Promise<never>,
    async all(name, args, keyOf) {
      const rows: Parameters<typeof keyOf>[0][] = []
      for (let after: ReturnType<typeof keyOf> | null = null; ; ) {
        const page = (await call(name, { ...args, after, limit: PAGE_ROWS })) as typeof rows
        rows.push(...page)
        const last = page.at(-1)
        if (last === undefined || page.length < PAGE_ROWS) return rows
        after = keyOf(last)
      }
    },
  }
}
