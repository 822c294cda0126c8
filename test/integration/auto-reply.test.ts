/** Who gets an automatic reply, how often, on which days, and what it says: on real sockets, with the clock set. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { AutoReplyRow } from '../../src/store/types/auto-reply.ts'
import { Client, type SmtpService, startSmtp } from './fixtures/smtp.ts'

let service: SmtpService
let client: Client
beforeEach(async () => {
  service = await startSmtp()
  client = await Client.greeted(service.ports.inbound)
})
afterEach(async () => {
  client.destroy()
  await service.close()
})

const HOUR = 60 * 60_000
const accepted = /^250 2\.6\.0 /
const away: Omit<AutoReplyRow, 'accountId'> = {
  enabled: true,
  fromDay: null,
  untilDay: null,
  timeZone: 'Europe/Paris',
  subject: '',
  text: 'Absente jusqu’à lundi.\nÀ bientôt',
  audience: 'everyone',
  intervalDays: 7,
  updatedAt: 1,
}

async function switchOn(over: Partial<AutoReplyRow> = {}, address = 'anna@here.test'): Promise<void> {
  const accountId = service.accounts.get(address)!
  await service.store.write('autoReply.set', { accountId, ...away, ...over })
}

let sent = 0
function message(header = '', to = 'anna@here.test'): string {
  return `From: Ann <ann@away.test>\r\nTo: ${to}\r\nSubject: =?utf-8?q?R=C3=A9union?=\r\nMessage-ID: <m${++sent}@away.test>\r\n${header}\r\nhello\r\n`
}

async function deliver(text = message(), from = 'ann@away.test', to = 'anna@here.test'): Promise<void> {
  expect(await client.deliver({ from, to: [to] }, text)).toMatch(accepted)
}

/** To whom, in order. */
const answered = async (): Promise<string[]> => (await service.queue()).map(({ address }) => address)

describe('an automatic reply', () => {
  it('goes to the reverse-path, under none of its own, and says what it is', async () => {
    await switchOn()
    await deliver()
    expect(await service.inbox('anna@here.test')).toHaveLength(1)
    const [reply] = await service.queue()
    expect(reply).toMatchObject({ address: 'ann@away.test', destination: 'away.test', reversePath: '' })
    const text = reply!.text
    expect(text).toMatch(/^From: .*anna@here\.test/m)
    expect(text).toMatch(/^To: ann@away\.test\r$/m)
    expect(text).toMatch(/^Auto-Submitted: auto-replied\r$/m)
    expect(text).toMatch(/^X-Auto-Response-Suppress: All\r$/m)
    expect(text).toMatch(new RegExp(`^In-Reply-To: <m${sent}@away\\.test>\\r$`, 'm'))
    expect(text).toMatch(new RegExp(`^References: <m${sent}@away\\.test>\\r$`, 'm'))
    expect(text).toMatch(/^Message-ID: <[^<>\s]+@mx\.here\.test>\r$/im)
    expect(text).toMatch(/^Date: Mon, 23 Nov 2026 20:00:00 \+0000\r$/m)
    expect(text).toContain('Absente jusqu=E2=80=99=C3=A0 lundi.\r\n=C3=80 bient=C3=B4t')
    // "Réponse automatique : Réunion"
    const subject = /^Subject: ((?:.+\r\n)(?: .+\r\n)*)/m.exec(text)![1]!
    const words = [...subject.matchAll(/=\?UTF-8\?Q\?(.*?)\?=/gi)].map(([, word]) => word).join('')
    expect(words).toBe('R=C3=A9ponse_automatique=C2=A0=3A_R=C3=A9union')
  })

  it('stands in the thread of what it answers', async () => {
    await switchOn()
    for (const [header, from, references] of [
      ['References: <1@x> <2@x>\r\nIn-Reply-To: <2@x>\r\n', 'both@away.test', '<1@x> <2@x> '],
      ['In-Reply-To: <2@x>\r\n', 'one@away.test', '<2@x> '],
      ['In-Reply-To: <2@x> <3@x>\r\n', 'two@away.test', ''],
    ] as const) {
      await deliver(message(header), from)
      expect((await service.queue()).at(-1)!.text).toContain(`\r\nReferences: ${references}<m${sent}@away.test>\r\n`)
    }
  })

  it('is in the language of its owner, and under the subject he gave', async () => {
    const principalId = service.accounts.get('anna@here.test')!
    await service.store.write('principal.update', { principalId, language: 'en', name: 'Anna Example' })
    await switchOn()
    await deliver(message().replace(/^Subject:.*$/m, 'Subject: Hello'))
    await switchOn({ subject: 'Away', updatedAt: 2 })
    await deliver()
    const texts = (await service.queue()).map(({ text }) => text)
    expect(texts[0]).toMatch(/^Subject: Automatic reply: Hello\r$/m)
    expect(texts[0]).toMatch(/^From: Anna Example <anna@here\.test>\r$/m)
    expect(texts[1]).toMatch(/^Subject: Away\r$/m)
  })

  it('goes to each sender once in the interval, however the address is written', async () => {
    await switchOn({ intervalDays: 2 })
    await deliver()
    await deliver()
    await deliver(message(), 'ANN@away.test')
    await deliver(message(), 'other@away.test')
    expect(await answered()).toEqual(['ann@away.test', 'other@away.test'])
    service.clock.time += 48 * HOUR - 1
    await deliver()
    expect(await answered()).toHaveLength(2)
    service.clock.time += 1
    await deliver()
    expect((await answered())[2]).toBe('ann@away.test')
  })

  it('goes once to one who writes several times at once', async () => {
    await switchOn()
    const clients = await Promise.all(Array.from({ length: 8 }, () => Client.greeted(service.ports.inbound)))
    const envelope = { from: 'ann@away.test', to: ['anna@here.test'] }
    const answers = await Promise.all(clients.map(each => each.deliver(envelope, message())))
    for (const each of clients) each.destroy()
    for (const answer of answers) expect(answer).toMatch(accepted)
    expect(await service.inbox('anna@here.test')).toHaveLength(8)
    expect(await answered()).toEqual(['ann@away.test'])
  })

  it('is given from the first to the last day, as they are where its owner is: also on those of 23 and 25 hours', async () => {
    // Clocks in Paris go back on 25 October 2026, 3:00 to 2:00, and forward on 28 March 2027, 2:00 to 3:00.
    for (const [day, first, last] of [
      ['2026-10-25', Date.UTC(2026, 9, 24, 22), Date.UTC(2026, 9, 25, 23) - 1],
      ['2027-03-28', Date.UTC(2027, 2, 27, 23), Date.UTC(2027, 2, 28, 22) - 1],
    ] as const) {
      await switchOn({ fromDay: day, untilDay: day, updatedAt: first })
      const before = (await answered()).length
      for (const [time, from] of [
        [first - 1, 'early@away.test'],
        [first, 'first@away.test'],
        [last, 'last@away.test'],
        [last + 1, 'late@away.test'],
      ] as const) {
        service.clock.time = time
        await deliver(message(), from)
      }
      expect((await answered()).slice(before)).toEqual(['first@away.test', 'last@away.test'])
    }
  })

  it('is not given once it is switched off', async () => {
    await switchOn()
    await switchOn({ enabled: false, updatedAt: 2 })
    await deliver()
    expect(await answered()).toEqual([])
  })
})

