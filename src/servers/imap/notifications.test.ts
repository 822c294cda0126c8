import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { ADDRESS, type ImapWorld, imapConnection, imapWorld, PASSWORD } from '../../../test/transcripts/imap-world.ts'
import { StoreError } from '../../store/store.ts'
import type { Session } from '../connection.ts'
import { ConnectionClosed } from '../outgoing.ts'
import { NOTIFIED_MAILBOXES, NOTIFIED_MESSAGES, TOLD_AGAIN_LONGEST_MS } from './limits.ts'

let world: ImapWorld

beforeEach(async () => {
  world = await imapWorld()
})

afterEach(async () => {
  vi.restoreAllMocks()
  vi.useRealTimers()
  await world.close()
})

class Client {
  session!: Session
  /** All that was said so far. */
  output = ''
  /** What whoever writes waits for. */
  taken: Promise<void> | null = null
  #read = 0

  static async open(inWorld = world): Promise<Client> {
    const client = new Client()
    const connection = imapConnection(async text => {
      client.output += text
      if (client.taken) await client.taken
    })
    client.session = inWorld.createSession(connection)
    await client.command(`l LOGIN ${ADDRESS} ${PASSWORD}`)
    return client
  }

  /** What was said since this was asked last. */
  said(): string {
    const text = this.output.slice(this.#read)
    this.#read = this.output.length
    return text
  }

  send(text: string): Promise<void> {
    return this.session.receive(Buffer.from(text, 'latin1'))
  }

  async command(text: string): Promise<string> {
    await this.send(`${text}\r\n`)
    return this.said()
  }

  /** All that is said until it ends with `end`. */
  async until(end: string): Promise<string> {
    let said = ''
    await expect.poll(() => (said += this.said()), { interval: 1 }).toContain(end)
    return said
  }
}

const message = Buffer.from('Subject: private matter\r\n\r\nvery private\r\n')
const received = { bytes: message, flags: { system: 0, keywords: [] }, internalDate: null }
const selected = 'NOTIFY SET (selected (MessageNew (UID BODY[HEADER.FIELDS (SUBJECT)]) MessageExpunge FlagChange))'
const personal = '(personal (MessageNew MessageExpunge FlagChange MailboxName SubscriptionChange))'

async function appendAll(mailbox: string, count: number): Promise<void> {
  const at = await world.mailboxes.get(world.accountId, mailbox)
  await world.messages.append(at, Array<typeof received>(count).fill(received))
}

describe('NOTIFY', () => {
  it('tells of new messages with what was asked of them, and none of them is read by that', async () => {
    const client = await Client.open()
    await client.command('a SELECT INBOX')
    await client.command(`b ${selected}`)
    await world.deliver('INBOX', message)
    expect(await client.until(')\r\n')).toBe(
      '* 1 EXISTS\r\n* 1 RECENT\r\n* 1 FETCH (UID 1 BODY[HEADER.FIELDS (SUBJECT)] {27}\r\nSubject: private matter\r\n\r\n)\r\n',
    )
    expect(await client.command('c FETCH 1 FLAGS')).toContain('* 1 FETCH (FLAGS (\\Recent))\r\n')
  })

  it('tells a client that knows UIDs alone of new messages by UID, whatever was asked of them', async () => {
    const client = await Client.open()
    await client.command('a ENABLE UIDONLY')
    await client.command('b SELECT INBOX')
    for (const [items, told] of [
      ['UID', 'UID 1'],
      ['FLAGS', 'FLAGS (\\Recent)'],
    ]) {
      await client.command(`c NOTIFY SET (selected (MessageNew (${items}) MessageExpunge))`)
      await world.deliver('INBOX', message)
      expect(await client.until(')\r\n')).toContain(`UIDFETCH (${told})`)
      await client.command('d UID STORE 1 +FLAGS.SILENT (\\Deleted)')
    }
  })

  it('tells how a mailbox is that the client left before it was told what went there', async () => {
    const [client, other] = [await Client.open(), await Client.open()]
    for (const group of ['(selected-delayed (MessageNew MessageExpunge)) ', ''])
      for (const leaving of ['UNSELECT', 'SELECT Trash', 'CLOSE']) {
        await appendAll('INBOX', 2)
        await client.command('a SELECT INBOX')
        await client.command(`b NOTIFY SET ${group}(inboxes (MessageNew MessageExpunge))`)
        await world.deliver('Sent', message)
        await client.until('* STATUS Sent ')
        for (const each of ['SELECT INBOX', 'STORE 1 +FLAGS (\\Deleted)', 'EXPUNGE']) await other.command(`a ${each}`)
        // By then it has looked at all that changed before.
        await world.deliver('Sent', message)
        expect(await client.until('* STATUS Sent ')).not.toContain('EXPUNGE')
        const left = /\* (\d+) EXISTS/.exec(await other.command('d SELECT INBOX'))![1]
        await client.command(`c ${leaving}`)
        await world.deliver('Drafts', message)
        await client.until('* STATUS Drafts ')
        expect(client.output.slice(client.output.lastIndexOf('* STATUS Sent'))).toMatch(
          new RegExp(`\\* STATUS INBOX \\(MESSAGES ${left} `),
        )
      }
  })

  it('tells of more at once than it says anything about by their number alone, and is off then', async () => {
    const client = await Client.open()
    await client.command('a SELECT INBOX')
    await client.command(`b ${selected} ${personal}`)
    await appendAll('INBOX', NOTIFIED_MESSAGES)
    await client.until(`* ${NOTIFIED_MESSAGES} FETCH (`)
    await client.command('c NOOP')
    await appendAll('INBOX', NOTIFIED_MESSAGES + 1)
    expect(await client.until('OVERFLOW] Too much changed to tell of it\r\n')).toBe(
      `* ${2 * NOTIFIED_MESSAGES + 1} EXISTS\r\n* ${2 * NOTIFIED_MESSAGES + 1} RECENT\r\n* OK [NOTIFICATIONOVERFLOW] Too much changed to tell of it\r\n`,
    )
    await world.deliver('INBOX', message)
    await world.deliver('Sent', message)
    expect(await client.command('d NOOP')).toBe('d OK NOOP completed\r\n')
  })

  it('watches no more mailboxes than it keeps, be they there at first or made later', async () => {
    const rest = NOTIFIED_MAILBOXES - (await world.mailboxes.list(world.accountId)).length
    for (let n = 0; n < rest; n++) await world.mailboxes.create(world.accountId, `m${n}`, null)
    const client = await Client.open()
    expect(await client.command(`a NOTIFY SET ${personal}`)).toBe('a OK NOTIFY completed\r\n')
    const { name } = await world.mailboxes.create(world.accountId, 'one more', null)
    expect(await client.until('OVERFLOW] Too much changed to tell of it\r\n')).not.toContain('LIST')
    await world.deliver(name, message)
    expect(await client.command('b NOOP')).toBe('b OK NOOP completed\r\n')
    expect(await client.command(`c NOTIFY SET ${personal}`)).toBe(
      'c NO [NOTIFICATIONOVERFLOW] These are more mailboxes than are watched at once\r\n',
    )
    // Of others nothing is kept.
    expect(await client.command('d NOTIFY SET (subtree m1 (MessageNew MessageExpunge))')).toContain('d OK')
    await world.deliver('m1', message)
    expect(await client.until('\r\n')).toMatch(/^\* STATUS m1 \(MESSAGES 1 /)
  })

  it('tells later what could not be read at first, of the mailbox that is selected, of its new messages and of the others', async () => {
    const client = await Client.open()
    await client.command('a SELECT INBOX')
    await client.command(`b ${selected} ${personal}`)
    const failure = new StoreError('unavailable', 'not now')
    vi.spyOn(world.messages, 'changes').mockRejectedValueOnce(failure)
    vi.spyOn(world.messages, 'withHeader').mockRejectedValueOnce(failure)
    vi.spyOn(world.mailboxes, 'changedSince').mockRejectedValueOnce(failure)
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    await world.deliver('INBOX', message)
    await world.deliver('Sent', message)
    let said = ''
    const look = (): string => {
      vi.advanceTimersByTime(TOLD_AGAIN_LONGEST_MS)
      return (said += client.said())
    }
    await expect.poll(look, { interval: 1 }).toMatch(/\r\n\* STATUS Sent .*\r\n$/)
    expect(said).toMatch(
      /^\* 1 EXISTS\r\n\* 1 RECENT\r\n\* 1 FETCH \(UID 1 BODY.*\r\n\* STATUS Sent \(MESSAGES 1 .*\)\r\n$/s,
    )
    expect(world.logged.filter(({ level }) => level === 'error')).toHaveLength(3)
  })

  it('waits for a client that does not read, and tells it at last what became of it all', async () => {
    const client = await Client.open()
    await client.command(`a NOTIFY SET ${personal}`)
    const { promise, resolve } = Promise.withResolvers<void>()
    client.taken = promise
    await world.deliver('Sent', message)
    await client.until('* STATUS Sent (MESSAGES 1 ')
    const reads = vi.spyOn(world.store, 'read')
    for (let n = 0; n < 50; n++) await world.deliver('Sent', message)
    await world.mailboxes.create(world.accountId, 'Later', null)
    expect(client.said()).toBe('')
    expect(reads.mock.calls.filter(([query]) => query === 'mailbox.changedSince')).toHaveLength(0)
    client.taken = null
    resolve()
    expect(await client.until('STATUS Sent')).toMatch(
      /^\* LIST \(\\HasNoChildren\) "\/" Later\r\n\* STATUS Sent \(MESSAGES 51 [^)]*\)\r\n\* STATUS Later /,
    )
  })

  it('says nothing in the middle of a command that comes in, and tells of it behind', async () => {
    const client = await Client.open()
    await client.command(`a NOTIFY SET ${personal}`)
    expect(await client.command('b APPEND Sent {11}')).toBe('+ Ready for the literal\r\n')
    await client.send('Subject: ')
    await world.deliver('Drafts', message)
    // A session that listens as well has been told by now.
    const other = await Client.open()
    await other.command('a NOTIFY SET (personal (MailboxName))')
    await world.mailboxes.create(world.accountId, 'x', null)
    await other.until('LIST')
    expect(client.said()).toBe('')
    expect(await client.command('ab')).toMatch(
      /^\* LIST .* x\r\n\* STATUS Drafts .*\r\n\* STATUS Sent .*\r\n\* STATUS x .*\r\nb OK .*\r\n$/s,
    )
    // A command that is refused tells of nothing: then it is told behind it.
    await client.send('c NONS')
    await world.deliver('Drafts', message)
    await client.send('ENSE\r\n')
    expect(await client.until('STATUS')).toMatch(/^c BAD .*\r\n\* STATUS Drafts \(MESSAGES 2 /)
  })

  it('loses nothing from one NOTIFY to the next', async () => {
    const client = await Client.open()
    await client.command(`a NOTIFY SET ${personal}`)
    const list = world.mailboxes.list.bind(world.mailboxes)
    vi.spyOn(world.mailboxes, 'list').mockImplementationOnce(async accountId => {
      // Of which nobody has heard yet.
      await world.store.write('mailbox.subscribe', { accountId, name: 'Sent', subscribed: false })
      return list(accountId)
    })
    expect(await client.command('b NOTIFY SET (subtree Trash (MailboxName))')).toMatch(
      /^\* LIST \(.*\) "\/" Sent\r\n.*b OK NOTIFY completed\r\n$/s,
    )
  })

  it('reads once for what others change, however many mailboxes there are, and not for what the client does to messages', async () => {
    for (let n = 0; n < 200; n++) await world.mailboxes.create(world.accountId, `m${n}`, null)
    const client = await Client.open()
    await client.command('a SELECT INBOX')
    await client.command(`b NOTIFY SET (selected (MessageNew MessageExpunge FlagChange)) ${personal}`)
    const looks: number[] = []
    const changedSince = world.mailboxes.changedSince.bind(world.mailboxes)
    vi.spyOn(world.mailboxes, 'changedSince').mockImplementation(async (...asked) => {
      const found = await changedSince(...asked)
      looks.push(found.changed.length)
      return found
    })
    const lists = vi.spyOn(world.mailboxes, 'list')
    await world.deliver('m7', message)
    await client.until('STATUS m7')
    expect(looks).toEqual([1])
    for (const command of [
      'APPEND INBOX {4+}\r\ntest',
      'STORE 1 +FLAGS (\\Deleted)',
      'COPY 1 m3',
      'MOVE 1 m4',
      'DELETE m5',
    ]) {
      const said = await client.command(`c ${command}`)
      expect(said).toContain('c OK')
      expect(said).not.toMatch(/STATUS|LIST/)
    }
    expect(looks).toEqual([1])
    // What it made of names is looked at once, for others may change it next.
    for (const command of ['CREATE new', 'SUBSCRIBE new', 'RENAME new newer'])
      expect(await client.command(`d ${command}`)).toMatch(/^d OK [^\r]*\r\n$/)
    expect(looks).toEqual([1, 4, 1, 1])
    await world.deliver('m8', message)
    expect(await client.until('STATUS')).toMatch(/^\* STATUS m8 .*\r\n$/)
    expect(lists).not.toHaveBeenCalled()
  })

  it('tells what others undid of what the client did itself', async () => {
    await world.deliver('Sent', message)
    const [client, other] = [await Client.open(), await Client.open()]
    await client.command(`a NOTIFY SET ${personal}`)
    for (const each of ['SELECT Sent', 'STORE 1 +FLAGS (\\Seen)', 'UNSELECT']) await client.command(`b ${each}`)
    await other.command('a SELECT Sent')
    await other.command('b STORE 1 -FLAGS (\\Seen)')
    expect(await client.until('STATUS')).toMatch(/^\* STATUS Sent \(MESSAGES 1 .* UNSEEN 1\)\r\n$/)
    // It made it, and knows of it.
    await client.command('c CREATE Own')
    await other.command('c DELETE Own')
    expect(await client.until('LIST')).toBe('* LIST (\\NonExistent \\HasNoChildren) "/" Own\r\n')
    // By the name that it knows it by.
    await other.command('d CREATE One')
    await client.until('One\r\n')
    await other.command('e RENAME One Two')
    expect(await client.command('d DELETE Two')).toMatch(/\* LIST .* (?:Two \("OLDNAME" \(One\)\)|One)\r\n/)
  })

  it('reads once for all programs of a person that wait side by side', async () => {
    const clients = await Promise.all([0, 1, 2].map(() => Client.open()))
    for (const client of clients) await client.command(`a NOTIFY SET ${personal}`)
    const reads = vi.spyOn(world.store, 'read')
    for (const round of [1, 2, 3]) {
      await world.deliver('Sent', message)
      for (const client of clients) await client.until(`STATUS Sent (MESSAGES ${round} `)
      expect(reads.mock.calls.filter(([query]) => query === 'mailbox.changedSince')).toHaveLength(round)
    }
  })

  it('listens no more once its client is gone, even in the middle of NOTIFY', async () => {
    const client = await Client.open()
    await client.command('a SELECT INBOX')
    await client.command(`b ${selected} ${personal}`)
    client.session.closed()
    const late = await Client.open()
    vi.spyOn(world.mailboxes, 'list').mockImplementationOnce(async () => {
      late.session.closed()
      return []
    })
    await expect(late.command(`a NOTIFY SET ${personal}`)).rejects.toThrow(ConnectionClosed)
    const reads = vi.spyOn(world.store, 'read')
    await world.deliver('INBOX', message)
    const other = await Client.open()
    await other.command(`a NOTIFY SET ${personal}`)
    reads.mockClear()
    await world.deliver('Sent', message)
    await other.until('STATUS Sent')
    expect(reads.mock.calls.filter(([query]) => query === 'mailbox.changedSince')).toHaveLength(1)
    expect(client.said() + late.said()).toBe('')
  })
})

describe('a client that believes what NOTIFY tells it', () => {
  const session = fc.nat(2)
  const place = fc.nat(8)
  const step = fc.oneof(
    fc.record({ kind: fc.constant('append' as const) }),
    fc.record({ kind: fc.constant('store' as const), session, place, flag: fc.constantFrom('\\Seen', '\\Deleted') }),
    fc.record({ kind: fc.constant('expunge' as const), session }),
    fc.record({ kind: fc.constant('move' as const), session, place }),
    fc.record({ kind: fc.constant('turn' as const) }),
  )

  it('knows all messages by their numbers, without a command of its own', { timeout: 120_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40, size: 'max' }), async steps => {
        const fresh = await imapWorld()
        try {
          const clients = await Promise.all([0, 1, 2].map(() => Client.open(fresh)))
          for (const client of clients) {
            await client.command('a SELECT INBOX')
            await client.command('b NOTIFY SET (selected (MessageNew (UID FLAGS) MessageExpunge FlagChange))')
          }
          for (const [at, each] of steps.entries())
            if (each.kind === 'append') await fresh.deliver('INBOX', message)
            else if (each.kind === 'turn') await new Promise(resolve => setImmediate(resolve))
            else {
              const { command } = clients[each.session]!
              const run = command.bind(clients[each.session]!)
              if (each.kind === 'expunge') await run(`c${at} EXPUNGE`)
              else if (each.kind === 'move') await run(`c${at} UID MOVE ${each.place + 1} Trash`)
              else await run(`c${at} UID STORE ${each.place + 1} FLAGS (${each.flag})`)
            }
          const truth = await Client.open(fresh)
          await truth.command('a SELECT INBOX')
          const state = stateOf(await truth.command('b FETCH 1:* (UID FLAGS)'))
          for (const client of clients) await expect.poll(() => stateOf(client.output), { interval: 1 }).toEqual(state)
          expect(fresh.logged.filter(({ level }) => level === 'error')).toEqual([])
        } finally {
          await fresh.close()
        }
      }),
      { numRuns: Number(process.env.FACTEUR_RUNS ?? 25) },
    )
  })
})

/** UIDs and flags by sequence number, as the answers have them; but for \Recent, which one of the clients is told. */
function stateOf(output: string): string[] {
  const uids: string[] = []
  for (const line of output.replaceAll(/ ?\\Recent/g, '').split('\r\n')) {
    const [, number = '', what = ''] = /^\* (\d+) (EXISTS|EXPUNGE|FETCH)/.exec(line) ?? []
    if (what === 'EXISTS') while (uids.length < Number(number)) uids.push('')
    else if (what === 'EXPUNGE') uids.splice(Number(number) - 1, 1)
    else if (what === 'FETCH') uids[Number(number) - 1] = /UID \d+ FLAGS \([^)]*\)/.exec(line)?.[0] ?? 'without its UID'
  }
  return uids
}
