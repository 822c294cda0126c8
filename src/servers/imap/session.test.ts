import { setImmediate as nextTurn } from 'node:timers/promises'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { ADDRESS, type ImapWorld, imapConnection, imapWorld, PASSWORD } from '../../../test/transcripts/imap-world.ts'
import { StoreError } from '../../store/store.ts'
import type { Session } from '../connection.ts'
import { MessageBudget, MessageShare } from '../message-budget.ts'
import { ConnectionClosed } from '../outgoing.ts'
import { DESCRIBED_AT_FIRST } from './limits.ts'

interface Client {
  session: Session
  said(): string
  /** Whether it takes what is written. */
  takes(now: boolean): void
  ended: boolean
  /** Sends a command and returns all that was answered. */
  command(text: string): Promise<string>
}

let world: ImapWorld

beforeEach(async () => {
  world = await imapWorld()
})

afterEach(() => world.close())

async function connect(inWorld = world, whenTaken: () => Promise<void> = noop): Promise<Client> {
  let takes = true
  let output = ''
  const client: Client = {
    session: { open: noop, receive: noop, timeout: noop, shutdown: noop, closed() {} },
    said() {
      const text = output
      output = ''
      return text
    },
    takes(now) {
      takes = now
    },
    ended: false,
    async command(text) {
      await client.session.receive(Buffer.from(`${text}\r\n`, 'latin1'))
      return client.said()
    },
  }
  const connection = imapConnection(
    async text => {
      output += text
      if (!takes) await whenTaken()
    },
    { end: () => (client.ended = true) },
  )
  client.session = inWorld.createSession(connection)
  await client.session.open()
  client.said()
  return client
}

async function noop(): Promise<void> {}

async function inInbox(): Promise<Client> {
  const client = await connect()
  await client.command(`a LOGIN ${ADDRESS} ${PASSWORD}`)
  await client.command('b SELECT INBOX')
  return client
}

const smallMessage = Buffer.from('Subject: private matter\r\n\r\nvery private\r\n')