describe('no automatic reply is given', () => {
  beforeEach(() => switchOn())

  it.each([
    'Auto-Submitted: auto-replied',
    'Auto-Submitted: auto-generated; owner-email="x"',
    'List-Id: <news.away.test>',
    'List-Unsubscribe: <https://away.test/x>',
    'Precedence: bulk',
    'Precedence: List',
    'X-Auto-Response-Suppress: DR, OOF',
    'X-Loop: x@away.test',
    'Content-Type: multipart/report; report-type=delivery-status; boundary=x',
    'X-Spam-Flag: YES',
  ])('to what says %s', async field => {
    await deliver(message(`${field}\r\n`))
    expect(await answered()).toEqual([])
  })

  it.each([
    '',
    'MAILER-DAEMON@away.test',
    'owner-news@away.test',
    'news-request@away.test',
    'news-bounces@away.test',
    'bounce+ann=here.test@away.test',
    'no-reply@away.test',
    'noreply.shop@away.test',
    'ne-pas-repondre@away.test',
    'SRS0=abcd=TT=far.test=x@away.test',
  ])('to <%s>', async from => {
    await deliver(message(), from)
    expect(await answered()).toEqual([])
  })

  it('to oneself, under any of one’s addresses', async () => {
    await service.store.write('alias.set', { address: 'me@here.test', targets: ['anna@here.test'], at: 1 })
    for (const from of ['anna@here.test', 'Anna+x@here.test', 'me@here.test']) await deliver(message(), from)
    expect(await answered()).toEqual([])
  })

  it('to what was not addressed to the owner: blind copies, groups, what a catch-all collects', async () => {
    const group = { address: 'team@here.test', targets: ['anna@here.test'] }
    await service.store.write('alias.set', { ...group, kind: 'group', name: 'Team', at: 1 })
    await service.store.write('domain.update', { name: 'here.test', catchAll: 'anna@here.test' })
    await deliver(message('', 'someone@else.test'))
    await deliver(message('', 'team@here.test'), 'ann@away.test', 'team@here.test')
    await deliver(message('', 'nobody@here.test'), 'ann@away.test', 'nobody@here.test')
    expect(await service.inbox('anna@here.test')).toHaveLength(3)
    expect(await answered()).toEqual([])
  })

  it('to others than those it is for', async () => {
    const accountId = service.accounts.get('anna@here.test')!
    await switchOn({ audience: 'domain', updatedAt: 2 })
    await deliver()
    await deliver(message(), 'bob@here.test')
    expect(await answered()).toEqual(['bob@here.test'])
    await switchOn({ audience: 'correspondents', updatedAt: 3 })
    await deliver()
    expect(await answered()).toHaveLength(1)
    const sentTo = await service.store.write('mailbox.create', { accountId, name: 'Sent', specialUse: 'sent', at: 1 })
    await service.append(sentTo, 'From: anna@here.test\r\nTo: Ann <Ann@Away.test>\r\n\r\nhello\r\n')
    await deliver()
    await deliver(message(), 'stranger@away.test')
    expect(await answered()).toEqual(['bob@here.test', 'ann@away.test'])
  })
})

it('answers what is written to an alias of its owner from there', async () => {
  await switchOn()
  await service.store.write('alias.set', { address: 'sales@here.test', targets: ['anna@here.test'], at: 1 })
  await deliver(message('', 'Sales <sales@here.test>'), 'ann@away.test', 'sales@here.test')
  expect((await service.queue())[0]!.text).toMatch(/^From: .*sales@here\.test/m)
})

it('answers no more senders than are remembered', async () => {
  await switchOn()
  const accountId = service.accounts.get('anna@here.test')!
  const until = service.clock.time + HOUR
  const memories = Array.from({ length: 2000 }, (_, i) => ({
    kind: 'reply' as const,
    hash: Buffer.from(`${i}`),
    until,
  }))
  await service.store.write('ruleMemory.add', { accountId, memories, at: 1 })
  await deliver()
  expect(await answered()).toEqual([])
  service.clock.time = until
  await deliver()
  expect(await answered()).toEqual(['ann@away.test'])
})
