/**
 * The settings in force, and where each came from: flag, else environment, else facteur.toml, else default.
 * Nothing else of the program reads the environment or facteur.toml. All that is wrong is reported at once.
 */
import { readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { linesOfKeys, readConfigText } from './config-file.ts'
import { shownLocation } from './config-kinds.ts'
import { type Config, type Setting, type SettingName, settingNames, settings, variableOf } from './config-settings.ts'
import { CONFIG_FILE_BYTES } from './limits.ts'

export type { Config } from './config-settings.ts'

export type Origin =
  | { from: 'default' }
  | { from: 'file'; file: string; line: number }
  | { from: 'environment'; variable: string }
  | { from: 'flag'; flag: string }

export interface LoadedConfig {
  config: Config
  /** The file that was read, or null. */
  file: string | null
  isDefault(name: SettingName): boolean
  describe(): { key: string; value: string; origin: Origin }[]
}

export interface ConfigSources {
  /** The folder relative paths start from, and where facteur.toml is looked for. */
  folder: string
  environment: Record<string, string | undefined>
  /** A file that was asked for by name, or null for facteur.toml where there is one. */
  file: string | null
  /** Settings given as flags. */
  flags: Partial<Record<SettingName, string>>
  /** Variables that are not settings: those of flags such as --config. */
  otherVariables: ReadonlySet<string>
}

export class ConfigError extends Error {
  readonly problems: string[]
  constructor(problems: string[]) {
    super(problems.join('\n'))
    this.name = 'ConfigError'
    this.problems = problems
  }
}

const DEFAULT_FILE = 'facteur.toml'

/**
 * Set by others under our name: Kubernetes gives every container the addresses of services called "facteur", "facteur-imap"
 * and the like, and the tests have switches of their own.
 */
const FOREIGN_VARIABLE =
  /^FACTEUR_(?:TEST_|PORT$|(?:\w+_)?(?:SERVICE_(?:HOST|PORT)(?:_\w+)?|PORT_\d+_(?:TCP|UDP|SCTP)(?:_(?:PROTO|PORT|ADDR))?)$)/

/** Of a service "facteur-queue" it has the name of a setting. */
const isForeign = (variable: string, value: string): boolean =>
  FOREIGN_VARIABLE.test(variable) || (variable.endsWith('_PORT') && /^(?:tcp|udp|sctp):\/\//.test(value))

interface Given {
  value: unknown
  base: string
  origin: () => Origin
  where: () => string
}

export function loadConfig(sources: ConfigSources): LoadedConfig {
  const problems: string[] = []
  const file = readFile(sources, problems)
  const given = new Map<string, Given>()
  collectFile(file, given, problems)
  collectEnvironment(sources, given, problems)
  for (const [name, value] of Object.entries(sources.flags)) {
    const key = settings[name as SettingName].key
    given.set(key, {
      value,
      base: sources.folder,
      origin: () => ({ from: 'flag', flag: `--${key}` }),
      where: () => `flag --${key}`,
    })
  }

  const values: Record<string, unknown> = {}
  for (const name of settingNames) {
    const declared: Setting<unknown> = settings[name]
    const source = given.get(declared.key)
    // Defaults are read like any other value, so that a default path starts from the folder too.
    const value = source
      ? declared.kind.read(source.value, source.base)
      : name === 'data'
        ? declared.kind.read(declared.fallback, sources.folder)
        : declared.fallback
    if (source && value === undefined) {
      const shown = declared.kind.showMistake?.(source.value) ?? show(source.value)
      problems.push(`${source.where()}: ${declared.key} is ${shown}; expected ${declared.kind.expected}`)
    }
    values[name] = value
  }
  if (problems.length === 0) problems.push(...conflicts(values as Config, given))
  if (problems.length > 0) throw new ConfigError(problems)

  const config = values as Config
  return {
    config,
    file: file?.path ?? null,
    isDefault: name => !given.has(settings[name].key),
    describe: () =>
      settingNames.map(name => {
        const declared: Setting<unknown> = settings[name]
        return {
          key: declared.key,
          value: declared.kind.show(config[name]),
          origin: given.get(declared.key)?.origin() ?? { from: 'default' },
        }
      }),
  }
}

/** For a terminal: `facteur.toml line 3`, `environment FACTEUR_DATA`, `default`. */
export function showOrigin(origin: Origin): string {
  if (origin.from === 'file') return `${origin.file} line ${origin.line}`
  if (origin.from === 'environment') return `environment ${origin.variable}`
  return origin.from === 'flag' ? `flag ${origin.flag}` : 'default'
}

interface ConfigFile {
  path: string
  text: string
  lineOf: (key: string) => number
}

function readFile(sources: ConfigSources, problems: string[]): ConfigFile | null {
  const wanted = sources.file ?? DEFAULT_FILE
  const full = path.resolve(sources.folder, wanted)
  try {
    if (statSync(full).size > CONFIG_FILE_BYTES) {
      problems.push(`${wanted}: larger than ${CONFIG_FILE_BYTES / 1024} KiB; expected a file of settings`)
      return null
    }
    const text = readFileSync(full, 'utf8')
    let lines: Map<string, number> | undefined
    return { path: full, text, lineOf: key => (lines ??= linesOfKeys(text)).get(key) ?? 1 }
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (sources.file !== null || code !== 'ENOENT')
      problems.push(`${wanted}: can't be read (${code ?? error}); expected a file of settings`)
    return null
  }
}

function collectFile(file: ConfigFile | null, given: Map<string, Given>, problems: string[]): void {
  if (!file) return
  const name = path.basename(file.path)
  const content = readConfigText(file.text)
  if (!content.ok) {
    problems.push(`${name} line ${content.line}: ${content.problem}; expected TOML`)
    return
  }
  for (const { key, value } of content.entries) {
    const where = () => `${name} line ${file.lineOf(key)}`
    if (settingNames.some(known => settings[known].key === key))
      given.set(key, {
        value,
        base: path.dirname(file.path),
        origin: () => ({ from: 'file', file: file.path, line: file.lineOf(key) }),
        where,
      })
    else
      problems.push(
        `${where()}: unknown setting ${key}; ${nearest(
          key,
          settingNames.map(known => settings[known].key),
        )}`,
      )
  }
}

function collectEnvironment(sources: ConfigSources, given: Map<string, Given>, problems: string[]): void {
  const keys = new Map(settingNames.map(name => [variableOf(settings[name].key), settings[name].key]))
  for (const [variable, value] of Object.entries(sources.environment)) {
    if (!variable.startsWith('FACTEUR_') || value === undefined || isForeign(variable, value)) continue
    const key = keys.get(variable)
    if (key !== undefined)
      given.set(key, {
        value,
        base: sources.folder,
        origin: () => ({ from: 'environment', variable }),
        where: () => `environment variable ${variable}`,
      })
    else if (!sources.otherVariables.has(variable))
      problems.push(`environment variable ${variable}: no such setting; ${nearest(variable, [...keys.keys()])}`)
  }
}

/** What only shows when two settings are looked at together. */
function conflicts(config: Config, given: Map<string, Given>): string[] {
  const where = (key: string): string => given.get(key)?.where() ?? 'default'
  const problems: string[] = []
  if (config.redis !== null && config.store === null)
    problems.push(
      `${where('redis')}: redis is set without store; expected a store in PostgreSQL, which several nodes share`,
    )
  const pair = [settings.tlsCertificate, settings.tlsKey] as const
  if ((config.tlsCertificate === null) !== (config.tlsKey === null)) {
    const [set, missing] = config.tlsKey === null ? pair : [pair[1], pair[0]]
    problems.push(`${where(set.key)}: ${set.key} is set without ${missing.key}; expected both or neither`)
  }
  if (config.blobs?.startsWith('s3://') && (config.s3AccessKeyId === null || config.s3SecretAccessKey === null))
    problems.push(
      `${where('blobs')}: blobs is a bucket; expected ${settings.s3AccessKeyId.key} and ${settings.s3SecretAccessKey.key} beside it`,
    )
  if (config.queueRetryLongest < config.queueRetryFirst)
    problems.push(
      `${where('queue.retry-longest')}: queue.retry-longest is shorter than queue.retry-first; expected it to be as long or longer`,
    )
  return problems
}

/** Values of settings are short; what isn't is cut, so that a problem stays one line. A location may be in the wrong place. */
function show(value: unknown): string {
  const withoutPassword = (text: string): string => shownLocation(text.replace(/:.*@/s, ':***@'))
  const shown =
    JSON.stringify(value, (_, item) =>
      typeof item === 'bigint' ? String(item) : typeof item === 'string' ? withoutPassword(item) : item,
    ) ?? String(value)
  return shown.length > 80 ? `${shown.slice(0, 77)}...` : shown
}

function nearest(wrong: string, known: string[]): string {
  const best = known
    .map(name => ({ name, distance: editDistance(wrong, name) }))
    .sort((a, b) => a.distance - b.distance)[0]
  return best && best.distance <= Math.max(2, wrong.length / 4)
    ? `did you mean ${best.name}?`
    : 'expected one of docs/operate/settings.md'
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, at) => at)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++)
      next[j] = Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1))
    row = next
  }
  return row[b.length] ?? 0
}
