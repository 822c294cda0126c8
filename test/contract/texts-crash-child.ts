/** Adds messages, removes some, and keeps their texts, until it is killed; says which were acknowledged. Arguments: the database, the run's name. */
import { writeSync } from 'node:fs'
import { LocalChanges } from '../../src/mail/changes.ts'
import { Messages } from '../../src/mail/messages.ts'
import { localRunner } from '../../src/mail/texts/jobs.ts'
import { TextKeeper } from '../../src/mail/texts/keeper.ts'
import { systemClock } from '../../src/ops/clock.ts'
import { silentLog } from '../../src/ops/log.ts'
import { openSqliteStore } from '../../src/store/sqlite/open.ts'

const [file = '', run = ''] = process.argv.slice(2)
const store = await openSqliteStore({ path: file, clock: systemClock })
const { accountId } = (await store.read('account.byAddress', { address: 'ann@one.test' }))!
const { mailboxId } = (await store.read('mailbox.byName', { accountId, name: 'INBOX' }))!
const inbox = { accountId, mailboxId }
const changes = new LocalChanges()
const messages = new Messages(store, changes, systemClock)
const parts = { store, runner: localRunner(store), changes, clock: systemClock, load: () => () => 0, log: silentLog }
const keeper = new TextKeeper(parts)

let next = 0
async function addOn(): Promise<never> {
  for (;;) {
    const number = next++
    const bytes = Buffer.from(`Subject: run ${run}\r\n\r\nmessage run${run}number${number}.\r\n`)
    const { uids } = await messages.append(inbox, [{ bytes, flags: { system: 0, keywords: [] }, internalDate: null }])
    writeSync(1, `added ${uids[0]} run${run}number${number}.\n`)
    if (number % 5 !== 0) continue
    await messages.expunge(inbox, [{ from: uids[0]!, to: uids[0]! }], false)
    writeSync(1, `removed ${uids[0]}\n`)
  }
}
async function keepOn(): Promise<never> {
  for (;;) {
    if (await keeper.packNext(accountId, 7)) writeSync(1, 'packed\n')
    await keeper.renewNext()
    await new Promise(resolve => setImmediate(resolve))
  }
}
await Promise.all([addOn(), addOn(), keepOn()])
