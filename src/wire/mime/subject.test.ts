import { describe, expect, it } from 'vitest'
import { processorMsOf } from '../../../test/support/processor-time.ts'
import { baseSubject } from './subject.ts'

describe('baseSubject (RFC 5256 §2.1)', () => {
  it.each([
    ['Hello', 'Hello', false],
    ['Re: Hello', 'Hello', true],
    ['RE:Hello', 'Hello', true],
    ['re  : Hello', 'Hello', true],
    ['Fw: Hello', 'Hello', true],
    ['Fwd: Re: FWD: Hello', 'Hello', true],
    ['Re[2]: Hello', 'Hello', true],
    ['Re [list] : Hello', 'Hello', true],
    ['[list] Hello', 'Hello', false],
    ['[list] Re: Hello', 'Hello', true],
    ['Re: [list] Hello', 'Hello', true],
    ['[a] [b] Re: [c] Re: Hello', 'Hello', true],
    ['[list]', '[list]', false],
    ['[a][b]', '[b]', false],
    ['Re: [list]', '[list]', true],
    ['Hello (fwd)', 'Hello', true],
    ['Hello (FWD)(fwd) ', 'Hello', true],
    ['[Fwd: Hello]', 'Hello', true],
    ['[fwd: [Fwd: Re: Hello (fwd)] ]', 'Hello', true],
    ['[Fwd: Hello] there', 'there', false],
    ['[Fwd: Hello', '[Fwd: Hello', false],
    ['  many\t spaces  ', 'many spaces', false],
    ['Re: ', '', true],
    ['', '', false],
    ['Reply: Hello', 'Reply: Hello', false],
    ['Re Hello', 'Re Hello', false],
    ['AW: Hallo', 'AW: Hallo', false],
    ['[un[nested] Hello', '[un[nested] Hello', false],
  ])('of %j is %j', (subject, base, isReplyOrForward) => {
    expect(baseSubject(subject)).toEqual({ base, isReplyOrForward })
  })

  it.each(['re:', '[a]', '(fwd)', '[fwd:', '[a]re:', '['])('takes linear time for thousands of %s', mark => {
    const subject = mark.repeat(40_000)
    const work = (): void => {
      baseSubject(subject)
      baseSubject(`${subject}x`)
    }
    // Quadratic work takes tens of seconds.
    expect(processorMsOf(work)).toBeLessThan(2_000)
  })
})
