/** /traces, /mailbox/traces: what became of messages, in and out. */
import Type, { type Static } from 'typebox'
import type { QueueAction } from '../mail/trace/queue-desk.ts'
import type { Side, TraceWish } from '../mail/trace/traces.ts'
import { explanationClasses } from '../wire/report/explanation/classes.ts'
import { EventStream } from './event-stream.ts'
import { attachment, everyone, managers, RawAnswer, type Route, route, staff } from './route.ts'
import { Nullable, PageOf, PageQuery, RowId, rowId, Time, timeOf } from './schemas.ts'
import type { ApiServices } from './services.ts'

const outcomeKinds = [
  'delivered',
  'stored',
  'junk',
  'folder',
  'discarded',
  'waiting',
  'held',
  'refused',
  'bounced',
  'expired',
  'dropped',
  'gone',
] as const

const RuleSchema = Type.Object({
  kind: Type.Enum(['rule', 'script', 'domain', 'service', 'auto-reply'], {
    description:
      'rule: of the panel. script: of the mailbox, by hand. domain, service: a script for all mailboxes of it',
  }),
  name: Type.String(),
  line: Nullable(Type.Integer(), { description: 'Of a script' }),
  did: Type.Enum([
    'filed',
    'redirected',
    'discarded',
    'refused',
    'answered',
    'notified',
    'flagged',
    'edited',
    'failed',
  ]),
  what: Type.String({ description: 'The folder, the address, flags, fields of the header, the error' }),
})

const Hold = Nullable(Type.Enum(['new-place', 'unknown-users', 'bounces']), {
  description: 'What was unusual about the sending; null where staff held this message',
})

const OutcomeSchema = Type.Object({
  kind: Type.Enum([...outcomeKinds], {
    description:
      'delivered: another server took it, or it was passed on to where an address of this service leads. stored: in the mailbox. junk, folder: in another folder. discarded: a rule kept no copy. waiting: will be tried. held: stopped by staff, or they have to look at it first. refused: not taken in here. bounced, expired: given up, at once or after days. dropped: taken out of the queue by staff. gone: held when the mailbox that sent it was deleted',
  }),
  at: Time,
  host: Nullable(Type.String({ description: 'The server that answered last' })),
  tls: Nullable(Type.String({ description: 'Version and cipher of the connection to it' })),
  status: Nullable(Type.String({ description: 'Enhanced status code' })),
  answer: Nullable(Type.String({ description: 'The answer, word for word' })),
  attempts: Type.Integer(),
  nextAttemptAt: Nullable(Time),
  mailboxes: Type.Array(Type.String(), {
    description: 'Where it was stored; empty where that is not the reader’s to know',
  }),
  rule: Nullable(RuleSchema, { description: 'The rule that decided where it went' }),
  readAt: Nullable(Time, { description: 'When it was first fetched by POP3' }),
  count: Type.Integer({ description: 'How many refusals alike this one stands for' }),
  hold: Hold,
})

const RecipientSchema = Type.Object({
  address: Type.String(),
  via: Nullable(Type.String(), { description: 'The address given, where it led to this one' }),
  outcome: OutcomeSchema,
  text: Type.String({ description: 'The outcome in one sentence, in the language asked for' }),
  explanation: Nullable(
    Type.Object({
      class: Type.Enum([...explanationClasses]),
      whoActs: Type.Enum(['sender', 'recipient', 'manager', 'provider', 'nobody']),
      what: Type.String(),
      why: Type.String(),
      todo: Type.String(),
    }),
    { description: 'Of what went wrong: what happened, why, what to do' },
  ),
})

const traceMembers = {
  traceId: Type.Integer(),
  id: Type.String({ description: 'As told in the answer to the message; empty for what was refused before' }),
  at: Time,
  direction: Type.Enum(['in', 'out', 'local']),
  from: Type.String({ description: 'The reverse-path, in lower case; empty for reports' }),
  sizeBytes: Type.Integer(),
  messageId: Type.String(),
  subject: Nullable(Type.String(), { description: 'Only for the owner, and for staff while it waits' }),
  origin: Type.Object({
    via: Type.Enum(['smtp', 'submission', 'rule', 'service']),
    remoteAddress: Nullable(Type.String()),
    helo: Nullable(Type.String()),
    tls: Nullable(Type.String()),
    credential: Nullable(Type.String({ description: 'The address that signed in, or whose rule sent it' })),
    appPasswordId: Nullable(Type.String()),
    appPassword: Nullable(Type.String(), { description: 'Its label; null where it is gone, or none was used' }),
  }),
  recipientCount: Type.Integer(),
  recipients: Type.Array(RecipientSchema, { description: 'In a list, the first ten' }),
}

