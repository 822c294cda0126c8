// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of Sieve look like it
import { describe, expect, it } from 'vitest'
import { actionsOf, errorsOf, run } from '../../../test/support/sieve.ts'
import type { Action } from './types.ts'

describe('reject and ereject (RFC 5429)', () => {
  it.each(['reject', 'ereject'])('%s cancels the implicit keep', async kind => {
    const source = `require "${kind}"; if header :contains "from" "alice" { ${kind} text:\nNot here.\r\n.\r\n; }`
    expect(await run(source)).toMatchObject({ actions: [{ kind, reason: 'Not here.\r\n' }], implicitKeep: false })
  })

  it.each([
    ['reject "a"; ereject "b";', '"ereject" after "reject"', []],
    ['reject "a"; reject "b";', '"reject" a second time', []],
    ['keep; reject "a";', '"reject" after "keep"', ['keep']],
    ['reject "a"; keep;', '"keep" after "reject"', []],
    ['redirect "a@example.org"; ereject "a";', '"ereject" after "redirect"', ['redirect']],
    ['vacation "a"; reject "a";', '"reject" after "vacation"', ['vacation']],
  ])('%s is an error, and the message stays: nobody is told that it was refused', async (source, message, done) => {
    const outcome = await run(`require ["reject", "ereject", "vacation"]; ${source}`)
    expect(outcome).toMatchObject({ implicitKeep: true, error: { message } })
    expect(outcome.actions.map(({ kind }) => kind)).toEqual(done)
  })
})

describe('vacation (RFC 5230)', () => {
  const vacation = async (source: string): Promise<Action> =>
    (await actionsOf(`require ["vacation", "vacation-seconds", "variables"]; ${source}`))[0]!

  it('has defaults, and leaves the implicit keep', async () => {
    expect(await run('require "vacation"; vacation "I am away.";')).toMatchObject({
      actions: [
        {
          kind: 'vacation',
          seconds: 7 * 86_400,
          subject: null,
          from: null,
          addresses: [],
          mime: false,
          reason: 'I am away.',
        },
      ],
      implicitKeep: true,
    })
  })

  it('takes all its arguments', async () => {
    const source = `vacation :mime :days 23 :addresses ["tjs@example.edu", "ts4z@landru.example.edu"] :subject "Away\r\nBcc: x@example.org"
      :from "Me <me@example.com>" :handle "trip" "Content-Type: text/plain\r\n\r\nAway";`
    expect(await vacation(source)).toEqual({
      kind: 'vacation',
      handle: 'handle trip',
      seconds: 23 * 86_400,
      subject: 'Away Bcc: x@example.org',
      from: 'Me <me@example.com>',
      addresses: ['tjs@example.edu', 'ts4z@landru.example.edu'],
      mime: true,
      reason: 'Content-Type: text/plain\r\n\r\nAway',
      edits: 0,
    })
  })

  it.each([
    [':days 0', 86_400],
    [':days 9999', 366 * 86_400],
    [':seconds 0', 60],
    [':seconds 1800', 1800],
  ])('%s is %i seconds', async (interval, seconds) => {
    expect(await vacation(`vacation ${interval} "x";`)).toMatchObject({ seconds })
  })

  it('is the same reply where its arguments are, whatever variables hold', async () => {
    const handles = [
      'set "a" "1"; vacation :subject "Re: ${a}" "x";',
      'set "a" "2"; vacation :subject "Re: ${a}" "x";',
      'set "a" "2"; vacation :subject "Re: ${a}" "y";',
      'set "a" "2"; vacation :mime :subject "Re: ${a}" "y";',
    ].map(async source => {
      const action = await vacation(source)
      return action.kind === 'vacation' ? action.handle : null
    })
    const [first, second, third, fourth] = await Promise.all(handles)
    expect(first).toBe(second)
    expect(new Set([first, third, fourth]).size).toBe(3)
  })

  it.each([
    ['vacation :days 1 :seconds 5 "x";', `2:18 :seconds can't stand together with :days`],
    ['vacation :from "nobody" "x";', '2:16 "nobody" is no address'],
    ['vacation;', '2:1 "vacation" wants a string: the reason'],
  ])('%s', (source, error) => {
    expect(errorsOf(`require "vacation-seconds";\n${source}`)).toEqual([error])
  })

  it('twice is an error', async () => {
    expect(await run('require "vacation"; vacation "x"; vacation "y";')).toMatchObject({
      error: { line: 1, column: 35, message: '"vacation" a second time' },
    })
  })
})
