/** Shapes of domains, mailboxes, aliases and groups, and what is made of rows for them. */
import Type, { type Static } from 'typebox'
import { stateOf } from '../accounts/directory/account-list.ts'
import { Bin } from '../accounts/directory/bin.ts'
import type { Usage } from '../accounts/directory/domains.ts'
import { MAX_FORWARD_TARGETS, MAX_NAME_CHARACTERS } from '../accounts/directory/limits.ts'
import type { AccountListRow } from '../store/types/directory.ts'
import type { AliasRow, DomainRow } from '../store/types.ts'
import { Address, Nullable, RoleName, Time } from './schemas.ts'

export const Bytes = Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER })
export const Quota = Nullable(
  Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER, description: 'Bytes; null: no limit' }),
)
export const Limit = Nullable(
  Type.Integer({ minimum: 0, maximum: 1_000_000_000, description: 'null: no limit of its own' }),
)
/** As people have it, on one line. */
export const PersonName = Type.String({ maxLength: MAX_NAME_CHARACTERS, pattern: '^[^\\u0000-\\u001f\\u007f]*$' })
export const PlanId = Nullable(Type.String({ minLength: 1, maxLength: 100 }))

export const AccountKindName = Type.Enum(['personal', 'shared'])
export const AccountStateName = Type.Enum(['active', 'receiving', 'blocked', 'restricted', 'waiting'], {
  description:
    'receiving: suspended, so that it still receives; restricted: some of it is off; waiting: no password was chosen yet',
})
export const AliasKindName = Type.Enum(['alias', 'group'])

export const ForwardSchema = Type.Object(
  {
    targets: Type.Array(Address, { minItems: 1, maxItems: MAX_FORWARD_TARGETS }),
    keepCopy: Type.Boolean({ description: 'Whether the mailbox keeps what it forwards' }),
  },
  { additionalProperties: false },
)

export type ForwardAnswer = Static<typeof ForwardSchema>

export const MailboxSchema = Type.Object({
  address: Type.String(),
  domain: Type.String(),
  name: Type.String(),
  kind: AccountKindName,
  role: RoleName,
  state: AccountStateName,
  signInEnabled: Type.Boolean(),
  sendingEnabled: Type.Boolean(),
  receivingEnabled: Type.Boolean(),
  hasPassword: Type.Boolean(),
  usedBytes: Type.Integer(),
  quotaBytes: Nullable(Type.Integer({ description: 'null: no limit' })),
  messages: Type.Integer(),
  planId: Nullable(Type.String()),
  hourlyLimit: Nullable(
    Type.Integer({ description: 'Recipients an hour; null: as the domain, the plan or the service has it' }),
  ),
  forward: Nullable(ForwardSchema),
  createdAt: Time,
  lastSignInAt: Nullable(Time),
})
export type MailboxAnswer = Static<typeof MailboxSchema>

export function mailboxAnswer(row: AccountListRow, lastSignInAt: number | null = null): MailboxAnswer {
  const { address, domain, name, kind, role, signInEnabled, sendingEnabled, receivingEnabled, hasPassword } = row
  const { usedBytes, quotaBytes, messages, planId, hourlyLimit, forward, createdAt } = row
  return {
    address,
    domain,
    name,
    kind,
    role,
    state: stateOf(row),
    signInEnabled,
    sendingEnabled,
    receivingEnabled,
    hasPassword,
    usedBytes,
    quotaBytes,
    messages,
    planId,
    hourlyLimit,
    forward,
    createdAt,
    lastSignInAt,
  }
}

export const RemovedMailboxSchema = Type.Object({
  address: Type.String(),
  domain: Type.String(),
  name: Type.String(),
  kind: AccountKindName,
  usedBytes: Type.Integer(),
  quotaBytes: Nullable(Type.Integer()),
  messages: Type.Integer(),
  removedAt: Time,
  purgedAt: Type.Integer({ description: 'When it goes for good by itself' }),
})

export type RemovedMailboxAnswer = Static<typeof RemovedMailboxSchema>

export function removedAnswer(row: AccountListRow): Static<typeof RemovedMailboxSchema> {
  const { address, domain, name, kind, usedBytes, quotaBytes, messages } = row
  const removedAt = row.removedAt ?? 0
  return { address, domain, name, kind, usedBytes, quotaBytes, messages, removedAt, purgedAt: Bin.endOf(removedAt) }
}

export const DomainSchema = Type.Object({
  name: Type.String(),
  mailboxes: Type.Integer({ description: 'Those in the bin aside' }),
  maxMailboxes: Nullable(Type.Integer()),
  usedBytes: Type.Integer(),
  soldBytes: Type.Integer({ description: 'Sum of the quotas of its mailboxes' }),
  quotaBytes: Nullable(Type.Integer({ description: 'How much may be sold; null: no limit' })),
  withoutQuota: Type.Integer({ description: 'Mailboxes without a quota' }),
  catchAll: Nullable(Type.String()),
  defaultPlanId: Nullable(Type.String()),
  defaultQuotaBytes: Nullable(Type.Integer()),
  mailboxHourlyLimit: Nullable(
    Type.Integer({ description: 'Recipients an hour of each mailbox; null: as the plan or the service has it' }),
  ),
  domainHourlyLimit: Nullable(Type.Integer({ description: 'Of all its mailboxes together' })),
  aliases: Type.Array(Type.String(), { description: 'Other names: each address of them is the same one here' }),
  createdAt: Time,
})
export type DomainAnswer = Static<typeof DomainSchema>

export function domainAnswer(row: DomainRow, usage: Usage, aliases: readonly string[]): DomainAnswer {
  const { name, accounts, maxMailboxes, soldBytes, quotaBytes, catchAll, defaultPlanId, defaultQuotaBytes } = row
  const { mailboxHourlyLimit, domainHourlyLimit, createdAt } = row
  return {
    name,
    mailboxes: accounts,
    maxMailboxes,
    ...usage,
    soldBytes,
    quotaBytes,
    catchAll,
    defaultPlanId,
    defaultQuotaBytes,
    mailboxHourlyLimit,
    domainHourlyLimit,
    aliases: [...aliases],
    createdAt,
  }
}

export const AliasSchema = Type.Object({
  address: Type.String(),
  kind: AliasKindName,
  name: Type.String({ description: 'Of a group' }),
  targets: Type.Array(Type.String()),
  createdAt: Time,
})

export type AliasAnswer = Static<typeof AliasSchema>

export function aliasAnswer({ address, kind, name, targets, createdAt }: AliasRow): Static<typeof AliasSchema> {
  return { address, kind, name, targets, createdAt }
}