const TraceSchema = Type.Object(traceMembers)
export type TraceAnswer = Static<typeof TraceSchema>

const StepSchema = Type.Object({
  at: Time,
  kind: Type.Enum([
    'accepted',
    'checked',
    'copied',
    'filed',
    'filtered',
    'stored',
    'discarded',
    'queued',
    'delivered',
    'deferred',
    'bounced',
    'expired',
    'held',
    'released',
    'retried',
    'dropped',
    'gone',
    'refused',
    'read',
    'removed',
  ]),
  address: Nullable(Type.String(), { description: 'null: of the message as a whole' }),
  host: Nullable(Type.String()),
  remoteAddress: Nullable(Type.String()),
  tls: Nullable(Type.String()),
  status: Nullable(Type.String()),
  answer: Nullable(Type.String()),
  nextAttemptAt: Nullable(Time),
  mailboxes: Type.Array(Type.String()),
  rule: Nullable(RuleSchema),
  text: Nullable(Type.String(), {
    description: 'What the rule did, or why it is held, in a sentence in the language asked for',
  }),
  hold: Hold,
})

const detailMembers = {
  ...traceMembers,
  steps: Type.Array(StepSchema, { description: 'Oldest first' }),
  queue: Type.Array(
    Type.Object({
      queueId: Type.Integer(),
      recipientId: Type.Integer(),
      address: Type.String(),
      status: Type.Enum(['queued', 'held', 'delivered', 'failed', 'expired', 'removed']),
      attempts: Type.Integer(),
      nextAttemptAt: Time,
    }),
    { description: 'Of staff: what is or was in the queue of it' },
  ),
}
const TraceDetailSchema = Type.Object(detailMembers)
export type TraceDetailAnswer = Static<typeof TraceDetailSchema>

const LinkSchema = Type.Object({ url: Type.String(), expiresAt: Time })
const HolderSchema = Type.Object({ ...detailMembers, expiresAt: Time })
export type SharedTraceAnswer = Static<typeof HolderSchema>

const Id = Type.Object({ traceId: RowId })
const words = (description: string) => Type.Optional(Type.String({ maxLength: 320, description }))
const SearchQuery = Type.Object({
  ...PageQuery,
  after: Type.Optional(rowId({ description: 'Where the page before ended: its `next`' })),
  sender: words('An address, a domain, or a piece of what stands before the @'),
  recipient: words('The same of a recipient'),
  address: words('The same of either end'),
  way: Type.Optional(
    Type.Enum(['sent', 'received'], { description: 'By the mailbox, the domains or the service, or for them' }),
  ),
  status: Type.Optional(
    Type.Enum(['delivered', 'waiting', 'refused', 'held'], {
      description:
        'Of one recipient at least. delivered: also into a mailbox here. refused: here or elsewhere, or given up',
    }),
  ),
  id: words('The id of the answer or the Message-ID, or a piece of either'),
  around: Type.Optional(timeOf('Milliseconds since 1970. About that time: an hour and a half before and after')),
  since: Type.Optional(Time),
  until: Type.Optional(Time),
})

function wishOf(query: Static<typeof SearchQuery>): TraceWish {
  const { sender = null, recipient = null, address = null, way = null, status = null, id = null } = query
  const { around = null, since = null, until = null, after: below = null, limit = 50 } = query
  return { sender, recipient, address, way, status, id, around, since, until, below, limit }
}

type Services = Pick<ApiServices, 'traces' | 'traceFeed' | 'traceLinks' | 'queueDesk'>

const LiveQuery = Type.Object({ after: Type.Optional(rowId({ minimum: 0 })) })
const live = { items: Type.Array(TraceSchema), next: Type.Integer() }
const LiveSchema = Type.Object(live)
const FeedSchema = Type.Object({
  ...live,
  skipped: Type.Boolean({ description: 'More happened than anyone could follow; the earlier part is left out' }),
})
export type LiveAnswer = Static<typeof LiveSchema>
export type FeedAnswer = Static<typeof FeedSchema>

const emptyPages = 'Latest first. A page may be empty while `next` says where to go on: so many were looked at'

