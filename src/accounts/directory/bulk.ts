/** A list of mailboxes to be made, as a spreadsheet saves it: what each row would make, and what is wrong with it. Nothing is written. */
import type { Store } from '../../store/store.ts'
import type { PlanRow } from '../../store/types/billing.ts'
import type { DomainRow } from '../../store/types.ts'
import { decodeText, readCsv } from '../../wire/csv/read.ts'
import { type Actor, isStaff } from '../actor.ts'
import { parseAddress } from '../addresses.ts'
import type { Domains } from './domains.ts'
import { DirectoryError, type ErrorValues } from './error.ts'
import { MAX_BULK_ROWS, MAX_NAME_CHARACTERS } from './limits.ts'
import { newAddress } from './names.ts'

export type BulkColumn = 'address' | 'name' | 'quota' | 'sendTo' | 'plan'

const errorCodes = [
  'address-missing',
  'invalid-address',
  'address-not-allowed',
  'address-too-long',
  'invalid-domain',
  'domain-not-found',
  'domain-is-alias',
  'mailbox-exists',
  'address-in-bin',
  'twice-in-list',
  'name-too-long',
  'name-not-one-line',
  'invalid-quota',
  'quota-needed',
  'invalid-send-to',
  'plan-not-found',
  'plan-decides-space',
  'domain-full',
  'domain-space',
] as const
export type BulkErrorCode = (typeof errorCodes)[number]

export interface BulkError {
  column: BulkColumn
  code: BulkErrorCode
  values: ErrorValues
}

export interface BulkRow {
  /** Of the text, from 1. */
  line: number
  address: string
  name: string
  /** Bytes; null for no limit; undefined where the domain or its plan says. */
  quotaBytes: number | null | undefined
  /** undefined: the domain's, or none where a space is given. */
  plan: { planId: string; name: string } | undefined
  /** Where the link to its password is mailed; empty for nowhere. */
  sendTo: string
  errors: BulkError[]
}

export interface BulkPreview {
  /** What was recognised, in its order; null for a column that means nothing here. */
  columns: (BulkColumn | null)[]
  rows: BulkRow[]
}

const headings: Record<BulkColumn, string[]> = {
  address: [
    'address',
    'adresse',
    'email',
    'mail',
    'adresseemail',
    'adressemail',
    'emailaddress',
    'boite',
    'mailbox',
    'courriel',
  ],
  name: ['name', 'nom', 'nomcomplet', 'fullname', 'prenomnom', 'displayname', 'nomaffiche'],
  quota: ['quota', 'space', 'espace', 'size', 'taille', 'stockage', 'storage'],
  sendTo: [
    'sendto',
    'envoyera',
    'envoila',
    'recovery',
    'adressedesecours',
    'externe',
    'externaladdress',
    'adresseexterne',
  ],
  plan: ['plan', 'offre', 'formule', 'forfait'],
}

export class BulkMailboxes {
  readonly #store: Store
  readonly #domains: Domains

  constructor(store: Store, domains: Domains) {
    this.#store = store
    this.#domains = domains
  }

  async preview(actor: Actor, bytes: Uint8Array): Promise<BulkPreview> {
    const table = readCsv(decodeText(bytes))
    const first = table[0]?.cells ?? []
    const named = first.map(columnOf)
    const hasHeading = named.includes('address')
    const columns = hasHeading
      ? named
      : (['address', 'name', 'quota', 'sendTo', 'plan'] as const).slice(0, Math.max(first.length, 1))
    const body = hasHeading ? table.slice(1) : table
    if (body.length === 0) throw new DirectoryError('list-empty', 'There is nobody in the list')
    if (body.length > MAX_BULK_ROWS)
      throw new DirectoryError('list-too-long', `A list has at most ${MAX_BULK_ROWS} rows`, { max: MAX_BULK_ROWS })
    const check = new RowCheck(this.#store, this.#domains, actor, await this.#store.read('plan.list', {}))
    const rows: BulkRow[] = []
    for (const { line, cells } of body) {
      const cellOf = (column: BulkColumn): string => cells[columns.indexOf(column)] ?? ''
      rows.push(await check.row(line, cellOf))
    }
    return { columns: [...columns], rows }
  }
}

/** Goes through the rows in their order, so that it knows what those before would have taken. */
class RowCheck {
  readonly #store: Store
  readonly #domains: Domains
  readonly #actor: Actor
  readonly #seen = new Map<string, number>()
  readonly #taken = new Map<string, { mailboxes: number; bytes: number }>()
  readonly #plans: readonly PlanRow[]

  constructor(store: Store, domains: Domains, actor: Actor, plans: readonly PlanRow[]) {
    this.#store = store
    this.#domains = domains
    this.#actor = actor
    this.#plans = plans
  }

  async row(line: number, cellOf: (column: BulkColumn) => string): Promise<BulkRow> {
    const quota = sizeOf(cellOf('quota'))
    const row: BulkRow = {
      line,
      address: cellOf('address'),
      name: cellOf('name'),
      quotaBytes: quota === 'invalid' ? undefined : quota,
      plan: undefined,
      sendTo: cellOf('sendTo'),
      errors: [],
    }
    if (/[\x00-\x1f\x7f]/.test(row.name)) row.errors.push({ column: 'name', code: 'name-not-one-line', values: {} })
    else if (row.name.length > MAX_NAME_CHARACTERS)
      row.errors.push({ column: 'name', code: 'name-too-long', values: { max: MAX_NAME_CHARACTERS } })
    if (quota === 'invalid')
      row.errors.push({ column: 'quota', code: 'invalid-quota', values: { quota: cellOf('quota') } })
    if (row.sendTo !== '' && !parseAddress(row.sendTo)?.domain.includes('.'))
      row.errors.push({ column: 'sendTo', code: 'invalid-send-to', values: { address: row.sendTo } })
    const wrong = await this.#address(row, cellOf('plan'))
    if (wrong) row.errors.push(wrong)
    return row
  }

