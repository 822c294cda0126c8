import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { ADDRESS, type ImapWorld, imapConnection, imapWorld, PASSWORD } from '../../../test/transcripts/imap-world.ts'
import { MailboxView } from '../../mail/mailbox-view.ts'
import { StoreError } from '../../store/store.ts'
import type { Session } from '../connection.ts'
import { RECENT_RANGES, RECENT_WAIT_MS } from './limits.ts'
import { RecentMessages } from './recent.ts'

describe('what a session was told of first', () => {
  const view = (upTo: number): MailboxView => new MailboxView(Uint32Array.from({ length: upTo }, (_, at) => at + 1))

  it('is kept as ranges, which grow where nobody came between', () => {
    const recent = new RecentMessages()
    expect([recent.isEmpty, recent.has(1), recent.countIn(view(3))]).toEqual([true, false, 0])
    recent.add(4, 4)
    expect(recent.isEmpty).toBe(true)
    recent.add(2, 4)
    recent.add(4, 5)
    // Somebody else was told of 6; what was told before is not told anew.
    recent.add(6, 7)
    recent.add(3, 8)
    expect([...recent]).toEqual([
      { from: 3, to: 5 },
      { from: 7, to: 8 },
    ])
    expect([2, 3, 5, 6, 7, 8, 9].map(uid => recent.has(uid))).toEqual([false, true, true, false, true, true, false])
    expect([2, 7, 9].map(upTo => recent.countIn(view(upTo)))).toEqual([0, 4, 5])
  })

  it('is bounded', () => {
    const recent = new RecentMessages()
    for (let at = 1; at <= RECENT_RANGES + 5; at++) recent.add(2 * at - 1, 2 * at)
    expect([...recent]).toHaveLength(RECENT_RANGES)
    expect([10, 12, 2 * RECENT_RANGES + 10].map(uid => recent.has(uid))).toEqual([false, true, true])
  })
})

