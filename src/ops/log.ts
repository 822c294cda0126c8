/**
 * The log: JSON lines on standard error, one-liners where that is a terminal. One line per session and per message;
 * never a password, never the content of mail.
 */
import { isatty } from 'node:tty'
import { type Logger, pino } from 'pino'
import { type LogGap, LogLines } from './log-lines.ts'

export type LogLevel = 'debug' | 'info' | 'warn' | 'error'

/** What a part of the service asks of its log: fields first, then what happened in a few fixed words. */
export interface Log {
  debug(fields: object, message: string): void
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
  child(fields: object): Log
}

export interface LogOutput {
  log: Log
  /** Writes out what is buffered, before the process ends. */
  flush(): void
  /** A line that another process of the service made, with its end. */
  pass(line: string): void
}

const STANDARD_ERROR = 2

export interface LogOptions {
  level: LogLevel
  format: 'json' | 'text'
  /** Instead of standard error. */
  write?: (line: string) => void
}

export function createLog(options: LogOptions): LogOutput {
  const settings = {
    level: options.level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
  }
  const write = options.write
  if (write)
    return {
      log: narrow(pino(settings, { write: line => write(shape(line, options)) })),
      flush: () => {},
      pass: write,
    }
  if (options.format === 'text' && isatty(STANDARD_ERROR)) {
    const print = (line: string) => void process.stderr.write(shape(line, options))
    const pass = (line: string) => void process.stderr.write(line)
    // His terminal has gone: the service goes on, as it does where lines go elsewhere.
    process.stderr.on('error', () => {})
    return { log: narrow(pino(settings, { write: print })), flush: () => {}, pass }
  }
  // At the level that is always on: whoever looks for what isn't there must find why.
  const lines = new LogLines(STANDARD_ERROR, gap => log.error(fieldsOf(gap), 'the log could not be written'))
  const log = narrow(pino(settings, { write: line => lines.write(shape(line, options)) }))
  const flush = (): void => lines.flush()
  process.once('exit', flush)
  return { log, flush, pass: line => lines.write(line) }
}

const fieldsOf = ({ lost, since, problem }: LogGap): object => ({ lost, since, ...(problem ? { problem } : {}) })

/** For tests and for what is used without a log. */
export const silentLog: Log = { debug() {}, info() {}, warn() {}, error() {}, child: () => silentLog }

function narrow(logger: Logger): Log {
  return {
    debug: (fields, message) => logger.debug(fields, message),
    info: (fields, message) => logger.info(fields, message),
    warn: (fields, message) => logger.warn(fields, message),
    error: (fields, message) => logger.error(fields, message),
    child: fields => narrow(logger.child(fields)),
  }
}

const shape = (line: string, { format }: LogOptions): string => (format === 'text' ? oneLiner(line) : line)

/** `21:04:07 info  mail accepted  id=… from=…`, with an error's stack below it. */
export function oneLiner(json: string): string {
  const { time, level, msg, err, ...fields } = JSON.parse(json)
  const pairs = Object.entries(fields).map(([name, value]) => `${name}=${printable(value)}`)
  const at = String(time).slice(11, 19)
  const stack = err?.stack ? `\n${err.stack}` : ''
  return `${[at, String(level).padEnd(5), msg, ...pairs].join(' ')}${stack}\n`
}

function printable(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return /^[^\s"=]+$/.test(text) ? text : JSON.stringify(text)
}
