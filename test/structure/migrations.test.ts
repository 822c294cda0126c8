/**
 * Nodes are upgraded one after the other, so that a version of the program runs for a while on the tables of the next one. A step of
 * the schema therefore only widens them; what nothing uses any more is taken away by a step that says so, a version later.
 */
import { expect, it } from 'vitest'
import { migrations } from '../../src/store/schema/index.ts'
import type { Migration } from '../../src/store/schema/migration.ts'

/** The last step of the first release: before it, no two versions ever ran beside each other. */
const FIRST_RELEASE = 3

/** What an older program would stumble over; null where it wouldn't. `made`: tables of the same step. */
function narrows(statement: string, made: ReadonlySet<string>): string | null {
  const text = statement.replace(/--.*$/gm, '').replace(/\s+/g, ' ').trim()
  if (/^CREATE (?:TABLE|INDEX|SEQUENCE) /i.test(text)) return null
  const unique = /^CREATE UNIQUE INDEX \w+ ON (\w+)/i.exec(text)
  if (unique) return made.has(unique[1]!) ? null : 'it may write what this forbids'
  const column = /^ALTER TABLE (\w+) ADD COLUMN (.+)$/i.exec(text)
  if (column) {
    if (made.has(column[1]!)) return null
    if (/\b(?:UNIQUE|PRIMARY|CHECK|REFERENCES)\b/i.test(column[2]!)) return 'it may write what this forbids'
    return /\bNOT NULL\b/i.test(column[2]!) && !/\bDEFAULT\b/i.test(column[2]!) ? 'it leaves the column out' : null
  }
  const filled = /^INSERT INTO (\w+)/i.exec(text)
  if (filled && made.has(filled[1]!)) return null
  return 'it may use what this changes'
}

function problemsOf({ version, statements, postgres = [], contracts }: Migration): string[] {
  if (contracts !== undefined) return []
  const all = [...statements, ...postgres]
  const made = new Set(all.flatMap(text => /^\s*CREATE TABLE (\w+)/i.exec(text)?.[1] ?? []))
  return all.flatMap(text => {
    const problem = narrows(text, made)
    return problem === null ? [] : [`step ${version}: an older program runs beside it, and ${problem}: ${text}`]
  })
}

it('steps of the schema widen it, or say that they take away', () => {
  const released = migrations.filter(({ version }) => version > FIRST_RELEASE)
  expect(released.flatMap(problemsOf)).toEqual([])
  // What is taken away was no longer used by the version before.
  for (const { version, contracts } of released) if (contracts !== undefined) expect(contracts).toBeLessThan(version)
})

it.each([
  ['ALTER TABLE message DROP COLUMN size', 'use'],
  ['ALTER TABLE message RENAME TO letter', 'use'],
  ['DROP TABLE trace', 'use'],
  ['DROP INDEX trace_by_time', 'use'],
  ['ALTER TABLE message ADD COLUMN kind TEXT NOT NULL', 'leaves'],
  ['ALTER TABLE message ADD COLUMN kind INTEGER REFERENCES kind', 'forbids'],
  ['CREATE UNIQUE INDEX one ON message (account_id)', 'forbids'],
  ['ALTER TABLE message ALTER COLUMN size TYPE TEXT', 'use'],
  ["UPDATE message SET flags = ''", 'use'],
  ["INSERT INTO counter VALUES ('x', 0)", 'use'],
])('%s is none that widens', (statement, reason) => {
  expect(problemsOf({ version: 9, statements: [statement] })).toEqual([expect.stringContaining(reason)])
  expect(problemsOf({ version: 9, statements: [statement], contracts: 8 })).toEqual([])
})

it('tables, columns and indices may be added', () => {
  const statements = [
    'CREATE TABLE later (account_id INTEGER NOT NULL, word TEXT) STRICT',
    'CREATE UNIQUE INDEX later_by_word ON later (word)',
    "INSERT INTO later VALUES (1, 'x')",
    'ALTER TABLE later ADD COLUMN kind TEXT NOT NULL',
    'ALTER TABLE message ADD COLUMN kind TEXT',
    "ALTER TABLE message ADD COLUMN sort TEXT NOT NULL DEFAULT ''",
    'CREATE INDEX message_by_kind ON message (account_id, kind)',
  ]
  expect(problemsOf({ version: 9, statements })).toEqual([])
})
