import { describe, expect, it } from 'vitest'
import { createLog, oneLiner } from './log.ts'

function collect(options: { level: 'debug' | 'info' | 'warn' | 'error'; format: 'json' | 'text' }) {
  const lines: string[] = []
  return { lines, log: createLog({ ...options, write: line => void lines.push(line) }).log }
}

describe('log', () => {
  it('writes one JSON line with time, level, fields and words', () => {
    const { log, lines } = collect({ level: 'info', format: 'json' })
    log.child({ session: 'a1' }).info({ user: 'x@y.test' }, 'signed in')
    expect(lines).toHaveLength(1)
    const entry = JSON.parse(lines[0] ?? '')
    expect(entry).toMatchObject({ level: 'info', session: 'a1', user: 'x@y.test', msg: 'signed in' })
    expect(new Date(entry.time).getTime()).toBeGreaterThan(0)
    expect(Object.keys(entry).sort()).toEqual(['level', 'msg', 'session', 'time', 'user'])
  })

  it('leaves out what is below its level', () => {
    const { log, lines } = collect({ level: 'warn', format: 'json' })
    log.info({}, 'quiet')
    log.warn({}, 'loud')
    expect(lines).toHaveLength(1)
  })

  it('keeps the stack of an error', () => {
    const { log, lines } = collect({ level: 'info', format: 'json' })
    log.error({ err: new Error('no room') }, 'commit failed')
    expect(JSON.parse(lines[0] ?? '').err.stack).toContain('no room')
  })

  it('prints one line on a terminal, however a value tries to start another', () => {
    const line = oneLiner(
      JSON.stringify({ time: '2026-01-02T03:04:05.678Z', level: 'info', msg: 'refused', helo: 'a\nb' }),
    )
    expect(line).toBe('03:04:05 info  refused helo="a\\nb"\n')
  })
})
