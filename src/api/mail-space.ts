/** /mailbox/space and /mailbox/folders: what one's mail takes, and emptying what was thrown away. */
import Type, { type Static } from 'typebox'
import { AccountError } from '../accounts/account-error.ts'
import type { Actor } from '../accounts/actor.ts'
import { FOLDERS_LISTED } from './limits.ts'
import { everyone, type Route, route } from './route.ts'
import { Nullable } from './schemas.ts'
import type { ApiServices } from './services.ts'

const SpaceSchema = Type.Object({
  usedBytes: Type.Integer(),
  quotaBytes: Nullable(Type.Integer({ description: 'null: no limit' })),
  messages: Type.Integer(),
  folders: Type.Array(
    Type.Object({
      name: Type.String(),
      specialUse: Nullable(Type.String({ description: 'What the folder is for: trash, junk, sent …' })),
      messages: Type.Integer(),
      sizeBytes: Type.Integer(),
    }),
    { description: `Those with something in them, largest first, at most ${FOLDERS_LISTED}` },
  ),
})

export type SpaceAnswer = Static<typeof SpaceSchema>

export function mailSpaceRoutes({ space }: ApiServices): Route[] {
  return [
    route({
      method: 'GET',
      path: '/mailbox/space',
      operationId: 'getMailboxSpace',
      summary: 'Space that one’s own mail takes, folder by folder',
      tag: 'mailbox',
      access: everyone,
      needsMailbox: true,
      scope: 'account:read',
      response: SpaceSchema,
      async handle({ actor }) {
        const used = (await space.of(accountOf(actor))) ?? gone(actor.address)
        return { ...used, folders: used.folders.slice(0, FOLDERS_LISTED) }
      },
    }),
    route({
      method: 'POST',
      path: '/mailbox/folders/:folder/empty',
      operationId: 'emptyFolder',
      summary: 'Removes all that is in Trash or Junk, for good',
      tag: 'mailbox',
      access: everyone,
      needsMailbox: true,
      scope: 'account:write',
      params: Type.Object({ folder: Type.Enum(['trash', 'junk']) }),
      response: Type.Object({ messages: Type.Integer({ description: 'How many were removed' }) }),
      async handle({ actor, params }) {
        const emptied = await space.empty(accountOf(actor), params.folder)
        if (!emptied) throw new AccountError('folder-not-found', 'There is no such folder')
        return emptied
      },
    }),
  ]
}

const accountOf = ({ principalId, address }: Actor): number => principalId ?? gone(address)

function gone(address: string): never {
  throw new AccountError('mailbox-not-found', 'There is no such mailbox', { address })
}
