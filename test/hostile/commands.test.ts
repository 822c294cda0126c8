/**
 * What a client may say to make the service busy or large, one test a hazard, against the real service. Beside each a
 * well-behaved client reads its mail: what it waits for, and what memory is taken meanwhile, stays within bounds.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { deflateRawSync } from 'node:zlib'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { Service, ServiceName } from '../integration/service.ts'
import {
  connectionsOver,
  deliver,
  neighbourAddress,
  password,
  scale,
  servesOthers,
  signedIn,
  startHostileService,
  strangerAddress,
  user,
} from './hostile-service.ts'
import type { Neighbour } from './neighbour.ts'
import { RawClient } from './raw-client.ts'

const MB = 1_000_000
let service: Service
let neighbour: Neighbour
const clients: RawClient[] = []

beforeAll(async () => {
  ;({ service, neighbour } = await startHostileService())
}, 180_000)
afterAll(async () => {
  await neighbour?.stop()
  await service?.stop()
})
afterEach(async () => {
  for (const client of clients.splice(0)) client.close()
  await servesOthers(service)
  expect(service.log.filter(({ level }) => level === 'error')).toEqual([])
})

const plainPorts: ServiceName[] = ['smtp', 'submission', 'imap', 'pop3', 'managesieve', 'http']
const greeting: Partial<Record<ServiceName, RegExp>> = {
  smtp: /^220 .*\r\n/,
  submission: /^220 .*\r\n/,
  imap: /^\* OK .*\r\n/,
  pop3: /^\+OK .*\r\n/,
  managesieve: /^OK .*\r\n/m,
}

async function stranger(port: ServiceName): Promise<RawClient> {
  const client = await RawClient.open(service.ports[port], { from: strangerAddress() })
  clients.push(client)
  const greeted = greeting[port]
  if (greeted) await client.until(greeted)
  return client
}
async function mallory(): Promise<RawClient> {
  const client = await signedIn(service)
  clients.push(client)
  return client
}
/** In pieces, until the service has taken all or hung up. */
async function pour(client: RawClient, bytes: number, piece: Uint8Array | string): Promise<void> {
  const chunk = Buffer.from(piece as string)
  for (let sent = 0; sent < bytes && !client.ended; sent += chunk.length) await client.send(chunk)
}

describe('over-long lines', () => {
  it.each(plainPorts)('on %s: not kept, and given up or answered', async port => {
    const client = await stranger(port)
    await neighbour.during(
      async () => {
        await pour(client, 24 * MB * scale, 'x'.repeat(64 * 1024))
        await client.send('\r\n')
        await Promise.race([client.until(/\r\n/), client.whenEnded()])
      },
      { grownMB: 60 },
    )
  })

  it('of a user on imap: BAD, and the next command is heard', async () => {
    const client = await mallory()
    await neighbour.during(
      async () => {
        await client.send('a SEARCH TEXT ')
        await pour(client, 24 * MB * scale, 'x'.repeat(64 * 1024))
        expect(await client.ask('', /^a .*\r\n/m)).toMatch(/^a BAD .*longer than/m)
        expect(await client.ask('b NOOP')).toMatch(/^b OK/m)
      },
      { grownMB: 60 },
    )
  })
})

describe('over-long literals', () => {
  it('of a stranger: refused, and little of them is read', async () => {
    const client = await stranger('imap')
    await neighbour.during(
      async () => {
        expect(await client.ask('a LOGIN {20000000}')).toMatch(/^a NO \[LIMIT\]/m)
        await client.send('b LOGIN {20000000+}\r\n')
        await pour(client, 20 * MB, 'x'.repeat(64 * 1024))
        await client.whenEnded()
      },
      { grownMB: 60 },
    )
  })

  it('of a user: refused before they are sent where the client asks, else read to their end', async () => {
    const client = await mallory()
    await neighbour.during(
      async () => {
        expect(await client.ask('a APPEND INBOX {21000000}')).toMatch(/^a NO \[TOOBIG\]/m)
        expect(await client.ask('b SEARCH TEXT {1000000}')).toMatch(/^b NO \[LIMIT\]/m)
        await client.send('c APPEND INBOX {24000000+}\r\n')
        await pour(client, 24 * MB, 'x'.repeat(60_000))
        expect(await client.ask('', /^c .*\r\n/m)).toMatch(/^c NO \[TOOBIG\]/m)
      },
      { grownMB: 60 },
    )
  })

  it('{4294967296+}: given up with a word', async () => {
    const client = await mallory()
    await neighbour.during(
      async () => {
        await client.send('a APPEND INBOX {4294967296+}\r\n')
        await pour(client, 200 * MB, 'x'.repeat(256 * 1024))
        expect(await client.until(/BYE.*\r\n/)).toMatch(/BYE/)
        await client.whenEnded()
      },
      { grownMB: 60 },
    )
  })

  it('of a filter on managesieve: refused', async () => {
    const client = await stranger('managesieve')
    await neighbour.during(async () => {
      expect(await client.ask('AUTHENTICATE "PLAIN" {4294967296+}', /^(NO|BYE).*\r\n/m)).toMatch(/^(NO|BYE)/m)
    })
  })
})

