/** System calls of a running process seen, delayed, failed or taken as the moment of its death: strace, which needs no hook in the product. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'

let known: string | null | undefined

/** Why processes can't be traced here; null where they can. */
export function whyNoStrace(): string | null {
  known ??= lookForStrace()
  return known || null
}

/** '' where it works. */
function lookForStrace(): string {
  if (process.platform !== 'linux') return 'only on Linux'
  if (spawnSync('strace', ['-V']).error) return 'the Debian package strace is not installed'
  if (process.getuid?.() !== 0 && readFileSync('/proc/sys/kernel/yama/ptrace_scope', 'latin1').trim() !== '0')
    return 'attaching strace to a running process needs root here'
  const tried = spawnSync('strace', ['-f', '-o', '/dev/null', 'true'], { encoding: 'utf8' })
  return tried.status === 0 ? '' : `strace can't trace here: ${tried.stderr.trim().slice(0, 200)}`
}

export interface Tracer {
  /** Resolves when the process runs freely again, or is dead. */
  detach(): Promise<void>
}

/** Attaches to all threads of a process; `options` as on strace's command line. Resolves when it is in force. */
export async function attach(pid: number, options: readonly string[]): Promise<Tracer> {
  const tracer = spawn('strace', ['-f', '-p', String(pid), ...options], { stdio: ['ignore', 'ignore', 'pipe'] })
  const ended = once(tracer, 'close')
  await attached(tracer)
  return {
    detach: async () => {
      tracer.kill('SIGINT')
      await ended
    },
  }
}

export interface Injection {
  /** As a tracer's; resolves with how many calls failed or waited. */
  detach(): Promise<number>
}

/** Makes system calls fail, wait or kill: `inject` as in strace(1), such as `fdatasync:error=EIO:when=3+`. */
export async function injectInto(pid: number, inject: readonly string[]): Promise<Injection> {
  const calls = [...new Set(inject.flatMap(rule => (rule.split(':')[0] ?? '').split(',')))]
  const folder = mkdtempSync(path.join(tmpdir(), 'facteur-strace-'))
  const output = path.join(folder, 'calls')
  const rules = inject.flatMap(rule => ['-e', `inject=${rule}`])
  try {
    const tracer = await attach(pid, ['-o', output, '-e', `trace=${calls.join(',')}`, ...rules])
    return {
      detach: async () => {
        await tracer.detach()
        const met = readFileSync(output, 'latin1').match(/\((?:INJECTED|DELAYED)\)$/gm)?.length ?? 0
        rmSync(folder, { recursive: true })
        return met
      },
    }
  } catch (error) {
    rmSync(folder, { recursive: true })
    throw error
  }
}

function attached(tracer: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = ''
    tracer.stderr?.setEncoding('utf8').on('data', (text: string) => {
      said += text
      if (/ attached/.test(said)) resolve()
    })
    tracer.once('error', reject)
    // A process that is killed while strace attaches ends both: that is for the caller to notice.
    tracer.once('close', code =>
      / attached/.test(said) ? resolve() : reject(new Error(`strace ended with ${code}: ${said}`)),
    )
  })
}
