import { billing } from './0002/billing.ts'
import { directory } from './0002/directory.ts'
import { links } from './0002/links.ts'
import { principals } from './0002/principals.ts'
import { service } from './0002/service.ts'
import { signIn } from './0002/sign-in.ts'
import type { Migration } from './migration.ts'

/** Who signs in and how, what domains and mailboxes can be told, plans, links, webhooks, and the log of who changed what. */
export const accountsAndPanels: Migration = {
  version: 2,
  statements: [...principals, ...directory, ...signIn, ...links, ...billing, ...service],
  postgres: [
    "DELETE FROM counter WHERE name IN ('audit', 'ledger_entry', 'sign_in')",
    'CREATE SEQUENCE counter_audit',
    'CREATE SEQUENCE counter_ledger_entry',
    'CREATE SEQUENCE counter_sign_in',
  ],
}