describe('a literal announced and never sent', () => {
  it('holds no memory, on a hundred connections', async () => {
    const many = await Promise.all(Array.from({ length: 100 }, mallory))
    await neighbour.during(
      async () => {
        for (const client of many) await client.ask('a APPEND INBOX {20000000}', /^\+ .*\r\n/m)
      },
      { grownMB: 60 },
    )
  })

  it('and one of which the last octet never comes: memory for all of them together is bounded', async () => {
    const many = await Promise.all(Array.from({ length: 60 * scale }, mallory))
    const bytes = Buffer.alloc(10 * MB - 1, 'x')
    await neighbour.during(
      async () => {
        const sent = many.map(client => client.send('a APPEND INBOX {10000000+}\r\n').then(() => client.send(bytes)))
        await Promise.race([Promise.all(sent), new Promise(resolve => setTimeout(resolve, 3_000))])
      },
      { grownMB: 400 },
    )
  })

  it('of a script on managesieve, of which the last octet never comes: its owner waits behind himself', async () => {
    const many = await Promise.all(Array.from({ length: 40 * scale }, () => stranger('managesieve')))
    const credentials = Buffer.from(`\0${user}\0${password}`).toString('base64')
    for (const client of many)
      expect(await client.ask(`AUTHENTICATE "PLAIN" "${credentials}"`, /^(OK|NO|BYE).*\r\n/m)).toMatch(/^OK/m)
    const bytes = Buffer.alloc(4 * 1024 * 1024 - 1, '#')
    await neighbour.during(
      async () => {
        const sent = many.map(client =>
          client.send(`PUTSCRIPT "large" {${bytes.length + 1}+}\r\n`).then(() => client.send(bytes)),
        )
        await Promise.race([Promise.all(sent), new Promise(resolve => setTimeout(resolve, 2_000))])
      },
      { grownMB: 130 },
    )
    for (const client of many) client.close()
    await connectionsOver(service, 'managesieve')
  })

  it.each<[ServiceName, string, string, RegExp]>([
    [
      'smtp',
      'a chunk',
      'EHLO x\r\nMAIL FROM:<a@b.test>\r\nRCPT TO:<mallory@example.org>\r\nBDAT 19000000\r\n',
      /2\.1\.5/,
    ],
    ['https', 'a body', 'POST /api/v1/session HTTP/1.1\r\nHost: x\r\nContent-Length: 60000\r\n\r\n', /^/],
  ])('on %s, %s: holds no memory, on fifty connections', async (port, _, text, answered) => {
    const from = Array.from({ length: 50 }, strangerAddress)
    const implicitTls = port === 'https'
    const opened = from.map(address => RawClient.open(service.ports[port], { from: address, implicitTls }))
    const many = await Promise.all(opened)
    clients.push(...many)
    await neighbour.during(
      async () => {
        for (const client of many) {
          await client.send(text)
          await client.until(answered)
        }
      },
      { grownMB: 60 },
    )
  })
})

describe('commands by the thousand in one packet', () => {
  it.each<[ServiceName, string]>([
    ['imap', 'a NOOP\r\n'],
    ['imap', 'a CAPABILITY\r\n'],
    ['imap', 'a LIST "" *\r\n'],
    ['pop3', 'CAPA\r\n'],
    ['pop3', 'UIDL\r\n'],
    ['managesieve', 'NOOP\r\n'],
    ['managesieve', 'CAPABILITY\r\n'],
  ])('on %s (%j) leave others their turn', async (port, command) => {
    const client = await stranger(port)
    if (port === 'imap') await client.ask(`l LOGIN ${user} "${password}"`)
    else if (port === 'pop3') {
      await client.ask(`USER ${user}`, /^\+OK.*\r\n/m)
      await client.ask(`PASS ${password}`, /^\+OK.*\r\n/m)
    }
    await neighbour.during(async () => {
      await client.send(command.repeat(20_000))
      await client.ask(
        port === 'imap' ? 'z NOOP' : 'NOOP',
        port === 'imap' ? /^z .*\r\n/m : /^(\+OK|OK|-ERR|BYE|NO).*\r\n/m,
      )
    })
  })
})

