/** The store opened, and the services on it that the running service and the command line share. */
import { mkdirSync } from 'node:fs'
import { Directory } from '../accounts/directory.ts'
import { Importer } from '../archive/import.ts'
import type { ControlServices } from '../cli/control-commands.ts'
import { LocalChanges } from '../mail/changes.ts'
import { Mailboxes } from '../mail/mailboxes.ts'
import { Messages } from '../mail/messages.ts'
import { systemClock } from '../ops/clock.ts'
import type { Config } from '../ops/config.ts'
import { storePath } from '../ops/data-folder.ts'
import { createQueueControl } from '../queue/control.ts'
import { openSqliteStore } from '../store/sqlite/open.ts'
import type { Store } from '../store/store.ts'

export interface Services extends Omit<ControlServices, 'status'> {
  changes: LocalChanges
  mailboxes: Mailboxes
  messages: Messages
}

/** Makes the data folder where it is missing. Rejects with StoreError where another process has it. */
export function openStore(config: Config, onCommit?: (operations: number) => void): Promise<Store> {
  mkdirSync(config.data, { recursive: true, mode: 0o700 })
  return openSqliteStore({ path: storePath(config), clock: systemClock, ...(onCommit ? { onCommit } : {}) })
}

/** `wakeQueue`: the scheduler's, where one runs. */
export function createServices(store: Store, wakeQueue: () => void): Services {
  const clock = systemClock
  const changes = new LocalChanges()
  const mailboxes = new Mailboxes(store, changes, clock)
  const messages = new Messages(store, changes, clock)
  return {
    store,
    changes,
    mailboxes,
    messages,
    directory: new Directory(store, clock),
    queue: createQueueControl({ store, clock, wake: wakeQueue }),
    importer: new Importer(mailboxes, messages),
  }
}
