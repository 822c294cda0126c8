/**
 * What a message may be made of to make the service busy or large, one test a hazard: it comes in over SMTP, and its reader
 * asks for all that there is of it over IMAP and POP3. Whatever it is, its bytes come back as they came.
 */
import { createHash } from 'node:crypto'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { Service } from '../integration/service.ts'
import {
  deliver,
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
let reader: RawClient

beforeAll(async () => {
  ;({ service, neighbour } = await startHostileService())
  reader = await signedIn(service)
}, 180_000)
afterAll(async () => {
  reader?.close()
  await neighbour?.stop()
  await service?.stop()
})
afterEach(async () => {
  await servesOthers(service)
  expect(service.log.filter(({ level }) => level === 'error')).toEqual([])
})

/** Delivered, and read in every way there is. */
async function comesAndIsRead(text: string | Buffer): Promise<string> {
  const message = typeof text === 'string' ? Buffer.from(text, 'latin1') : text
  expect(await deliver(service, user, message)).toMatch(/^250 /)
  await reader.ask('n NOOP')
  const answer = await reader.ask(
    'f FETCH * (UID ENVELOPE BODY BODYSTRUCTURE PREVIEW BODY.PEEK[HEADER.FIELDS (SUBJECT TO)]<0.9> BODY.PEEK[1.MIME]<0.9> BINARY.SIZE[1])',
  )
  expect(answer).toMatch(/^f (OK|NO \[UNKNOWN-CTE\])/m)
  for (const command of [
    'SEARCH TEXT "not there at all"',
    'SEARCH HEADER X-Nothing ""',
    'SORT (SUBJECT FROM TO CC DATE) UTF-8 ALL',
    'THREAD REFERENCES UTF-8 ALL',
    'FETCH * BODY.PEEK[HEADER]<0.9>',
  ])
    expect(await reader.ask(`c ${command}`)).toMatch(/^c OK/m)
  await topOverPop3()
  return answer
}

async function topOverPop3(): Promise<void> {
  const client = await RawClient.open(service.ports.pop3, { from: strangerAddress() })
  await client.ask(`USER ${user}`, /^\+OK.*\r\n\+OK.*\r\n/m)
  await client.ask(`PASS ${password}`, /^\+OK.*\r\n/m)
  const count = /^\+OK (\d+)/.exec(await client.ask('STAT', /^\+OK.*\r\n/m))?.[1]
  await client.ask(`TOP ${count} 5`, /^\.\r\n/m)
  client.close()
}

const multipart = (boundary: string): string => `Content-Type: multipart/mixed; boundary="${boundary}"\r\n\r\n`

describe('deep MIME nesting', () => {
  it('of multiparts', async () => {
    await neighbour.during(async () => {
      const levels = Array.from({ length: 10_000 * scale }, (_, level) => `${multipart(`b${level}`)}--b${level}\r\n`)
      await comesAndIsRead(`Subject: deep\r\n${levels.join('')}\r\nat last\r\n`)
    })
  })

  it('of messages in messages', async () => {
    await neighbour.during(async () => {
      await comesAndIsRead(
        `Subject: deep\r\n${'Content-Type: message/rfc822\r\n\r\n'.repeat(100_000 * scale)}at last\r\n`,
      )
    })
  })

  it('of comments, groups and quotes in addresses', async () => {
    await neighbour.during(async () => {
      const deep = `${'('.repeat(40_000)}${'a:'.repeat(10_000)}${'"\\'.repeat(10_000)}${'<'.repeat(10_000)}`
      await comesAndIsRead(
        `From: ${deep}\r\nTo: ${'<@a,@b:'.repeat(10_000)}\r\nSubject: ${'Re: [x] (fwd) '.repeat(9_000)}\r\n\r\n`,
      )
    })
  })
})

describe('cyclic and overlapping boundaries', () => {
  it('one boundary at every level, and each the beginning of the next', async () => {
    await neighbour.during(async () => {
      const same = `${multipart('same')}--same\r\n`.repeat(5_000 * scale)
      await comesAndIsRead(`Subject: same\r\n${same}${'--same\r\n\r\nx\r\n--same--\r\n'.repeat(5_000)}`)
      const prefixes = Array.from(
        { length: 90 },
        (_, at) => `${multipart('b'.repeat(at + 1))}--${'b'.repeat(at + 1)}\r\n`,
      )
      await comesAndIsRead(
        `Subject: prefixes\r\n${prefixes.join('')}${`--${'b'.repeat(199)}\r\n`.repeat(10_000 * scale)}`,
      )
    })
  })

  it('nothing but what looks like delimiters', async () => {
    await neighbour.during(async () => {
      await comesAndIsRead(`Subject: dashes\r\n${multipart('x')}${'--\r\n'.repeat(500_000 * scale)}`)
      await comesAndIsRead(
        `Subject: hashes\r\n${multipart('x'.repeat(190))}${`--${'x'.repeat(189)}\r\n`.repeat(10_000 * scale)}`,
      )
    })
  })
})

describe('100,000 parts', () => {
  it('are kept and not all taken apart', async () => {
    await neighbour.during(async () => {
      const answer = await comesAndIsRead(
        `Subject: parts\r\n${multipart('b')}${'--b\r\n\r\nx\r\n'.repeat(100_000 * scale)}--b--\r\n`,
      )
      expect(answer.length).toBeLessThan(2 * MB)
    })
  })
})

describe('headers of 20 MB', () => {
  it.each<[string, () => string]>([
    ['one field', () => `Subject: ${'x'.repeat(19 * MB)}`],
    ['one address field', () => `To: ${'a@b.test, '.repeat(600_000 * scale)}`],
    ['a million fields', () => 'X: a\r\n'.repeat(3_000_000)],
    ['a million folded lines', () => `References: ${'<a@b>\r\n '.repeat(500_000 * scale)}`],
    ['encoded words', () => `Subject: ${'=?utf-8?q?=C3=A9?= '.repeat(250_000 * scale)}`],
  ])('of %s', async (_, header) => {
    await neighbour.during(async () => {
      const answer = await comesAndIsRead(`${header()}\r\n\r\nhello\r\n`)
      expect(answer.length).toBeLessThan(2 * MB)
    })
  })
})

describe('invalid charsets', () => {
  it('in headers, parameters and bodies', async () => {
    await neighbour.during(async () => {
      const names = [
        'x-none',
        'utf-7',
        'utf-16',
        '',
        '\xff',
        "utf-8'; DROP",
        'a'.repeat(10_000),
        'iso-2022-jp',
        'hz-gb-2312',
      ]
      const parts = names.flatMap(name => [
        `--b\r\nContent-Type: text/plain; charset="${name}"; name*=${name}'x'%ff%fe%00\r\nContent-Transfer-Encoding: quoted-printable\r\nSubject: =?${name}?b?/////w==?= =?${name}?q?=ff=00=?=\r\n\r\n=FF=FE=00=D8\x1b$B\x1b(J~{\r\n`,
        `--b\r\nContent-Type: text/html; charset=${name}\r\nContent-Transfer-Encoding: base64\r\n\r\n${'A=B=='.repeat(20_000)}\r\n`,
      ])
      await comesAndIsRead(
        `Subject: ${names.map(name => `=?${name}?q?=e9?=`).join(' ')}\r\n${multipart('b')}${parts.join('')}--b--\r\n`,
      )
    })
  })
})

describe('transfer encodings without sense', () => {
  it('padding everywhere, escapes without end, an unknown name', async () => {
    await neighbour.during(async () => {
      for (const [encoding, body] of [
        ['base64', 'A=='.repeat(600_000 * scale)],
        ['quoted-printable', '='.repeat(MB)],
        ['quoted-printable', ` ${'\t '.repeat(MB / 2)}=\r\n`.repeat(1)],
        ['x-uuencode', 'begin 644 x\r\n'],
      ])
        await comesAndIsRead(`Content-Type: text/html\r\nContent-Transfer-Encoding: ${encoding}\r\n\r\n${body}\r\n`)
    })
  })

  it('HTML of nothing but openings', async () => {
    await neighbour.during(async () => {
      for (const html of ['<', '<a ', '<!--', '&', '<style>', '</', '<a "', '&#x', '<![CDATA['])
        await comesAndIsRead(`Content-Type: text/html\r\n\r\n${html.repeat((200_000 * scale) / html.length)}\r\n`)
    })
  })
})

describe('NULs, bare CR and LF', () => {
  it.each([
    ['NUL', 'a\0b'],
    ['bare CR', 'a\rb'],
    ['bare LF', 'a\nb'],
  ])('%s from another server: refused', async (_, text) => {
    expect(await deliver(service, user, `Subject: x\r\n\r\n${text}\r\n`)).toMatch(/^55\d /)
  })

  it('from a user who appends them: kept as they are, and told as IMAP can tell them', async () => {
    const text = `Subject: a\rb\nX: \0\r\n\r${'\0\r\n\r\r\n\n'.repeat(50_000)}`
    await neighbour.during(async () => {
      await reader.send(`a APPEND INBOX ~{${text.length}+}\r\n${text}\r\n`)
      expect(await reader.until(/^a .*\r\n/m)).toMatch(/^a OK/m)
      const answer = await reader.ask('f FETCH * (ENVELOPE BODYSTRUCTURE PREVIEW BODY.PEEK[])', /^f .*\r\n/m)
      const literal = /BODY\[\] ~?\{(\d+)\}\r\n/.exec(answer)!
      const bytes = answer.slice(literal.index + literal[0].length).slice(0, Number(literal[1]))
      const hash = (of: string): string => createHash('sha256').update(of, 'latin1').digest('hex')
      // No literal holds a NUL octet.
      expect(hash(bytes)).toBe(hash(text.replaceAll('\0', '\x80')))
      await topOverPop3()
    })
  })
})

describe('a mailbox of messages that say as much of themselves as they may', () => {
  it('is listed page by page: memory for it is bounded', async () => {
    const to = Array.from({ length: 5_000 }, (_, at) => `"${'n'.repeat(8)}" <a${at}@b.test>`).join(',\r\n ')
    const parts = `--b\r\nContent-Type: text/x; name=${'n'.repeat(90)}\r\nContent-Description: ${'d'.repeat(80)}\r\n\r\n`
    const text = `To: ${to}\r\nCc: ${to}\r\nFrom: ${to}\r\n${multipart('b')}${parts.repeat(4_000)}`
    const sent = Array.from({ length: 8 }, (_, at) => deliver(service, user, `Subject: ${at}\r\n${text}`))
    for (const answer of await Promise.all(sent)) expect(answer).toMatch(/^250/)
    await reader.ask('n NOOP')
    const [last] = /\d+(?= EXISTS)/.exec(await reader.ask('s SELECT INBOX'))!
    await reader.ask('c CREATE many')
    for (let at = 0; at < 30 * scale; at++) await reader.ask(`c COPY ${Number(last) - 7}:${last} many`)
    const client = await signedIn(service)
    await client.ask('s SELECT many')
    client.stopReading()
    await neighbour.during(
      async () => {
        await client.send('f FETCH 1:* (ENVELOPE BODYSTRUCTURE)\r\n')
        await new Promise(resolve => setTimeout(resolve, 1_500))
      },
      { grownMB: 250 },
    )
    client.close()
  })
})
