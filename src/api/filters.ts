/** /filters, and those of a mailbox one manages. */
import Type, { type Static } from 'typebox'
import { SCRIPT_BYTES } from '../mail/rules/limits.ts'
import { FILTERS_BYTES } from './limits.ts'
import { everyone, managers, type Route, route } from './route.ts'
import { Address, Nullable, rowId, Time } from './schemas.ts'
import type { ApiServices } from './services.ts'

const closed = { additionalProperties: false }
const Name = Type.String({ minLength: 1, maxLength: 200 })
const Text = Type.String({ minLength: 1, maxLength: 500 })
const Texts = Type.Array(Text, { minItems: 1, maxItems: 100, description: 'Any of them' })
const Comparison = Type.Enum(['contains', 'is', 'begins', 'ends'])
const compared = { comparison: Comparison, texts: Texts, isNegated: Type.Boolean() }

const ConditionSchema = Type.Union([
  Type.Object({ kind: Type.Enum(['sender', 'recipient', 'subject', 'list']), ...compared }, closed),
  Type.Object(
    { kind: Type.Literal('header'), name: Type.String({ pattern: '^[!-9;-~]{1,100}$' }), ...compared },
    closed,
  ),
  Type.Object({ kind: Type.Literal('body'), texts: Texts, isNegated: Type.Boolean() }, closed),
  Type.Object(
    {
      kind: Type.Literal('size'),
      comparison: Type.Enum(['over', 'under']),
      bytes: Type.Integer({ minimum: 0, maximum: 2 ** 40 }),
    },
    closed,
  ),
  Type.Object({ kind: Type.Literal('attachment'), isNegated: Type.Boolean() }, closed),
])

const ActionSchema = Type.Union([
  Type.Object({ kind: Type.Enum(['move', 'copy']), mailbox: Name }, closed),
  Type.Object({ kind: Type.Literal('forward'), address: Address, keepsCopy: Type.Boolean() }, closed),
  Type.Object(
    { kind: Type.Literal('keyword'), keyword: Type.String({ pattern: "^[!#-\\$&-'+-\\[\\^-z|~]{1,60}$" }) },
    closed,
  ),
  Type.Object({ kind: Type.Enum(['mark-read', 'flag', 'trash', 'stop']) }, closed),
  Type.Object({ kind: Type.Literal('reject'), reason: Type.String({ minLength: 1, maxLength: 1000 }) }, closed),
])

export const RuleSchema = Type.Object(
  {
    name: Name,
    isEnabled: Type.Boolean(),
    match: Type.Enum(['all', 'any'], { description: 'Of its conditions' }),
    conditions: Type.Array(ConditionSchema, { maxItems: 30, description: 'None: each message' }),
    actions: Type.Array(ActionSchema, { minItems: 1, maxItems: 10 }),
  },
  closed,
)

export type RuleAnswer = Static<typeof RuleSchema>

export const ContradictionsSchema = Type.Array(Type.Object({ rule: Type.Integer(), earlier: Type.Integer() }), {
  description: 'Rules, by their place from 0, of which a message that both are for is kept and not refused',
})

const position = { line: Type.Integer(), column: Type.Integer() }
export const WarningsSchema = Type.Array(
  Type.Object({ ...position, message: Type.String(), earlier: Type.Object(position) }),
  { description: 'Commands of a script written by hand that fail where those before them were run' },
)

export const CheckSchema = Type.Object({ source: Type.String({ maxLength: SCRIPT_BYTES }) }, closed)
export const CheckedSchema = Type.Object({
  problems: Type.Array(Type.Object({ ...position, message: Type.String() }), { description: 'None: it may be set' }),
  warnings: WarningsSchema,
})

export type CheckedScriptAnswer = Static<typeof CheckedSchema>

const BeforeSchema = Type.Object(
  {
    service: Type.Boolean({ description: 'Whether the service has rules of its own' }),
    domain: Nullable(
      Type.Object({
        name: Type.String(),
        rules: Nullable(Type.Array(RuleSchema, { description: 'null where the script is written by hand' })),
        source: Type.String(),
        updatedAt: Time,
      }),
    ),
  },
  { description: 'What comes before these filters' },
)

export const FailureSchema = Nullable(
  Type.Object({
    at: Time,
    messages: Type.Integer({ description: 'How many it stopped with' }),
    script: Type.String({
      description: 'The script it lies in, which may be an included one; empty where it has no name',
    }),
    rule: Nullable(Type.String(), { description: 'Of rules, the one' }),
    ...position,
    problem: Type.String(),
    address: Type.String({ description: 'The mailbox of the last message' }),
    sender: Type.String({ description: 'Of the last message; empty for a report' }),
  }),
  { description: 'The last error at which it stopped since it was changed; the messages were kept' },
)