describe('sessions', () => {
  let world: ImapWorld
  /** Operations of the store, and how many of the next ones it can't do. */
  let written: string[]
  let unavailable = 0

  beforeEach(async () => {
    world = await imapWorld()
    written = []
    unavailable = 0
    const write = world.store.write.bind(world.store)
    world.store.write = (operation, args) => {
      written.push(operation)
      return unavailable-- > 0
        ? Promise.reject(new StoreError('unavailable', 'the disk is full'))
        : write(operation, args)
    }
  })
  afterEach(() => world.close())

  const taken = (): number => written.filter(operation => operation === 'mailbox.takeRecent').length
  const message = Buffer.from('Subject: x\r\n\r\n')

  interface Client {
    command(text: string): Promise<string>
    said(): string
  }

  async function signedIn(): Promise<Client> {
    let output = ''
    const session: Session = world.createSession(imapConnection(text => void (output += text)))
    const said = (): string => {
      const text = output
      output = ''
      return text
    }
    const client: Client = {
      said,
      async command(text) {
        await session.receive(Buffer.from(`${text}\r\n`))
        return said()
      },
    }
    await client.command(`a LOGIN ${ADDRESS} ${PASSWORD}`)
    return client
  }

  it('that wait side by side ask the store once whose a message is, and one of them is told that it is its own', async () => {
    const clients = await Promise.all(Array.from({ length: 50 }, signedIn))
    const without = await signedIn()
    await without.command('b ENABLE IMAP4rev2')
    for (const client of [without, ...clients]) {
      await client.command('c SELECT INBOX')
      await client.command('d IDLE')
    }
    expect(taken()).toBe(0)
    for (const count of [1, 2]) {
      await world.deliver('INBOX', message)
      const told = clients.map(() => '')
      const all = () =>
        told.map((said, at) => (told[at] = said + clients[at]!.said())).filter(said => / RECENT\r\n$/.test(said))
      await expect.poll(() => all().length).toBe(50)
      expect(told.every(said => said.startsWith(`* ${count} EXISTS\r\n* `))).toBe(true)
      expect(told.reduce((sum, said) => sum + Number(/(\d+) RECENT/.exec(said)?.[1]), 0)).toBe(count)
      expect(taken()).toBe(count)
    }
    await expect.poll(() => without.said()).toBe('* 1 EXISTS\r\n* 2 EXISTS\r\n')
  })

  it('hear of a message before the store has answered whose it is', async () => {
    const [one, two] = [await signedIn(), await signedIn()]
    for (const client of [one, two]) {
      await client.command('b SELECT INBOX')
      await client.command('c IDLE')
    }
    const write = world.store.write
    let answer = (): void => {}
    world.store.write = async (operation, args) => {
      if (operation === 'mailbox.takeRecent') await new Promise<void>(resolve => (answer = resolve))
      return write(operation, args)
    }
    await world.deliver('INBOX', message)
    const told = ['', '']
    const all = () => [one, two].map((client, at) => (told[at] += client.said())).sort()
    await expect.poll(all).toEqual(['* 1 EXISTS\r\n', '* 1 EXISTS\r\n* 0 RECENT\r\n'])
    answer()
    await expect.poll(all).toEqual(['* 1 EXISTS\r\n* 0 RECENT\r\n', '* 1 EXISTS\r\n* 1 RECENT\r\n'])
  })

  it('write where there is something new, and else nothing', async () => {
    await world.deliver('INBOX', message)
    const client = await signedIn()
    written = []
    expect(await client.command('b EXAMINE INBOX')).toContain('* 1 EXISTS\r\n* 1 RECENT\r\n')
    expect(await client.command('c STATUS INBOX (RECENT)')).toContain('(RECENT 1)')
    expect(await client.command('d SELECT Drafts')).toContain('* 0 EXISTS\r\n* 0 RECENT\r\n')
    expect(written).toEqual([])
    expect(await client.command('e SELECT INBOX')).toContain('* 1 EXISTS\r\n* 1 RECENT\r\n')
    expect(written).toEqual(['mailbox.takeRecent'])
    expect(await client.command('f SELECT INBOX')).toContain('* 1 EXISTS\r\n* 0 RECENT\r\n')
    expect(await client.command('g STATUS INBOX (RECENT)')).toContain('(RECENT 0)')
    const inbox = await world.mailboxes.get(world.accountId, 'INBOX')
    await world.deliver('INBOX', message)
    await world.messages.expunge(inbox, [{ from: 2, to: 2 }], false)
    written = []
    // All that would be new is gone.
    expect(await client.command('h SELECT INBOX')).toContain('* 1 EXISTS\r\n* 0 RECENT\r\n')
    expect(written).toEqual([])
  })

  it('are told that messages are recent where the store cannot say whose they are, and take them once it can', async () => {
    await world.deliver('INBOX', message)
    const [one, two] = [await signedIn(), await signedIn()]
    unavailable = 1
    expect(await one.command('b SELECT INBOX')).toContain('* 1 EXISTS\r\n* 1 RECENT\r\n')
    expect(await two.command('b SELECT INBOX')).toContain('* 1 EXISTS\r\n* 1 RECENT\r\n')
    await world.deliver('INBOX', message)
    unavailable = 1
    expect(await one.command('c NOOP')).toBe('* 2 EXISTS\r\n* 2 RECENT\r\nc OK NOOP completed\r\n')
    expect(await two.command('c NOOP')).toBe('* 2 EXISTS\r\n* 2 RECENT\r\nc OK NOOP completed\r\n')
    expect(await (await signedIn()).command('b SELECT INBOX')).toContain('* 2 EXISTS\r\n* 0 RECENT\r\n')
  })

  it('do not wait long for the store to say whose a message is', async () => {
    await world.deliver('INBOX', message)
    const client = await signedIn()
    const write = world.store.write
    let isAsked = false
    world.store.write = (operation, args) => {
      if (operation !== 'mailbox.takeRecent') return write(operation, args)
      isAsked = true
      return new Promise(() => {})
    }
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    try {
      let said = ''
      const selected = client.command('b SELECT INBOX').then(text => (said = text))
      while (!isAsked) await new Promise(setImmediate)
      vi.advanceTimersByTime(RECENT_WAIT_MS - 1)
      await new Promise(setImmediate)
      expect(said).toBe('')
      vi.advanceTimersByTime(1)
      expect(await selected).toContain('* 1 EXISTS\r\n* 1 RECENT\r\n')
    } finally {
      vi.useRealTimers()
    }
  })
})
