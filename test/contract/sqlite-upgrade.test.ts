/** A data folder of each former version, brought up to date: nothing lost, nothing damaged. */
import { hash } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { crc32 } from 'node:zlib'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { initial } from '../../src/store/schema/0001-initial.ts'
import { accountsAndPanels } from '../../src/store/schema/0002-accounts-and-panels.ts'
import { rulesForMail } from '../../src/store/schema/0003-rules-for-mail.ts'
import type { Migration } from '../../src/store/schema/migration.ts'
import { openSqliteStore } from '../../src/store/sqlite/open.ts'
import type { Store } from '../../src/store/store.ts'
import { append, damagesOf, noFlags } from './store-fixtures.ts'

const clock = { now: () => 1_800_000_000_000 }
let folder: string
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'facteur-upgrade-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** A store as the version before left it: what each migration does, then its data. */
function makeOld(migrations: readonly Migration[], data: string): string {
  const file = path.join(folder, 'facteur.db')
  const old = new DatabaseSync(file)
  old.exec('PRAGMA journal_mode = WAL')
  old.exec('CREATE TABLE schema_version (version INTEGER PRIMARY KEY, applied_at INTEGER NOT NULL) STRICT')
  for (const { version, statements } of migrations) {
    for (const statement of statements) old.exec(statement)
    old.exec(`INSERT INTO schema_version VALUES (${version}, 5)`)
  }
  old.exec(data)
  old.close()
  return file
}

async function upgraded(file: string, test: (store: Store) => Promise<void>): Promise<void> {
  const store = await openSqliteStore({ path: file, clock })
  try {
    await test(store)
    expect(await damagesOf(store)).toEqual([])
  } finally {
    await store.close()
  }
}

it('gives the mailboxes of version 1 their principals, with the password and the rest as they were', async () => {
  const file = makeOld(
    [initial],
    `UPDATE counter SET value = 7 WHERE name = 'account';
    INSERT INTO domain VALUES ('example.org', NULL, 5, 1);
    INSERT INTO account VALUES (7, 'alice@example.org', 'example.org', '$argon2id$x', 1000, 0, 0, 1, 2, 1, 9, 6);
    INSERT INTO mailbox VALUES (7, 1, 'INBOX', NULL, 9, 1, 1, 1, 0, 0, 0, 0);
    INSERT INTO alias VALUES ('info@example.org', 'example.org', '["alice@example.org"]', 6)`,
  )
  await upgraded(file, async store => {
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
  })
})

it('takes the limit of a mailbox of version 2 for its plan’s where it is that, and for its own where it is another', async () => {
  const mailbox = (id: number, name: string, limit: number): string => `
    INSERT INTO account (account_id, address, domain, quota_bytes, used_bytes, messages, modseq, next_mailbox_id, next_email,
        last_uid_validity, created_at, plan_id, hourly_limit)
      VALUES (${id}, '${name}@example.org', 'example.org', 1000, 0, 0, 1, 2, 1, 9, 6, 'small', ${limit});
    INSERT INTO principal (principal_id, address, role, name, sign_in_enabled, second_factor_required, created_at)
      VALUES (${id}, '${name}@example.org', 'owner', '', 1, 0, 6);
    INSERT INTO mailbox VALUES (${id}, 1, 'INBOX', NULL, 9, 1, 1, 1, 0, 0, 0, 0);`
  const file = makeOld(
    [initial, accountsAndPanels],
    `UPDATE counter SET value = 8 WHERE name = 'account';
    INSERT INTO domain (name, created_at, accounts, sold_bytes) VALUES ('example.org', 5, 2, 2000);
    INSERT INTO plan VALUES ('small', 'Small', '', 1000, 50, 200, 'EUR', 1, 5, 5);
    ${mailbox(7, 'alice', 50)} ${mailbox(8, 'bob', 70)}`,
  )
  await upgraded(file, async store => {
    const limits = async (accountId: number) => (await store.read('account.byId', { accountId }))?.hourlyLimit
    expect(await limits(7)).toBeNull()
    expect(await limits(8)).toBe(70)
    const ofPlan = new DatabaseSync(file, { readOnly: true })
    try {
      const rows = ofPlan.prepare('SELECT account_id, plan_hourly_limit FROM account ORDER BY account_id').all()
      expect(rows.map(row => ({ ...row }))).toEqual([
        { account_id: 7, plan_hourly_limit: 50 },
        { account_id: 8, plan_hourly_limit: null },
      ])
    } finally {
      ofPlan.close()
    }
  })
})

