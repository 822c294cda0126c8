/** /audit: who changed what. */
import Type, { type Static } from 'typebox'
import type { AuditRow } from '../store/types/service.ts'

export type { AuditAction, AuditField } from '../accounts/audited-facts.ts'

import { everyone, type Route, route } from './route.ts'
import { Nullable, PageOf, PageQuery, pageOf, RoleName, rowId, Time } from './schemas.ts'
import type { ApiServices } from './services.ts'

const Change = Nullable(Type.Record(Type.String(), Type.Unknown()))

const AuditEntrySchema = Type.Object({
  auditId: Type.Integer(),
  at: Time,
  actor: Type.String({ description: 'An address, or command-line, or service' }),
  actorRole: Type.Union([RoleName, Type.Literal('system')]),
  via: Type.Enum(['panel', 'token', 'command-line', 'service', 'link', 'mail-program']),
  remoteAddress: Type.String({ description: 'Empty where there is none, or it is not the reader’s to know' }),
  action: Type.String({ description: 'The noun, a dot, the verb' }),
  target: Type.String(),
  domain: Nullable(Type.String()),
  before: Change,
  after: Change,
})
export type AuditEntryAnswer = Static<typeof AuditEntrySchema>

export function auditRoutes({ audit }: Pick<ApiServices, 'audit'>): Route[] {
  return [
    route({
      method: 'GET',
      path: '/audit',
      operationId: 'listAudit',
      summary: 'Who changed what, latest first: staff see all, managers their domains, owners what concerns them',
      tag: 'audit',
      access: everyone,
      scope: 'audit:read',
      query: Type.Object({
        ...PageQuery,
        after: Type.Optional(rowId({ description: 'Where the page before ended: its `next`' })),
        action: Type.Optional(
          Type.String({
            maxLength: 60,
            pattern: '^[a-zA-Z0-9-]+\\.[a-z-]*$',
            description: '`link.create`, or `link.` for all',
          }),
        ),
        search: Type.Optional(Type.String({ maxLength: 320, description: 'In who did it or what it was done to' })),
        since: Type.Optional(Time),
        until: Type.Optional(Time),
      }),
      response: PageOf(AuditEntrySchema),
      async handle({ actor, query }) {
        const { after = null, limit = 50, action = null, search = '', since = null, until = null } = query
        const rows = await audit.list(actor, { action, search, since, until, before: after, limit: limit + 1 })
        return pageOf(rows.map(answer), limit, ({ auditId }) => String(auditId))
      },
    }),
  ]
}

function answer({ actorId: _, ...row }: AuditRow): AuditEntryAnswer {
  return row
}
