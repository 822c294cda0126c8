import { sql } from '../sql.ts'
import type { Operation } from './operation.ts'

export const setSetting: Operation<'setting.set'> = async (tx, { name, value }) => {
  await tx.run(sql`
    INSERT INTO setting (name, value) VALUES (${name}, ${value})
    ON CONFLICT (name) DO UPDATE SET value = excluded.value`)
}

export const removeSetting: Operation<'setting.remove'> = async (tx, { name }) => {
  await tx.run(sql`DELETE FROM setting WHERE name = ${name}`)
}
