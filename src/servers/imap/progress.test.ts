/** Clients that wait are told how far their commands are, every ten seconds. */
import { afterEach, beforeEach, expect, it } from 'vitest'
import { ADDRESS, type ImapWorld, imapConnection, imapWorld, PASSWORD } from '../../../test/transcripts/imap-world.ts'
import { MESSAGES_AT_ONCE } from '../../store/limits.ts'

let world: ImapWorld
beforeEach(async () => {
  world = await imapWorld()
})
afterEach(() => world.close())

async function inInbox(): Promise<(text: string) => Promise<string[]>> {
  let output = ''
  const session = world.createSession(imapConnection(text => void (output += text)))
  await session.open()
  const command = async (text: string): Promise<string[]> => {
    output = ''
    await session.receive(Buffer.from(`${text}\r\n`, 'latin1'))
    return output.split('\r\n').slice(0, -1)
  }
  await command(`a LOGIN ${ADDRESS} ${PASSWORD}`)
  await command('b SELECT INBOX')
  return command
}

const deliver = async (count: number): Promise<void> => {
  for (let at = 0; at < count; at++) await world.deliver('INBOX', Buffer.from(`Subject: ${at}\r\n\r\nhello ${at}\r\n`))
}

/** So long takes each call from now on. */
function slow<Key extends string>(of: Record<Key, (...args: never[]) => unknown>, name: Key, seconds: number): void {
  const call = of[name].bind(of)
  of[name] = (...args) => {
    world.clock.time += seconds * 1000
    return call(...args)
  }
}

it('of a SORT, by the messages whose keys were read', async () => {
  await deliver(60)
  const command = await inInbox()
  slow(world.messages, 'sortKeys', 4)
  expect(await command('c SORT RETURN (COUNT) (ARRIVAL SUBJECT) UTF-8 ALL')).toEqual([
    '* OK [INPROGRESS ("c" 48 120)] Still at it',
    '* OK [INPROGRESS ("c" 108 120)] Still at it',
    '* ESEARCH (TAG "c") COUNT 60',
    'c OK SORT completed',
  ])
  slow(world.messages, 'threading', 11)
  // A bracket in a tag would end the code.
  expect((await command('c] THREAD REFERENCES UTF-8 ALL'))[0]).toBe('* OK [INPROGRESS (NIL 16 60)] Still at it')
})

it('of a search in texts, by those that were looked through, and without a goal once they are sorted behind that', async () => {
  await deliver(120)
  const command = await inInbox()
  slow(world.store.blobs, 'read', 1)
  const told = (await command('c SEARCH BODY nothing')).slice(0, -2)
  const numbers = told.map(line => Number(/^\* OK \[INPROGRESS \("c" (\d+) 120\)\] Still at it$/.exec(line)?.[1]))
  expect(numbers.length).toBeGreaterThan(3)
  expect(numbers.length).toBeLessThanOrEqual(12)
  expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b))
  slow(world.messages, 'sortKeys', 11)
  const sorted = (await command('d SORT (SUBJECT) UTF-8 BODY hello')).slice(0, -2)
  expect(sorted[0]).toMatch(/^\* OK \[INPROGRESS \("d" \d+ 120\)\] Still at it$/)
  expect(sorted.at(-1)).toBe('* OK [INPROGRESS ("d" 232 NIL)] Still at it')
})

it('of a MOVE, by those that are moved; nobody is told of what takes no time', async () => {
  await deliver(3)
  const command = await inInbox()
  const { store } = world
  const write = store.write.bind(store)
  let left = 2
  store.write = async (operation, args) => {
    const result = await write(operation, args)
    world.clock.time += 6000
    // As if there were more than are moved at once.
    if (operation !== 'message.move' || left-- === 0) return result
    return { ...(result as object), upTo: 1 } as typeof result
  }
  expect(MESSAGES_AT_ONCE).toBeGreaterThan(3)
  expect(await command('c MOVE 1:3 Trash')).toEqual([
    '* OK [INPROGRESS ("c" 2 3)] Still at it',
    '* OK [COPYUID 1767268803 1:3 1:3] Moved',
    '* 1 EXPUNGE',
    '* 1 EXPUNGE',
    '* 1 EXPUNGE',
    '* 0 RECENT',
    'c OK MOVE completed',
  ])
  expect(await command('d NOOP')).toEqual(['d OK NOOP completed'])
})
