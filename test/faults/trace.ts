/** What strace wrote of a process: its system calls in order, each with where it began and where it came back. */

export interface Call {
  name: string
  /** Arguments as strace prints them, with the paths and ends of file descriptors (-yy). */
  args: string
  /** What it came back with, such as `0` or `-1 EIO (...)`; null where the trace ends first. */
  result: string | null
  /** Lines of the trace. Of two calls, one came back before the other began where its `end` is the smaller. */
  begin: number
  end: number
}

/** The output of `strace -f -o FILE`: each line begins with the thread. */
export function callsOf(trace: string): Call[] {
  const calls: Call[] = []
  const unfinished = new Map<string, Call>()
  for (const [at, line] of trace.split('\n').entries()) {
    const [, thread = '', text = ''] = /^(\d+) +(.*)$/.exec(line) ?? []
    const resumed = /^<\.\.\. \w+ resumed>(.*?)\)? += (.*)$/.exec(text)
    if (resumed) {
      const call = unfinished.get(thread)
      unfinished.delete(thread)
      if (!call) continue
      call.args += resumed[1] ?? ''
      call.result = resumed[2] ?? ''
      call.end = at
      continue
    }
    const [, name, rest = ''] = /^(\w+)\((.*)$/.exec(text) ?? []
    if (name === undefined) continue
    const begun = /^(.*?) ?<unfinished \.\.\.>$/.exec(rest)
    const whole = /^(.*)\) += (.*)$/.exec(rest)
    const call = { name, args: (begun ?? whole)?.[1] ?? '', result: whole?.[2] ?? null, begin: at, end: at }
    if (begun) {
      call.end = Number.POSITIVE_INFINITY
      unfinished.set(thread, call)
    }
    calls.push(call)
  }
  return calls
}

export const isSync = ({ name }: Call): boolean => name === 'fdatasync' || name === 'fsync'

/** On a file or folder whose path ends so; the first argument is its descriptor. */
export const isOn =
  (ending: string) =>
  ({ args }: Call): boolean =>
    /^\d+<([^>]*)>/.exec(args)?.[1]?.endsWith(ending) ?? false

const isWrite = ({ name }: Call): boolean => /^(write|writev|pwrite64|pwritev|sendto|sendmsg)$/.test(name)

/** To the client whose own port it is. */
export const isSentTo =
  (port: number) =>
  (call: Call): boolean =>
    isWrite(call) && new RegExp(`^\\d+<TCP(v6)?:\\[[^>]*->[^>]*:${port}\\]>`).test(call.args)

/** Why the trace doesn't show that what was written to a file before `page` was on disk by then; null where it does. */
export function whyNotSyncedBefore(calls: readonly Call[], isFile: (call: Call) => boolean, page: Call): string | null {
  const written = calls.filter(call => isWrite(call) && isFile(call) && call.begin < page.begin)
  if (written.length === 0) return 'nothing was written to it'
  const last = Math.max(...written.map(({ end }) => end))
  const sync = calls.find(call => isSync(call) && isFile(call) && call.begin > last)
  if (sync?.result !== '0') return `it was not synced: ${sync?.result}`
  return sync.end < page.begin ? null : 'its sync came back too late'
}

/** The page of the log that holds `mark`. */
export const pageWith = (calls: readonly Call[], mark: string): Call | undefined =>
  calls.find(call => isWrite(call) && isOn('-wal')(call) && call.args.includes(mark))

/**
 * Why the trace doesn't show that what holds `mark` was on disk before `answer` was sent; null where it does. The writer's thread
 * is the only one at the log, one transaction after the other: the first sync behind a page is that of its transaction.
 */
export function whyNotSynced(calls: readonly Call[], mark: string, answer: (call: Call) => boolean): string | null {
  const page = pageWith(calls, mark)
  if (!page) return `nothing with ${mark} was written to the log`
  const sync = calls.find(call => isSync(call) && isOn('-wal')(call) && call.begin > page.end)
  if (sync?.result !== '0') return `the log was not synced behind ${mark}: ${sync?.result}`
  const answers = calls.filter(answer)
  if (answers.length === 0) return 'no answer was sent'
  return answers.every(({ begin }) => begin > sync.end) ? null : 'the answer was sent before the sync came back'
}
