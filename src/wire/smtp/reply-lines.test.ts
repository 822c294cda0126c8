import { describe, expect, it } from 'vitest'
import { replyLines } from './reply-lines.ts'

const reply = (text: string) => ({ code: 550, status: '5.7.1', text })

describe('the lines of a reply', () => {
  it('are one where it is short', () => {
    expect(replyLines(reply('Not for me'))).toEqual(['5.7.1 Not for me'])
    expect(replyLines(reply(''))).toEqual(['5.7.1 '])
  })

  it('are those of the text, no more than eight, and none can pass for another answer (RFC 5429 §2.5)', () => {
    expect(replyLines(reply('Not for me.\n250 Éa va\r\n\rBye'))).toEqual([
      '5.7.1 Not for me.',
      '5.7.1 250 Ea va',
      '5.7.1 Bye',
    ])
    expect(replyLines(reply('x\n'.repeat(50)))).toHaveLength(8)
  })

  it('are ASCII for those who did not ask for more, with as much of the text as can be told', () => {
    const text = 'Écrivez à «\u00a0Zoë\u00a0»\u202f: l’adresse a changé… 東'
    expect(replyLines(reply(text))).toEqual(['5.7.1 Ecrivez a " Zoe " : l\'adresse a change... ?'])
    expect(replyLines(reply(text), true)).toEqual([`5.7.1 ${text}`])
  })

  it('are short enough for every client, and have no word in two where it can be helped', () => {
    const words = replyLines(reply('word '.repeat(200).trim()))
    expect(words).toHaveLength(3)
    expect(words.map(line => line.replace('5.7.1 ', '')).join(' ')).toBe('word '.repeat(200).trim())
    for (const line of [...words, ...replyLines(reply('é'.repeat(10_000)), true)]) {
      expect(Buffer.byteLength(`550-${line}\r\n`)).toBeLessThanOrEqual(512)
      expect(line).toMatch(/^5\.7\.1 \S/)
    }
    expect(replyLines(reply('x'.repeat(65_536)))).toHaveLength(8)
  })
})
