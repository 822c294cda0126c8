/** Administration of domains, mailboxes and what leads to them, for the command line, the API and whoever else manages the service. */
import type { Clock } from '../../ops/clock.ts'
import type { Store } from '../../store/store.ts'
import { Ledger } from '../billing/ledger.ts'
import type { ReadsSettings } from '../service-settings/service-settings.ts'
import { AccountList } from './account-list.ts'
import { Accounts } from './accounts.ts'
import { Aliases } from './aliases.ts'
import { Bin } from './bin.ts'
import { BulkMailboxes } from './bulk.ts'
import { Domains } from './domains.ts'
import { Members } from './members.ts'

export interface Directory {
  domains: Domains
  accounts: Accounts
  accountList: AccountList
  aliases: Aliases
  members: Members
  bin: Bin
  bulk: BulkMailboxes
}

export interface DirectoryOptions {
  store: Store
  settings: ReadsSettings
  clock: Clock
}

export function createDirectory({ store, settings, clock }: DirectoryOptions): Directory {
  const ledger = new Ledger({ store, settings, clock })
  const domains = new Domains(store, clock)
  const accounts = new Accounts({ store, clock, domains, ledger })
  return {
    domains,
    accounts,
    accountList: new AccountList(store, domains),
    aliases: new Aliases(store, clock, { domains, accounts }),
    members: new Members(store, clock, accounts),
    bin: new Bin({ store, clock, accounts, ledger }),
    bulk: new BulkMailboxes(store, domains),
  }
}
