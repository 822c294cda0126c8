import { describe, expect, it } from 'vitest'
import type { DataFacts } from '../../wire/smtp/data.ts'
import { lineEndsRule } from './line-ends.ts'
import { mailLoopRule } from './mail-loop.ts'
import { recipientRule } from './recipient.ts'
import type { InboundRule, MessageFacts } from './rule.ts'
import { InboundPolicy } from './runner.ts'
import { sizeRule } from './size.ts'
import { accepted, refuse, type Verdict } from './verdict.ts'

const client = { remoteAddress: '192.0.2.1', helo: 'client.test', secure: false }
const mail = { ...client, reversePath: 'a@away.test', declaredSize: 0 }
const sound: DataFacts = { size: 100, tooBig: false, bareLineEnd: false, nul: false, eightBit: false }

function message(facts: Partial<DataFacts>, text = ''): MessageFacts {
  return { ...mail, id: 'x-1', recipients: [], content: { ...sound, ...facts }, bytes: Buffer.from(text) }
}

const reason = (verdict: Verdict): string => (verdict.accept ? 'accepted' : verdict.reason)
const judge = async (rule: InboundRule, facts: MessageFacts) =>
  reason(await new InboundPolicy([rule]).judge('data', facts))

describe('the rules', () => {
  it('of size hold what is declared and what came to the same limit', async () => {
    const policy = new InboundPolicy([sizeRule(1000)])
    expect(reason(await policy.judge('mail', { ...mail, declaredSize: 1000 }))).toBe('accepted')
    expect(reason(await policy.judge('mail', { ...mail, declaredSize: 1001 }))).toBe('message-too-big')
    expect(reason(await policy.judge('data', message({ tooBig: true })))).toBe('message-too-big')
  })

  it('of line ends refuse bare ones and NUL', async () => {
    expect(await judge(lineEndsRule, message({}))).toBe('accepted')
    expect(await judge(lineEndsRule, message({ bareLineEnd: true }))).toBe('bare-line-end')
    expect(await judge(lineEndsRule, message({ nul: true }))).toBe('nul-octet')
  })

  it('of loops count Received fields of the header, in any case, and none of the body', async () => {
    const hops = 'received: from a\r\n by b\r\nRECEIVED : x\r\n'
    expect(await judge(mailLoopRule(2), message({}, `${hops}\r\n${hops}`))).toBe('accepted')
    expect(await judge(mailLoopRule(1), message({}, `${hops}\r\n`))).toBe('mail-loop')
    expect(await judge(mailLoopRule(0), message({}, 'X-Received: x\r\n\r\nReceived: x\r\n'))).toBe('accepted')
  })

  it('of recipients ask who knows', async () => {
    const rule = recipientRule(async recipient =>
      recipient === 'known@here.test' ? accepted : refuse('user-unknown', 550, '5.1.1', 'who?'),
    )
    const policy = new InboundPolicy([rule])
    expect(reason(await policy.judge('rcpt', { ...mail, recipient: 'known@here.test', others: [] }))).toBe('accepted')
    expect(reason(await policy.judge('rcpt', { ...mail, recipient: 'x@here.test', others: [] }))).toBe('user-unknown')
  })
})

describe('the runner', () => {
  it('asks in order, stops at the first refusal, and passes over rules without a say', async () => {
    const asked: string[] = []
    const rule = (name: string, verdict: Verdict): InboundRule => ({
      name,
      connect() {
        asked.push(name)
        return verdict
      },
    })
    const no = refuse('mail-loop', 554, '5.4.6', 'no')
    const policy = new InboundPolicy([sizeRule(1), rule('first', accepted), rule('second', no), rule('third', no)])
    expect(await policy.judge('connect', client)).toBe(no)
    expect(asked).toEqual(['first', 'second'])
    expect(await policy.judge('helo', { ...client, helo: 'x' })).toBe(accepted)
  })
})
