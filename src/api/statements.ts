/** /ledger and /statements: what was sold from when to when, and what it costs month by month. */
import Type, { type Static } from 'typebox'
import type { Actor } from '../accounts/actor.ts'
import { keptForm } from '../accounts/addresses.ts'
import type { StatementScope } from '../accounts/billing/statement.ts'
import { csvHeader, csvLines } from '../accounts/billing/statement-csv.ts'
import { TermsSchema, TotalSchema } from './plan-schemas.ts'
import { attachment, managers, RawAnswer, type Route, route } from './route.ts'
import { Address, DomainName, LanguageCode, Nullable, PageOf, PageQuery, pageOf, Time } from './schemas.ts'
import type { ApiServices } from './services.ts'

const EntrySchema = Type.Object({
  entryId: Type.Integer(),
  at: Time,
  day: Type.String({ description: 'YYYY-MM-DD, from which it counts' }),
  domain: Type.String(),
  address: Type.String(),
  kind: Type.Enum(['created', 'changed', 'removed', 'restored']),
  terms: Nullable(TermsSchema),
  madeBy: Type.String(),
})

const DomainStatement = {
  domain: Type.String(),
  mailboxes: Type.Integer(),
  totals: Type.Array(TotalSchema),
}

const OfMonth = {
  month: Type.String({ description: 'YYYY-MM' }),
  daysInMonth: Type.Integer(),
  isFinal: Type.Boolean({ description: 'False while the month runs: then it is what will be if nothing changes' }),
}

const StatementSchema = Type.Object({
  ...OfMonth,
  domains: Type.Array(Type.Object(DomainStatement)),
  totals: Type.Array(TotalSchema),
})

const DomainStatementSchema = Type.Object({
  ...OfMonth,
  ...DomainStatement,
  lines: Type.Array(
    Type.Object({
      address: Type.String(),
      ...TermsSchema.properties,
      from: Type.String({ description: 'First day charged' }),
      until: Type.String({ description: 'Last day charged' }),
      days: Type.Integer(),
      amount: Type.Integer({ description: 'In the currency’s smallest unit' }),
    }),
  ),
})

export type LedgerEntryAnswer = Static<typeof EntrySchema>
export type StatementAnswer = Static<typeof StatementSchema>
export type DomainStatementAnswer = Static<typeof DomainStatementSchema>

const Month = Type.String({ pattern: '^\\d{4}-\\d{2}$', description: 'YYYY-MM' })
const ScopeQuery = {
  domain: Type.Optional(DomainName),
  manager: Type.Optional({ ...Address, description: 'Of that manager’s domains; for staff' }),
}

export function statementRoutes({ ledger, statements }: ApiServices): Route[] {
  const facts = { tag: 'statements', access: managers, scope: 'billing:read' } as const
  return [
    route({
      ...facts,
      method: 'GET',
      path: '/ledger',
      operationId: 'listLedger',
      summary: 'What was sold, changed and removed, latest first',
      query: Type.Object({ ...PageQuery, address: Type.Optional(Address), domain: Type.Optional(DomainName) }),
      response: PageOf(EntrySchema),
      async handle({ actor, query }) {
        const { address, domain, after, limit = 50 } = query
        const rows = await ledger.list(actor, {
          address: keptOf(address),
          domain: keptOf(domain),
          before: after === undefined ? null : /^\d{1,15}$/.test(after) ? Number(after) : 0,
          limit: limit + 1,
        })
        return pageOf(rows, limit, row => String(row.entryId))
      },
    }),
    route({
      ...facts,
      method: 'GET',
      path: '/statements',
      operationId: 'listStatements',
      summary: 'The months there are statements of',
      response: Type.Object({ first: Month, current: Month }),
      handle: () => statements.months(),
    }),
    route({
      ...facts,
      method: 'GET',
      path: '/statements/:month',
      operationId: 'getStatement',
      summary: 'What a month costs, by domain',
      params: Type.Object({ month: Month }),
      query: Type.Object({ manager: ScopeQuery.manager }),
      response: StatementSchema,
      handle: ({ actor, params, query }) => statements.ofMonth(actor, params.month, scopeOf(query)),
    }),
    route({
      ...facts,
      method: 'GET',
      path: '/statements/:month/domains/:domain',
      operationId: 'getDomainStatement',
      summary: 'What a month costs, mailbox by mailbox',
      params: Type.Object({ month: Month, domain: DomainName }),
      response: DomainStatementSchema,
      async handle({ actor, params }) {
        const domain = keptForm(params.domain)
        return await statements.ofDomain(actor, params.month, domain)
      },
    }),
    route({
      ...facts,
      method: 'GET',
      path: '/statements/:month/csv',
      operationId: 'exportStatementCsv',
      summary: 'A statement for a spreadsheet: in French with semicolons and decimal commas, in English with commas',
      params: Type.Object({ month: Month }),
      query: Type.Object({ ...ScopeQuery, language: Type.Optional(LanguageCode) }),
      response: Type.String(),
      produces: 'text/csv',
      async handle({ actor, params, query, language }) {
        const chosen = query.language ?? language
        const parts = [csvHeader(chosen)]
        for await (const part of statements.byDomain(actor, params.month, scopeOf(query)))
          parts.push(csvLines(part, chosen))
        return file(parts.join(''), 'text/csv; charset=utf-8', `${nameOf(actor, params.month, query, chosen)}.csv`)
      },
    }),
    route({
      ...facts,
      method: 'GET',
      path: '/statements/:month/json',
      operationId: 'exportStatementJson',
      summary: 'A statement for a program, with every line',
      params: Type.Object({ month: Month }),
      query: Type.Object(ScopeQuery),
      response: Type.Object({ month: Month, domains: Type.Array(DomainStatementSchema) }),
      produces: 'application/json',
      async handle({ actor, params, query, language }) {
        const domains = await Array.fromAsync(statements.byDomain(actor, params.month, scopeOf(query)))
        const text = JSON.stringify({ month: params.month, domains }, null, 2)
        return file(text, 'application/json', `${nameOf(actor, params.month, query, language)}.json`)
      },
    }),
  ]
}

type ScopeAsked = { domain?: string; manager?: string }

function scopeOf({ domain, manager }: ScopeAsked): StatementScope {
  return { domain: keptOf(domain), manager: keptOf(manager) }
}

const keptOf = (text: string | undefined): string | null => (text === undefined ? null : keptForm(text))

const file = (text: string, type: string, name: string): RawAnswer => new RawAnswer(type, text, attachment(name))

function nameOf(actor: Actor, month: string, { domain, manager }: ScopeAsked, language: 'fr' | 'en'): string {
  const whose = domain ?? manager ?? (actor.role === 'manager' ? actor.address : null)
  return [language === 'fr' ? 'releve' : 'statement', month, ...(whose === null ? [] : [whose])].join('-')
}
