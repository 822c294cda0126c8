/** What scripts do to mail that arrives on port 25: whose, in which order, and that nothing is ever lost by them. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Operations, StoreError } from '../../src/store/store.ts'
import { Flag } from '../../src/store/types.ts'
import { decodeEncodedWords } from '../../src/wire/mime/encoded-word.ts'
import { Client, type SmtpService, startSmtp } from './fixtures/smtp.ts'

let service: SmtpService
let client: Client
let accountId: number
let refused: ((operation: keyof Operations, args: unknown) => Promise<void>) | null
beforeEach(async () => {
  refused = null
  service = await startSmtp({ slowly: (operation, args) => refused?.(operation, args) })
  accountId = service.accounts.get('anna@here.test')!
  client = await Client.greeted(service.ports.inbound)
})
afterEach(async () => {
  client.destroy()
  await service.close()
})

const accepted = /^250 2\.6\.0 /
const script = (source: string, name = 'main') =>
  service.store.write('script.put', { accountId, name, source, maxScripts: 9, activate: true, at: 1 })
const common = (domain: string, source: string | null) =>
  source === null
    ? service.store.write('commonScript.remove', { domain, at: 1 })
    : service.store.write('commonScript.set', { domain, source, isActive: true, at: 1 })
const text = (header = '') => `From: ann@away.test\r\nTo: anna@here.test\r\nSubject: x\r\n${header}\r\nhello\r\n`
const deliver = (message = text(), to = ['anna@here.test'], from = 'ann@away.test') =>
  client.deliver({ from, to }, message)

/** The flags of each message in a mailbox; null where there is no mailbox of that name. */
async function flagsIn(name: string): Promise<{ system: number; keywords: string[] }[] | null> {
  const mailbox = await service.store.read('mailbox.byName', { accountId, name })
  if (!mailbox) return null
  const page = { accountId, mailboxId: mailbox.mailboxId, from: 1, to: 0xffffffff, limit: 99 }
  return (await service.store.read('message.rows', page)).map(({ flags }) => flags)
}
async function emails(name: string): Promise<number[]> {
  const mailbox = await service.store.read('mailbox.byName', { accountId, name })
  if (!mailbox) return []
  const page = { accountId, mailboxId: mailbox.mailboxId, from: 1, to: 0xffffffff, limit: 99 }
  return (await service.store.read('message.rows', page)).map(({ emailId }) => emailId)
}
const texts = async (name: string): Promise<string[]> => service.texts(accountId, name)
const none = { system: 0, keywords: [] }

