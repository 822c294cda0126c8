/** FETCH of the header fields that are kept beside messages: the same bytes as from the messages, which aren't read for them. */
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, it, onTestFinished, vi } from 'vitest'
import { ADDRESS, type ImapWorld, imapConnection, imapWorld, PASSWORD } from '../../../test/transcripts/imap-world.ts'
import { HEADER_FIELDS_CHARACTERS } from '../../mail/limits.ts'

const corpus = path.resolve(import.meta.dirname, '../../../test/corpus/mime')

async function reader(): Promise<{ world: ImapWorld; ask: (command: string) => Promise<string>; reads: () => number }> {
  const world = await imapWorld()
  onTestFinished(() => world.close())
  const { blobs } = world.store
  const spies = [vi.spyOn(blobs, 'read'), vi.spyOn(blobs, 'readOnce')]
  let said = ''
  const session = world.createSession(imapConnection(text => void (said += text)))
  const ask = async (command: string): Promise<string> => {
    said = ''
    await session.receive(Buffer.from(`t ${command}\r\n`))
    return said
  }
  await ask(`LOGIN ${ADDRESS} ${PASSWORD}`)
  return { world, ask, reads: () => spies.reduce((sum, { mock }) => sum + mock.calls.length, 0) }
}

it('gives what the messages have, and reads none', async () => {
  const { world, ask, reads } = await reader()
  const names = readdirSync(corpus).filter(name => name.endsWith('.eml'))
  for (const name of names) await world.deliver('INBOX', readFileSync(path.join(corpus, name)))
  await ask('SELECT INBOX')
  const fetched = async (items: string, names: string): Promise<string[]> => {
    const answer = await ask(`FETCH 1:* (${items} BODY.PEEK[HEADER.FIELDS (${names})])`)
    return answer.replace(/FIELDS \([^)]*\)/g, 'FIELDS').split(/(?=^\* \d+ FETCH)/m)
  }
  for (const items of ['UID FLAGS', 'ENVELOPE PREVIEW']) {
    const before = reads()
    const kept = await fetched(items, 'Date "from" TO Subject Content-Type')
    // Some have a NUL, or are too long.
    expect(reads() - before).toBeLessThan(names.length / 10)
    expect(kept).toHaveLength(names.length)
    // One that is not kept has all of them read.
    expect(await fetched(items, 'Date "from" TO Subject Content-Type X-No-Such')).toEqual(kept)
    expect(reads() - before).toBeGreaterThanOrEqual(names.length)
  }
})

it('reads messages whose fields are too long to be kept, and tells them with the others', async () => {
  const { world, ask, reads } = await reader()
  const long = `To: ${'x'.repeat(HEADER_FIELDS_CHARACTERS)}@example.test`
  for (const field of ['To: a@example.test', long, 'To: b@example.test'])
    await world.deliver('INBOX', Buffer.from(`Received: x\r\n${field}\r\n\r\nbody\r\n`))
  await ask('SELECT INBOX')
  const answer = (number: number, field: string): string =>
    `* ${number} FETCH (BODY[HEADER.FIELDS (To)] {${field.length + 4}}\r\n${field}\r\n\r\n)\r\n`
  expect(await ask('FETCH 1:* BODY.PEEK[HEADER.FIELDS (To)]')).toBe(
    `${answer(1, 'To: a@example.test')}${answer(2, long)}${answer(3, 'To: b@example.test')}t OK FETCH completed\r\n`,
  )
  expect(reads()).toBe(1)
})

it('gives a part of them, several at once, and sets \\Seen where it is not only looked at', async () => {
  const { world, ask, reads } = await reader()
  await world.deliver('INBOX', Buffer.from('Subject: s\xe9\r\nFrom: a@b\r\n\r\nbody\r\n', 'latin1'))
  await ask('SELECT INBOX')
  expect(await ask('FETCH 1 (BODY.PEEK[HEADER.FIELDS (Subject)]<3.9> BODY[HEADER.FIELDS (From Cc)])')).toBe(
    '* 1 FETCH (FLAGS (\\Seen \\Recent) BODY[HEADER.FIELDS (Subject)]<3> {9}\r\nject: s\xe9\r BODY[HEADER.FIELDS (From Cc)] {13}\r\nFrom: a@b\r\n\r\n)\r\nt OK FETCH completed\r\n',
  )
  expect(reads()).toBe(0)
})

it('gives parts of several messages, whose memory is given back at once', async () => {
  const { world, ask } = await reader()
  const part = (number: number): string => `${number}`.repeat(9_000)
  for (const number of [1, 2, 3])
    await world.deliver('INBOX', Buffer.from(`Subject: ${number}\r\n\r\n${part(number)}${'-'.repeat(90_000)}`))
  await ask('SELECT INBOX')
  const fetched = (number: number): string =>
    `* ${number} FETCH (BODY[HEADER] {14}\r\nSubject: ${number}\r\n\r\n BODY[TEXT]<0> {9000}\r\n${part(number)} BODY[1] {99000}\r\n${part(number)}${'-'.repeat(90_000)})\r\n`
  // Twice: what is given back must not be remembered.
  for (const _ of [1, 2])
    expect(await ask('FETCH 1:3 (BODY.PEEK[HEADER] BODY.PEEK[TEXT]<0.9000> BODY.PEEK[1])')).toBe(
      `${[1, 2, 3].map(fetched).join('')}t OK FETCH completed\r\n`,
    )
  const short = (number: number): string => `* ${number} FETCH (BODY[TEXT]<0> {9000}\r\n${part(number)})\r\n`
  for (const _ of [1, 2])
    expect(await ask('FETCH 1:3 BODY.PEEK[TEXT]<0.9000>')).toBe(
      `${[1, 2, 3].map(short).join('')}t OK FETCH completed\r\n`,
    )
})
