/** A data folder of each former version, brought up to date: nothing lost, nothing damaged. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { initial } from '../../src/store/schema/0001-initial.ts'
import { openSqliteStore } from '../../src/store/sqlite/open.ts'

const clock = { now: () => 1_800_000_000_000 }
let folder: string
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'facteur-upgrade-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

it('gives the mailboxes of version 1 their principals, with the password and the rest as they were', async () => {
  const file = path.join(folder, 'facteur.db')
  const old = new DatabaseSync(file)
  old.exec('PRAGMA journal_mode = WAL')
  old.exec('CREATE TABLE schema_version (version INTEGER PRIMARY KEY, applied_at INTEGER NOT NULL) STRICT')
  for (const statement of initial.statements) old.exec(statement)
  old.exec(`
    INSERT INTO schema_version VALUES (1, 5);
    UPDATE counter SET value = 7 WHERE name = 'account';
    INSERT INTO domain VALUES ('example.org', NULL, 5, 1);
    INSERT INTO account VALUES (7, 'alice@example.org', 'example.org', '$argon2id$x', 1000, 0, 0, 1, 2, 1, 9, 6);
    INSERT INTO mailbox VALUES (7, 1, 'INBOX', NULL, 9, 1, 1, 1, 0, 0, 0, 0);
    INSERT INTO alias VALUES ('info@example.org', 'example.org', '["alice@example.org"]', 6)`)
  old.close()

  const store = await openSqliteStore({ path: file, clock })
  try {
    expect(await store.read('principal.byAddress', { address: 'alice@example.org' })).toMatchObject({
      principalId: 7,
      role: 'owner',
      passwordHash: '$argon2id$x',
      signInEnabled: true,
      hasMailbox: true,
    })
    expect(await store.read('account.byId', { accountId: 7 })).toMatchObject({ quotaBytes: 1000, createdAt: 6 })
    expect(await store.read('alias.list', { domain: null, after: null, limit: 9 })).toMatchObject([
      { address: 'info@example.org', targets: ['alice@example.org'] },
    ])
    expect(await store.read('mailbox.byName', { accountId: 7, name: 'INBOX' })).toMatchObject({ uidValidity: 9 })
    const damages: unknown[] = []
    for await (const damage of store.verify()) damages.push(damage)
    expect(damages).toEqual([])
  } finally {
    await store.close()
  }
})
