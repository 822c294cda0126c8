/** What commands share: the streams they speak to, the settings flags, and the control commands on a service or a store. */
import { statSync } from 'node:fs'
import type { Readable, Writable } from 'node:stream'
import { type Command, InvalidArgumentError, Option } from 'commander'
import { type LoadedConfig, loadConfig } from '../ops/config.ts'
import { isHostName, parseSize } from '../ops/config-kinds.ts'
import { variableOf } from '../ops/config-settings.ts'
import { controlSocketPath } from '../ops/control.ts'
import { connectControl } from '../ops/control-client.ts'
import { storePath } from '../ops/data-folder.ts'
import { packageVersion } from '../ops/version.ts'
import { StoreError } from '../store/store.ts'
import { type Control, overSocket } from './control-commands.ts'

export interface Terminal {
  stdout: Writable & { isTTY?: boolean }
  stderr: Writable & { isTTY?: boolean }
  stdin: Readable & { isTTY?: boolean; setRawMode?(raw: boolean): unknown }
  environment: Record<string, string | undefined>
  folder: string
}

/** How a command ends. `help` of the program and README.md say the same. */
export const exitCodes = {
  done: 0,
  /** Refused or failed. */
  failed: 1,
  /** Wrongly called: what was given is no such command, argument or value. */
  usage: 2,
  /** So that a script can ask whether there was such a message. */
  nothingFound: 3,
} as const

/** Said on standard error; the command ends with this code. */
export class CommandError extends Error {
  readonly exitCode: number
  constructor(message: string, exitCode: number = exitCodes.failed) {
    super(message)
    this.name = 'CommandError'
    this.exitCode = exitCode
  }
}

export interface Context {
  terminal: Terminal
  print(text: string): void
  /** With times in ISO 8601. */
  printJson(value: unknown): void
  /** A line on standard error. */
  complain(text: string): void
  settings(command: Command): LoadedConfig
  /** Runs `act` on the running service of the data folder; on its store itself where none runs. */
  withControl(command: Command, act: Act): Promise<void>
}

type Act = (control: Control, loaded: LoadedConfig) => Promise<void>

export function createContext(terminal: Terminal, flagVariables: ReadonlySet<string>): Context {
  const settings = (command: Command): LoadedConfig => {
    const { config, data } = command.opts<{ config?: string; data?: string }>()
    // From the environment the loader takes it itself, to be able to name the variable.
    const given = command.getOptionValueSource('data') === 'cli' ? data : undefined
    return loadConfig({
      folder: terminal.folder,
      environment: terminal.environment,
      file: config ?? null,
      flags: given === undefined ? {} : { data: given },
      otherVariables: flagVariables,
    })
  }
  return {
    terminal,
    print: text => void terminal.stdout.write(text),
    printJson: value => void terminal.stdout.write(`${jsonText(value, 2)}\n`),
    complain: text => void terminal.stderr.write(`${text}\n`),
    settings,
    withControl: (command, act) => useControl(settings(command), act),
  }
}

async function useControl(loaded: LoadedConfig, act: Act): Promise<void> {
  const { config } = loaded
  const client = await connectControl(controlSocketPath(config.data), packageVersion())
  if (!client) expectStore(config)
  // Loaded only where it is needed: a command beside a running service does without.
  const control = client ? overSocket(client) : await openStopped(config)
  try {
    await act(control, loaded)
  } finally {
    await control.close()
  }
}

/** The service alone makes one: a command that mistook the folder would leave a new one there. */
function expectStore(config: LoadedConfig['config']): void {
  if (!isMissing(config.store === null ? storePath(config) : config.data)) return
  const missing = config.store === null ? 'store in' : 'data folder'
  throw new CommandError(
    `there is no ${missing} ${config.data}; name another data folder with --data, or start the service once: facteur serve`,
  )
}

/** False where this user may not look: he is told so when it is opened. */
export function isMissing(file: string): boolean {
  try {
    return statSync(file, { throwIfNoEntry: false }) === undefined
  } catch {
    return false
  }
}

