/** What comes in on port 25, where it goes, and what is written on it. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { StoreError } from '../../src/store/store.ts'
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

const accepted = /^250 2\.6\.0 Accepted, id ([0-9a-z]+-\d+)$/
const text = 'From: A <a@away.test>\r\nSubject: x\r\n\r\nhello\r\n'
const alias = (address: string, ...targets: string[]) =>
  service.store.write('alias.set', { address, targets, at: service.clock.now() })

describe('a message', () => {
  it('arrives byte for byte below Return-Path and Received', async () => {
    const answer = await client.deliver({ from: 'a@away.test', to: ['anna@here.test'] }, text)
    const id = accepted.exec(answer)![1]
    expect(await service.inbox('anna@here.test')).toEqual([
      `Return-Path: <a@away.test>\r\nReceived: from client.test ([127.0.0.1])\r\n by mx.here.test with ESMTP id ${id}\r\n` +
        ` for <anna@here.test>;\r\n Mon, 23 Nov 2026 20:00:00 +0000\r\n${text}`,
    ])
  })

  it.each([
    ['a space', ' '],
    ['a tab', '\t'],
  ])('that begins with %s is all body, and says nothing in the Received field', async (_, space) => {
    const forged = `${space}by evil.test with ESMTPSA; Mon, 1 Jan 2001 00:00:00 +0000\r\nFrom: a@away.test\r\n\r\nhello\r\n`
    const to = ['anna@here.test']
    expect(await client.deliver({ from: 'a@away.test', to }, forged)).toMatch(accepted)
    expect(await client.deliver({ from: 'a@away.test', to }, `.${forged}`)).toMatch(accepted)
    for (const command of ['MAIL FROM:<a@away.test>', 'RCPT TO:<anna@here.test>']) await client.ask(command)
    client.send(`BDAT 1\r\n${space}BDAT ${forged.length - 1} LAST\r\n${forged.slice(1)}`)
    expect((await client.replies(2))[1]).toMatch(accepted)
    const texts = await service.inbox('anna@here.test')
    expect(texts).toHaveLength(3)
    for (const text of texts) {
      expect(text).toMatch(/^Return-Path: <a@away\.test>\r\nReceived: from client\.test /)
      expect(text.endsWith(`;\r\n Mon, 23 Nov 2026 20:00:00 +0000\r\n\r\n${forged}`)).toBe(true)
    }
  })

  it('names TLS in its Received field', async () => {
    await client.startTls()
    await client.ask('EHLO client.test')
    await client.deliver({ from: '', to: ['anna@here.test', 'bob@here.test'] }, text)
    const [received] = await service.inbox('anna@here.test')
    expect(received).toMatch(
      /^Return-Path: <>\r\nReceived: from client\.test \(\[127\.0\.0\.1\]\)\r\n \(using TLSv1\.3 with cipher TLS_[A-Z0-9_]+\)\r\n by mx\.here\.test with ESMTPS id [0-9a-z]+-1;\r\n/,
    )
  })

  it.each([
    ['UTF-8', Buffer.from('EHLO Zoé-PC\r\n'), 'Zo??-PC'],
    ['Windows-1252', Buffer.from('HELO Zoé-PC\r\n', 'latin1'), 'Zo?-PC'],
  ])('is taken from a computer whose name is outside ASCII, in %s', async (_, greeting, named) => {
    client.send(greeting)
    expect(await client.reply()).toMatch(/^250/)
    await client.deliver({ from: 'a@away.test', to: ['anna@here.test'] }, text)
    const [received] = await service.inbox('anna@here.test')
    expect(received).toContain(`\r\nReceived: from ${named} ([127.0.0.1])\r\n`)
  })

  it('is delivered once to one who is named twice', async () => {
    await alias('info@here.test', 'anna@here.test')
    const to = ['anna@here.test', 'anna+a@here.test', 'info@here.test', 'bob@here.test']
    expect(await client.deliver({ from: 'a@away.test', to }, text)).toMatch(accepted)
    expect(await service.inbox('anna@here.test')).toHaveLength(1)
    expect(await service.inbox('bob@here.test')).toHaveLength(1)
  })

  it('for an alias goes on to where it leads, under a reverse-path to which bounces come back', async () => {
    await alias('team@here.test', 'anna@here.test', 'far@away.test')
    await client.deliver({ from: 'a@away.test', to: ['team@here.test'] }, text)
    expect(await service.inbox('anna@here.test')).toHaveLength(1)
    const [queued] = await service.queue()
    expect(queued).toMatchObject({ address: 'far@away.test', destination: 'away.test' })
    const { reversePath } = queued!
    expect(reversePath).toMatch(/^SRS0=[A-Z2-7]{6}=[A-Z2-7]{2}=away\.test=a@here\.test$/)
    expect(queued!.text).toMatch(/^Delivered-To: team@here\.test\r\nReceived: from client\.test/)
    expect(queued!.text.endsWith(text)).toBe(true)
    expect(service.wakes).toBe(1)
    expect(await client.deliver({ from: '', to: [reversePath] }, text)).toMatch(accepted)
    expect((await service.queue()).at(-1)).toMatchObject({ address: 'a@away.test', reversePath: '' })
    const forged = reversePath.replace('=a@', '=b@')
    await client.ask('MAIL FROM:<>')
    expect(await client.ask(`RCPT TO:<${forged}>`)).toMatch(/^550 5\.1\.1 /)
  })

  it('for the postmaster of this host leaves under a reverse-path of the mailbox that sends it on', async () => {
    const accountId = service.accounts.get('anna@here.test')!
    await service.store.write('account.update', { accountId, forward: { targets: ['far@away.test'], keepCopy: true } })
    expect(await client.deliver({ from: 'a@away.test', to: ['Postmaster'] }, text)).toMatch(accepted)
    const [{ reversePath } = { reversePath: '' }] = await service.queue()
    expect(reversePath).toMatch(/^SRS0=[A-Z2-7]{6}=[A-Z2-7]{2}=away\.test=a@here\.test$/)
    expect(await client.deliver({ from: '', to: [reversePath] }, text)).toMatch(accepted)
  })

  describe('that comes back from where it was sent on', () => {
    const withId = `Message-ID: <1@away.test>\r\n${text}`
    const forward = (keepCopy: boolean, target = 'far@away.test') =>
      service.store.write('account.update', {
        accountId: service.accounts.get('anna@here.test')!,
        forward: { targets: [target], keepCopy },
      })
    /** far@away.test sends all of it back, as often as it comes; how often that was. */
    const goRound = async (to: string): Promise<number> => {
      expect(await client.deliver({ from: 'a@away.test', to: [to] }, withId)).toMatch(accepted)
      let rounds = 0
      for (; rounds < (await service.queue()).length && rounds < 4; rounds++) {
        const { text: sent, reversePath: from } = (await service.queue())[rounds]!
        expect(await client.deliver({ from, to: [to] }, sent)).toMatch(accepted)
      }
      return rounds
    }

    it('is kept once and stays, by a forward', async () => {
      await forward(true)
      expect(await goRound('anna@here.test')).toBe(1)
      expect(await service.inbox('anna@here.test')).toHaveLength(1)
      const [sent] = await service.queue()
      expect(sent!.text).toMatch(/^Delivered-To: anna@here\.test\r\nReceived: /)
    })

    it('is left in the mailbox, by a forward without a copy', async () => {
      await forward(false)
      expect(await goRound('anna@here.test')).toBe(1)
      expect(await service.inbox('anna@here.test')).toHaveLength(1)
    })

    it('is kept once and stays, by an alias', async () => {
      await alias('team@here.test', 'anna@here.test', 'bob@here.test', 'far@away.test')
      expect(await goRound('team@here.test')).toBe(1)
      for (const name of ['anna@here.test', 'bob@here.test']) expect(await service.inbox(name)).toHaveLength(1)
    })

    it('is kept once and stays, by an alias in an alias', async () => {
      await alias('sub@here.test', 'far@away.test')
      await alias('team@here.test', 'anna@here.test', 'sub@here.test')
      expect(await goRound('team@here.test')).toBe(1)
      expect(await service.inbox('anna@here.test')).toHaveLength(1)
    })

    it.each([true, false])('is kept once and stays, by a forward through an alias; with a copy: %s', async keepCopy => {
      await alias('sub@here.test', 'far@away.test')
      await forward(keepCopy, 'sub@here.test')
      expect(await goRound('anna@here.test')).toBe(1)
      expect(await service.inbox('anna@here.test')).toHaveLength(1)
    })

    it('goes on until it has passed too many servers, by an alias to others alone: its sender is told then', async () => {
      await alias('away@here.test', 'far@away.test')
      expect(await goRound('away@here.test')).toBe(4)
      const hops = 'Received: from a by b;\r\n 1 Jan 2026\r\n'.repeat(51)
      const envelope = { from: 'a@away.test', to: ['away@here.test'] }
      expect(await client.deliver(envelope, hops + (await service.queue()).at(-1)!.text)).toMatch(/^554 5\.4\.6 /)
    })

    it('is another’s for whom it was not sent on', async () => {
      await forward(true)
      const other = `Delivered-To: bob@here.test\r\n${withId}`
      expect(await client.deliver({ from: 'a@away.test', to: ['anna@here.test'] }, other)).toMatch(accepted)
      expect(await service.queue()).toHaveLength(1)
    })
  })

  it('for one address by two ways leaves once', async () => {
    await alias('one@here.test', 'far@away.test')
    await alias('two@here.test', 'far@away.test')
    await client.deliver({ from: 'a@away.test', to: ['one@here.test', 'two@here.test'] }, text)
    expect(await service.queue()).toHaveLength(1)
  })

  it('for many addresses is stored in few versions', async () => {
    const names = Array.from({ length: 12 }, (_, i) => `v${i}`)
    for (const name of names) await alias(`${name}@here.test`, `${name}@away.test`)
    await alias('all@here.test', ...names.map(name => `${name}@here.test`))
    await client.deliver({ from: 'a@away.test', to: ['all@here.test'] }, text)
    const queued = await service.queue()
    expect(queued.map(({ address }) => address).sort()).toEqual(names.map(name => `${name}@away.test`).sort())
    expect(new Set(queued.map(each => each.text)).size).toBe(11)
  })

  it('that is long is stored in two versions, of which one says who has sent it on', async () => {
    const names = ['v0', 'v1', 'v2', 'v3']
    for (const name of names) await alias(`${name}@here.test`, `${name}@away.test`)
    const long = text + `${'x'.repeat(998)}\r\n`.repeat(6_000)
    await client.deliver({ from: 'a@away.test', to: names.map(name => `${name}@here.test`) }, long)
    const heads = (await service.queue()).map(({ address, text }) => [address, /^Delivered-To: .*/.exec(text)?.[0]])
    expect(Object.fromEntries(heads)).toEqual({
      'v0@away.test': 'Delivered-To: v0@here.test',
      'v1@away.test': undefined,
      'v2@away.test': undefined,
      'v3@away.test': undefined,
    })
  })

  it('that leaves in several versions, and has no room in a mailbox, is staged once in each', async () => {
    for (const name of ['v0', 'v1']) await alias(`${name}@here.test`, `${name}@away.test`)
    await alias('all@here.test', 'carol@here.test', 'anna@here.test', 'v0@here.test', 'v1@here.test')
    const { blobs } = service.store
    const stage = blobs.stage.bind(blobs)
    const staged: string[] = []
    vi.spyOn(blobs, 'stage').mockImplementation(bytes => {
      staged.push(Buffer.from(bytes).toString())
      return stage(bytes)
    })
    const big = `${text}${`${'x'.repeat(70)}\r\n`.repeat(30)}`
    expect(await client.deliver({ from: 'a@away.test', to: ['all@here.test'] }, big)).toMatch(accepted)
    expect((await service.queue()).map(({ address }) => address).sort()).toEqual([
      'carol@here.test',
      'v0@away.test',
      'v1@away.test',
    ])
    // With its Return-Path, for carol, and with Delivered-To of each of the two.
    expect(staged).toHaveLength(4)
    expect(new Set(staged).size).toBe(4)
  })

  it('that bounces goes back to its sender in the case he wrote, which other hosts tell apart', async () => {
    await alias('far@here.test', 'far@elsewhere.test')
    const senders = ['Bounce-AbC9x@away.test', 'SRS0=AbCd=Xy=origin.test=Ann@away.test', 'Ame\u0301lie@away.test']
    for (const from of senders) {
      await client.deliver({ from, to: ['far@here.test'], mail: ' SMTPUTF8' }, text)
      const { reversePath } = (await service.queue()).at(-1)!
      expect(reversePath).toMatch(/^SRS[01]=.*@here\.test$/)
      expect(await client.deliver({ from: '', to: [reversePath], mail: ' SMTPUTF8' }, text)).toMatch(accepted)
      expect((await service.queue()).at(-1)).toMatchObject({ address: from.normalize('NFC'), reversePath: '' })
    }
  })

  it('for an address that leads further than is followed is refused, not given to some', async () => {
    for (let i = 1; i <= 11; i++) await alias(`d${i}@here.test`, `d${i + 1}@here.test`)
    await alias('team@here.test', 'anna@here.test', 'd1@here.test')
    await client.ask('MAIL FROM:<a@away.test>')
    expect(await client.ask('RCPT TO:<team@here.test>')).toBe(
      '550 5.2.4 <team@here.test>: Leads to too many addresses, or through too many aliases',
    )
    const warned = { level: 'warn', address: 'team@here.test', message: 'address leads to more than is followed' }
    expect(service.log).toContainEqual(expect.objectContaining(warned))
    await client.ask('QUIT')
    await client.ended()
    expect(service.log).toContainEqual(expect.objectContaining({ refusals: { 'leads-too-far': 1 } }))
  })

  it('for nobody goes to the catch-all', async () => {
    await service.store.write('domain.update', { name: 'here.test', catchAll: 'bob@here.test' })
    await client.deliver({ from: 'a@away.test', to: ['whoever@here.test'] }, text)
    expect(await service.inbox('bob@here.test')).toHaveLength(1)
  })

  it('in UTF-8 is taken after SMTPUTF8, and says so', async () => {
    await service.addAccount('andré@here.test')
    const answer = await client.deliver({ from: 'a@away.test', to: ['andré@here.test'], mail: ' SMTPUTF8' }, text)
    expect(answer).toMatch(accepted)
    expect((await service.inbox('andré@here.test'))[0]).toContain(' with UTF8SMTP id ')
  })

  it('that has passed too many servers is refused', async () => {
    const hops = (count: number) => `${'RECEIVED: from a by b;\r\n 1 Jan 2026\r\n'.repeat(count)}${text}`
    const envelope = { from: 'a@away.test', to: ['anna@here.test'] }
    expect(await client.deliver(envelope, hops(50))).toMatch(accepted)
    expect(await client.deliver(envelope, hops(51))).toBe('554 5.4.6 Too many Received fields: mail loop')
  })

  it('is logged in one line, the session in another, and its content in none', async () => {
    await client.deliver({ from: 'a@away.test', to: ['anna@here.test'] }, text)
    await client.ask('RCPT TO:<x@here.test>')
    await client.ask('QUIT')
    await client.ended()
    const lines = service.log.filter(({ level }) => level === 'info')
    expect(lines).toMatchObject([
      {
        message: 'message accepted',
        server: 'smtp',
        reversePath: 'a@away.test',
        recipients: 1,
        to: ['anna@here.test'],
        size: text.length,
        answer: expect.stringMatching(accepted),
        tls: null,
      },
      { message: 'session ended', remote: '127.0.0.1', helo: 'client.test', messages: 1 },
    ])
    expect(lines[0]!.session).toBe(lines[1]!.session)
    expect(JSON.stringify(service.log)).not.toContain('hello')
  })
})

