/** Everything a ManageSieve client can say (RFC 5804 §2), and how it is read. */
import { NAME_BYTES } from './limits.ts'
import type { Token } from './receiver.ts'

export type Command =
  | { name: 'AUTHENTICATE'; mechanism: string; initial: string | null }
  | { name: 'STARTTLS' | 'LOGOUT' | 'CAPABILITY' | 'LISTSCRIPTS' | 'UNAUTHENTICATE' }
  | { name: 'NOOP'; tag: string | null }
  | { name: 'HAVESPACE'; script: string; sizeBytes: number }
  | { name: 'PUTSCRIPT'; script: string; source: string }
  | { name: 'CHECKSCRIPT'; source: string }
  /** The empty name: none. */
  | { name: 'SETACTIVE'; script: string }
  | { name: 'GETSCRIPT' | 'DELETESCRIPT'; script: string }
  | { name: 'RENAMESCRIPT'; script: string; newName: string }

export type CommandName = Command['name']
export interface Problem {
  problem: string
}

type Arguments = readonly Token[]

export function parseCommand(tokens: Arguments): Command | Problem {
  const [first, ...rest] = tokens
  if (first?.kind !== 'atom') return { problem: 'A command is expected' }
  const parse = parsers.get(first.text.toUpperCase())
  return parse ? parse(rest) : { problem: 'There is no such command' }
}

const parsers = new Map<string, (rest: Arguments) => Command | Problem>([
  ['AUTHENTICATE', authenticate],
  ...(['STARTTLS', 'LOGOUT', 'CAPABILITY', 'LISTSCRIPTS', 'UNAUTHENTICATE'] as const).map(
    name => [name, (rest: Arguments) => (rest.length === 0 ? { name } : wrong(name, 'no argument'))] as const,
  ),
  ['NOOP', noop],
  ['HAVESPACE', haveSpace],
  ['PUTSCRIPT', putScript],
  ['CHECKSCRIPT', checkScript],
  ['SETACTIVE', setActive],
  ...(['GETSCRIPT', 'DELETESCRIPT'] as const).map(
    name => [name, (rest: Arguments) => ofScript(rest, 1, name, script => ({ name, script }))] as const,
  ),
  ['RENAMESCRIPT', renameScript],
])

function authenticate(rest: Arguments): Command | Problem {
  const [mechanism, initial = null] = rest.map(textOf)
  if (!mechanism || rest.length > 2) return wrong('AUTHENTICATE', 'a mechanism and perhaps a response')
  return { name: 'AUTHENTICATE', mechanism: mechanism.toUpperCase(), initial }
}

function noop(rest: Arguments): Command | Problem {
  const [tag = null] = rest.map(textOf)
  return rest.length > 1 ? wrong('NOOP', 'one string at most') : { name: 'NOOP', tag }
}

function haveSpace(rest: Arguments): Command | Problem {
  const size = rest[1]
  if (size?.kind !== 'atom' || !/^\d{1,10}$/.test(size.text)) return wrong('HAVESPACE', 'a name and a size')
  return ofScript(rest, 2, 'HAVESPACE', script => ({ name: 'HAVESPACE', script, sizeBytes: Number(size.text) }))
}

function putScript(rest: Arguments): Command | Problem {
  const source = sourceOf(rest[1])
  if (source === null) return wrong('PUTSCRIPT', 'a name and a script in UTF-8')
  return ofScript(rest, 2, 'PUTSCRIPT', script => ({ name: 'PUTSCRIPT', script, source }))
}

function checkScript(rest: Arguments): Command | Problem {
  const source = sourceOf(rest[0])
  return source === null || rest.length > 1
    ? wrong('CHECKSCRIPT', 'a script in UTF-8')
    : { name: 'CHECKSCRIPT', source }
}

function setActive(rest: Arguments): Command | Problem {
  if (rest.length === 1 && textOf(rest[0]!) === '') return { name: 'SETACTIVE', script: '' }
  return ofScript(rest, 1, 'SETACTIVE', script => ({ name: 'SETACTIVE', script }))
}

function renameScript(rest: Arguments): Command | Problem {
  return ofScript(rest, 2, 'RENAMESCRIPT', script => {
    const newName = nameOf(rest[1])
    return newName === null ? badName : { name: 'RENAMESCRIPT', script, newName }
  })
}

function ofScript(
  rest: Arguments,
  count: number,
  command: CommandName,
  make: (script: string) => Command | Problem,
): Command | Problem {
  if (rest.length !== count) return wrong(command, count === 1 ? 'the name of a script' : 'two arguments')
  const script = nameOf(rest[0])
  return script === null ? badName : make(script)
}

const badName: Problem = { problem: 'This can be no name of a script' }
const wrong = (command: CommandName, what: string): Problem => ({ problem: `${command} takes ${what}` })

/** RFC 5804 §1.6: Net-Unicode without control characters and line separators; we fold it to NFC. */
function nameOf(token: Token | undefined): string | null {
  if (token?.kind !== 'string' || token.bytes.length === 0 || token.bytes.length > NAME_BYTES) return null
  const text = utf8(token.bytes)?.normalize('NFC') ?? null
  return text === null || /[\p{Cc}\u2028\u2029]/u.test(text) ? null : text
}

/** Without the mark of the byte order that some editors put first. */
function sourceOf(token: Token | undefined): string | null {
  return token?.kind === 'string' ? utf8(token.bytes) : null
}

const textOf = (token: Token): string => (token.kind === 'string' ? token.bytes.toString('latin1') : token.text)

function utf8(bytes: Buffer): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return null
  }
}
