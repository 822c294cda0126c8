import { describe, expect, it } from 'vitest'
import { belowTrace, isSubmittedOnTop, receivedField, receivedOnTop, returnPathField, type Trace } from './received.ts'

const at = Date.UTC(2026, 10, 23, 20, 51, 11)
const plain: Trace = {
  helo: 'relay.example',
  clientAddress: '192.0.2.1',
  by: 'mx.example.com',
  protocol: { extended: true, tls: false, authenticated: false, utf8: false },
  tls: null,
  id: 'abc-1',
  recipient: 'user@example.com',
  at,
}

describe('Received (RFC 5321 §4.4)', () => {
  it('names client, host, protocol, id, the one recipient and the time', () => {
    expect(receivedField(plain)).toBe(
      'Received: from relay.example ([192.0.2.1])\r\n by mx.example.com with ESMTP id abc-1\r\n' +
        ' for <user@example.com>;\r\n Mon, 23 Nov 2026 20:51:11 +0000\r\n',
    )
  })

  it('names no recipient where there are several', () => {
    expect(receivedField({ ...plain, recipient: null })).toContain(' with ESMTP id abc-1;\r\n Mon, 23 Nov')
  })

  it('names the TLS version and cipher', () => {
    const tls = { version: 'TLSv1.3', cipher: 'TLS_AES_256_GCM_SHA384' }
    expect(receivedField({ ...plain, tls })).toContain(
      '([192.0.2.1])\r\n (using TLSv1.3 with cipher TLS_AES_256_GCM_SHA384)\r\n by ',
    )
  })

  it.each([
    [{ extended: false, tls: false, authenticated: false, utf8: false }, 'SMTP'],
    [{ extended: true, tls: true, authenticated: false, utf8: false }, 'ESMTPS'],
    [{ extended: true, tls: false, authenticated: true, utf8: false }, 'ESMTPA'],
    [{ extended: true, tls: true, authenticated: true, utf8: false }, 'ESMTPSA'],
    [{ extended: true, tls: true, authenticated: true, utf8: true }, 'UTF8SMTPSA'],
    [{ extended: true, tls: false, authenticated: false, utf8: true }, 'UTF8SMTP'],
  ])('%j is with %s (RFC 3848, RFC 6531 §4.3)', (protocol, name) => {
    expect(receivedField({ ...plain, protocol })).toContain(` with ${name} id `)
  })

  it('writes IPv6 as an address literal', () => {
    expect(receivedField({ ...plain, helo: null, clientAddress: '2001:db8::1' })).toContain(
      'from [IPv6:2001:db8::1] ([IPv6:2001:db8::1])',
    )
  })

  it('lets no client write into the field', () => {
    expect(receivedField({ ...plain, helo: 'a(b)c;d\r\nX:' })).toContain('from a?b?c?d??X: ([192.0.2.1])')
  })
})

describe('a message below it', () => {
  it.each([' by x', '\tby x', ' ', 'Disk full on db1\r\nFree: 0\r\n\r\nBye\r\n', ': x\r\nSubject: x\r\n', 'x'])(
    'that begins with no field of its own neither continues it nor is header: %j',
    text => {
      expect(belowTrace(Buffer.from(text)).toString()).toBe(`\r\n${text}`)
    },
  )

  it.each(['', '\r\n x', 'Subject: x\r\n y\r\n', 'From a@b.example Mon Nov 23 00:00:00 2026\r\nSubject: x\r\n'])(
    'stays as it is where it says itself where it ends: %j',
    text => {
      const message = Buffer.from(text)
      expect(belowTrace(message)).toBe(message)
    },
  )
})

describe('Return-Path', () => {
  it('holds the reverse-path, the null one too', () => {
    expect(returnPathField('a@b.example')).toBe('Return-Path: <a@b.example>\r\n')
    expect(returnPathField('')).toBe('Return-Path: <>\r\n')
  })
})

describe('what this service wrote on top of a message', () => {
  const below = 'Received: from x by y id other;\r\n Mon, 23 Nov 2026 00:00:00 +0000\r\nFrom: a@b\r\n\r\n'
  const tls = { version: 'TLSv1.3', cipher: 'TLS_AES_256_GCM_SHA384' }
  it.each([
    ['of one recipient', receivedField(plain)],
    [
      'of several, over TLS, below its Return-Path',
      returnPathField('a@b') + receivedField({ ...plain, recipient: null, tls }),
    ],
  ])('is read back: %s', (_, top) => {
    expect(receivedOnTop(Buffer.from(top + below))).toEqual({ id: 'abc-1', at })
  })

  it('tells what an account submitted from what came in, or arrived', () => {
    const protocol = { extended: true, tls: true, authenticated: true, utf8: false }
    const submitted = receivedField({ ...plain, protocol, recipient: null, tls })
    expect(isSubmittedOnTop(Buffer.from(submitted + below))).toBe(true)
    const incoming = receivedField({ ...plain, protocol: { ...protocol, authenticated: false }, tls })
    for (const top of ['', incoming, receivedField(plain), returnPathField('a@b') + submitted])
      expect(isSubmittedOnTop(Buffer.from(top + below))).toBe(false)
  })

  it.each(['', below, `Subject: x\r\n${receivedField(plain)}`, receivedField(plain).slice(0, 60)])(
    'is nothing where another wrote on top, or nobody: %j',
    text => {
      expect(receivedOnTop(Buffer.from(text))).toBeNull()
    },
  )
})
