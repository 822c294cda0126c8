/** Writes into a store until it is killed; says which messages were acknowledged. Arguments: the database, the run's name. */
import { randomBytes } from 'node:crypto'
import { writeSync } from 'node:fs'
import { systemClock } from '../../src/ops/clock.ts'
import { openSqliteStore } from '../../src/store/sqlite/open.ts'
import { delivery, newAccount, newEmail, newQueueMessage } from './store-fixtures.ts'

const [file = '', run = ''] = process.argv.slice(2)
const store = await openSqliteStore({ path: file, clock: systemClock })
const known = await store.read('account.byAddress', { address: 'ann@one.test' })
const accountId = known?.accountId ?? (await newAccount(store)).accountId
const inbox = (await store.read('mailbox.byName', { accountId, name: 'INBOX' }))!.mailboxId
const other =
  (await store.read('mailbox.byName', { accountId, name: 'Other' })) ??
  (await store.write('mailbox.create', { accountId, name: 'Other', specialUse: null, at: Date.now() }))

let next = 0
async function writeOn(): Promise<never> {
  for (;;) {
    const messageId = `${run}-${next++}`
    // Some are large enough for a file.
    const email = await newEmail(store, randomBytes(next % 10 === 0 ? 200_000 : 3000), { messageId })
    const queue = await newQueueMessage(store, [{ address: `${messageId}@far.test` }])
    const deliveries = [delivery(accountId, email)]
    const { delivered } = await store.write('message.accept', { deliveries, queue: [queue], at: Date.now() })
    writeSync(1, `accepted ${messageId}\n`)
    const { uid } = delivered[0]!
    const place = { accountId, mailboxId: inbox, uids: [{ from: uid, to: uid }] }
    if (uid % 3 === 0) await store.write('message.move', { ...place, target: other.mailboxId, at: Date.now() })
    if (uid % 3 === 1)
      await store.write('message.flags', {
        ...place,
        mode: 'add',
        flags: { system: 9, keywords: [`k${uid % 5}`] },
        unchangedSince: null,
      })
    if (uid % 11 === 0) {
      const copied = await store.write('message.copy', { ...place, target: other.mailboxId, at: Date.now() })
      const uids = copied.pairs.map(({ to }) => ({ from: to, to }))
      await store.write('message.expunge', {
        accountId,
        mailboxId: other.mailboxId,
        uids,
        onlyDeleted: false,
        at: Date.now(),
      })
    }
  }
}
await Promise.all(Array.from({ length: 20 }, writeOn))
