/**
 * Opens a store, which brings it up to date, and says how many statements that took. Arguments: the database; how many statements
 * may begin before the process kills itself.
 */
import { systemClock } from '../../src/ops/clock.ts'
import { SqliteConnection, type TransactionControl } from '../../src/store/sqlite/connection.ts'
import { openSqliteStore } from '../../src/store/sqlite/open.ts'

const [path = '', most = ''] = process.argv.slice(2)
let begun = 0
const count = (): void => {
  if (begun++ === Number(most)) process.kill(process.pid, 'SIGKILL')
}
const { execute, control } = SqliteConnection.prototype
SqliteConnection.prototype.execute = function (text: string) {
  count()
  execute.call(this, text)
}
SqliteConnection.prototype.control = function (text: TransactionControl) {
  count()
  control.call(this, text)
}
const store = await openSqliteStore({ path, clock: systemClock })
await store.close()
process.stdout.write(String(begun))
