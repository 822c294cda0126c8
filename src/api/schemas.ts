/** Shapes that several resources share. */
import Type, { type TSchema } from 'typebox'
import { PAGE_ITEMS } from './limits.ts'

export const Nullable = <S extends TSchema>(schema: S, options: { description?: string } = {}) =>
  Type.Union([schema, Type.Null()], options)

/** Milliseconds since 1970, of the days that there are (ECMA-262 §21.4.1.1). */
export const timeOf = (description: string) => Type.Integer({ minimum: -8.64e15, maximum: 8.64e15, description })
export const Time = timeOf('Milliseconds since 1970 (UTC)')

/** Of a row. JSON has greater numbers, but neither stores nor programs hold them exactly. */
export const rowId = (options: { minimum?: number; description?: string } = {}) =>
  Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER, ...options })
export const RowId = rowId()

export const Address = Type.String({ minLength: 3, maxLength: 320, description: 'A mail address' })
export const DomainName = Type.String({ minLength: 1, maxLength: 253, description: 'A domain' })
export const LanguageCode = Type.Enum(['fr', 'en'])
export const RoleName = Type.Enum(['owner', 'manager', 'staff'])

/** One page: `next` is what to ask for with `after`, or null at the end. */
export const PageOf = <S extends TSchema>(item: S) =>
  Type.Object({ items: Type.Array(item), next: Nullable(Type.String()) })

export const PageQuery = {
  after: Type.Optional(Type.String({ maxLength: 400, description: 'Where the page before ended: its `next`' })),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: PAGE_ITEMS, default: 50 })),
}

/** Of a list that was asked for with one more than `limit`. */
export function pageOf<T>(
  rows: readonly T[],
  limit: number,
  cursorOf: (row: T) => string,
): { items: T[]; next: string | null } {
  const items = rows.slice(0, limit)
  const last = items.at(-1)
  return { items, next: rows.length > limit && last !== undefined ? cursorOf(last) : null }
}

export const ProblemSchema = Type.Object({
  type: Type.String(),
  title: Type.String(),
  status: Type.Integer(),
  code: Type.String(),
  detail: Type.Optional(Type.String()),
  errors: Type.Optional(Type.Array(Type.Object({ field: Type.String(), code: Type.String(), message: Type.String() }))),
  retryAfterSeconds: Type.Optional(Type.Integer()),
})
