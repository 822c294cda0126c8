/** Scripts run over messages that tests write in a line or two. */
import { type CompileOptions, compileScript } from '../../src/wire/sieve/compile.ts'
import { sieveMessage } from '../../src/wire/sieve/message.ts'
import { runScript } from '../../src/wire/sieve/run-script.ts'
import type { Action, HeaderText, Outcome, World } from '../../src/wire/sieve/types.ts'

export interface Given extends CompileOptions {
  /** Of the message, LF between its lines. */
  header?: string
  body?: string
  /** In place of what the header says. */
  fields?: HeaderText[]
  from?: string
  to?: string
  auth?: string
  world?: Partial<World>
}

export const world: World = {
  now: Date.UTC(2026, 0, 31, 22, 30, 15),
  timeZone: 'Europe/Paris',
  mailboxExists: async name => name === 'INBOX' || name === 'Junk',
  specialUseMailbox: async use => (use.toLowerCase() === '\\junk' ? 'Junk' : null),
  isDuplicate: async () => false,
  environment: () => null,
  spamPercent: null,
  virusLevel: 0,
}

const defaultHeader = 'From: Alice <alice@example.org>\nTo: me@example.com\nSubject: Hello'

export async function run(source: string, given: Given = {}): Promise<Outcome> {
  const compiled = compileScript(source, given)
  if (!compiled.ok) throw new Error(errorsOf(source, given).join('\n'))
  const { header = defaultHeader, body = '', from = 'sender@example.org', to = 'me@example.com', auth = null } = given
  const bytes = Buffer.from(`${header}\n\n${body}`.replace(/\r?\n/g, '\r\n'))
  const message = sieveMessage(bytes, { from, to, auth })
  const { fields } = given
  const seen = fields
    ? {
        ...message,
        fields: () => fields,
        header: (name: string) =>
          fields.filter(field => field.name.toLowerCase() === name.toLowerCase()).map(({ value }) => value),
      }
    : message
  return runScript(compiled.script, seen, { ...world, ...given.world })
}

/** Fails where the script did not run to its end. */
export async function actionsOf(source: string, given: Given = {}): Promise<Action[]> {
  const { actions, error } = await run(source, given)
  if (error) throw new Error(`${error.line}:${error.column} ${error.message}`)
  return actions
}

/** `line:column message`; none for a right script. */
export function errorsOf(source: string, options: CompileOptions = {}): string[] {
  const compiled = compileScript(source, options)
  return compiled.ok ? [] : compiled.errors.map(({ line, column, message }) => `${line}:${column} ${message}`)
}
