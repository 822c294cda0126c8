/** What many connections do to the others, one test a hazard, against the real service. */
import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type Service, type ServiceName, services } from '../integration/service.ts'
import {
  neighbourAddress,
  password,
  scale,
  servesOthers,
  signedIn,
  startHostileService,
  strangerAddress,
  user,
} from './hostile-service.ts'
import { cpuMs, type Neighbour } from './neighbour.ts'
import { clientHello, RawClient } from './raw-client.ts'

/** Where a connection begins with TLS. */
const tlsPorts = ['submissions', 'imaps', 'pop3s', 'https', 'panel'] as const satisfies ServiceName[]
const plainPorts = services.filter(name => !(tlsPorts as readonly ServiceName[]).includes(name))

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

async function open(port: ServiceName, from: string, implicitTls = false): Promise<RawClient> {
  const client = await RawClient.open(service.ports[port], { from, implicitTls })
  clients.push(client)
  return client
}

describe('slowloris', () => {
  /** Each piece to each client, one piece after the other. None of them is given up so soon. */
  async function drip(slow: readonly RawClient[], pieces: Iterable<string | Uint8Array>): Promise<void> {
    const { cpuMs } = await neighbour.during(
      async () => {
        for (const piece of pieces) {
          for (const client of slow) void client.send(piece)
          await sleep(60)
        }
      },
      { grownMB: 60 },
    )
    // 800 packets, and the neighbour's questions besides.
    expect(cpuMs).toBeLessThan(1_500)
    expect(slow.filter(({ ended }) => ended)).toEqual([])
  }
  const many = (port: ServiceName, implicitTls = false): Promise<RawClient[]> =>
    Promise.all(Array.from({ length: port === 'http' ? 50 : 100 }, () => open(port, strangerAddress(), implicitTls)))

  it.each(plainPorts)('on %s: a hundred clients that drip their bytes cost next to nothing', async port => {
    await drip(await many(port), 'GET / HT')
  })

  it.each(tlsPorts)('on %s: a hundred clients that drip their bytes behind a handshake', async port => {
    await drip(await many(port, true), 'GET / HT')
  })

  it.each(tlsPorts)('on %s: a hundred clients that drip the beginning of a handshake', async port => {
    const hello = await clientHello()
    const eighth = Math.floor(hello.length / 9)
    const pieces = Array.from({ length: 8 }, (_, at) => hello.subarray(at * eighth, (at + 1) * eighth))
    await drip(await many(port), pieces)
  })
})

describe('a client of TLS 1.2 that renegotiates', () => {
  const line = /^.*\r\n/
  /** How a connection that began without TLS gets there. */
  const startTls: Partial<Record<ServiceName, (client: RawClient) => Promise<string>>> = {
    smtp: client => client.ask('STARTTLS', line),
    submission: client => client.ask('STARTTLS', line),
    imap: client => client.ask('s STARTTLS'),
    pop3: client => client.ask('STLS', line),
    managesieve: client => client.ask('STARTTLS', line),
  }

  // A crash took several handshakes, so it asks for as many as it is given.
  async function renegotiations(client: RawClient): Promise<number> {
    let count = 0
    while (count < 10 && (await client.renegotiate())) count++
    return count
  }

  it.each(tlsPorts)('on %s is refused', async port => {
    for (let at = 0; at < 5; at++) {
      const client = await open(port, strangerAddress())
      await client.startTls('TLSv1.2')
      expect(await renegotiations(client)).toBe(0)
    }
  })

  it.each(Object.keys(startTls) as ServiceName[])('on %s is refused', async port => {
    for (let at = 0; at < 5; at++) {
      const client = await open(port, strangerAddress())
      await client.until(port === 'managesieve' ? /^OK.*\r\n/m : line)
      if (port === 'smtp' || port === 'submission') await client.ask('EHLO x', /^250 .*\r\n/m)
      await startTls[port]?.(client)
      await client.startTls('TLSv1.2')
      expect(await renegotiations(client)).toBe(0)
    }
  })
})