describe('a script', () => {
  it('files, flags, and makes the mailbox that it asks for', async () => {
    await service.store.write('mailbox.create', { accountId, name: 'Work', specialUse: null, at: 1 })
    await script(`require ["fileinto", "imap4flags", "mailbox", "copy"];
      fileinto :flags ["\\\\Seen", "Later"] "Work";
      fileinto :create :copy "New/Deep";
      fileinto "Missing";`)
    expect(await deliver()).toMatch(accepted)
    expect(await flagsIn('Work')).toEqual([{ system: Flag.Seen, keywords: ['Later'] }])
    expect(await flagsIn('New/Deep')).toEqual([none])
    // Mail for a mailbox that is gone is not lost.
    expect(await flagsIn('INBOX')).toEqual([none])
    expect(await flagsIn('Missing')).toBeNull()
  })

  it('puts the message once into each mailbox, however often it says so', async () => {
    await script('require ["fileinto", "copy"]; fileinto "INBOX"; fileinto :copy "inbox"; keep;')
    await deliver()
    expect(await flagsIn('INBOX')).toEqual([none])
  })

  it('keeps with flags, and what it discards is nowhere', async () => {
    await script('require "imap4flags"; if header "x-a" "1" { discard; } else { setflag "\\\\Flagged"; }')
    await deliver(text('X-A: 1\r\n'))
    await deliver()
    expect(await flagsIn('INBOX')).toEqual([{ system: Flag.Flagged, keywords: [] }])
  })

  it('sends on what it redirects, under its own domain, and not again what comes back', async () => {
    await script('require "copy"; redirect :copy "far@else.test";')
    await deliver()
    const [sent] = await service.queue()
    expect(sent).toMatchObject({ address: 'far@else.test', destination: 'else.test' })
    expect(sent!.reversePath).toMatch(/^SRS0=.*=away\.test=ann@here\.test$/)
    expect(sent!.text).toMatch(/^Delivered-To: anna@here\.test\r\nReceived: /)
    expect(sent!.text).not.toContain('Return-Path')
    await deliver(sent!.text)
    expect(await service.queue()).toHaveLength(1)
    expect(await flagsIn('INBOX')).toHaveLength(2)
  })

  it('redirects within the service through the queue, where the address is ours', async () => {
    await script('redirect "bob@here.test";')
    await deliver()
    expect(await service.queue()).toMatchObject([{ address: 'bob@here.test', destination: 'local' }])
    expect(await flagsIn('INBOX')).toEqual([])
  })

  it('finds a domain of ours in U-labels too, for what it sends and for what it reports', async () => {
    await service.store.write('domain.add', { name: 'xn--bcher-kva.test', at: 1 })
    await service.addAccount('eva@xn--bcher-kva.test')
    const send = (...to: string[]) => client.deliver({ from: 'Eva@Bücher.test', to, mail: ' SMTPUTF8' }, text())
    await script('redirect "eva@bücher.test";')
    expect(await send('anna@here.test')).toMatch(accepted)
    await script('require "reject"; reject "Not for me";', 'refusing')
    expect(await send('anna@here.test', 'bob@here.test')).toMatch(accepted)
    expect(await service.queue()).toMatchObject([
      { address: 'eva@bücher.test', destination: 'local' },
      { address: 'Eva@Bücher.test', destination: 'local', reversePath: '' },
    ])
  })

  it('refuses in the conversation where it is the only one asked, else with a report', async () => {
    await script('require "reject"; reject text:\r\nNot\r\nfor me\r\n.\r\n;')
    expect(await deliver()).toBe('550-5.7.1 Not\n550 5.7.1 for me')
    expect(await service.queue()).toEqual([])
    await script('require "ereject"; ereject "Désolé";', 'accents')
    expect(await deliver()).toBe('550 5.7.1 Desole')
    // `reject` keeps what was written, if there is anyone to tell.
    await script('require "reject"; reject "Désolé, plus d’annonces";', 'exact')
    expect(await deliver(text(), ['anna@here.test'], '')).toBe("550 5.7.1 Desole, plus d'annonces")
    expect(await service.queue()).toEqual([])
    expect(await deliver()).toMatch(accepted)
    const [told] = await service.queue()
    expect(told).toMatchObject({ address: 'ann@away.test', reversePath: '' })
    expect(told!.text).toMatch(/^Action: failed\r$/m)
    expect(told!.text).toMatch(/D=C3=A9sol=C3=A9, plus d=E2=80=99annonces|Désolé, plus d’annonces/)
    expect(await flagsIn('INBOX')).toEqual([])
    await script('require "reject"; reject "Not for me";')
    expect(await deliver(text(), ['anna@here.test', 'bob@here.test'])).toMatch(accepted)
    expect(await service.inbox('bob@here.test')).toHaveLength(1)
    const [, report] = await service.queue()
    expect(report).toMatchObject({ address: 'ann@away.test', reversePath: '' })
    expect(report!.text).toMatch(/^Status: 5\.7\.1\r$/m)
    expect(await flagsIn('INBOX')).toEqual([])
  })

  it.each(['NEVER', 'DELAY', 'SUCCESS,DELAY'])(
    'refuses without a report where the sender asked for NOTIFY=%s',
    async notify => {
      await script('require "reject"; reject "Désolé, plus d’annonces";')
      const send = async (...others: string[]) => {
        await client.ask('MAIL FROM:<ann@away.test>')
        await client.ask(`RCPT TO:<anna@here.test> NOTIFY=${notify}`)
        for (const other of others) await client.ask(`RCPT TO:<${other}> NOTIFY=${notify}`)
        await client.ask('DATA')
        return client.ask(`${text()}.`)
      }
      // What can't be told by report is said in the answer, in the letters it has.
      expect(await send()).toBe("550 5.7.1 Desole, plus d'annonces")
      expect(await send('bob@here.test')).toMatch(accepted)
      expect(await service.inbox('bob@here.test')).toHaveLength(1)
      const refusals = (await service.queue()).filter(({ text }) => /^Action: failed\r$/m.test(text))
      expect(refusals).toEqual([])
      expect(await flagsIn('INBOX')).toEqual([])
    },
  )

  it('answers as its owner is away, once in its days', async () => {
    await script('require "vacation"; vacation :days 2 :subject "Away" "Back on Monday";')
    await deliver()
    await deliver()
    const queued = await service.queue()
    expect(queued).toMatchObject([{ address: 'ann@away.test', reversePath: '' }])
    expect(queued[0]!.text).toMatch(/^Subject: Away\r$/m)
    expect(queued[0]!.text).toContain('Back on Monday')
    service.clock.time += 2 * 86_400_000
    await deliver()
    expect(await service.queue()).toHaveLength(2)
  })

  it('answers and notifies under the address it asks for, where that is its owner’s, and with its name', async () => {
    const from = async () => (await service.queue()).map(({ text }) => /^From: (.*)\r$/m.exec(text)?.[1])
    await script('require "vacation"; vacation :from "\\"Anna, away\\" <anna+away@here.test>" "x";')
    await deliver()
    expect(await from()).toEqual(['"Anna, away" <anna+away@here.test>'])
    await script('require "vacation"; vacation :from "ceo@else.test" :addresses "ceo@else.test" "x";')
    await deliver(text().replace('To: anna@here.test', 'To: ceo@else.test'))
    await script('require "enotify"; notify :from "ceo@else.test" "mailto:me@else.test";')
    await deliver()
    expect((await from()).slice(1)).toEqual(['anna@here.test', 'anna@here.test'])
  })

  it('answers nothing that comes from an address that its owner says is his, and what comes to one', async () => {
    await script('require "vacation"; vacation :addresses ["Anna <Anna@else.test>", "an@else.test"] "x";')
    await deliver(text(), ['anna@here.test'], 'anna@Else.test')
    expect(await service.queue()).toEqual([])
    await deliver(text().replace('To: anna@here.test', 'To: anna@else.test'))
    expect(await service.queue()).toMatchObject([{ address: 'ann@away.test' }])
  })

  it('answers and notifies by the header as rules have changed it by then (RFC 5293 §7)', async () => {
    await common('', 'require "editheader"; deleteheader "List-Id";')
    await script(`require ["editheader", "vacation", "enotify"]; deleteheader "Subject"; addheader "Subject" "Changed";
      vacation "Away"; notify "mailto:me@else.test"; addheader "Precedence" "bulk";`)
    await deliver(text('List-Id: <news.away.test>\r\n'))
    const subjects = (await service.queue()).map(({ text }) => {
      const subject = /^Subject: (.*(?:\r\n .*)*)\r$/m.exec(text)![1]!
      return decodeEncodedWords(subject.replaceAll('\r\n', ''))
    })
    expect(subjects).toEqual(['Réponse automatique\u00a0: Changed', 'Changed'])
    await script('require ["editheader", "vacation"]; addheader "Precedence" "bulk"; vacation "Away";')
    await deliver(text(), ['anna@here.test'], 'bea@away.test')
    expect(await service.queue()).toHaveLength(2)
  })

  it('answers with a part that says itself what it is, and in what encoding', async () => {
    const others = 'From: ceo@else.test\r\nSubject: Urgent\r\nBcc: me@else.test\r\nMIME-Version: 1.0\r\n'
    const part = `Content-Type: text/html;\r\n charset=utf-8\r\n${others}Content-Transfer-Encoding: 8bit\r\n\r\n<b>\u00e9</b>`
    await script(`require "vacation"; vacation :mime text:\r\n${part}\r\n.\r\n;`)
    await deliver()
    const [reply] = await service.queue()
    expect(reply!.text).toContain('<b>\u00e9</b>')
    expect(reply!.text.match(/^(?:Content-.*|MIME-.*)$/gim)).toEqual([
      'MIME-Version: 1.0',
      'Content-Type: text/html;',
      'Content-Transfer-Encoding: 8bit',
    ])
    expect(reply!.text).toContain('Content-Type: text/html;\r\n charset=utf-8\r\n')
    expect(reply!.text.match(/^(?:From|Subject|Bcc):/gim)).toEqual(['From:', 'Subject:'])
    expect(reply!.text).not.toContain('else.test')
  })

  it('answers with a text that has no fields before it', async () => {
    await script('require "vacation"; vacation :mime "Back soon.\r\nAnna";')
    await deliver()
    expect((await service.queue())[0]!.text).toMatch(/\r\nMIME-Version: 1\.0\r\n\r\nBack soon\.\r\nAnna$/)
  })

  it('changes the header of what it keeps and sends on, and of nothing else', async () => {
    await script('require ["editheader", "copy"]; addheader "X-Sorted" "yes"; redirect :copy "far@else.test";')
    await deliver(text(), ['anna@here.test', 'bob@here.test'])
    expect((await service.inbox('anna@here.test'))[0]).toMatch(/^X-Sorted: yes\r\n/)
    expect((await service.inbox('bob@here.test'))[0]).not.toContain('X-Sorted')
    const [sent] = await service.queue()
    expect(sent!.text).toMatch(/^Delivered-To: anna@here\.test\r\nX-Sorted: yes\r\nReceived: /)
  })

  it('looks into the body, and is told twice of nothing', async () => {
    await script('require ["body", "duplicate"]; if body :contains "HELLO" { if duplicate { discard; } }')
    await deliver(text('Message-ID: <one@away.test>\r\n'))
    await deliver(text('Message-ID: <one@away.test>\r\n'))
    await deliver(text('Message-ID: <two@away.test>\r\n'))
    expect(await flagsIn('INBOX')).toHaveLength(2)
  })

  it('remembers an id anew each time it comes by, where it asks for the last', async () => {
    await script('require "duplicate"; if duplicate :last :seconds 60 { discard; }')
    const comes = () => deliver(text('Message-ID: <one@away.test>\r\n'), ['anna@here.test', 'bob@here.test'])
    for (let times = 0; times < 3; times++) {
      expect(await comes()).toMatch(accepted)
      service.clock.time += 40_000
    }
    expect(await flagsIn('INBOX')).toHaveLength(1)
    service.clock.time += 60_000
    expect(await comes()).toMatch(accepted)
    expect(await flagsIn('INBOX')).toHaveLength(2)
    expect(await service.inbox('bob@here.test')).toHaveLength(4)
  })

  it('is done without what it would remember where that can’t be had', async () => {
    const takes = ({ also = [] }: Partial<Operations['message.accept']['args']>) =>
      also.every(({ operation }) => operation !== 'ruleMemory.add')
    refused = async (operation, args) => {
      if (operation === 'message.accept' && !takes(args as object)) throw new StoreError('conflict', 'for ever')
    }
    await script('require "duplicate"; if duplicate { discard; }')
    expect(await deliver(text('Message-ID: <one@away.test>\r\n'), ['anna@here.test', 'bob@here.test'])).toMatch(
      accepted,
    )
    expect(await flagsIn('INBOX')).toHaveLength(1)
    expect(await service.inbox('bob@here.test')).toHaveLength(1)
    expect(service.log).toContainEqual(expect.objectContaining({ message: 'what rules remember is left out' }))
  })

  it('notifies by mail, but not of what notifies itself', async () => {
    await script(
      'require "enotify"; notify :importance "1" :message "New mail" "mailto:me@else.test?cc=you@else.test";',
    )
    await deliver()
    await deliver(text('Auto-Submitted: auto-notified\r\n'))
    const queued = await service.queue()
    expect(queued.map(({ address, reversePath }) => [address, reversePath])).toEqual([
      ['me@else.test', ''],
      ['you@else.test', ''],
    ])
    expect(queued[0]!.text).toMatch(/^Auto-Submitted: auto-notified; owner-email="anna@here\.test"\r$/m)
    expect(queued[0]!.text).toMatch(/^Subject: New mail\r$/m)
    expect(queued[0]!.text).toMatch(/^Importance: high\r$/m)
  })

  it('notifies nobody twice of one message (RFC 5436 §2.7)', async () => {
    await script(`require "enotify"; notify "mailto:me@else.test,you@else.test";
      notify "mailto:Me@else.test?cc=YOU@else.test,we@else.test&subject=Again";`)
    await deliver()
    const queued = await service.queue()
    expect(queued.map(({ address }) => address)).toEqual(['me@else.test', 'you@else.test', 'we@else.test'])
    expect(queued[2]!.text).toMatch(/^Cc: we@else\.test\r$/m)
    expect(queued[2]!.text).not.toMatch(/^To:|you@/im)
  })

  it('notifies in words that people read, where it says none itself', async () => {
    await script('require "enotify"; notify "mailto:me@else.test";')
    const encoded = text()
      .replace('From: ann', 'From: =?utf-8?q?Ren=C3=A9e?= <ann')
      .replace('away.test\r', 'away.test>\r')
      .replace('Subject: x', 'Subject: =?utf-8?q?R=C3=A9union?= =?utf-8?q?_demain?=')
    expect(await deliver(encoded)).toMatch(accepted)
    const [told] = await service.queue()
    expect(told!.text).toMatch(/^Subject: =\?UTF-8\?Q\?R=C3=A9union_demain\?=\r$/m)
    expect(told!.text).toMatch(/\r\n\r\nRen=C3=A9e <ann@away\.test>\r\nR=C3=A9union demain(?:\r\n)?$/)
  })

  it('that stops at an error is no obstacle, and who wrote it is to be told', async () => {
    await script('require ["include", "fileinto"]; fileinto "A"; fileinto "B";\n  include :personal "other";')
    expect(await deliver()).toMatch(accepted)
    // Once, though neither mailbox is there.
    expect(await flagsIn('INBOX')).toEqual([none])
    const met = { rule: null, address: 'anna@here.test', sender: 'ann@away.test' }
    const problem = 'there is no script "other"'
    expect(service.failures).toEqual([{ ...met, script: 'main', line: 2, column: 21, problem }])
  })

  it('for a domain that does what it may not, however it got there, is not run, and its manager is to be told', async () => {
    await common('here.test', 'keep;\nredirect "a@far.test";')
    expect(await deliver()).toMatch(accepted)
    expect(await flagsIn('INBOX')).toEqual([none])
    const place = { script: '', rule: null, line: 2, column: 1 }
    expect(service.failures).toEqual([
      { ...place, problem: expect.stringContaining('redirect'), address: 'anna@here.test', sender: 'ann@away.test' },
    ])
  })

  it('includes another of its owner', async () => {
    await service.store.write('script.put', {
      accountId,
      name: 'other',
      source: 'discard;',
      maxScripts: 9,
      activate: false,
      at: 1,
    })
    await script('require "include"; include :personal "other";')
    await deliver()
    expect(await flagsIn('INBOX')).toEqual([])
  })

  it('does not include itself, where it asks for that once', async () => {
    await script('require ["include", "editheader"]; include :once "main"; addheader "X-Ran" "yes";')
    expect(await deliver()).toMatch(accepted)
    expect(await texts('INBOX')).toEqual([expect.stringMatching(/^X-Ran: yes\r\n(?!X-Ran)/)])
    expect(service.failures).toEqual([])
  })

  it('that can’t be compiled, or stops on the way, leaves the message in the inbox', async () => {
    await script('fileinto "Work";')
    await deliver()
    expect(await flagsIn('INBOX')).toHaveLength(1)
    expect(service.log.some(({ message }) => message === 'script can not be compiled')).toBe(true)
    await script(
      'require "fileinto"; redirect "a@x.test"; redirect "b@x.test"; redirect "c@x.test"; redirect "d@x.test"; redirect "e@x.test";',
    )
    await deliver()
    expect(await flagsIn('INBOX')).toHaveLength(2)
    // RFC 5228 §2.10.6: kept, besides what was done before.
    expect((await service.queue()).map(({ address }) => address)).toEqual([
      'a@x.test',
      'b@x.test',
      'c@x.test',
      'd@x.test',
    ])
    expect(service.log.some(({ message }) => message === 'script stopped')).toBe(true)
  })

  it('that fails after it filed the message keeps it besides, as it came; nobody is told that it was refused', async () => {
    await script(`require ["fileinto", "mailbox", "copy", "editheader", "reject"];
      addheader "X-Sorted" "yes"; fileinto :create "Work"; reject "Not here";`)
    expect(await deliver()).toMatch(accepted)
    const [work, inbox] = [await texts('Work'), await texts('INBOX')]
    expect(work).toEqual([expect.stringMatching(/^X-Sorted: yes\r\n/)])
    expect(inbox).toEqual([expect.not.stringContaining('X-Sorted')])
    expect(await service.queue()).toEqual([])
  })

  it('puts the message into each place as it was when it was put there', async () => {
    await script(`require ["fileinto", "mailbox", "copy", "editheader"];
      fileinto :create "First"; addheader "X-Step" "one"; fileinto :create "Second"; fileinto :create "Third";
      redirect :copy "far@else.test"; addheader "X-Step" "two"; keep;`)
    expect(await deliver()).toMatch(accepted)
    const steps = async (name: string) => (await texts(name)).map(text => text.match(/X-Step: \w+/g)?.join(' ') ?? '')
    expect(await steps('First')).toEqual([''])
    expect(await steps('Second')).toEqual(['X-Step: one'])
    expect(await steps('Third')).toEqual(['X-Step: one'])
    expect(await steps('INBOX')).toEqual(['X-Step: two X-Step: one'])
    expect((await service.queue())[0]!.text).toMatch(/^Delivered-To: .*\r\nX-Step: one\r\nReceived: /)
    const [first, second, third] = await Promise.all(['First', 'Second', 'Third'].map(emails))
    expect(second).toEqual(third)
    expect(first).not.toEqual(second)
    expect(await service.store.read('account.byId', { accountId })).toMatchObject({
      usedBytes: (await Promise.all(['First', 'Second', 'Third', 'INBOX'].map(texts))).flat().join('').length,
    })
  })

  it('makes a mailbox of a use where there is none of it', async () => {
    await script('require ["fileinto", "mailbox", "special-use"]; fileinto :specialuse "\\\\Archive" :create "Old";')
    await deliver()
    await deliver()
    const find = (name: string) => service.store.read('mailbox.byName', { accountId, name })
    expect(await find('Old')).toMatchObject({ specialUse: 'archive', messages: 2 })
    await script('require ["fileinto", "mailbox", "special-use"]; fileinto :specialuse "\\\\Other" :create "Odd";')
    await deliver()
    expect(await find('Odd')).toMatchObject({ specialUse: null, messages: 1 })
  })

  it('is felt with the next message once it is another', async () => {
    await script('discard;')
    await deliver()
    await script('keep;', 'other')
    await deliver()
    await service.store.write('script.activate', { accountId, name: 'main', at: 2 })
    await deliver()
    expect(await flagsIn('INBOX')).toHaveLength(1)
  })

  it('runs after those of the service and the domain, on what they leave in the inbox', async () => {
    await common('', 'require "fileinto"; if header "x-all" "1" { fileinto "All"; stop; }')
    await common('here.test', 'require ["imap4flags"]; if header "x-domain" "1" { discard; stop; }')
    await script('require ["fileinto", "mailbox"]; fileinto :create "Own";')
    for (const name of ['All', 'Own'])
      await service.store.write('mailbox.create', { accountId, name, specialUse: null, at: 1 })
    await deliver(text('X-All: 1\r\n'))
    await deliver(text('X-Domain: 1\r\n'))
    await deliver()
    expect([await flagsIn('All'), await flagsIn('Own'), await flagsIn('INBOX')]).toEqual([[none], [none], []])
    await common('', null)
    await common('here.test', 'require "copy"; redirect :copy "boss@else.test";')
    service.clock.time += 5_000
    await deliver(text('X-All: 1\r\n'))
    expect(await flagsIn('Own')).toHaveLength(2)
    // What a domain's script may not do is not done either where it got in by another way.
    expect(await service.queue()).toEqual([])
  })

  it('goes on with the flags that those before it left, wherever it files, also where it stops at an error', async () => {
    await service.store.write('mailbox.create', { accountId, name: 'Work', specialUse: null, at: 1 })
    await common('', 'require "imap4flags"; addflag "All"; keep :flags ["All", "\\\\Flagged"];')
    await common('here.test', 'require "imap4flags"; addflag "Domain"; removeflag "\\\\Flagged";')
    const left = { system: 0, keywords: ['All', 'Domain'] }
    const [inbox, work] = [[], []] as (typeof left)[][]
    const comesTo = async (place: typeof inbox, flags: typeof left, source: string) => {
      await script(source)
      expect(await deliver()).toMatch(accepted)
      place!.push(flags)
      expect([await flagsIn('INBOX'), await flagsIn('Work')]).toEqual([inbox, work])
    }
    await comesTo(inbox, left, 'stop;')
    await comesTo(inbox, left, 'keep;')
    await comesTo(work, left, 'require "fileinto"; fileinto "Work";')
    await comesTo(
      inbox,
      { system: 0, keywords: ['Domain', 'Own'] },
      `require "imap4flags";
      if hasflag "all" { removeflag "ALL"; addflag "Own"; }`,
    )
    await comesTo(work, none, 'require ["fileinto", "imap4flags"]; setflag ""; fileinto "Work";')
    await comesTo(inbox, left, `require ["imap4flags", "include"]; addflag "Own"; include :personal "none";`)
    await comesTo(inbox, left, 'require "unknown";')
  })

  it('agrees with those before it on what was seen, and answers nobody whom they have answered', async () => {
    const away = (handle: string) => `vacation :handle "${handle}" "Away";`
    const twice = await service.addAccount('twice@here.test')
    const put = (accountId: number, source: string) =>
      service.store.write('script.put', { accountId, name: 'm', source, maxScripts: 9, activate: true, at: 1 })
    const rules = `require ["duplicate", "vacation"]; if duplicate :seconds 60 { discard; stop; } ${away('a')}`
    await common('', rules)
    await common('here.test', rules.replace(':seconds 60', ':seconds 600'))
    await put(accountId, rules.replace('duplicate :seconds', 'duplicate :last :seconds'))
    await put(twice, `require "vacation"; ${away('b')}`)
    const comes = (to: string) =>
      deliver(text('Message-ID: <one@away.test>\r\n').replace('To: anna', `To: ${to}`), [`${to}@here.test`])
    expect(await comes('anna')).toMatch(accepted)
    expect(await service.queue()).toMatchObject([{ address: 'ann@away.test', reversePath: '' }])
    service.clock.time += 599_000
    expect(await comes('anna')).toMatch(accepted)
    expect(await service.inbox('anna@here.test')).toHaveLength(1)
    service.clock.time += 1_000
    expect(await comes('anna')).toMatch(accepted)
    expect(await service.inbox('anna@here.test')).toHaveLength(2)
    // Another reply is another matter.
    expect(await comes('twice')).toMatch(accepted)
    expect(await service.queue()).toHaveLength(3)
  })

  it('and the automatic reply go together, but for what it throws away', async () => {
    const days = { fromDay: null, untilDay: null, timeZone: 'UTC', subject: '', intervalDays: 1, updatedAt: 1 }
    await service.store.write('autoReply.set', {
      accountId,
      enabled: true,
      audience: 'everyone',
      text: 'away',
      ...days,
    })
    await service.store.write('mailbox.create', { accountId, name: 'Junk', specialUse: 'junk', at: 1 })
    await service.store.write('mailbox.create', { accountId, name: 'Work', specialUse: null, at: 1 })
    await script(`require "fileinto";
      if header "x-a" "junk" { fileinto "Junk"; } elsif header "x-a" "gone" { discard; } else { fileinto "Work"; }`)
    await deliver(text('X-A: junk\r\n'), undefined, 'one@away.test')
    await deliver(text('X-A: gone\r\n'), undefined, 'two@away.test')
    await deliver(text(), undefined, 'three@away.test')
    expect((await service.queue()).map(({ address }) => address)).toEqual(['three@away.test'])
  })
})