describe('a full mailbox', () => {
  it('is told at RCPT, where the size is known', async () => {
    await client.ask('MAIL FROM:<a@away.test> SIZE=2000')
    expect(await client.ask('RCPT TO:<carol@here.test>')).toBe('452 4.2.2 Mailbox full')
  })

  it('is told after the data, where it was not', async () => {
    const big = `${text}${`${'x'.repeat(70)}\r\n`.repeat(30)}`
    expect(await client.deliver({ from: 'a@away.test', to: ['carol@here.test'] }, big)).toBe('452 4.2.2 Mailbox full')
    expect(await service.inbox('carol@here.test')).toEqual([])
  })

  it('among others is left to the queue, which tries again', async () => {
    const big = `${text}${`${'x'.repeat(70)}\r\n`.repeat(30)}`
    const to = ['anna@here.test', 'carol@here.test']
    expect(await client.deliver({ from: 'a@away.test', to }, big)).toMatch(accepted)
    expect(await service.inbox('anna@here.test')).toHaveLength(1)
    const queued = await service.queue()
    expect(queued).toMatchObject([{ address: 'carol@here.test', destination: 'mailbox', reversePath: 'a@away.test' }])
    expect(queued[0]!.text).not.toContain('Return-Path')
  })
})

describe('delivery reports (RFC 3461)', () => {
  const withNotify = async (address: string, notify: string, given = text) => {
    await client.ask('MAIL FROM:<a@away.test> RET=HDRS ENVID=abc')
    expect(await client.ask(`RCPT TO:<${address}> NOTIFY=${notify}`)).toBe('250 2.1.5 Recipient OK')
    await client.ask('DATA')
    client.send(`${given}.\r\n`)
    expect(await client.reply()).toMatch(accepted)
  }

  it('tell of success where it was asked for', async () => {
    await withNotify('anna@here.test', 'SUCCESS')
    const [report] = await service.queue()
    expect(report).toMatchObject({ address: 'a@away.test', reversePath: '' })
    expect(report!.text).toMatch(/^Original-Envelope-Id: abc\r$/m)
    expect(report!.text).toMatch(/^Action: delivered\r$/m)
  })

  it('are not made where none was asked for', async () => {
    await withNotify('anna@here.test', 'FAILURE')
    expect(await service.queue()).toEqual([])
  })

  it('of an alias that leads elsewhere are made here, since the next server’s would name where (§5.2.7.4)', async () => {
    await alias('away@here.test', 'far@away.test')
    await withNotify('away@here.test', 'SUCCESS,FAILURE')
    const [sent, report] = await service.queue()
    expect(sent).toMatchObject({ address: 'far@away.test', notify: ['FAILURE'] })
    expect(report!.text).toMatch(/^Final-Recipient: rfc822; away@here\.test\r\nAction: relayed\r$/m)
    expect(report!.text).not.toContain('far@')
  })

  it('of an alias with one member that has no room are made here, and never name him', async () => {
    await alias('team@here.test', 'anna@here.test', 'carol@here.test')
    await withNotify('team@here.test', 'SUCCESS,DELAY', `${text}${'x'.repeat(70)}\r\n`.repeat(10))
    const [member, report, ...others] = await service.queue()
    expect(member).toMatchObject({ address: 'carol@here.test', notify: ['DELAY'] })
    expect(report!.text).toMatch(/^Final-Recipient: rfc822; team@here\.test\r\nAction: expanded\r$/m)
    expect(others).toEqual([])
  })

  it('of an alias with several are made here (§5.2.7.3)', async () => {
    await alias('team@here.test', 'anna@here.test', 'far@away.test')
    await withNotify('team@here.test', 'SUCCESS')
    expect(await service.queue()).toMatchObject([
      { address: 'far@away.test', notify: ['NEVER'] },
      { address: 'a@away.test', reversePath: '' },
    ])
    const report = (await service.queue()).at(-1)!.text
    expect(report).toMatch(/^Action: expanded\r$/m)
    expect(report).not.toContain('Diagnostic-Code')
  })
})

describe('250', () => {
  it('is not said where the store could not keep the message', async () => {
    const failures: Error[] = [
      new StoreError('unavailable', 'disk full'),
      new StoreError('damaged', 'row lost'),
      new Error('something else'),
    ]
    await service.close()
    service = await startSmtp({
      slowly: async operation => {
        const failure = operation === 'message.accept' ? failures.shift() : undefined
        if (failure) throw failure
      },
    })
    client = await Client.greeted(service.ports.inbound)
    const envelope = { from: 'a@away.test', to: ['anna@here.test'] }
    expect(await client.deliver(envelope, text)).toBe('452 4.3.1 Storage not available now; try again later')
    expect(await client.deliver(envelope, text)).toBe('451 4.3.0 Temporary failure; try again later')
    expect(await client.deliver(envelope, text)).toBe('451 4.3.0 Temporary failure; try again later')
    expect(await service.inbox('anna@here.test')).toEqual([])
    expect(service.log.filter(({ level }) => level === 'error')).toHaveLength(3)
    expect(await client.deliver(envelope, text)).toMatch(accepted)
  })
})