export function traceRoutes({ traces, traceFeed, traceLinks, queueDesk }: Services): Route[] {
  const reading = (side: Side) => {
    const isOwn = side === 'own'
    const facts = { tag: 'traces', access: isOwn ? everyone : managers, needsMailbox: isOwn } as const
    const prefix = isOwn ? '/mailbox' : ''
    const named = isOwn ? 'Own' : ''
    return [
      route({
        ...facts,
        method: 'GET',
        path: `${prefix}/traces`,
        operationId: `list${named}Traces`,
        summary: isOwn
          ? `What became of what one’s mailbox sent and got. ${emptyPages}`
          : `What became of messages: of managers, from their domains or to them. ${emptyPages}`,
        scope: isOwn ? 'account:read' : 'directory:read',
        query: SearchQuery,
        response: PageOf(TraceSchema),
        async handle({ actor, query, language }) {
          const { items, next } = await traces.search(actor, side, wishOf(query), language)
          return { items, next: next === null ? null : String(next) }
        },
      }),
      route({
        ...facts,
        method: 'GET',
        path: `${prefix}/traces/:traceId`,
        operationId: `read${named}Trace`,
        summary: 'What became of one message: the plain answer for each recipient, then the steps',
        scope: isOwn ? 'account:read' : 'directory:read',
        params: Id,
        response: TraceDetailSchema,
        handle: ({ actor, params, language }) => traces.show(actor, side, params.traceId, language),
      }),
      route({
        ...facts,
        method: 'POST',
        path: `${prefix}/traces/:traceId/links`,
        operationId: `share${named}Trace`,
        summary: 'A link by which whoever has it reads this trace for a week, without the subject',
        scope: isOwn ? 'account:write' : 'directory:write',
        status: 201,
        creates: true,
        params: Id,
        response: LinkSchema,
        handle: ({ actor, params }) => traceLinks.make(actor, side, params.traceId),
      }),
    ]
  }
  return [
    ...reading('own'),
    route({
      method: 'GET',
      path: '/traces/live',
      operationId: 'followTraces',
      summary: 'What is new since `after`, oldest first; asked again and again. Without `after`: where to begin',
      tag: 'traces',
      access: staff,
      scope: 'service:read',
      query: LiveQuery,
      response: LiveSchema,
      handle: ({ actor, query, language }) => traces.tail(actor, query.after ?? null, language),
    }),
    route({
      method: 'GET',
      path: '/traces/live/stream',
      operationId: 'streamTraces',
      summary:
        'The same as server-sent events, without asking again; `id` and `next` are where to go on after a break. Comments keep the connection open',
      tag: 'traces',
      access: staff,
      scope: 'service:read',
      produces: 'text/event-stream',
      query: LiveQuery,
      response: FeedSchema,
      async handle({ actor, query, language }) {
        const follow = { after: query.after ?? null, language }
        return new EventStream(async function* (signal) {
          for await (const page of traceFeed.follow(actor, follow, signal))
            yield page && { id: page.next, data: { ...page } }
        })
      },
    }),
    ...reading('managed'),
    route({
      method: 'POST',
      path: '/traces/:traceId/queue',
      operationId: 'controlTrace',
      summary: 'Tries now, holds, releases or drops (without a bounce) what waits of a message: one recipient, or all',
      tag: 'traces',
      access: staff,
      scope: 'service:write',
      params: Id,
      body: Type.Object(
        {
          action: Type.Enum(['retry', 'hold', 'release', 'drop'] satisfies QueueAction[]),
          recipientId: Nullable(RowId),
        },
        { additionalProperties: false },
      ),
      response: Type.Object({ recipients: Type.Integer({ description: 'How many it concerned' }) }),
      handle: ({ actor, params, body }) => queueDesk.act(actor, params.traceId, body),
    }),
    route({
      method: 'GET',
      path: '/traces/:traceId/source',
      operationId: 'readTraceSource',
      summary: 'The message itself, as long as it waits; who reads it is audited',
      tag: 'traces',
      access: staff,
      // Somebody's mail: a person asks for it, with his password, and no token does.
      scope: null,
      needsConfirmation: true,
      produces: 'message/rfc822',
      params: Id,
      response: Type.String(),
      async handle({ actor, params }) {
        const { id, bytes } = await queueDesk.source(actor, params.traceId)
        return new RawAnswer('message/rfc822', bytes, attachment(`${id}.eml`))
      },
    }),
    route({
      method: 'POST',
      path: '/trace-links/open',
      operationId: 'openTraceLink',
      summary: 'Reads a trace by its link',
      tag: 'link holders',
      access: 'public',
      scope: null,
      body: Type.Object(
        { token: Type.String({ minLength: 20, maxLength: 100, description: 'What follows "#" in the link' }) },
        { additionalProperties: false },
      ),
      response: HolderSchema,
      handle: ({ body, language }) => traceLinks.open(body.token, language),
    }),
  ]
}
