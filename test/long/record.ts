/** What was taken, what was done to it on purpose, and what went wrong. */
import { createHash } from 'node:crypto'

export type State = 'offered' | 'taken'

export class Record {
  /** Messages for the mailbox, by their id. `taken`: the service said so, or a client has put it where it syncs it from. */
  readonly letters = new Map<string, State>()
  /** A client has deleted it: it may be gone, or not, where another changed it at the same time. */
  readonly deleted = new Set<string>()
  /** A client has moved it: two that do so at once may leave two. */
  readonly moved = new Set<string>()
  /** For elsewhere, by recipient. */
  readonly submissions = new Map<string, State>()
  /** By recipient, how often it arrived there. */
  readonly arrivals = new Map<string, number>()
  readonly #bodies = new Map<string, string>()
  readonly #counts = new Map<string, number>()
  readonly problems: string[] = []
  #serial = 0

  /** A message nobody has seen before, by lines that end in LF. */
  next(bytes: number): { id: string; text: string } {
    const id = `long-${++this.#serial}`
    let body = `${id}\n`
    for (let n = 0; body.length < bytes; n++) body += `${createHash('sha256').update(`${id} ${n}`).digest('hex')}\n`
    this.#bodies.set(id, hashOf(body))
    const header = `From: <sender@example.org>\nTo: <ada@example.org>\nSubject: ${id}\nMessage-ID: <${id}@example.org>\n`
    return { id, text: `${header}Date: ${new Date().toUTCString().replace('GMT', '+0000')}\n\n${body}` }
  }

  /** The id of a message as it is found, its lines ending in CRLF or LF; null, and a problem, where it isn't one of ours as it was. */
  idOf(found: string, where: string): string | null {
    const text = found.replaceAll('\r\n', '\n')
    const id = /^Message-ID: <(long-\d+)@example\.org>$/im.exec(text)?.[1] ?? null
    const end = text.indexOf('\n\n')
    if (id === null) this.problem(`${where} is a message nobody wrote: ${JSON.stringify(text.slice(0, 200))}`)
    else if (hashOf(text.slice(end + 2)) !== this.#bodies.get(id)) this.problem(`${where}: ${id} has another body`)
    return id
  }

  /** One more of something, for the report. */
  count(what: string, by = 1): void {
    this.#counts.set(what, (this.#counts.get(what) ?? 0) + by)
  }

  has(what: string): boolean {
    return (this.#counts.get(what) ?? 0) > 0
  }

  get counts(): string {
    return [...this.#counts].map(([what, times]) => `${times} ${what}`).join(', ')
  }

  problem(text: string): void {
    this.problems.push(text)
  }
}

/** swaks puts an empty line behind what it is given. */
const hashOf = (body: string): string => createHash('sha256').update(body.trimEnd(), 'latin1').digest('hex')
