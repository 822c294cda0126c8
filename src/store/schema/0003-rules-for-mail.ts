import { bounces } from './0003/bounces.ts'
import { cluster } from './0003/cluster.ts'
import { objects } from './0003/objects.ts'
import { packs } from './0003/packs.ts'
import { pop3 } from './0003/pop3.ts'
import { sending } from './0003/sending.ts'
import { sieve } from './0003/sieve.ts'
import { texts } from './0003/texts.ts'
import { trace } from './0003/trace.ts'
import { warnings } from './0003/warnings.ts'
import type { Migration } from './migration.ts'

/** What happens to mail by rule: filters and automatic replies, limits, warnings; and the trace of what happened. */
export const rulesForMail: Migration = {
  version: 3,
  statements: [
    ...sieve,
    ...trace,
    ...sending,
    ...warnings,
    ...bounces,
    ...pop3,
    ...texts,
    ...cluster,
    ...objects,
    ...packs,
  ],
  postgres: ["DELETE FROM counter WHERE name = 'trace'", 'CREATE SEQUENCE counter_trace'],
}
