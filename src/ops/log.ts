/**
 * The log: JSON lines on standard error, one-liners where that is a terminal. One line per session and per message;
 * never a password, never the content of mail.
 */
import { type Logger, pino } from 'pino'
import { LOG_WAITING_BYTES } from './limits.ts'

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

/** So long a line may wait for others: nobody who reads along sees it, and a process that is killed loses no more. */
const TOGETHER_MS = 20
const TOGETHER_CHARACTERS = 16_384

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
  if (options.format === 'text') {
    const print = (line: string) => void process.stderr.write(shape(line, options))
    const pass = (line: string) => void process.stderr.write(line)
    // Who read along has gone, or his terminal: the service goes on, as it does where lines are JSON.
    process.stderr.on('error', () => {})
    return { log: narrow(pino(settings, { write: print })), flush: () => {}, pass }
  }
  const destination = pino.destination({ fd: 2, sync: false, maxLength: LOG_WAITING_BYTES })
  const together = new LinesTogether(lines => destination.write(lines))
  const flush = (): void => {
    together.flush()
    destination.flushSync()
  }
  process.once('exit', flush)
  return { log: narrow(pino(settings, together)), flush, pass: line => together.write(line) }
}

/** A write for each line takes longer than all else that a line costs, so those of some milliseconds go together. */
class LinesTogether {
  readonly #write: (lines: string) => void
  #lines = ''
  #planned = false

  constructor(write: (lines: string) => void) {
    this.#write = write
  }

  write(line: string): void {
    this.#lines += line
    if (this.#lines.length > TOGETHER_CHARACTERS) this.flush()
    else if (!this.#planned) {
      this.#planned = true
      setTimeout(() => {
        this.#planned = false
        this.flush()
      }, TOGETHER_MS).unref()
    }
  }

  flush(): void {
    if (this.#lines === '') return
    const lines = this.#lines
    this.#lines = ''
    this.#write(lines)
  }
}

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
