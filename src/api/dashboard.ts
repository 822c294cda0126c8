/** /dashboard: what the start page of staff and managers shows; /mailbox/traffic: the same of one's own mailbox. */
import Type, { type Static } from 'typebox'
import { keptForm } from '../accounts/addresses.ts'
import { tops } from '../accounts/dashboard/dashboard.ts'
import { periods } from '../accounts/dashboard/periods.ts'
import { everyone, managers, type Route, route } from './route.ts'
import { DomainName, Nullable, Time } from './schemas.ts'
import type { ApiServices } from './services.ts'

const Counts = {
  received: Type.Integer({ description: 'Messages' }),
  receivedBytes: Type.Integer(),
  sent: Type.Integer({ description: 'Recipients: one message to 16 counts as 16' }),
  sentBytes: Type.Integer(),
  refused: Type.Integer({ description: 'What was refused when it was to be sent' }),
}
const CountsSchema = Type.Object(Counts)

const TotalsSchema = Type.Object({
  at: Time,
  domains: Type.Integer(),
  mailboxes: Type.Integer(),
  usedBytes: Type.Integer(),
  quotaBytes: Type.Integer({ description: 'Of the mailboxes that have a limit' }),
  unlimitedMailboxes: Type.Integer(),
  today: CountsSchema,
  lastWeek: Type.Object(Counts, { description: 'A week ago, until the same time of day' }),
  almostFull: Type.Array(
    Type.Object({ address: Type.String(), usedBytes: Type.Integer(), quotaBytes: Type.Integer() }),
    { description: 'The fullest, of those at 90 % or more' },
  ),
  almostFullMailboxes: Type.Integer(),
  queueWaiting: Nullable(Type.Integer({ description: 'Recipients; null for managers' })),
})

const TrafficSchema = {
  step: Type.Enum(['hour', 'day']),
  traffic: Type.Array(Type.Object({ at: Time, ...Counts })),
}
const OwnTrafficSchema = Type.Object(TrafficSchema)

export type OwnTrafficAnswer = Static<typeof OwnTrafficSchema>

const SeriesSchema = Type.Object({
  ...TrafficSchema,
  space: Type.Array(
    Type.Object({
      day: Type.String({ description: 'YYYY-MM-DD' }),
      usedBytes: Type.Integer(),
      quotaBytes: Type.Integer(),
      mailboxes: Type.Integer(),
    }),
  ),
})

export type DashboardAnswer = Static<typeof TotalsSchema>
export type SeriesAnswer = Static<typeof SeriesSchema>

const PeriodName = Type.Enum([...periods])
const OfDomain = { domain: Type.Optional({ ...DomainName, description: 'That one alone' }) }

export function dashboardRoutes({ dashboard, ownTraffic }: ApiServices): Route[] {
  const facts = { tag: 'dashboard', access: managers, scope: 'billing:read' } as const
  return [
    route({
      ...facts,
      method: 'GET',
      path: '/dashboard',
      operationId: 'getDashboard',
      summary: 'Mailboxes, space, mail of today, and who is almost full; of one’s domains, or of all',
      query: Type.Object(OfDomain),
      response: TotalsSchema,
      handle: ({ actor, query }) => dashboard.totals(actor, askedDomain(query)),
    }),
    route({
      ...facts,
      method: 'GET',
      path: '/dashboard/series',
      operationId: 'getDashboardSeries',
      summary: 'Mail and space over a period, for plots: hour by hour up to a week, else day by day',
      query: Type.Object({ ...OfDomain, period: PeriodName }),
      response: SeriesSchema,
      handle: ({ actor, query }) => dashboard.series(actor, askedDomain(query), query.period),
    }),
    route({
      ...facts,
      method: 'GET',
      path: '/dashboard/top',
      operationId: 'getDashboardTop',
      summary: 'The mailboxes with the most; of space as it is now',
      query: Type.Object({ ...OfDomain, by: Type.Enum([...tops]), period: PeriodName }),
      response: Type.Object({
        items: Type.Array(
          Type.Object({
            address: Type.String(),
            value: Type.Integer({ description: 'Messages, recipients, or bytes of space' }),
          }),
        ),
      }),
      handle: async ({ actor, query }) => ({
        items: await dashboard.top(actor, askedDomain(query), query.by, query.period),
      }),
    }),
    route({
      method: 'GET',
      path: '/mailbox/traffic',
      operationId: 'getOwnTraffic',
      summary: 'What came to one’s own mailbox and went from it',
      tag: 'mailbox',
      access: everyone,
      needsMailbox: true,
      scope: 'account:read',
      query: Type.Object({ period: PeriodName }),
      response: OwnTrafficSchema,
      handle: ({ actor, query }) => ownTraffic.series(actor, query.period),
    }),
  ]
}

const askedDomain = ({ domain }: { domain?: string }): string | null => (domain === undefined ? null : keptForm(domain))
