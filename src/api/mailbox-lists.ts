/** /mailboxes/preview: what a list of mailboxes would make, before any is made. */
import Type, { type Static } from 'typebox'
import { MAX_LIST_BYTES } from '../accounts/directory/limits.ts'
import type { Language } from '../store/types/principals.ts'
import { bulkErrorText } from './directory-texts.ts'
import { ApiProblem, fill } from './problem.ts'
import { managers, type Route, route } from './route.ts'
import { Nullable } from './schemas.ts'
import type { ApiServices } from './services.ts'

const ColumnName = Type.Enum(['address', 'name', 'quota', 'sendTo', 'plan'])

const PreviewSchema = Type.Object({
  columns: Type.Array(Nullable(ColumnName), { description: 'As they were recognised; null: left aside' }),
  rows: Type.Array(
    Type.Object({
      line: Type.Integer({ description: 'In the file, from 1' }),
      address: Type.String(),
      name: Type.String(),
      quotaBytes: Type.Optional(
        Nullable(Type.Integer({ description: 'null: no limit; left out: as the domain has it' })),
      ),
      plan: Type.Optional(
        Type.Object(
          { planId: Type.String(), name: Type.String() },
          { description: 'Left out: the domain’s, or none where a space is given' },
        ),
      ),
      sendTo: Type.String({ description: 'Where the link is mailed; empty: nowhere' }),
      errors: Type.Array(Type.Object({ column: ColumnName, code: Type.String(), message: Type.String() })),
    }),
  ),
  ready: Type.Integer({ description: 'Rows without errors' }),
})

export type ListPreview = Static<typeof PreviewSchema>

export function mailboxListRoutes({ directory: { bulk } }: Pick<ApiServices, 'directory'>): Route[] {
  return [
    route({
      method: 'POST',
      path: '/mailboxes/preview',
      operationId: 'previewMailboxes',
      summary:
        'Reads a list of mailboxes (CSV) and says what each row would make and what is wrong; nothing is written',
      tag: 'mailboxes',
      access: managers,
      scope: 'directory:read',
      // Base64 is a third longer.
      bodyLimit: Math.ceil(MAX_LIST_BYTES * 1.4),
      body: Type.Object(
        { data: Type.String({ minLength: 1, description: 'The file as it is, in base64; UTF-8 or Windows-1252' }) },
        { additionalProperties: false },
      ),
      response: PreviewSchema,
      async handle({ actor, body, language }) {
        const bytes = Buffer.from(body.data, 'base64')
        if (bytes.length > MAX_LIST_BYTES) throw new ApiProblem('too-large')
        const { columns, rows } = await bulk.preview(actor, bytes)
        return {
          columns,
          rows: rows.map(({ quotaBytes, plan, errors, ...row }) => ({
            ...row,
            ...(quotaBytes !== undefined && { quotaBytes }),
            ...(plan && { plan }),
            errors: errors.map(({ column, code, values }) => ({
              column,
              code,
              message: messageOf(code, values, language),
            })),
          })),
          ready: rows.filter(({ errors }) => errors.length === 0).length,
        }
      },
    }),
  ]
}

const messageOf = (code: string, values: Readonly<Record<string, string | number>>, language: Language): string =>
  fill(bulkErrorText(code)[language], values, language)