  async #address(row: BulkRow, plan: string): Promise<BulkError | null> {
    const error = (code: BulkErrorCode, values: ErrorValues = {}, column: BulkColumn = 'address') => ({
      column,
      code,
      values,
    })
    if (row.address === '') return error('address-missing')
    try {
      const { address, domain: name } = newAddress(row.address)
      row.address = address
      const domain = await this.#domains.requireOwn(this.#actor, name)
      const before = this.#seen.get(address)
      if (before !== undefined) return error('twice-in-list', { line: before })
      this.#seen.set(address, row.line)
      const there = await this.#store.read('account.details', { address })
      if (there) return error(there.removedAt === null ? 'mailbox-exists' : 'address-in-bin', { address })
      const { alias } = await this.#store.read('address.lookup', { address, domain: name })
      const principal = await this.#store.read('principal.byAddress', { address })
      if (alias || principal) return error('mailbox-exists', { address })
      return this.#plan(row, plan, domain) ?? (await this.#room(row, domain))
    } catch (problem) {
      // Of `newAddress` and `requireOwn`, whose codes are among ours.
      if (!(problem instanceof DirectoryError)) throw problem
      const code = errorCodes.find(one => one === problem.code)
      if (code === undefined) throw problem
      return error(code, problem.values)
    }
  }

  /** By its id, or as it is called; those the actor may give. */
  #plan(row: BulkRow, text: string, { defaultPlanId }: DomainRow): BulkError | null {
    if (text === '') return null
    const wanted = text.toLowerCase()
    const theirs = this.#plans.filter(
      ({ planId, isOffered }) => isOffered || planId === defaultPlanId || isStaff(this.#actor),
    )
    const found =
      theirs.find(({ planId }) => planId === wanted) ?? theirs.find(({ name }) => name.toLowerCase() === wanted)
    if (!found) return { column: 'plan', code: 'plan-not-found', values: { plan: text } }
    row.plan = { planId: found.planId, name: found.name }
    return row.quotaBytes === undefined ? null : { column: 'quota', code: 'plan-decides-space', values: {} }
  }

  async #room({ quotaBytes: wanted, plan: chosen }: BulkRow, domain: DomainRow): Promise<BulkError | null> {
    const { name, accounts, maxMailboxes, soldBytes, quotaBytes } = domain
    const taken = this.#taken.get(name) ?? { mailboxes: 0, bytes: 0 }
    const planId = chosen?.planId ?? (wanted === undefined ? domain.defaultPlanId : null)
    const plan = this.#plans.find(each => each.planId === planId)
    const own = plan ? plan.storageBytes : wanted === undefined ? domain.defaultQuotaBytes : wanted
    if (maxMailboxes !== null && accounts + taken.mailboxes >= maxMailboxes)
      return { column: 'address', code: 'domain-full', values: { domain: name, max: maxMailboxes } }
    if (quotaBytes !== null && own === null) return { column: 'quota', code: 'quota-needed', values: { domain: name } }
    const left = (quotaBytes ?? Number.MAX_SAFE_INTEGER) - soldBytes - taken.bytes
    if (own !== null && own > left)
      return { column: 'quota', code: 'domain-space', values: { domain: name, left: Math.max(left, 0) } }
    this.#taken.set(name, { mailboxes: taken.mailboxes + 1, bytes: taken.bytes + (own ?? 0) })
    return null
  }
}

function columnOf(heading: string): BulkColumn | null {
  const plain = heading
    .normalize('NFD')
    .replace(/[^a-zA-Z]/g, '')
    .toLowerCase()
  for (const [column, names] of Object.entries(headings)) if (names.includes(plain)) return column as BulkColumn
  return null
}

const units: Record<string, number> = {
  '': 3,
  o: 0,
  b: 0,
  k: 1,
  ko: 1,
  kb: 1,
  m: 2,
  mo: 2,
  mb: 2,
  g: 3,
  go: 3,
  gb: 3,
  t: 4,
  to: 4,
  tb: 4,
}

/** `5 Go`, `5GB`, `0,5 Go`, `500M`; a number alone is of gigabytes; `illimité` or `none` for no limit. */
function sizeOf(text: string): number | null | undefined | 'invalid' {
  const plain = text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[\s\u00a0\u202f]/g, '')
  if (plain === '') return undefined
  if (['illimite', 'sanslimite', 'aucun', 'aucune', 'none', 'unlimited'].includes(plain)) return null
  const match = /^(\d{1,9}(?:[.,]\d{1,3})?)([a-z]{0,2})$/.exec(plain)
  const power = match ? units[match[2] ?? ''] : undefined
  if (!match || power === undefined) return 'invalid'
  const bytes = Math.round(Number((match[1] ?? '').replace(',', '.')) * 1024 ** power)
  return bytes > 0 && Number.isSafeInteger(bytes) ? bytes : 'invalid'
}
