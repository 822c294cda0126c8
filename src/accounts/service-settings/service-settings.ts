/** The settings of the service: read by whoever goes by them, changed by staff. Kept in memory for a moment. */
import type { Clock } from '../../ops/clock.ts'
import { type AnyOperation, type Store, writeAll } from '../../store/store.ts'
import { AccountError } from '../account-error.ts'
import { type Actor, audited } from '../actor.ts'
import { catalogue, isSettingKey, type ServiceSettingsValues, type SettingKey, settingKeys } from './catalogue.ts'
import { REREAD_MS } from './limits.ts'

/** null: back to what holds where nothing is set. */
export type SettingChanges = { [key: string]: unknown }

/** What most of those who go by the settings are given. */
export interface ReadsSettings {
  current(): Promise<ServiceSettingsValues>
}

/** Rows of the store's `setting` table that are ours. */
const PREFIX = 'service.'

/** The name of a setting's row. */
export const rowOfSetting = (key: SettingKey): string => `${PREFIX}${key}`

export class ServiceSettings implements ReadsSettings {
  readonly #store: Store
  readonly #clock: Clock
  #known: { at: number; values: Promise<ServiceSettingsValues> } | null = null

  constructor(store: Store, clock: Clock) {
    this.#store = store
    this.#clock = clock
  }

  /** As they are now; where another node changed them, as they were at most a few seconds ago. */
  current(): Promise<ServiceSettingsValues> {
    const now = this.#clock.now()
    if (this.#known && Math.abs(now - this.#known.at) < REREAD_MS) return this.#known.values
    const values = readSettings(this.#store)
    const known = { at: now, values }
    this.#known = known
    values.catch(() => {
      if (this.#known === known) this.#known = null
    })
    return values
  }

  /** All or none. Throws `unknown-setting` or `invalid-setting`, which names the key in `field`. */
  async change(actor: Actor, changes: SettingChanges): Promise<ServiceSettingsValues> {
    await writeAll(this.#store, await this.operations(actor, changes))
    return this.changed()
  }

  /** What `change` writes, for a transaction with more in it. After its commit call `changed`. */
  async operations(actor: Actor, changes: SettingChanges): Promise<AnyOperation[]> {
    const before = await readSettings(this.#store)
    const after: Partial<Record<SettingKey, unknown>> = {}
    for (const [key, value] of Object.entries(changes)) {
      if (!isSettingKey(key)) throw new AccountError('unknown-setting', `There is no setting ${key}`, { setting: key })
      after[key] = readSetting(key, value)
    }
    const changed = (Object.keys(after) as SettingKey[]).filter(
      key => JSON.stringify(after[key]) !== JSON.stringify(before[key]),
    )
    if (changed.length === 0) return []
    const picked = (values: Partial<Record<SettingKey, unknown>>): typeof values =>
      Object.fromEntries(changed.map(key => [key, values[key]]))
    return [
      ...changed.map(key => operationOf(key, after[key])),
      audited(actor, this.#clock.now(), {
        action: 'service.settings',
        target: 'service',
        domain: null,
        before: picked(before),
        after: picked(after),
      }),
    ]
  }

  /** Another node changed them. */
  forget(): void {
    this.#known = null
  }

  changed(): Promise<ServiceSettingsValues> {
    this.#known = null
    return this.current()
  }
}

/** What can no longer be read, by limits that became narrower, counts as not set. */
export async function readSettings(store: Pick<Store, 'read'>): Promise<ServiceSettingsValues> {
  const rows = await store.read('setting.list', { prefix: PREFIX })
  const stored = new Map(rows.map(({ name, value }) => [name.slice(PREFIX.length), value]))
  const valueOfKey = (key: SettingKey): unknown => {
    const { kind, fallback } = catalogue[key]
    const value = stored.get(key)
    const read = value === undefined ? undefined : kind.read(JSON.parse(value))
    return read === undefined ? fallback : read
  }
  // Each value is of its own entry of the catalogue.
  return Object.fromEntries(settingKeys.map(key => [key, valueOfKey(key)])) as ServiceSettingsValues
}

/** The value as it is kept; of null the fallback. */
export function readSetting(key: SettingKey, value: unknown): unknown {
  const { kind, fallback } = catalogue[key]
  if (value === null) return fallback
  const read: unknown = kind.read(value)
  if (read === undefined)
    throw new AccountError('invalid-setting', `${key}: expected ${kind.expected}`, { setting: key, field: key })
  return read
}

function operationOf(key: SettingKey, value: unknown): AnyOperation {
  const name = rowOfSetting(key)
  if (JSON.stringify(value) === JSON.stringify(catalogue[key].fallback))
    return { operation: 'setting.remove', args: { name } }
  return { operation: 'setting.set', args: { name, value: JSON.stringify(value) } }
}