describe('recipients by the thousand in one packet', () => {
  it('of twenty strangers, all known, leave others their turn', async () => {
    const many = await Promise.all(Array.from({ length: 20 }, () => stranger('smtp')))
    for (const client of many) {
      await client.ask('EHLO mx.example.net', /^250 .*\r\n/m)
      await client.ask('MAIL FROM:<sender@example.net>', /^250 .*\r\n/m)
    }
    await neighbour.during(async () => {
      await Promise.all(
        many.map(async client => {
          await client.send(`${`RCPT TO:<${user}>\r\n`.repeat(2_300)}NOOP\r\n`)
          expect(await client.until(/^250 2\.0\.0 OK\r\n/m)).toMatch(/^250 2\.1\.5 .*\r\n250 2\.0\.0 OK\r\n$/m)
        }),
      )
    })
  })
})

describe('NULs, bare CR and LF', () => {
  it.each(plainPorts)('in commands on %s: no command, and no harm', async port => {
    const client = await stranger(port)
    await neighbour.during(async () => {
      await client.send(
        `\0a NOOP\0\r\nNOOP\rNOOP\nNO\0OP\r\n${'\r'.repeat(100_000)}\r\n${'\n'.repeat(100_000)}${'\0'.repeat(100_000)}\r\n`,
      )
      await client.send('\r\n')
      await Promise.race([client.whenEnded(), new Promise(resolve => setTimeout(resolve, 200))])
    })
  })
})

describe('a million flags or sequence sets', () => {
  it('are refused as the line or the list is too long', async () => {
    const client = await mallory()
    await client.ask(`a APPEND INBOX {5+}\r\nx\r\n\r\n`, /^a OK.*\r\n/m)
    await neighbour.during(async () => {
      const flags = Array.from({ length: 1_000_000 }, (_, index) => `k${index}`).join(' ')
      expect(await client.ask(`b STORE 1 FLAGS (${flags})`)).toMatch(/^b BAD/m)
      expect(await client.ask(`c STORE 1 FLAGS (${flags.slice(0, 60_000)})`)).toMatch(/^c NO \[LIMIT\]/m)
      const set = Array.from({ length: 1_000_000 }, (_, index) => index + 1).join(',')
      expect(await client.ask(`d UID FETCH ${set} FLAGS`)).toMatch(/^d BAD/m)
      expect(await client.ask(`e UID FETCH ${'1,'.repeat(30_000)}1 FLAGS`)).toMatch(/^e NO \[LIMIT\]/m)
      expect(await client.ask(`f UID FETCH ${'1:*,'.repeat(16_000)}1 FLAGS`)).toMatch(/^f OK/m)
      expect(await client.ask('g FETCH 1:4294967295 FLAGS')).toMatch(/^g BAD/m)
    })
  })

  it('in many commands: a mailbox has only so many keywords', async () => {
    const client = await mallory()
    await client.ask('n CREATE keywords')
    await client.ask(`a APPEND keywords {5+}\r\nx\r\n\r\n`, /^a OK.*\r\n/m)
    await client.ask('s SELECT keywords')
    await neighbour.during(async () => {
      let answer = ''
      for (let at = 0; at < 40 * scale && !/ NO /.test(answer); at++) {
        const flags = Array.from({ length: 100 }, (_, index) => `keyword-${at}-${index}`).join(' ')
        answer = await client.ask(`b STORE 1 FLAGS.SILENT (${flags})`)
      }
      expect(answer).toMatch(/^b NO \[LIMIT\]/m)
    })
  })
})