/** Who has the store without a socket may be a service that is starting: by the time the store is refused, it has one. */
async function openStopped(config: LoadedConfig['config']): Promise<Control> {
  try {
    return await (await import('../app/in-process.ts')).openInProcess(config)
  } catch (error) {
    if (!(error instanceof StoreError)) throw error
    const client = await connectControl(controlSocketPath(config.data), packageVersion())
    if (!client) throw error
    return overSocket(client)
  }
}

/** Each number whose name says that it is a time becomes one that people and programs read alike. */
export function jsonText(value: unknown, indent = 0): string {
  const isTime = (key: string, member: unknown): member is number =>
    typeof member === 'number' && /^(?:at|since|until)$|(?:At|Since|Until)$/.test(key)
  return JSON.stringify(value, (key, member) => (isTime(key, member) ? new Date(member).toISOString() : member), indent)
}

export const flag = (flags: string, description: string): Option => new Option(flags, description)

/**
 * One that the environment can give too: --data is FACTEUR_DATA. Only those that change nothing of what a command does: a
 * variable left over from elsewhere must not remove more than was asked for.
 */
function flagOrVariable(flags: string, description: string): Option {
  const option = flag(flags, description)
  return option.env(variableOf(option.name()))
}

export function withSettings(command: Command): Command {
  return command
    .addOption(flagOrVariable('--config <file>', 'file of settings (default: facteur.toml, where there is one)'))
    .addOption(flagOrVariable('--data <dir>', 'data folder (default: data)'))
}

export const jsonFlag = (): Option => flagOrVariable('--json', 'print JSON')

export function examples(command: Command, ...lines: string[]): Command {
  return command.addHelpText('after', `\nExamples:\n${lines.map(line => `  $ ${line}`).join('\n')}`)
}

/** Why a file that was named can't be had. */
export function reasonOf(error: unknown): string {
  const reasons: Record<string, string> = {
    ENOENT: 'no such file',
    ENOTDIR: 'no such file',
    EACCES: 'permission denied',
    EISDIR: 'it is a folder',
  }
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  return reasons[code] ?? (error instanceof Error ? error.message : String(error))
}

/** Only the form: whether there is such a mailbox is the service's to say. */
export function addressArgument(text: string): string {
  const at = text.lastIndexOf('@')
  const local = text.slice(0, Math.max(at, 0))
  if (at < 1 || at > 64 || (local.includes('@') && !local.startsWith('"')) || /[\s<>\x00-\x1f\x7f]/.test(text))
    throw new InvalidArgumentError('Expected an address such as alice@example.org.')
  domainArgument(text.slice(at + 1))
  return text
}

export function domainArgument(text: string): string {
  // International names are taken as they are written; the service brings them into their ASCII form.
  const ascii = /[^\x00-\x7f]/.test(text) ? (URL.parse(`http://${text}`)?.hostname ?? '') : text
  if (!isHostName(ascii)) throw new InvalidArgumentError('Expected a domain such as example.org.')
  return text
}

/** A whole number, or none. */
export function limitArgument(text: string): number | 'none' {
  if (text === 'none') return text
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('Expected a whole number, or none.')
  return Number(text)
}

export function switchArgument(text: string): boolean {
  if (text !== 'on' && text !== 'off') throw new InvalidArgumentError('Expected on or off.')
  return text === 'on'
}

export function quotaArgument(text: string): number | 'none' {
  if (text === 'none') return text
  return sizeArgument(text, 'a size such as 5GB, or none')
}

export function sizeArgument(text: string, expected = 'a size such as 5GB'): number {
  if (/^\d*[1-9]\d*$/.test(text)) throw new InvalidArgumentError(`Give a unit, such as ${text}GB.`)
  const bytes = parseSize(text)
  if (bytes === undefined || bytes === 0) throw new InvalidArgumentError(`Expected ${expected}.`)
  return bytes
}

export function countArgument(text: string): number {
  const count = /^\d{1,4}$/.test(text) ? Number(text) : 0
  if (count === 0) throw new InvalidArgumentError('Expected a number from 1 to 9999.')
  return count
}
