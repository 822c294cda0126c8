/** Tests of the mailboxes of the account (RFC 5490 §3.1, RFC 8579 §4). */
import { readArguments } from './arguments.ts'
import { QUESTION_STEPS } from './limits.ts'
import type { TestDefinition } from './program.ts'

export const mailboxexists: TestDefinition = {
  capabilities: ['mailbox'],
  compile(node, compiling) {
    const given = readArguments(node, compiling, { positional: [{ name: 'names of mailboxes', type: 'strings' }] })
    const names = given.mustTexts('names of mailboxes')
    return async run => {
      for (const name of names.of(run)) {
        run.spend(QUESTION_STEPS)
        if (!(await run.world.mailboxExists(name))) return false
      }
      return true
    }
  },
}

export const specialUseExists: TestDefinition = {
  capabilities: ['special-use'],
  compile(node, compiling) {
    const given = readArguments(node, compiling, {
      positional: [
        { name: 'mailbox', type: 'string', optional: true },
        { name: 'special uses', type: 'strings' },
      ],
    })
    const mailbox = given.text('mailbox')
    const uses = given.mustTexts('special uses')
    return async run => {
      const name = mailbox?.of(run) ?? null
      for (const use of uses.of(run)) {
        run.spend(QUESTION_STEPS)
        const found = await run.world.specialUseMailbox(use)
        if (found === null || (name !== null && found !== name)) return false
      }
      return true
    }
  },
}
