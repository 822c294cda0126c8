/** All tests. */
import { body } from './body-test.ts'
import { currentdate, date } from './date-tests.ts'
import { duplicate } from './duplicate-test.ts'
import { hasflag } from './flags.ts'
import { address, envelope, exists, header, size } from './header-tests.ts'
import { allof, always, anyof, never, not } from './logic.ts'
import { mailboxexists, specialUseExists } from './mailbox-tests.ts'
import { notifyMethodCapability, validNotifyMethod } from './notify.ts'
import type { TestDefinition } from './program.ts'
import { string } from './variables.ts'
import { environment, ihave, spamtest, virustest } from './world-tests.ts'

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
    string,
    body,
    date,
    currentdate,
    duplicate,
    valid_notify_method: validNotifyMethod,
    notify_method_capability: notifyMethodCapability,
    ihave,
    environment,
    spamtest,
    virustest,
  }),
)