describe('STARTTLS injection and pipelining across STARTTLS', () => {
  it.each<[ServiceName, string, string, RegExp, RegExp]>([
    [
      'smtp',
      'EHLO x\r\nSTARTTLS\r\nEHLO injected\r\nMAIL FROM:<a@b.test>\r\n',
      'NOOP',
      /^220 2.*\r\n/m,
      /^250 .*\r\n/m,
    ],
    ['submission', 'EHLO x\r\nSTARTTLS\r\nEHLO injected\r\nNOOP\r\n', 'NOOP', /^220 2.*\r\n/m, /^250 .*\r\n/m],
    ['imap', 'a STARTTLS\r\nb NOOP\r\nc LOGIN {5+}\r\n', 'd NOOP', /^a OK.*\r\n/m, /^d .*\r\n/m],
    ['pop3', 'STLS\r\nCAPA\r\nUSER x\r\n', 'NOOP', /^\+OK.*\r\n/m, /^[+-].*\r\n/m],
    ['managesieve', 'STARTTLS\r\nNOOP "injected"\r\n', 'NOOP "mine"', /^OK.*\r\n/m, /^OK.*mine.*\r\n/m],
  ])('on %s: what came in plain text is not answered under TLS', async (port, plain, under, ready, answered) => {
    const client = await stranger(port)
    await client.send(plain)
    await client.until(ready)
    await client.startTls()
    const answer = await client.ask(under, answered)
    if (port === 'managesieve') expect(answer).not.toContain('injected')
    else expect(answer.split('\r\n').filter(Boolean)).toHaveLength(1)
  })
})

describe('SEARCH and SORT bombs', () => {
  it('a thousand keys, deep nesting, every criterion of order: others have their turn', async () => {
    const client = await mallory()
    await client.ask('n CREATE bombs')
    const text = Buffer.from(
      `Subject: ${'re: [x] '.repeat(90)}\r\nReferences: ${'<a@b> '.repeat(150)}\r\n\r\n${'word '.repeat(4_000)}`,
    )
    for (let at = 0; at < 10; at++) {
      const count = 15 * scale
      await client.send(`a APPEND bombs ${`{${text.length}+}\r\n${text} `.repeat(count).slice(0, -1)}\r\n`)
      await client.until(/^a .*\r\n/m)
    }
    await client.ask('s SELECT bombs')
    for (let count = 150 * scale; count < 2_400 * scale; count *= 2)
      expect(await client.ask('c COPY 1:* bombs')).toMatch(/^c OK/m)
    expect(await client.ask('n STATUS bombs (MESSAGES)')).toMatch(/MESSAGES \d{4}/)
    await neighbour.during(async () => {
      const keys = Array.from({ length: 200 }, (_, index) => `NOT TEXT "none${index}"`).join(' ')
      expect(await client.ask(`b SEARCH ${keys}`)).toMatch(/^b OK/m)
      expect(await client.ask(`c SEARCH ${'OR BODY "zz" '.repeat(200)}ALL`)).toMatch(/^c OK/m)
      expect(await client.ask(`d SEARCH ${'NOT '.repeat(10_000)}ALL`)).toMatch(/^d NO \[LIMIT\]/m)
      expect(await client.ask(`e SEARCH ${'('.repeat(10_000)}ALL${')'.repeat(10_000)}`)).toMatch(/^e NO \[LIMIT\]/m)
      expect(await client.ask(`f SEARCH ${'ALL '.repeat(10_000)}ALL`)).toMatch(/^f NO \[LIMIT\]/m)
      expect(await client.ask(`g SORT (${'SUBJECT REVERSE FROM DATE '.repeat(2_000)}) UTF-8 ALL`)).toMatch(
        /^g (NO|BAD)/m,
      )
      expect(
        await client.ask(
          'h SORT (SUBJECT REVERSE FROM DATE TO CC SIZE ARRIVAL DISPLAYFROM DISPLAYTO) UTF-8 TEXT "word"',
        ),
      ).toMatch(/^h OK/m)
      expect(await client.ask('i THREAD REFERENCES UTF-8 TEXT "word"')).toMatch(/^i OK/m)
      expect(await client.ask('j THREAD ORDEREDSUBJECT UTF-8 ALL')).toMatch(/^j OK/m)
    })
  })
})

