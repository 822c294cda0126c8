/** The two ends of a copy. Values are those of `sql.ts` on both, whatever the engine. */
import { idSetting } from '../blobs/mark.ts'
import type { Value } from '../sql.ts'
import type { Counter } from '../transaction.ts'
import type { Table } from './tables.ts'

export type Tuple = Value[]

/** What a row of `blob` says of a large one. */
export interface LargeBlob {
  seq: number
  hash: string
  encoding: 'identity' | 'zstd'
  rawBytes: number
  storedBytes: number
  object: string | null
}

/** One state of a store that nobody else writes to, as long as it is open. */
export interface CopySource {
  /** Where it is, without secrets. */
  readonly location: string
  /** So many rows behind the key `after`, by ascending key: see `keyOf`. */
  read(table: Table, after: Tuple | null, limit: number): Promise<Tuple[]>
  /** By which the engine orders a table's rows. */
  keyOf(table: Table): string[]
  count(table: Table): Promise<number>
  counters(): Promise<Map<Counter, number>>
  close(): Promise<void>
}

export interface CopyTarget extends CopySource {
  /** What was noted by `note`; null where nothing was begun. */
  notes(): Promise<Map<string, string> | null>
  /** Makes the schema, empty, and the place of notes. Rejects with StoreError `not-empty` where there is a service already. */
  begin(notes: Map<string, string>): Promise<void>
  /** All of it in one transaction, which is on disk when this resolves. */
  write(table: Table, rows: readonly Tuple[], note: { name: string; value: string }): Promise<void>
  note(name: string, value: string): Promise<void>
  setCounters(values: ReadonlyMap<Counter, number>): Promise<void>
  /** Nothing in it is leased any more. From then on it is a store as any other, with this id. */
  finish(id: string): Promise<void>
}

/** Of a store's settings, the one with its id. */
export const idRow: Table = {
  name: 'setting',
  columns: ['name', 'value'],
  key: ['name'],
  where: `name = '${idSetting}'`,
}

/** Once it was copied, the target has another than the source. */
export const setId = (id: string): string =>
  `INSERT INTO setting (name, value) VALUES ('${idSetting}', '${id}') ON CONFLICT (name) DO UPDATE SET value = excluded.value`

export const quoted = (name: string): string => `"${name}"`
