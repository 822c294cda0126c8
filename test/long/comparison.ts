/** In the end: nobody changes anything any more, and every copy must be the same. */
import { setTimeout as sleep } from 'node:timers/promises'
import { contentsOf } from './imapflow.ts'
import type { MaildirCopy } from './mbsync.ts'
import type { Copy, Scene } from './scene.ts'

/** One brings what it has, the other gets it and brings its own, the first gets that. */
const rounds = 3
const queueMs = 60_000

export async function settle(scene: Scene, copies: readonly MaildirCopy[], look: () => void): Promise<void> {
  const { record } = scene
  for (let round = 0; round < rounds; round++)
    for (const copy of copies) if (!(await copy.sync())) record.problem('mbsync failed with nothing in its way')
  const until = performance.now() + queueMs
  const missing = (): string[] =>
    [...record.submissions].flatMap(([to, state]) => (state === 'taken' && !record.arrivals.has(to) ? to : []))
  for (look(); missing().length > 0 && performance.now() < until; look()) await sleep(500)
  for (const to of missing()) record.problem(`never arrived elsewhere: ${to}`)
}

export async function compare(scene: Scene, copies: readonly MaildirCopy[], lives: number): Promise<void> {
  const { record } = scene
  const server = await contentsOf(scene)
  for (const [index, copy] of copies.entries()) {
    const found = await copy.contents()
    for (const id of new Set([...server.keys(), ...found.keys()]))
      if (shown(server, id) !== shown(found, id))
        record.problem(`${id} is ${shown(server, id)} on the server and ${shown(found, id)} in copy ${index + 1}`)
  }
  for (const [id, state] of record.letters) {
    const times = server.get(id)?.length ?? 0
    if (times === 0 && state === 'taken' && !record.deleted.has(id)) record.problem(`${id} is lost`)
    // Where the answer was lost a client may have tried again; none of these does but mbsync, which looks first.
    if (times > 1 && !record.moved.has(id)) record.problem(`${id} is there ${times} times: ${shown(server, id)}`)
  }
  for (const id of server.keys()) if (!record.letters.has(id)) record.problem(`${id} was never sent`)
  for (const [to, times] of record.arrivals) if (times > lives) record.problem(`${to} arrived ${times} times`)
}

const shown = (copy: Copy, id: string): string => copy.get(id)?.join(', ') ?? 'nowhere'
