/** A program that works in the mailbox over IMAP. */
import { setTimeout as sleep } from 'node:timers/promises'
import { ImapFlow } from 'imapflow'
import { type Copy, enough, type Mailbox, mailboxes, password, placeOf, type Scene } from './scene.ts'

const flags: Readonly<{ [flag: string]: string }> = { '\\Flagged': 'F', '\\Answered': 'R', '\\Seen': 'S' }

interface Listed {
  uid: number
  id: string
}

export async function withClient(scene: Scene, work: (client: ImapFlow) => Promise<void>): Promise<void> {
  const client = new ImapFlow({
    host: '127.0.0.1',
    port: scene.service.ports.imaps,
    secure: true,
    auth: { user: 'ada@example.org', pass: password },
    logger: false,
    tls: { rejectUnauthorized: false },
  })
  // The connection ends with the service: whoever waits for an answer hears of it.
  client.on('error', () => {})
  try {
    await client.connect()
    await work(client)
  } finally {
    client.close()
  }
}

/** Until it is over; a connection that is cut off is made anew. */
export async function overAndOver(scene: Scene, work: (client: ImapFlow) => Promise<void>): Promise<void> {
  while (!scene.isOver) {
    try {
      await withClient(scene, work)
    } catch {
      scene.record.count('IMAP connections cut off or refused')
    }
    await sleep(500)
  }
}

export function changeOn(scene: Scene): Promise<void> {
  return overAndOver(scene, async client => {
    for (let left = 20; left > 0 && !scene.isOver && client.usable; left--) {
      const mailbox = scene.random.pick(mailboxes)
      const lock = await client.getMailboxLock(mailbox)
      try {
        await change(scene, client, mailbox)
      } finally {
        lock.release()
      }
      await sleep(scene.random.between(100, 1_000))
    }
  })
}

async function change({ record, random }: Scene, client: ImapFlow, mailbox: Mailbox): Promise<void> {
  const listed: Listed[] = []
  for await (const { uid, envelope } of client.fetch('1:*', { uid: true, envelope: true })) {
    const id = /<(long-\d+)@/.exec(envelope?.messageId ?? '')?.[1]
    if (id !== undefined) listed.push({ uid, id })
  }
  const chosen = random.some(listed, Math.min(5 / Math.max(listed.length, 1), 0.3))
  const uids = chosen.map(({ uid }) => uid).join(',')
  const kind = listed.length > enough ? 'delete' : random.pick(['append', 'add', 'remove', 'move', 'delete'] as const)
  if (kind === 'append') {
    const { id, text } = record.next(5_000)
    record.letters.set(id, 'offered')
    const done = await client.append(mailbox, text.replaceAll('\n', '\r\n'), random.some(Object.keys(flags), 0.3))
    if (done) record.letters.set(id, 'taken')
    record.count('appended')
  } else if (uids === '') {
    return
  } else if (kind === 'move') {
    for (const { id } of chosen) record.moved.add(id)
    await client.messageMove(uids, mailbox === 'INBOX' ? 'Other' : 'INBOX', { uid: true })
    record.count('moved', chosen.length)
  } else if (kind === 'delete') {
    for (const { id } of chosen) record.deleted.add(id)
    await client.messageDelete(uids, { uid: true })
    record.count('deleted', chosen.length)
  } else {
    const set = random.some(Object.keys(flags), 0.5)
    if (set.length === 0) return
    if (kind === 'add') await client.messageFlagsAdd(uids, set, { uid: true })
    else await client.messageFlagsRemove(uids, set, { uid: true })
    record.count('flagged', chosen.length)
  }
}

/** What the server holds. */
export async function contentsOf(scene: Scene): Promise<Copy> {
  const copy: Copy = new Map()
  await withClient(scene, async client => {
    for (const mailbox of mailboxes) {
      const lock = await client.getMailboxLock(mailbox, { readOnly: true })
      try {
        for await (const { uid, source, flags: set } of client.fetch('1:*', { uid: true, source: true, flags: true })) {
          const id = scene.record.idOf(source?.toString('latin1') ?? '', `${mailbox} ${uid}`)
          if (id === null) continue
          const letters = [...(set ?? [])].flatMap(flag => flags[flag] ?? [])
          copy.set(id, [...(copy.get(id) ?? []), placeOf(mailbox, letters)].sort())
        }
      } finally {
        lock.release()
      }
    }
  })
  return copy
}
