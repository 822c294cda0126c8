/** Refusals (RFC 5429) and automatic replies (RFC 5230, RFC 6131). */
import { createHash } from 'node:crypto'
import { flattenAddresses, parseAddresses } from '../mime/address.ts'
import { addressOf } from './address-syntax.ts'
import { type Given, readArguments } from './arguments.ts'
import { VACATION_SECONDS } from './limits.ts'
import { SyntaxProblem } from './problem.ts'
import type { CommandDefinition } from './program.ts'
import { cut } from './text.ts'

const DAY_SECONDS = 86_400

function refusal(kind: 'reject' | 'ereject'): CommandDefinition {
  return {
    capabilities: [kind],
    compile(node, compiling) {
      const given = readArguments(node, compiling, { positional: [{ name: 'reason', type: 'string' }] })
      const reason = given.mustText('reason')
      return run => {
        run.implicitKeep = false
        run.act({ kind, reason: reason.of(run) })
        return 'next'
      }
    },
  }
}

export const reject = refusal('reject')
export const ereject = refusal('ereject')

export const vacation: CommandDefinition = {
  capabilities: ['vacation'],
  compile(node, compiling) {
    const given = readArguments(node, compiling, {
      tags: {
        ':days': { value: 'number', group: 'interval' },
        ':seconds': { value: 'number', group: 'interval', capabilities: ['vacation-seconds'] },
        ':subject': { value: 'string' },
        ':from': { value: 'string' },
        ':addresses': { value: 'strings' },
        ':mime': {},
        ':handle': { value: 'string' },
      },
      positional: [{ name: 'reason', type: 'string' }],
    })
    const seconds = secondsOf(given)
    const [subject, from, handle] = [given.text(':subject'), given.text(':from'), given.text(':handle')]
    const [addresses, mime, reason] = [given.texts(':addresses'), given.has(':mime'), given.mustText('reason')]
    if (from !== null && from.constant !== null && !isMailbox(from.constant))
      throw new SyntaxProblem(from.at, `"${from.constant.slice(0, 60)}" is no address`)
    // RFC 5230 §4.2: the arguments as they stand in the script, variables not filled in.
    const content = JSON.stringify([subject?.source ?? null, from?.source ?? null, mime, reason.source])
    const derived = `content ${createHash('sha256').update(content).digest('base64url')}`
    return run => {
      const sender = from?.of(run) ?? null
      run.act({
        kind: 'vacation',
        handle: handle === null ? derived : `handle ${handle.of(run)}`,
        seconds,
        subject: subject === null ? null : oneLine(subject.of(run)),
        from: sender !== null && isMailbox(sender) ? sender : null,
        addresses: (addresses?.of(run) ?? []).map(text => addressOf(text) ?? text),
        mime,
        reason: reason.of(run),
        edits: run.header.edits.length,
      })
      return 'next'
    }
  },
}

/** Outside the bounds the nearest one is taken (RFC 5230 §4.1). */
function secondsOf(given: Given): number {
  const days = given.number(':days')
  const { least, usual, most } = VACATION_SECONDS
  const wanted = given.number(':seconds') ?? (days === null ? usual : Math.max(days, 1) * DAY_SECONDS)
  return Math.min(Math.max(wanted, least), most)
}

/** Of a mailbox-list; who delivers checks that it is the owner's. */
export function isMailbox(text: string): boolean {
  const addresses = flattenAddresses(parseAddresses(text))
  return (
    addresses.length > 0 &&
    addresses.every(({ mailbox, host }) => mailbox !== '' && host !== '') &&
    !/[\r\n]/.test(text)
  )
}

/** What becomes a header field must not bring others along. */
export function oneLine(text: string): string {
  return cut(text.replace(/[\r\n\0]+[ \t]*/g, ' ').trim(), 998)
}
