import { describe, expect, it } from 'vitest'
import { THREADED_BYTES } from './limits.ts'
import { SharedTexts, TooMuchToThread } from './shared-texts.ts'

const message = (messageId: string, references: string[] = [], baseSubject = '') => ({
  messageId,
  references,
  baseSubject,
})

it('gives texts back as they were', () => {
  const texts = new SharedTexts()
  for (const each of [message('a', ['b', 'c', 'b'], 'S'), message('', [], ''), message('b', ['a'], 'S')])
    expect(texts.ofMessage(each)).toEqual(each)
})

describe('holds', () => {
  it('of any number of messages what they have usually', () => {
    const texts = new SharedTexts(0)
    for (let at = 0; at < 20_000; at++)
      texts.ofMessage(
        message(`${at}@a-rather-long-name.example.org`, [`x${at}@b.test`, `y${at}@b.test`], `Subject ${at}`),
      )
  })

  it('long ones that come again once', () => {
    const texts = new SharedTexts()
    const references = Array.from({ length: 100 }, (_, at) => `${'i'.repeat(1_000)}${at}`)
    for (let at = 0; at < 20_000; at++) texts.ofMessage(message(`${at}`, references, 's'.repeat(8_000)))
  })

  it('no more of those that say much of others, or have long subjects', () => {
    const most = THREADED_BYTES / 8_000
    const each = [
      (at: number) =>
        message(
          'a',
          Array.from({ length: 200 }, (_, id) => `${at} ${id}`),
        ),
      (at: number) => message('a', [], `${at}${'s'.repeat(8_000)}`),
      (at: number) => message(`${at}${'a'.repeat(8_000)}`),
    ]
    for (const of of each) {
      const texts = new SharedTexts()
      const hold = (): void => {
        for (let at = 0; at < most * 1.5; at++) texts.ofMessage(of(at))
      }
      expect(hold).toThrow(TooMuchToThread)
    }
  })
})