describe('SORT and THREAD of long fields', () => {
  const mailboxOfLongFields = async (): Promise<RawClient> => {
    const client = await mallory()
    if (!/^n OK/m.test(await client.ask('n CREATE long'))) {
      await client.ask('s SELECT long')
      return client
    }
    const long = `${'a'.repeat(120_000)}@b.test`
    const ids = Array.from({ length: 190 }, (_, at) => `<${'i'.repeat(600)}${at}@b.test>`).join('\r\n ')
    const text = `From: ${long}\r\nTo: ${long}\r\nCc: ${long}\r\nSubject: ${'s'.repeat(8_000)}\r\nReferences: ${ids}\r\n\r\nx\r\n`
    await client.send(`a APPEND long {${text.length}+}\r\n${text}\r\n`)
    await client.until(/^a OK.*\r\n/m)
    await client.ask('s SELECT long')
    for (let count = 1; count < 256 * scale; count *= 2) expect(await client.ask('c COPY 1:* long')).toMatch(/^c OK/m)
    return client
  }

  it('of 120 KB each, criteria over and over: no order holds more than their beginnings', async () => {
    const client = await mailboxOfLongFields()
    await neighbour.during(
      async () => {
        const again = 'FROM REVERSE FROM '.repeat(10)
        expect(await client.ask(`b SORT (${again}TO CC DISPLAYFROM DISPLAYTO SUBJECT) UTF-8 ALL`)).toMatch(/^b OK/m)
      },
      { grownMB: 60 },
    )
  })

  it('of two hundred long references: those of several messages are held once', async () => {
    const client = await mailboxOfLongFields()
    await neighbour.during(
      async () => {
        expect(await client.ask('t THREAD REFERENCES UTF-8 ALL')).toMatch(/^t OK/m)
        expect(await client.ask('o THREAD ORDEREDSUBJECT UTF-8 ALL')).toMatch(/^o OK/m)
      },
      { grownMB: 60 },
    )
  })

  it('of references that are others in each message: refused where they are too many to hold', async () => {
    const client = await mallory()
    await client.ask('n CREATE references')
    for (let append = 0; append < 13; append++) {
      const texts = Array.from({ length: 10 }, (_, message) => {
        const ids = Array.from({ length: 190 }, (_, id) => `<${'i'.repeat(620)}${append}.${message}.${id}@b.test>`)
        return `References: ${ids.join('\r\n ')}\r\n\r\nx\r\n`
      })
      await client.send(`a APPEND references ${texts.map(text => `{${text.length}+}\r\n${text}`).join(' ')}\r\n`)
      expect(await client.until(/^a .*\r\n/m)).toMatch(/^a OK/m)
    }
    await client.ask('s SELECT references')
    await neighbour.during(
      async () => {
        expect(await client.ask('t THREAD REFERENCES UTF-8 ALL')).toMatch(/^t NO \[LIMIT\]/m)
        expect(await client.ask('u THREAD REFERENCES UTF-8 1:20')).toMatch(/^u OK/m)
      },
      { grownMB: 100 },
    )
  })
})

describe('APPEND bombs', () => {
  it('five hundred messages of three thousand parts each: refused in turns, and little of them is held', async () => {
    const client = await mallory()
    const text = `Content-Type: multipart/mixed; boundary=b\r\n\r\n${'--b\r\n\r\nx\r\n'.repeat(3_000)}--b--\r\n`
    await neighbour.during(async () => {
      await client.send(`a APPEND INBOX ${`{${text.length}+}\r\n${text} `.repeat(500).slice(0, -1)}\r\n`)
      expect(await client.until(/^a .*\r\n/m)).toMatch(/^a NO \[LIMIT\]/m)
      await client.send(`b APPEND INBOX ${`{${text.length}+}\r\n${text} `.repeat(20).slice(0, -1)}\r\n`)
      expect(await client.until(/^b .*\r\n/m)).toMatch(/^b OK/m)
    })
  })
})

