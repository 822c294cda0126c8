/** What UNAUTHENTICATE leaves of the one who was signed in. */
import { afterEach, beforeEach, expect, it } from 'vitest'
import { ADDRESS, type ImapWorld, imapConnection, imapWorld, PASSWORD } from '../../../test/transcripts/imap-world.ts'
import { SIGN_IN_IDLE_MS, SIGN_IN_MS } from './limits.ts'

let world: ImapWorld
beforeEach(async () => {
  world = await imapWorld()
})
afterEach(() => world.close())

async function connect() {
  let output = ''
  const seen = { ended: false, idleMs: 0 }
  const connection = imapConnection(text => void (output += text), {
    setIdleTimeout: ms => (seen.idleMs = ms),
    end: () => (seen.ended = true),
  })
  const session = world.createSession(connection)
  await session.open()
  const command = async (text: string): Promise<string> => {
    output = ''
    await session.receive(Buffer.from(`${text}\r\n`, 'latin1'))
    return output
  }
  return { seen, command, close: () => session.closed() }
}

it('gives the next one as long to sign in as the first, and no longer', async () => {
  const { seen, command } = await connect()
  await command(`a LOGIN ${ADDRESS} ${PASSWORD}`)
  world.clock.time += 2 * SIGN_IN_MS
  await command('b UNAUTHENTICATE')
  expect(seen.idleMs).toBe(SIGN_IN_IDLE_MS)
  world.clock.time += SIGN_IN_MS
  expect(await command('c NOOP')).toBe('c OK NOOP completed\r\n')
  world.clock.time += 1
  expect(await command('d NOOP')).toBe('* BYE Signing in took too long\r\n')
  expect(seen.ended).toBe(true)
})

it('holds strangers to what they may send', async () => {
  const { command } = await connect()
  await command(`a LOGIN ${ADDRESS} ${PASSWORD}`)
  await command('b UNAUTHENTICATE')
  expect(await command('c LOGIN {4097}')).toMatch(/^c NO \[LIMIT\]/)
})

it('tells nothing of what happens in the mailbox, and logs who it was', async () => {
  const { command, close } = await connect()
  await command(`a LOGIN ${ADDRESS} ${PASSWORD}`)
  await command('b SELECT INBOX')
  await command('c UNAUTHENTICATE')
  await world.directives.deliver!('INBOX')
  expect(await command('d NOOP')).toBe('d OK NOOP completed\r\n')
  close()
  expect(world.logged.map(({ message, fields }) => [message, 'user' in fields && fields.user])).toEqual([
    ['imap user signed out', ADDRESS],
    ['imap session ended', null],
  ])
})
