/** All tests. */
import { hasflag } from './flags.ts'
import { address, envelope, exists, header, size } from './header-tests.ts'
import { allof, always, anyof, never, not } from './logic.ts'
import { mailboxexists, specialUseExists } from './mailbox-tests.ts'
import type { TestDefinition } from './program.ts'

export const testDefinitions: ReadonlyMap<string, TestDefinition> = new Map(
  Object.entries({
    true: always,
    false: never,
    not,
    allof,
    anyof,
    address,
    envelope,
    exists,
    header,
    size,
    hasflag,
    mailboxexists,
    specialuse_exists: specialUseExists,
  }),
)
