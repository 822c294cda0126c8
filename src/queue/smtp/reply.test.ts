import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ANSWER_CHARACTERS } from '../limits.ts'
import { answerText, ReplyReceiver, statusOf } from './reply.ts'

const received = (...pieces: (string | Buffer)[]) => {
  const receiver = new ReplyReceiver()
  for (const piece of pieces) receiver.push(Buffer.from(piece))
  const results = [receiver.next()]
  while (results.at(-1) !== 'need-more' && typeof results.at(-1) === 'object' && 'code' in Object(results.at(-1)))
    results.push(receiver.next())
  return results
}

describe('a reply', () => {
  it('may come in any pieces', () => {
    const text = '250-remote.test\r\n250-SIZE 1000\r\n250 DSN\r\n354\r\n550-5.1.1 no\r\n550 5.1.1 user\r\n'
    const whole = received(text)
    expect(whole).toEqual([
      { code: 250, lines: ['250-remote.test', '250-SIZE 1000', '250 DSN'] },
      { code: 354, lines: ['354'] },
      { code: 550, lines: ['550-5.1.1 no', '550 5.1.1 user'] },
      'need-more',
    ])
    fc.assert(
      fc.property(fc.array(fc.nat(text.length)), cuts => {
        const at = [0, ...cuts.sort((a, b) => a - b), text.length]
        const pieces = at.slice(1).map((end, i) => text.slice(at[i], end))
        expect(received(...pieces)).toEqual(whole)
      }),
      { numRuns: 100 },
    )
  })

  it('without CR is understood', () => {
    expect(received('220 hello\n')[0]).toEqual({ code: 220, lines: ['220 hello'] })
  })

  it.each(['hello\r\n', '25 ok\r\n', '999 ok\r\n', '2500 ok\r\n', '\r\n', '250_ok\r\n'])('is not %j', text => {
    expect(received(text)[0]).toHaveProperty('problem')
  })

  it('without end is cut off', () => {
    expect(received('2'.repeat(5_000))[0]).toHaveProperty('problem')
    expect(received('250-more\r\n'.repeat(10_000))[0]).toHaveProperty('problem')
  })

  it('never breaks the receiver, whatever comes', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 50 })), pieces => {
        const receiver = new ReplyReceiver()
        for (const piece of pieces) {
          receiver.push(piece)
          const result = receiver.next()
          if (result !== 'need-more' && 'problem' in result) return
        }
      }),
      { numRuns: 200 },
    )
  })

  it('is kept as it came, without control characters and at bearable length', () => {
    const [reply] = received('550-5.7.1 caf\xe9 \x1b[31m\r\n', Buffer.from('550 5.7.1 é\0 end\r\n', 'latin1'))
    expect(typeof reply === 'object' && 'code' in reply && answerText(reply)).toBe(
      '550-5.7.1 café ?[31m\n550 5.7.1 é? end',
    )
    const [long] = received(...Array.from({ length: 9 }, () => `250-${'x'.repeat(1000)}\r\n`), '250 x\r\n')
    expect(typeof long === 'object' && 'code' in long && answerText(long).length).toBe(ANSWER_CHARACTERS)
  })

  it.each([
    ['550 5.1.1 no user', '5.1.1'],
    ['550 no user', '5.0.0'],
    ['450 4.2.1 later', '4.2.1'],
    // A status of another class than the code is a mistake of the server.
    ['450 5.1.1 hm', '4.0.0'],
    ['250 2.0.0 ok', '2.0.0'],
    ['550 5.1.1000 no', '5.0.0'],
    ['550 5.1.1', '5.1.1'],
    // A "go on" where nothing is to go on: tried again, as all that is no refusal.
    ['354 what', '4.5.0'],
  ])('%j has the status %s', (line, status) => {
    expect(statusOf({ code: Number(line.slice(0, 3)), lines: [line] })).toBe(status)
  })
})
