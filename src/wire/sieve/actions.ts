/** The actions of the base language (RFC 5228 §4), with what extensions add to them. */
import { addressOf } from './address-syntax.ts'
import { readArguments } from './arguments.ts'
import { flagTag, givenFlags } from './flags.ts'
import { QUESTION_STEPS, REDIRECTS } from './limits.ts'
import { SyntaxProblem } from './problem.ts'
import type { CommandDefinition, Signal } from './program.ts'
import type { Run } from './run.ts'

export const keep: CommandDefinition = {
  compile(node, compiling) {
    const given = readArguments(node, compiling, { tags: flagTag })
    const flagsOf = givenFlags(given)
    return run => {
      run.implicitKeep = false
      const flags = flagsOf(run)
      putFlags(run, INBOX, flags)
      if (!run.actions.some(({ kind }) => kind === 'keep'))
        run.act({ kind: 'keep', flags, edits: run.header.edits.length })
      return 'next'
    }
  },
}

export const discard: CommandDefinition = {
  compile(node, compiling) {
    readArguments(node, compiling, {})
    return run => {
      run.implicitKeep = false
      if (!run.actions.some(({ kind }) => kind === 'discard')) run.act({ kind: 'discard' })
      return 'next'
    }
  },
}

export const stop: CommandDefinition = {
  compile(node, compiling) {
    readArguments(node, compiling, {})
    return () => 'stop'
  },
}

export const fileinto: CommandDefinition = {
  capabilities: ['fileinto'],
  compile(node, compiling) {
    const given = readArguments(node, compiling, {
      tags: {
        ...flagTag,
        ':copy': { capabilities: ['copy'] },
        ':create': { capabilities: ['mailbox'] },
        ':specialuse': { capabilities: ['special-use'], value: 'string' },
      },
      positional: [{ name: 'mailbox', type: 'string' }],
    })
    const flagsOf = givenFlags(given)
    const [mailbox, use] = [given.mustText('mailbox'), given.text(':specialuse')]
    const [copy, create] = [given.has(':copy'), given.has(':create')]
    if (mailbox.constant !== null && !isMailboxName(mailbox.constant))
      throw new SyntaxProblem(mailbox.at, 'this is no name of a mailbox')
    return async (run): Promise<Signal> => {
      const specialUse = use?.of(run) ?? null
      if (specialUse !== null) run.spend(QUESTION_STEPS)
      const found = specialUse === null ? null : await run.world.specialUseMailbox(specialUse)
      const name = found ?? mailbox.of(run)
      if (!isMailboxName(name)) run.fail('a name of a mailbox is empty or has control characters', mailbox.at)
      if (!copy) run.implicitKeep = false
      const flags = flagsOf(run)
      putFlags(run, name, flags)
      const before = run.actions.find(action => action.kind === 'fileinto' && action.mailbox === name)
      if (before?.kind === 'fileinto') {
        // RFC 5228 §2.10.3: the message is not stored twice in one place.
        before.copy &&= copy
        before.create ||= create
      } else {
        const edits = run.header.edits.length
        const madeFor = found === null ? specialUse : null
        run.act({ kind: 'fileinto', mailbox: name, flags, create, copy, specialUse: madeFor, edits })
      }
      return 'next'
    }
  },
}

/** RFC 5228 §4.1 leaves the syntax of names to us; `\x00` and line ends are in none. */
function isMailboxName(name: string): boolean {
  return name !== '' && !/[\x00-\x1f\x7f]/.test(name)
}

export const redirect: CommandDefinition = {
  compile(node, compiling) {
    const given = readArguments(node, compiling, {
      tags: { ':copy': { capabilities: ['copy'] } },
      positional: [{ name: 'address', type: 'string' }],
    })
    const address = given.mustText('address')
    const copy = given.has(':copy')
    if (address.constant !== null && addressOf(address.constant) === null)
      throw new SyntaxProblem(address.at, `"${address.constant.slice(0, 60)}" is no address`)
    return run => {
      const text = address.of(run)
      const to = addressOf(text) ?? run.fail(`"${text.slice(0, 60)}" is no address`, address.at)
      if (!copy) run.implicitKeep = false
      redirectTo(run, to, copy)
      return 'next'
    }
  },
}

function redirectTo(run: Run, address: string, copy: boolean): void {
  const redirects = run.actions.filter(action => action.kind === 'redirect')
  const before = redirects.find(action => isSameAddress(action.address, address))
  if (before) before.copy &&= copy
  else if (redirects.length === REDIRECTS) run.fail(`more than ${REDIRECTS} redirects`)
  else run.act({ kind: 'redirect', address, copy, edits: run.header.edits.length })
}

function isSameAddress(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase()
}

const INBOX = 'INBOX'

/** RFC 5232 §3: of several actions for one mailbox, the flags of the last one count. */
function putFlags(run: Run, mailbox: string, flags: readonly string[]): void {
  for (const action of run.actions) {
    if (action.kind !== 'keep' && action.kind !== 'fileinto') continue
    if (isSameMailbox(action.kind === 'keep' ? INBOX : action.mailbox, mailbox)) action.flags = [...flags]
  }
}

/** The name INBOX alone is the same in any case (RFC 9051 §5.1). */
function isSameMailbox(a: string, b: string): boolean {
  return a === b || (a.toUpperCase() === INBOX && b.toUpperCase() === INBOX)
}