describe('a session', () => {
  it('holds no memory for messages once its client has vanished in the middle of a FETCH', async () => {
    const open = vi.spyOn(MessageBudget.prototype, 'open')
    const release = vi.spyOn(MessageShare.prototype, 'release')
    // More than one page of them.
    for (let n = 0; n < 30; n++) await world.deliver('INBOX', smallMessage)
    const client = await connect(world, () => Promise.reject(new ConnectionClosed()))
    await client.command(`a LOGIN ${ADDRESS} ${PASSWORD}`)
    await client.command('b SELECT INBOX')
    let reads = 0
    vi.spyOn(world.store.blobs, 'readOnce').mockImplementation(async () => {
      if (++reads === 1) client.session.closed()
      // It is heard of by what is written for the next page.
      if (reads > DESCRIBED_AT_FIRST) client.takes(false)
      return { bytes: Buffer.alloc(200_000, 'x'), isAlone: true }
    })
    await expect(client.command('c FETCH 1:* (BODY.PEEK[]<0.100000>)')).rejects.toThrow(ConnectionClosed)
    expect(open).toHaveBeenCalled()
    for (const { value } of open.mock.results) expect(release.mock.contexts).toContain(value)
    vi.restoreAllMocks()
  })

  it('says goodbye when the client is silent for too long, and when the service stops', async () => {
    const client = await connect()
    await client.session.timeout()
    expect(client.said()).toBe('* BYE Nothing was heard for too long\r\n')
    await client.session.shutdown()
    expect(client.said()).toBe('* BYE [UNAVAILABLE] The service is stopping\r\n')
  })

  it('takes in a message whose literal is coming when the service stops, and says goodbye behind its answer', async () => {
    const client = await inInbox()
    expect(await client.command('c APPEND INBOX {25}')).toBe('+ Ready for the literal\r\n')
    await client.session.receive(Buffer.from('Subject: half\r\n'))
    await client.session.shutdown()
    await client.session.receive(Buffer.from('\r\nthe'))
    expect(client.said()).toBe('')
    expect(client.ended).toBe(false)
    await client.session.receive(Buffer.from(' rest\r\n'))
    expect(client.said()).toMatch(
      /^\* 1 EXISTS\r\n(?:\* .*\r\n)*c OK \[APPENDUID \d+ 1\] .*\r\n\* BYE \[UNAVAILABLE\] The service is stopping\r\n$/,
    )
    expect(client.ended).toBe(true)
  })

  it('takes in one whose client does not wait to be asked, with all literals of it, and nothing behind it', async () => {
    const client = await inInbox()
    await client.session.receive(Buffer.from('c APPEND INBOX {3+}\r\na'))
    await client.session.shutdown()
    await client.session.receive(Buffer.from('\r\n {4}\r\n'))
    expect(client.said()).toBe('+ Ready for the literal\r\n')
    await client.session.receive(Buffer.from('b\r\n\n\r\nd APPEND INBOX {3+}\r\nc'))
    expect(client.said()).toMatch(
      /^\* 2 EXISTS\r\n(?:\* .*\r\n)*c OK \[APPENDUID \d+ 1:2\] .*\r\n\* BYE \[UNAVAILABLE\] The service is stopping\r\n$/,
    )
    expect(client.ended).toBe(true)
  })

  it('says goodbye at once to who idles, and to a stranger in the middle of a command', async () => {
    const idle = await inInbox()
    expect(await idle.command('c IDLE')).toMatch(/^\+ /)
    const stranger = await connect()
    await stranger.session.receive(Buffer.from(`a LOGIN {${ADDRESS.length}+}\r\n`))
    for (const client of [idle, stranger]) {
      await client.session.shutdown()
      expect(client.said()).toBe('* BYE [UNAVAILABLE] The service is stopping\r\n')
      expect(client.ended).toBe(true)
    }
  })

  it('ends a connection on which nobody signs in, whatever it says meanwhile', async () => {
    const client = await connect()
    expect(await client.command('a NOOP')).toBe('a OK NOOP completed\r\n')
    world.clock.time += 301_000
    expect(await client.command('b NOOP')).toBe('* BYE Signing in took too long\r\n')
    expect(client.ended).toBe(true)
  })

  it('ends a connection on which a command never ends, though an octet comes now and then', async () => {
    const client = await connect()
    await client.session.receive(Buffer.from('a N'))
    world.clock.time += 301_000
    expect(client.said()).toBe('')
    await client.session.receive(Buffer.from('O'))
    expect(client.said()).toBe('* BYE Signing in took too long\r\n')
    expect(client.ended).toBe(true)
  })

  it('goes on where the machine’s clock is put forward', async () => {
    Object.assign(world.clock, { steady: () => 1_000 })
    const client = await connect()
    world.clock.time += 24 * 60 * 60_000
    expect(await client.command(`a LOGIN ${ADDRESS} ${PASSWORD}`)).toMatch(/^a OK/)
  })

  it('leaves no mailbox selected where resynchronising it failed', async () => {
    const client = await connect()
    await client.command(`a LOGIN ${ADDRESS} ${PASSWORD}`)
    await client.command('b ENABLE QRESYNC')
    world.messages.expungedSince = async () => {
      throw new StoreError('unavailable', 'the disk is full')
    }
    const uidValidity = world.clock.time / 1000
    const answer = await client.command(`c SELECT INBOX (QRESYNC (${uidValidity} 1))`)
    expect(answer).toContain('c NO [UNAVAILABLE]')
    expect(await client.command('d CHECK')).toBe('d BAD CHECK is not possible without a selected mailbox\r\n')
  })

  it('tells nothing older behind what it resynchronised with', async () => {
    await world.deliver('INBOX', smallMessage)
    const [another, third] = [await inInbox(), await inInbox()]
    const client = await connect()
    await client.command(`a LOGIN ${ADDRESS} ${PASSWORD}`)
    await client.command('b ENABLE QRESYNC')
    const changedSince = world.messages.changedSince.bind(world.messages)
    world.messages.changedSince = async (...asked) => {
      await another.command('c STORE 1 FLAGS (\\Seen)')
      // Read for the third, and kept for whoever knows as much; of the change behind it nobody hears yet.
      await third.command('c NOOP')
      await world.directives.flag!('INBOX', '1')
      return changedSince(...asked)
    }
    const uidValidity = world.clock.time / 1000
    const told = '* 1 FETCH (UID 1 FLAGS (\\Seen \\Flagged) MODSEQ (4))\r\n'
    expect(await client.command(`c SELECT INBOX (QRESYNC (${uidValidity} 1))`)).toContain(told)
    expect(await client.command('d SEARCH ALL')).toBe(`* SEARCH 1\r\n${told}d OK SEARCH completed\r\n`)
  })

  it('forgives bad commands of a client that also sends good ones, but not nothing else', async () => {
    const client = await inInbox()
    for (let i = 0; i < 120; i++) await client.command(i % 50 === 49 ? 'c NOOP' : 'c BLAH')
    expect(client.ended).toBe(false)
    for (let i = 0; i < 100 && !client.ended; i++) await client.command('c BLAH')
    expect(client.ended).toBe(true)
  })

  it('answers the same whether commands come whole, together or byte by byte', async () => {
    const commands = `a LOGIN {${ADDRESS.length}+}\r\n${ADDRESS} ${PASSWORD}\r\nb SELECT INBOX\r\nc NOOP\r\nd LOGOUT\r\n`
    const whole = await connect()
    await whole.session.receive(Buffer.from(commands))
    const single = await connect()
    for (const byte of Buffer.from(commands)) await single.session.receive(Buffer.of(byte))
    expect(single.said()).toBe(whole.said())
    expect([single.ended, whole.ended]).toEqual([true, true])
  })

  it('writes one line of log, without password and without content', async () => {
    await world.deliver('INBOX', smallMessage)
    const client = await inInbox()
    await client.command('c FETCH 1 BODY[]')
    await client.command('d SEARCH TEXT matter')
    client.session.closed()
    expect(world.logged).toEqual([
      {
        level: 'info',
        message: 'imap session ended',
        fields: {
          connection: 'c1',
          remote: '192.0.2.1',
          user: ADDRESS,
          tls: 'TLSv1.3',
          commands: 4,
          bytesIn: expect.any(Number),
          bytesOut: expect.any(Number),
          ms: 0,
        },
      },
    ])
    expect(JSON.stringify(world.logged)).not.toMatch(/right|private|matter/)
  })

  it('answers what went wrong unexpectedly with SERVERBUG, logs it, and goes on', async () => {
    const client = await inInbox()
    world.mailboxes.list = async () => {
      throw new TypeError('a mistake')
    }
    expect(await client.command('c LIST "" *')).toBe(
      'c NO [SERVERBUG] Something went wrong here; it was written to the log\r\n',
    )
    expect(world.logged).toMatchObject([
      { level: 'error', message: 'imap command failed', fields: { command: 'LIST' } },
    ])
    expect(await client.command('d NOOP')).toBe('d OK NOOP completed\r\n')
  })

  it('tells a store that can do nothing now from other failures', async () => {
    const client = await inInbox()
    world.mailboxes.list = async () => {
      throw new StoreError('unavailable', 'the disk is full')
    }
    expect(await client.command('c LIST "" *')).toBe('c NO [UNAVAILABLE] Not possible now: try again later\r\n')
  })

  it('logs once that a message can not be stored, and not what the store refuses rightly', async () => {
    const client = await inInbox()
    const append = world.messages.append.bind(world.messages)
    const failures = [new StoreError('unavailable', 'the disk is full'), new StoreError('over-quota', 'no room')]
    world.messages.append = async (...asked) => {
      const failure = failures.shift()
      if (failure) throw failure
      return append(...asked)
    }
    const appendOne = (): Promise<string> => client.command('c APPEND INBOX {3+}\r\na:b')
    expect(await appendOne()).toContain('c NO [UNAVAILABLE]')
    expect(await appendOne()).toContain('c NO [OVERQUOTA]')
    expect(await appendOne()).toContain('c OK')
    expect(world.logged).toMatchObject([
      { level: 'error', message: 'imap command failed', fields: { command: 'APPEND', err: { code: 'unavailable' } } },
    ])
  })

  it('logs faults of a store that is away now and then, and how many there were', async () => {
    const client = await inInbox()
    world.mailboxes.list = async () => {
      throw new StoreError('unavailable', 'the database is away')
    }
    for (let i = 0; i < 5; i++) await client.command('c LIST "" *')
    expect(world.logged).toHaveLength(1)
    world.clock.time += 10_000
    await client.command('c LIST "" *')
    expect(world.logged).toMatchObject([{ fields: { command: 'LIST' } }, { fields: { leftOut: 4 } }])
  })

  it('passes over a damaged message, so that a client still gets the others', async () => {
    for (const text of ['one', 'two', 'three'])
      await world.deliver('INBOX', Buffer.from(`Subject: ${text}\r\n\r\n${text}`))
    const client = await inInbox()
    const read = world.messages.bytesOnce.bind(world.messages)
    let reads = 0
    world.messages.bytesOnce = async hash => {
      if (++reads === 2) throw new StoreError('damaged', 'checksum')
      return read(hash)
    }
    const answer = await client.command('c FETCH 1:3 BODY.PEEK[TEXT]')
    expect(answer).toBe(
      '* 1 FETCH (BODY[TEXT] {3}\r\none)\r\n* 3 FETCH (BODY[TEXT] {5}\r\nthree)\r\nc NO [CORRUPTION] A message is damaged\r\n',
    )
  })

  it('answers what is done while what was asked behind it takes long', async () => {
    const client = await inInbox()
    const { setFlags } = world.messages
    let goOn = (): void => {}
    const held = new Promise<void>(resolve => (goOn = resolve))
    world.messages.setFlags = async (...asked) => {
      await held
      return setFlags.apply(world.messages, asked)
    }
    await world.deliver('INBOX', smallMessage)
    const received = client.command('c NOOP\r\nd STORE 1 +FLAGS (\\Seen)')
    let said = ''
    await expect.poll(() => (said += client.said())).toBe('* 1 EXISTS\r\n* 1 RECENT\r\nc OK NOOP completed\r\n')
    goOn()
    expect(await received).toBe('* 1 FETCH (FLAGS (\\Seen \\Recent))\r\nd OK STORE completed\r\n')
  })

  it('reads no further where its client takes none of what it asked for in one packet', async () => {
    const taken: (() => void)[] = []
    const client = await connect(world, () => new Promise(resolve => taken.push(resolve)))
    await client.command(`a LOGIN ${ADDRESS} ${PASSWORD}`)
    for (let count = 0; count < 6; count++) await world.deliver('INBOX', Buffer.alloc(9_000, 'x'))
    await client.command('b SELECT INBOX')
    client.takes(false)
    let reads = 0
    const { bytesOnce } = world.messages
    world.messages.bytesOnce = async hash => {
      reads++
      // As from a disk: others have their turn.
      await nextTurn()
      return bytesOnce.call(world.messages, hash)
    }
    const received = client.session.receive(
      Buffer.from([1, 2, 3, 4, 5, 6].map(number => `f${number} FETCH ${number} BODY.PEEK[]\r\n`).join('')),
    )
    await expect.poll(() => taken.length).toBeGreaterThan(0)
    for (let turn = 0; turn < 20; turn++) await nextTurn()
    expect(reads).toBeLessThan(4)
    client.takes(true)
    for (const take of taken) take()
    await received
    expect(client.said().match(/^f\d OK/gm)).toHaveLength(6)
  })

  it('tells who idles of what came while IDLE was begun, and of what could not be read at first', async () => {
    const client = await inInbox()
    const { changes } = world.messages
    const deliverOnce = vi.fn(async () => world.deliver('INBOX', smallMessage))
    world.messages.changes = async (...asked) => {
      const answer = await changes.apply(world.messages, asked)
      // Behind the snapshot that is answered.
      if (deliverOnce.mock.calls.length === 0) await deliverOnce()
      return answer
    }
    expect(await client.command('c IDLE')).toMatch(/^\+ /)
    let said = ''
    await expect.poll(() => (said += client.said())).toBe('* 1 EXISTS\r\n* 1 RECENT\r\n')
    let failures = 0
    world.messages.changes = async (...asked) => {
      if (failures++ === 0) throw new StoreError('unavailable', 'not now')
      return changes.apply(world.messages, asked)
    }
    await world.deliver('INBOX', smallMessage)
    said = ''
    await expect.poll(() => (said += client.said())).toBe('* 2 EXISTS\r\n* 2 RECENT\r\n')
    expect(failures).toBe(2)
  })

  it('lets a client idle before it tells of what came since its last command, heard of or not, read at once or not', async () => {
    const client = await inInbox()
    await world.deliver('INBOX', smallMessage)
    const { changes } = world.messages
    let failures = 0
    world.messages.changes = async (...asked) => {
      if (failures++ === 0) throw new StoreError('unavailable', 'not now')
      return changes.apply(world.messages, asked)
    }
    let said = await client.command('c IDLE')
    await expect.poll(() => (said += client.said())).toBe('+ idling\r\n* 1 EXISTS\r\n* 1 RECENT\r\n')
    expect(failures).toBe(2)
    said = await client.command('DONE')
    expect(said).toBe('c OK IDLE completed\r\n')
    const looks: boolean[] = []
    world.messages.changes = async (...asked) => {
      looks.push(asked[2] === true)
      return changes.apply(world.messages, asked)
    }
    expect(await client.command('d IDLE')).toBe('+ idling\r\n')
    await expect.poll(() => looks).toEqual([true])
  })

  it('counts the new messages it knows of, where it could not read of more', async () => {
    const client = await inInbox()
    const { mailboxId, accountId } = await world.mailboxes.get(world.accountId, 'INBOX')
    const message = { bytes: smallMessage, flags: { system: 0, keywords: [] }, internalDate: null }
    await world.messages.append({ accountId, mailboxId }, Array<typeof message>(600).fill(message))
    const { changes } = world.messages
    world.messages.changes = async (...asked) => {
      const read = await changes.apply(world.messages, asked)
      const changedAfter = async () => {
        throw new StoreError('unavailable', 'not now')
      }
      return read && { ...read, changedAfter }
    }
    expect(await client.command('c NOOP')).toBe('* 500 EXISTS\r\n* 500 RECENT\r\nc OK NOOP completed\r\n')
    world.messages.changes = changes
    expect(await client.command('d NOOP')).toContain('* 600 EXISTS\r\n* 600 RECENT\r\nd OK NOOP completed\r\n')
  })

  it('claims no mod-sequence that covers expunges it could not tell of', async () => {
    await world.deliver('INBOX', smallMessage)
    const client = await connect()
    await client.command(`a LOGIN ${ADDRESS} ${PASSWORD}`)
    await client.command('b ENABLE QRESYNC')
    await client.command('c SELECT INBOX')
    await client.command('d STORE 1 +FLAGS.SILENT (\\Deleted)')
    const { changes } = world.messages
    world.messages.changes = async () => {
      throw new StoreError('unavailable', 'not now')
    }
    expect(await client.command('e EXPUNGE')).toBe('e OK EXPUNGE completed\r\n')
    world.messages.changes = changes
    expect(await client.command('f NOOP')).toMatch(
      /^\* VANISHED 1\r\n\* 0 RECENT\r\nf OK \[HIGHESTMODSEQ \d+\] NOOP completed\r\n$/,
    )
  })

  it('tells flags that another changed between a .SILENT change and what it knew before', async () => {
    await world.deliver('INBOX', smallMessage)
    const client = await inInbox()
    const setFlags = world.messages.setFlags.bind(world.messages)
    const inbox = await world.mailboxes.get(world.accountId, 'INBOX')
    world.messages.setFlags = async (mailbox, change) => {
      world.messages.setFlags = setFlags
      await setFlags(inbox, { ...change, flags: { system: 4, keywords: [] } })
      return setFlags(mailbox, change)
    }
    expect(await client.command('c STORE 1 +FLAGS.SILENT (\\Seen)')).toBe(
      '* 1 FETCH (FLAGS (\\Seen \\Flagged \\Recent))\r\nc OK STORE completed\r\n',
    )
  })

  it('fetches what changed since then of a mailbox of any size', async () => {
    const inbox = await world.mailboxes.get(world.accountId, 'INBOX')
    const received = { bytes: smallMessage, flags: { system: 0, keywords: [] }, internalDate: null }
    await world.messages.append(inbox, Array<typeof received>(1500).fill(received))
    const client = await inInbox()
    const told = /\[HIGHESTMODSEQ (\d+)\]/.exec(await client.command('d SELECT INBOX (CONDSTORE)'))
    const since = Number(told?.[1])
    await client.command('e STORE 2,1499 +FLAGS.SILENT (\\Flagged)')
    const changed = (set: string, modseq: number): Promise<string> =>
      client.command(`f FETCH ${set} (UID) (CHANGEDSINCE ${modseq})`)
    const fetched = (...uids: number[]): string =>
      [...uids.map(uid => `* ${uid} FETCH (UID ${uid} MODSEQ (${since + 1}))\r\n`), 'f OK FETCH completed\r\n'].join('')
    expect(await changed('1:*', since)).toBe(fetched(2, 1499))
    expect(await changed('3:*', since)).toBe(fetched(1499))
    expect(await changed('1:10,1490:*', since)).toBe(fetched(2, 1499))
    expect(await changed('1:*', since + 1)).toBe('f OK FETCH completed\r\n')
    expect((await changed('1:*', 1)).match(/FETCH \(UID/g)).toHaveLength(1500)
  })

  it('stops searching when its client is gone', async () => {
    for (let i = 0; i < 120; i++) await world.deliver('INBOX', smallMessage)
    const client = await inInbox()
    let reads = 0
    const { blobs } = world.store
    const read = blobs.read.bind(blobs)
    blobs.read = hash => {
      if (++reads === 2) client.session.closed()
      return read(hash)
    }
    await expect(client.command('c SEARCH BODY nothing')).rejects.toThrow('closed')
    // What was under way was read.
    expect(reads).toBeLessThan(60)
  })

  it('hears of no changes once it is closed', async () => {
    const client = await inInbox()
    await client.command('c IDLE')
    client.session.closed()
    await world.deliver('INBOX', smallMessage)
    await new Promise(resolve => setImmediate(resolve))
    expect(client.said()).toBe('')
  })
})

it('gives messages back byte for byte, whatever they hold', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 300 }), async bytes => {
      const fresh = await imapWorld()
      try {
        const client = await connect(fresh)
        await client.command(`a LOGIN ${ADDRESS} ${PASSWORD}`)
        await client.command('b SELECT INBOX')
        const text = Buffer.from(bytes).toString('latin1')
        expect(await client.command(`c APPEND INBOX ~{${bytes.length}+}\r\n${text}`)).toContain('c OK [APPENDUID')
        // BINARY alone can hold NUL octets.
        const sign = text.includes('\0') ? '~' : ''
        expect(await client.command('d FETCH 1 BINARY.PEEK[]')).toBe(
          `* 1 FETCH (BINARY[] ${sign}{${bytes.length}}\r\n${text})\r\nd OK FETCH completed\r\n`,
        )
        expect(await client.command('e FETCH 1 BODY.PEEK[]')).toBe(
          `* 1 FETCH (BODY[] {${bytes.length}}\r\n${text.replaceAll('\0', '\x80')})\r\ne OK FETCH completed\r\n`,
        )
      } finally {
        await fresh.close()
      }
    }),
    { numRuns: 30 },
  )
})