it('leaves the emails of version 3 whole, without the header fields that are kept since', async () => {
  const bytes = Buffer.from('Subject: x\r\n\r\n')
  const sha256 = hash('sha256', bytes)
  const id = 7 * 2 ** 32 + 1
  const email = [
    id,
    7,
    id,
    1,
    sha256,
    bytes.length,
    null,
    null,
    '',
    '',
    'X',
    'X',
    0,
    ...Array(9).fill(''),
    'p',
    '()',
    '()',
  ]
  const values = (columns: unknown[]): string => JSON.stringify(columns).slice(1, -1).replaceAll('"', "'")
  const file = makeOld(
    [initial, accountsAndPanels, rulesForMail],
    `INSERT INTO email VALUES (${values([...email, crc32(JSON.stringify(email))])});
    INSERT INTO blob (seq, hash, encoding, raw_bytes, stored_bytes, data)
      VALUES (1, x'${sha256}', 'identity', ${bytes.length}, ${bytes.length}, x'${bytes.toString('hex')}');
    INSERT INTO message VALUES (7, 1, 1, 0, '', 2, 5, 5, ${bytes.length}, ${id}, ${id})`,
  )
  const store = await openSqliteStore({ path: file, clock })
  try {
    const place = { accountId: 7, mailboxId: 1, from: 1, to: 1, limit: 1 }
    expect(await store.read('message.withHeader', place)).toMatchObject([{ headerFields: null, blobHash: sha256 }])
    const tables = (await damagesOf(store)).map(({ table }) => table)
    // Its account and mailbox are not there.
    expect(tables).not.toEqual([])
    expect(tables).not.toContain('email')
  } finally {
    await store.close()
  }
})

it('takes all that lay in the mailboxes of version 3 for told of long ago, and what comes behind for new', async () => {
  const file = makeOld(
    [initial, accountsAndPanels, rulesForMail],
    `UPDATE counter SET value = 7 WHERE name = 'account';
    INSERT INTO domain (name, created_at, accounts) VALUES ('example.org', 5, 1);
    INSERT INTO account (account_id, address, domain, used_bytes, messages, modseq, next_mailbox_id, next_email, last_uid_validity,
        created_at) VALUES (7, 'alice@example.org', 'example.org', 0, 0, 1, 3, 1, 10, 6);
    INSERT INTO principal (principal_id, address, role, name, sign_in_enabled, second_factor_required, created_at)
      VALUES (7, 'alice@example.org', 'owner', '', 1, 0, 6);
    INSERT INTO mailbox VALUES (7, 1, 'INBOX', NULL, 9, 41, 1, 1, 0, 0, 0, 0);
    INSERT INTO mailbox VALUES (7, 2, 'Old', NULL, 10, 1, 1, 1, 0, 0, 0, 0)`,
  )
  await upgraded(file, async store => {
    const inbox = { accountId: 7, mailboxId: 1 }
    const recentAbove = async (name: string) =>
      (await store.read('mailbox.byName', { accountId: 7, name }))?.recentAbove
    expect(await recentAbove('INBOX')).toBeNull()
    expect(await store.write('mailbox.takeRecent', { ...inbox, upTo: 40 })).toEqual({ above: 40 })
    await append(store, inbox, [noFlags])
    expect(await recentAbove('INBOX')).toBe(40)
    expect(await store.write('mailbox.takeRecent', { ...inbox, upTo: 41 })).toEqual({ above: 40 })
    expect(await recentAbove('Old')).toBeNull()
    const made = await store.write('mailbox.create', { accountId: 7, name: 'New', specialUse: null, at: 1 })
    expect(made.recentAbove).toBe(0)
  })
})