describe('FETCH bombs', () => {
  it('one part a hundred times, decoded: others have their turn, and memory is that of one message', async () => {
    const client = await mallory()
    await client.ask('n CREATE large')
    const text = `Content-Type: application/octet-stream\r\nContent-Transfer-Encoding: base64\r\n\r\n${`${'QUJD'.repeat(19)}\r\n`.repeat(200_000)}`
    await client.send(`a APPEND large {${text.length}+}\r\n${text}\r\n`)
    await client.until(/^a OK.*\r\n/m)
    await client.ask('s SELECT large')
    await neighbour.during(async () => {
      const items = Array.from({ length: 120 }, (_, index) => `BINARY.PEEK[1]<${index}.5>`).join(' ')
      expect(await client.ask(`b FETCH 1 (${items})`)).toMatch(/^b OK/m)
      const whole = Array.from({ length: 20 }, () => 'BINARY.PEEK[1]').join(' ')
      expect(await client.ask(`c FETCH 1 (${whole})`)).toMatch(/^c OK/m)
    })
  })

  it('of a large message on many connections that never read: memory for all of them together is bounded', async () => {
    const many = await Promise.all(Array.from({ length: 60 * scale }, mallory))
    await neighbour.during(
      async () => {
        for (const client of many) {
          await client.ask('s SELECT large')
          client.stopReading()
          await client.send('b FETCH 1 (BINARY.PEEK[1])\r\n')
        }
        await new Promise(resolve => setTimeout(resolve, 1_500))
      },
      { grownMB: 400 },
    )
  })

  it('of a large message by many accounts that never read: a small one of another is told meanwhile', async () => {
    const others = Array.from({ length: 4 }, (_, at) => `other${at}@example.org`)
    for (const address of others)
      await service.cli(['mailbox', 'add', address, '--password-stdin'], { stdin: `${password}\n` })
    const text = `Subject: large\r\n\r\n${`${'x'.repeat(70)}\r\n`.repeat(260_000)}`
    for (const address of [user, ...others]) {
      expect(await deliver(service, address, text)).toMatch(/^250/)
      for (let at = 0; at < 4; at++) {
        const client = await signedIn(service, address)
        clients.push(client)
        client.stopReading()
        await client.send('b FETCH * BODY.PEEK[]\r\n')
      }
    }
    await sleep(1_000)
    const client = await signedIn(service, neighbourAddress)
    clients.push(client)
    const told = client.ask('f FETCH 1 BODY.PEEK[]')
    expect(await Promise.race([told, sleep(10_000)])).toMatch(/^f OK/m)
  })
})

describe('COMPRESS bombs', () => {
  it('a thousandfold of what is sent: inflated no faster than it is taken, and given up', async () => {
    const client = await mallory()
    await client.ask('a COMPRESS DEFLATE')
    const bomb = deflateRawSync(Buffer.alloc(160 * MB, 'x'))
    await neighbour.during(
      async () => {
        await client.send(bomb)
        await client.whenEnded()
      },
      { grownMB: 60 },
    )
  })
})

// Last: the neighbour's own deliveries are put off too, and it asks no more.
describe('the text of a message on smtp, of which the last octet never comes', () => {
  /** Of a text that is taken; null where it is put off. */
  async function neverEnding(from: string): Promise<RawClient | null> {
    const client = await RawClient.open(service.ports.smtp, { from })
    clients.push(client)
    await client.until(/^220 .*\r\n/)
    await client.ask('EHLO x', /^250 .*\r\n/m)
    await client.ask('MAIL FROM:<a@b.test>', /^250 .*\r\n/m)
    await client.ask(`RCPT TO:<${user}>`, /^250 .*\r\n/m)
    const answer = await client.ask('DATA', /^\d{3} .*\r\n/m)
    if (answer.startsWith('354')) return client
    expect(answer).toBe('452 4.3.1 Too many messages under way; try again later\r\n')
    return null
  }
  const lines = Buffer.from(`${'x'.repeat(70)}\r\n`.repeat(2_600))
  /** As many of one address as are taken. Resolves with how many that is. */
  async function holdAll(from: string, most: number): Promise<number> {
    for (let taken = 0; taken < most; taken++) {
      const client = await neverEnding(from)
      if (!client) return taken
      // Of those that wait for memory nothing is read any more.
      for (let piece = 0, isRead = true; isRead && piece < 100; piece++)
        isRead = await Promise.race([client.send(lines).then(() => true), sleep(1_000, false)])
    }
    return most
  }

  it('on fifty connections of one address: the others are served', async () => {
    await neighbour.during(
      async () => {
        expect(await holdAll(strangerAddress(), 45)).toBeLessThan(5)
      },
      { grownMB: 250 },
    )
  })

  it('of many addresses: users submit theirs meanwhile', async () => {
    while ((await holdAll(strangerAddress(), 8)) > 0);
    const client = await stranger('submission')
    const line = /^\d{3} .*\r\n/m
    await client.ask('EHLO x', /^250 .*\r\n/m)
    const credentials = Buffer.from(`\0${user}\0${password}`).toString('base64')
    expect(await client.ask(`AUTH PLAIN ${credentials}`, line)).toMatch(/^235/)
    await client.ask(`MAIL FROM:<${user}>`, line)
    await client.ask(`RCPT TO:<${user}>`, line)
    expect(await client.ask('DATA', line)).toMatch(/^354/)
    expect(await client.ask(`From: ${user}\r\n\r\nhello\r\n.`, line)).toMatch(/^250/)
  })
})
