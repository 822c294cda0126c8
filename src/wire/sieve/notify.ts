/** Notifications (RFC 5435), by mail (RFC 5436). */
import { readArguments } from './arguments.ts'
import { NOTIFICATIONS } from './limits.ts'
import { type Mailto, parseMailto } from './mailto.ts'
import { matchTags, readMatch } from './match.ts'
import { SyntaxProblem } from './problem.ts'
import type { CommandDefinition, TestDefinition, Text } from './program.ts'
import { isMailbox, oneLine } from './replies.ts'
import type { Run } from './run.ts'

/** Reading a method, in units of work. */
const METHOD_STEPS = 50

const IMPORTANCES = { '1': 1, '2': 2, '3': 3 } as const

export const notify: CommandDefinition = {
  capabilities: ['enotify'],
  compile(node, compiling) {
    const given = readArguments(node, compiling, {
      tags: {
        ':from': { value: 'string' },
        ':importance': { value: 'string' },
        ':options': { value: 'strings' },
        ':message': { value: 'string' },
      },
      positional: [{ name: 'method', type: 'string' }],
    })
    const [method, from, message] = [given.mustText('method'), given.text(':from'), given.text(':message')]
    const options = given.texts(':options')
    const importanceOf = readImportance(given.text(':importance'))
    for (const option of options?.each ?? [])
      if (option.constant !== null && !/^[a-z0-9][a-z0-9._-]*=[^\r\n\0]*$/i.test(option.constant))
        throw new SyntaxProblem(option.at, 'an option is written as "name=value"')
    if (from !== null && from.constant !== null && !isMailbox(from.constant))
      throw new SyntaxProblem(from.at, `"${from.constant.slice(0, 60)}" is no address`)
    if (method.constant !== null && parseMailto(method.constant) === null)
      throw new SyntaxProblem(method.at, wrongMethod(method.constant))
    return run => {
      const uri = method.of(run)
      run.spend(METHOD_STEPS + uri.length)
      const mail = parseMailto(uri) ?? run.fail(wrongMethod(uri), method.at)
      const sender = from?.of(run) ?? null
      const sent = run.actions.filter(action => action.kind === 'notify')
      // RFC 5436 §2.7: not twice to the same address of one message.
      const told = new Set(sent.flatMap(action => recipientsOf(parseMailto(action.method))))
      if (recipientsOf(mail).every(address => told.has(address))) return 'next'
      if (sent.length === NOTIFICATIONS) run.fail(`more than ${NOTIFICATIONS} notifications`)
      run.act({
        kind: 'notify',
        method: uri,
        from: sender !== null && isMailbox(sender) ? sender : null,
        options: [...(options?.of(run) ?? [])],
        message: message === null ? null : oneLine(message.of(run)),
        importance: importanceOf(run),
        told: [...told],
        edits: run.header.edits.length,
      })
      return 'next'
    }
  },
}

function recipientsOf(mail: Mailto | null): string[] {
  return mail === null ? [] : [...mail.to, ...mail.cc, ...mail.bcc].map(address => address.toLowerCase())
}

function wrongMethod(uri: string): string {
  return /^mailto:/i.test(uri)
    ? `"${uri.slice(0, 60)}" names no address, too many, or a wrong one`
    : `"${uri.slice(0, 60)}" is no way to notify: "mailto:" is`
}

function readImportance(text: Text | null): (run: Run) => 1 | 2 | 3 {
  if (text === null) return () => 2
  const read = (value: string): 1 | 2 | 3 | null =>
    value === '1' || value === '2' || value === '3' ? IMPORTANCES[value] : null
  if (text.constant !== null && read(text.constant) === null)
    throw new SyntaxProblem(text.at, 'the importance is "1", "2" or "3"')
  return run => read(text.of(run)) ?? run.fail('the importance is "1", "2" or "3"', text.at)
}

export const validNotifyMethod: TestDefinition = {
  capabilities: ['enotify'],
  compile(node, compiling) {
    const given = readArguments(node, compiling, { positional: [{ name: 'methods', type: 'strings' }] })
    const methods = given.mustTexts('methods')
    return run =>
      methods.of(run).every(uri => {
        run.spend(METHOD_STEPS + uri.length)
        return parseMailto(uri) !== null
      })
  },
}

/** RFC 5436 §2.2: whether somebody is online nobody knows of a mail address. */
export const notifyMethodCapability: TestDefinition = {
  capabilities: ['enotify'],
  compile(node, compiling) {
    const given = readArguments(node, compiling, {
      tags: matchTags,
      positional: [
        { name: 'method', type: 'string' },
        { name: 'capability', type: 'string' },
        { name: 'keys', type: 'strings' },
      ],
    })
    const [method, capability] = [given.mustText('method'), given.mustText('capability')]
    const matches = readMatch(given, compiling, 'keys')
    return run =>
      parseMailto(method.of(run)) !== null && capability.of(run).toLowerCase() === 'online' && matches(run, ['maybe'])
  },
}
