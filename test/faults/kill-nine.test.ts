/**
 * The promise under SIGKILL: a load of deliveries, submissions, APPENDs and flag changes is cut off at a random moment, ten
 * times over. Whatever was acknowledged is there once and byte for byte, UIDs keep their messages, `verify` finds nothing, and the
 * service starts again by itself.
 */
import { createHash } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Service, startService } from '../integration/service.ts'
import { LineClient } from './line-client.ts'

const rounds = Number(process.env.FACTEUR_FAULT_ROUNDS ?? 10)
const users = ['ada', 'ben', 'cleo', 'dora']
const password = 'correct horse battery'

/** What was acknowledged: which mailbox holds which message, told by its id. */
interface Acknowledged {
  user: string
  id: string
  /** Hash of the body; the header gains trace fields. */
  body: string
  /** Known for APPEND only. */
  uid: number | null
  /** Set where the OK to a STORE came too. */
  flagged: boolean
}

const hash = (text: string): string => createHash('sha256').update(text).digest('hex')

/** From a few hundred bytes to some 300 KB, so that rows and files are both hit. */
function messageOf(id: string, size: number): { text: string; body: string } {
  const line = `${id} ${'facteur '.repeat(8)}\r\n`
  // Not compressible, so that the larger ones become files.
  let body = line
  for (let n = 0; body.length < size; n++) body += `${hash(`${id}${n}`)}\r\n`
  return {
    text: `From: <load@example.net>\r\nSubject: ${id}\r\nMessage-ID: <${id}@example.net>\r\n\r\n${body}`,
    body: hash(body),
  }
}

const sizes = [300, 3_000, 12_000, 300_000]

describe('kill -9 under load', () => {
  let service: Service
  const kept: Acknowledged[] = []
  let serial = 0

  beforeAll(async () => {
    service = await startService({ FACTEUR_PLAIN_TEXT_SIGN_IN: 'loopback' })
    await service.cli(['domain', 'add', 'example.org'])
    for (const user of users)
      await service.cli(['mailbox', 'add', `${user}@example.org`, '--password-stdin'], { stdin: `${password}\n` })
  })

  afterAll(async () => service?.stop())

  const next = (): { id: string; text: string; body: string } => {
    const id = `m${++serial}`
    return { id, ...messageOf(id, sizes[serial % sizes.length] ?? 300) }
  }

  async function deliver(): Promise<void> {
    const client = await LineClient.open(service.ports.smtp)
    try {
      await client.reply('2')
      client.send('EHLO load.example.net\r\n')
      await client.reply('2')
      for (;;) {
        const { id, text, body } = next()
        const to = [users[serial % users.length] ?? '', users[(serial + 1) % users.length] ?? '']
        client.send(
          `MAIL FROM:<load@example.net>\r\n${to.map(user => `RCPT TO:<${user}@example.org>\r\n`).join('')}DATA\r\n`,
        )
        for (let n = 0; n <= to.length; n++) await client.reply('2')
        await client.reply('3')
        client.send(`${text}.\r\n`)
        await client.reply('2')
        for (const user of to) kept.push({ user, id, body, uid: null, flagged: false })
      }
    } finally {
      client.close()
    }
  }

  async function append(user: string): Promise<void> {
    const client = await LineClient.open(service.ports.imap)
    try {
      await client.line()
      client.send(`a LOGIN ${user}@example.org "${password}"\r\n`)
      await client.tagged('a')
      client.send('b SELECT INBOX\r\n')
      await client.tagged('b')
      for (;;) {
        const { id, text, body } = next()
        client.send(`c APPEND INBOX {${text.length}+}\r\n${text}\r\n`)
        const done = (await client.tagged('c')).at(-1) ?? ''
        const uid = Number(/APPENDUID \d+ (\d+)/.exec(done)?.[1])
        const entry = { user, id, body, uid, flagged: false }
        kept.push(entry)
        client.send(`d UID STORE ${uid} +FLAGS.SILENT (\\Flagged)\r\n`)
        await client.tagged('d')
        entry.flagged = true
      }
    } finally {
      client.close()
    }
  }

  /** What the mailbox holds, by message-id. */
  async function inbox(user: string): Promise<Map<string, { uid: number; flagged: boolean; body: string }[]>> {
    const found = new Map<string, { uid: number; flagged: boolean; body: string }[]>()
    const client = await LineClient.open(service.ports.imap)
    await client.line()
    client.send(`a LOGIN ${user}@example.org "${password}"\r\nb EXAMINE INBOX\r\n`)
    await client.tagged('a')
    await client.tagged('b')
    client.send('c UID FETCH 1:* (UID FLAGS BODY.PEEK[])\r\n')
    for (let line = await client.line(); !line.startsWith('c '); line = await client.line()) {
      const literal = /\{(\d+)\}$/.exec(line)
      if (!literal) continue
      const text = (await client.bytes(Number(literal[1]))).toString('latin1')
      const id = /^Message-ID: <(m\d+)@/im.exec(text)?.[1] ?? ''
      const message = {
        uid: Number(/UID (\d+)/.exec(line)?.[1]),
        flagged: line.includes('\\Flagged'),
        body: hash(text.slice(text.indexOf('\r\n\r\n') + 4)),
      }
      found.set(id, [...(found.get(id) ?? []), message])
      await client.line()
    }
    client.close()
    return found
  }

  it(`loses and doubles nothing that was acknowledged, ${rounds} times over`, { timeout: 240_000 }, async () => {
    for (let round = 0; round < rounds; round++) {
      const load = [deliver(), deliver(), deliver(), ...users.slice(0, 2).map(append)].map(work => work.catch(() => {}))
      await sleep(100 + Math.random() * 500)
      await service.kill('SIGKILL')
      await Promise.all(load)
      await service.start()
    }
    const verified = await service.cli(['verify'])
    expect(verified.exitCode, verified.stdout + verified.stderr).toBe(0)
    expect(kept.length).toBeGreaterThan(rounds * 10)

    for (const user of users) {
      const found = await inbox(user)
      const uids = [...found.values()].flat().map(({ uid }) => uid)
      expect(new Set(uids).size).toBe(uids.length)
      for (const [id, messages] of found) expect(messages, `${id} is in ${user}'s INBOX`).toHaveLength(1)
      for (const { id, body, uid, flagged } of kept.filter(entry => entry.user === user)) {
        const message = found.get(id)?.[0]
        expect(message?.body, `${id} of ${user}`).toBe(body)
        if (uid !== null) expect(message?.uid, `UID of ${id}`).toBe(uid)
        if (flagged) expect(message?.flagged, `flag of ${id}`).toBe(true)
      }
    }
  })
})
