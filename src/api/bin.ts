/** /bin: mailboxes that were removed, for the time they can be had back. */
import Type from 'typebox'
import type { AccountListRow } from '../store/types/directory.ts'
import { MailboxSchema, mailboxAnswer, RemovedMailboxSchema, removedAnswer } from './directory-schemas.ts'
import { MailboxParams } from './mailboxes.ts'
import { managers, type Route, route } from './route.ts'
import { DomainName, PageOf, PageQuery, pageOf } from './schemas.ts'
import type { ApiServices } from './services.ts'

export function binRoutes({ directory: { bin } }: Pick<ApiServices, 'directory'>): Route[] {
  return [
    route({
      method: 'GET',
      path: '/bin',
      operationId: 'listBin',
      summary: 'Removed mailboxes, the latest first',
      tag: 'mailboxes',
      access: managers,
      scope: 'directory:read',
      query: Type.Object({ domain: Type.Optional(DomainName), ...PageQuery }),
      response: PageOf(RemovedMailboxSchema),
      async handle({ actor, query: { domain = null, after, limit = 50 } }) {
        const rows = await bin.list(actor, { domain, before: readCursor(after), limit: limit + 1 })
        const page = pageOf(rows, limit, writeCursor)
        return { ...page, items: page.items.map(removedAnswer) }
      },
    }),
    route({
      method: 'POST',
      path: '/bin/:address/restore',
      operationId: 'restoreMailbox',
      summary: 'Takes the mailbox out of the bin, as it was',
      tag: 'mailboxes',
      access: managers,
      scope: 'directory:write',
      params: MailboxParams,
      response: MailboxSchema,
      handle: async ({ actor, params }) => mailboxAnswer(await bin.restore(actor, params.address)),
    }),
    route({
      method: 'DELETE',
      path: '/bin/:address',
      operationId: 'purgeMailbox',
      summary: 'Removes the mailbox with all its mail, for good',
      tag: 'mailboxes',
      access: managers,
      scope: 'directory:write',
      params: MailboxParams,
      response: null,
      handle: ({ actor, params }) => bin.purge(actor, params.address),
    }),
  ]
}

const writeCursor = ({ removedAt, accountId }: AccountListRow): string => `${removedAt}-${accountId}`

function readCursor(text: string | undefined): { removedAt: number; accountId: number } | null {
  const match = /^(\d{1,15})-(\d{1,15})$/.exec(text ?? '')
  return match ? { removedAt: Number(match[1]), accountId: Number(match[2]) } : null
}