/** As many as one address may have, and one more. */
const perAddress = 200

/** Sockets this process may open: two for each connection, as the service has the same limit. */
function descriptors(): number {
  const limit = /Max open files\s+\d+\s+(\d+)/.exec(readFileSync('/proc/self/limits', 'latin1'))?.[1]
  return Number(limit ?? 1024) - 500
}

describe('10,000 connections', () => {
  it('of fifty addresses are held; an address has its share and no more', async () => {
    const wanted = Math.min(10_000, descriptors())
    await neighbour.during(
      async () => {
        for (let from = strangerAddress(), held = 0; held < wanted; held += perAddress, from = strangerAddress()) {
          const opened = Array.from({ length: Math.min(perAddress, wanted - held) }, () => open('imap', from))
          for (const client of await Promise.all(opened)) expect(await client.until(/\r\n/)).toMatch(/^\* OK/)
        }
        const full = strangerAddress()
        for (let at = 0; at < perAddress; at++) await open('imap', full)
        expect(await (await open('imap', full)).until(/\r\n/)).toMatch(/^\* BYE \[UNAVAILABLE\] Too many connections/)
      },
      { grownMB: 600 },
    )
  })
})

/** What the whole service works from the command to its OK, in ms of processor: passwords are verified by turns of the addresses that wait. */
async function workBeforeSignIn(address: string, from: string): Promise<number> {
  const client = await open('imap', from)
  await client.until(/^\* OK .*\r\n/)
  const before = cpuMs(service.pid)
  expect(await client.ask(`l LOGIN ${address} "${password}"`)).toMatch(/^l OK/m)
  return cpuMs(service.pid) - before
}
/** From where the owner signed in before: behind those alone that are being verified. 0.2 s were measured; all of the flood takes five. */
const SIGN_IN_CPU_MS = 2_000

describe('sign-in floods', () => {
  it('of many addresses on each protocol: those who belong here sign in meanwhile', async () => {
    const line = /^.*\r\n/
    const wrong = Buffer.from(`\0${neighbourAddress}\0wrong`).toString('base64')
    const guess: Partial<Record<ServiceName, (client: RawClient) => Promise<void>>> = {
      imap: async client => {
        for (let at = 0; at < 3 && !client.ended; at++) await client.ask(`g LOGIN ${neighbourAddress} wrong-${at}`)
      },
      pop3: async client => {
        await client.ask(`USER ${neighbourAddress}`, line)
        await client.ask('PASS wrong', line)
      },
      submission: async client => {
        await client.ask('EHLO x', /^250 .*\r\n/m)
        await client.ask(`AUTH PLAIN ${wrong}`, line)
      },
      managesieve: async client => {
        await client.ask(`AUTHENTICATE "PLAIN" "${wrong}"`, /^(NO|BYE).*\r\n/m)
      },
      https: async client => {
        const body = JSON.stringify({ address: neighbourAddress, password: 'wrong', remember: false })
        const head = `POST /api/v1/session HTTP/1.1\r\nHost: x\r\nContent-Type: application/json`
        await client.ask(`${head}\r\nContent-Length: ${body.length}\r\n\r\n${body}`, /^HTTP\/1\.1 4\d\d /m)
      },
    }
    await neighbour.during(async () => {
      const flood = Object.entries(guess).flatMap(([port, ask]) =>
        Array.from({ length: 25 * scale }, async () => {
          const client = await open(port as ServiceName, strangerAddress())
          if (port === 'https') await client.startTls()
          else await client.until(line)
          await ask(client)
        }),
      )
      // The owner, from where he signed in before; and another, from where nobody did.
      const [, ...own] = await Promise.all([
        workBeforeSignIn(user, strangerAddress()),
        workBeforeSignIn(neighbourAddress, '127.0.0.1'),
        workBeforeSignIn(neighbourAddress, '127.0.0.1'),
      ])
      await Promise.race([Promise.all(flood), sleep(3_000)])
      for (const ms of own) expect(ms).toBeLessThan(SIGN_IN_CPU_MS)
    })
  })
})

