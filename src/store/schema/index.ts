/** The steps of the schema, listed by hand, in order. */
import { initial } from './0001-initial.ts'
import { accountsAndPanels } from './0002-accounts-and-panels.ts'
import { rulesForMail } from './0003-rules-for-mail.ts'
import { headerFields } from './0004-header-fields.ts'
import { recent } from './0005-recent.ts'
import type { Migration } from './migration.ts'

export const migrations: readonly Migration[] = [initial, accountsAndPanels, rulesForMail, headerFields, recent]