export type FailureAnswer = NonNullable<Static<typeof FailureSchema>>

const ofFilters = 'Of the filters that were seen; another with each change of the mailbox’s rules'
const Revision = rowId({ minimum: 0, description: ofFilters })
const seen = { revision: Type.Optional(rowId({ minimum: 0, description: `${ofFilters}. Else 409` })) }

const FiltersSchema = Type.Object({
  address: Type.String({ description: 'The mailbox' }),
  rules: Nullable(Type.Array(RuleSchema, { description: 'null where a script written by hand is active' })),
  script: Nullable(
    Type.Object({ name: Type.String(), source: Type.String(), updatedAt: Time }, { description: 'The one that runs' }),
  ),
  contradictions: ContradictionsSchema,
  warnings: WarningsSchema,
  failure: FailureSchema,
  before: BeforeSchema,
  revision: Revision,
})

export type FiltersAnswer = Static<typeof FiltersSchema>

const RulesChange = Type.Object(
  {
    rules: Type.Array(RuleSchema, { maxItems: 300 }),
    replacesScript: Type.Optional(
      Type.Boolean({ description: 'Whether they take the place of a script written by hand, which stays stored' }),
    ),
    ...seen,
  },
  closed,
)
const ScriptChange = Type.Object({ source: Type.String({ maxLength: SCRIPT_BYTES }), ...seen }, closed)

const MailboxParams = Type.Object({ address: Address })

export function filterRoutes({ filters }: ApiServices): Route[] {
  return [
    route({
      method: 'GET',
      path: '/filters',
      operationId: 'getFilters',
      summary: 'The filters of one’s own mailbox',
      tag: 'filters',
      access: everyone,
      needsMailbox: true,
      scope: 'account:read',
      response: FiltersSchema,
      handle: ({ actor }) => filters.own(actor),
    }),
    route({
      method: 'PUT',
      path: '/filters',
      operationId: 'setFilters',
      summary: 'Sets the rules of one’s own mailbox; they run from now on, in this order',
      tag: 'filters',
      access: everyone,
      needsMailbox: true,
      scope: 'account:write',
      bodyLimit: FILTERS_BYTES,
      body: RulesChange,
      response: FiltersSchema,
      handle: ({ actor, body }) => filters.setOwn(actor, body),
    }),
    route({
      method: 'PUT',
      path: '/filters/script',
      operationId: 'setFilterScript',
      summary: 'Sets a script in Sieve (RFC 5228), which runs from now on',
      tag: 'filters',
      access: everyone,
      needsMailbox: true,
      scope: 'account:write',
      bodyLimit: FILTERS_BYTES,
      body: ScriptChange,
      response: FiltersSchema,
      handle: ({ actor, body }) => filters.setOwnScript(actor, body),
    }),
    route({
      method: 'POST',
      path: '/filters/check',
      operationId: 'checkFilterScript',
      summary: 'What is wrong with a script, by line and column, and what may go wrong; nothing is changed',
      tag: 'filters',
      access: everyone,
      needsMailbox: true,
      scope: 'account:read',
      bodyLimit: FILTERS_BYTES,
      body: CheckSchema,
      response: CheckedSchema,
      async handle({ actor, body }) {
        const { problems, warnings } = await filters.check(actor, body.source)
        return { problems: [...problems], warnings }
      },
    }),
    route({
      method: 'GET',
      path: '/mailboxes/:address/filters',
      operationId: 'getMailboxFilters',
      summary: 'The filters of a mailbox',
      tag: 'filters',
      access: managers,
      scope: 'directory:read',
      params: MailboxParams,
      response: FiltersSchema,
      handle: ({ actor, params }) => filters.ofMailbox(actor, params.address),
    }),
    route({
      method: 'PUT',
      path: '/mailboxes/:address/filters',
      operationId: 'setMailboxFilters',
      summary: 'Sets the rules of a mailbox; they run from now on, in this order',
      tag: 'filters',
      access: managers,
      scope: 'directory:write',
      params: MailboxParams,
      bodyLimit: FILTERS_BYTES,
      body: RulesChange,
      response: FiltersSchema,
      handle: ({ actor, params, body }) => filters.setOfMailbox(actor, params.address, body),
    }),
  ]
}
