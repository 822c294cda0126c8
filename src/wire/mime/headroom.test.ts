import { describe, expect, it } from 'vitest'
import { behindHeadroom, HEADROOM_BYTES, withFieldOnTop } from './headroom.ts'

const message = 'Subject: x\r\n\r\ntext\r\n'

function received(): Buffer {
  const block = Buffer.alloc(HEADROOM_BYTES + 100)
  block.write(message, HEADROOM_BYTES)
  return behindHeadroom(block, message.length)
}

describe('fields on top of a message', () => {
  it('go in front of it without a copy', () => {
    const inner = received()
    const whole = withFieldOnTop('A: 1\r\n', inner)
    const twice = withFieldOnTop('B: é\r\n', whole)
    expect(twice.toString()).toBe(`B: é\r\nA: 1\r\n${message}`)
    expect(twice.buffer).toBe(inner.buffer)
    expect([whole.toString(), inner.toString()]).toEqual([`A: 1\r\n${message}`, message])
  })

  it('are never written over another: whoever adds to the same message gets a copy', () => {
    const inner = received()
    const first = withFieldOnTop('A: 1\r\n', inner)
    const second = withFieldOnTop('Other: 2\r\n', inner)
    expect(first.toString()).toBe(`A: 1\r\n${message}`)
    expect(second.toString()).toBe(`Other: 2\r\n${message}`)
    expect(second.buffer).not.toBe(inner.buffer)
  })

  it('are copied in front of what has no room, or is a part of something else', () => {
    expect(withFieldOnTop('A: 1\r\n', Buffer.from(message)).toString()).toBe(`A: 1\r\n${message}`)
    const long = `A: ${'x'.repeat(HEADROOM_BYTES)}\r\n`
    expect(withFieldOnTop(long, received()).toString()).toBe(long + message)
    const part = received().subarray(12)
    expect(withFieldOnTop('A: 1\r\n', part).toString()).toBe('A: 1\r\n\r\ntext\r\n')
  })
})
