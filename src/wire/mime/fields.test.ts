import { describe, expect, it } from 'vitest'
import { parseDate } from './date.ts'
import { foldHeader, formatDate, generateMessageId } from './fields.ts'

it('writes dates that are read back', () => {
  const time = Date.UTC(2024, 1, 29, 3, 4, 5)
  expect(formatDate(time)).toBe('Thu, 29 Feb 2024 03:04:05 +0000')
  expect(parseDate(formatDate(time))?.time).toBe(time)
})

describe('foldHeader', () => {
  it('leaves a short field on one line', () => {
    expect(foldHeader('Subject', 'Hello')).toBe('Subject: Hello\r\n')
  })

  it('folds at white space into lines of 78 characters', () => {
    const field = foldHeader('References', Array.from({ length: 10 }, (_, i) => `<message.${i}@example.org>`).join(' '))
    for (const line of field.split('\r\n')) expect(line.length).toBeLessThanOrEqual(78)
    expect(field.match(/<message\.\d@example\.org>/g)).toHaveLength(10)
    expect(
      field
        .split('\r\n')
        .slice(1, -1)
        .every(line => line.startsWith(' ')),
    ).toBe(true)
  })

  it('keeps a word that is too long whole, on the line of the name', () => {
    expect(foldHeader('X', 'a'.repeat(100))).toBe(`X: ${'a'.repeat(100)}\r\n`)
  })

  it('lets no line end into the message', () => {
    expect(foldHeader('Subject', 'a\r\nBcc: b@x.org\r\n\r\nbody')).toBe('Subject: a Bcc: b@x.org body\r\n')
  })
})

it('generates message-ids of the domain', () => {
  expect(generateMessageId('example.org', new Uint8Array([255, 254, 253]))).toBe('<__79@example.org>')
})