describe('whatever a client sends', () => {
  const set = fc.constantFrom('1', '1:*', '*', '2:4', '5,1,3', '9', '$', '1:4294967295')
  const name = fc.constantFrom('INBOX', 'Sent', 'a/b', 'x', '""', '"%"', '*', '"&AOk-"')
  const flags = fc.constantFrom('(\\Seen)', '\\Deleted', '()', '($a $b)', '(\\Recent)')
  const items = fc.constantFrom(
    'ALL',
    '(UID FLAGS MODSEQ)',
    'BODY[]',
    '(BODY[1] BODY[HEADER.FIELDS (To)] BINARY[1])',
    '(ENVELOPE BODYSTRUCTURE PREVIEW SAVEDATE EMAILID)',
  )
  const key = fc.constantFrom('ALL', 'UNSEEN', 'TEXT x', 'MODSEQ 3', 'OR 1 DELETED', 'NOT UID 2:*', '$', 'SUBJECT a')
  const joined = (...parts: (string | fc.Arbitrary<string>)[]): fc.Arbitrary<string> =>
    fc.tuple(...parts.map(part => (typeof part === 'string' ? fc.constant(part) : part))).map(words => words.join(' '))
  const uid = fc.constantFrom('', 'UID')
  const command = fc.oneof(
    joined(fc.constantFrom('SELECT', 'EXAMINE', 'CREATE', 'DELETE', 'SUBSCRIBE', 'UNSUBSCRIBE'), name),
    joined('RENAME', name, name),
    joined('LIST', name, name),
    joined('LIST (SUBSCRIBED RECURSIVEMATCH) ""', name, 'RETURN (CHILDREN STATUS (MESSAGES SIZE))'),
    joined('STATUS', name, '(MESSAGES UNSEEN HIGHESTMODSEQ DELETED-STORAGE)'),
    joined(uid, 'FETCH', set, items),
    joined('UID FETCH', set, '(FLAGS) (CHANGEDSINCE 2 VANISHED)'),
    joined(uid, 'STORE', set, fc.constantFrom('FLAGS', '+FLAGS', '-FLAGS', '+FLAGS.SILENT'), flags),
    joined(uid, 'STORE', set, '(UNCHANGEDSINCE 5) +FLAGS', flags),
    joined(uid, fc.constantFrom('COPY', 'MOVE'), set, name),
    joined(uid, 'SEARCH', key),
    joined(uid, 'SEARCH RETURN (SAVE MIN ALL)', key),
    joined(uid, 'SORT (SUBJECT REVERSE DATE) UTF-8', key),
    joined(uid, 'THREAD REFERENCES UTF-8', key),
    joined('APPEND', name, flags, '{4+}\r\na: b'),
    joined('UID EXPUNGE', set),
    fc.constantFrom('EXPUNGE', 'CLOSE', 'UNSELECT', 'NOOP', 'IDLE\r\nDONE', 'ENABLE QRESYNC', 'GETQUOTAROOT INBOX'),
    fc.string({ unit: 'binary-ascii', maxLength: 20 }).filter(text => !/[{\r\n]/.test(text)),
  )

  it('gets one tagged answer to each command, and nothing is a mistake of the server', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(fc.boolean(), command), { maxLength: 40 }), async steps => {
        const fresh = await imapWorld()
        try {
          for (let i = 0; i < 5; i++) await fresh.deliver('INBOX', Buffer.from(`Subject: a${i}\r\n\r\nx`))
          const clients = [await connect(fresh), await connect(fresh)]
          for (const client of clients) {
            await client.command(`a LOGIN ${ADDRESS} ${PASSWORD}`)
            await client.command('b SELECT INBOX')
          }
          for (const [index, [first, text]] of steps.entries()) {
            const answer = await clients[first ? 0 : 1]!.command(`t${index} ${text}`)
            const tagged = answer.split('\r\n').filter(line => line.startsWith(`t${index} `))
            expect({ text, answer, tagged: tagged.length }).toEqual({ text, answer, tagged: 1 })
          }
          expect(fresh.logged).toEqual([])
        } finally {
          await fresh.close()
        }
      }),
      { numRuns: 40 },
    )
  })
})