describe('an IDLE client that never reads while its mailbox changes', () => {
  it('holds no memory for what it does not take, and nobody else up', async () => {
    const writer = await signedIn(service)
    clients.push(writer)
    await writer.ask('n CREATE busy')
    for (let at = 0; at < 10; at++) {
      await writer.send(`a APPEND busy ${'{5+}\r\nx\r\n\r\n '.repeat(100).slice(0, -1)}\r\n`)
      await writer.until(/^a .*\r\n/m)
    }
    await writer.ask('s SELECT busy')
    const idle = await Promise.all(Array.from({ length: 60 }, () => signedIn(service, user)))
    clients.push(...idle)
    for (const client of idle) {
      await client.ask('s SELECT busy')
      await client.ask('i IDLE', /^\+ .*\r\n/m)
      client.stopReading()
    }
    await neighbour.during(
      async () => {
        for (let at = 0; at < 20 * scale; at++) {
          const keyword = `keyword-${at}-${'x'.repeat(200)}`
          expect(await writer.ask(`f STORE 1:* +FLAGS.SILENT (${keyword})`)).toMatch(/^f OK/m)
          expect(await writer.ask(`f STORE 1:* -FLAGS.SILENT (${keyword})`)).toMatch(/^f OK/m)
        }
      },
      { grownMB: 150 },
    )
    expect(await writer.ask('f STORE 1:* +FLAGS.SILENT (last)')).toMatch(/^f OK/m)
    // Who reads again hears of all of it.
    idle[0]!.readOn()
    const told = new Map<string, string>()
    for (const [, number, flags] of (await idle[0]!.ask('DONE', /^i .*\r\n/m)).matchAll(
      /^\* (\d+) FETCH \(FLAGS \(([^)]*)\)\)\r\n/gm,
    ))
      told.set(number!, flags!)
    expect([...told.values()].filter(flags => flags === 'last').length).toBe(1000)
  })
})

describe('a NOTIFY client that never reads while its mailboxes fill', () => {
  it('holds no memory for what it does not take, and nobody else up', async () => {
    const writer = await signedIn(service)
    clients.push(writer)
    await writer.ask('n CREATE filling')
    const deaf = await Promise.all(Array.from({ length: 60 }, () => signedIn(service, user)))
    clients.push(...deaf)
    for (const client of deaf) {
      await client.ask('s SELECT filling')
      await client.ask(
        'n NOTIFY SET (selected (MessageNew (UID BODY.PEEK[]) MessageExpunge FlagChange)) (personal (MessageNew MessageExpunge FlagChange MailboxName))',
        /^n OK.*\r\n/m,
      )
      client.stopReading()
    }
    const text = 'y'.repeat(98).concat('\r\n').repeat(4_000)
    await neighbour.during(
      async () => {
        for (let at = 0; at < 4 * scale; at++) {
          await writer.send(`a APPEND filling${` {${text.length}+}\r\n${text}`.repeat(5)}\r\n`)
          await writer.until(/^a OK.*\r\n/m)
          expect(await writer.ask(`c CREATE filling/${at}`)).toMatch(/^c OK/m)
        }
      },
      { grownMB: 150 },
    )
    // Who reads again is told of all of it, and of what comes then.
    deaf[0]!.readOn()
    await deaf[0]!.ask('z NOOP', /^z OK.*\r\n/m)
    expect(deaf[0]!.receivedBytes).toBeGreaterThan(20 * scale * text.length)
    expect(await writer.ask('c CREATE last')).toMatch(/^c OK/m)
    expect(await deaf[0]!.until(/^\* LIST .*\r\n/m)).toBe('* LIST (\\HasNoChildren) "/" last\r\n')
  })
})
