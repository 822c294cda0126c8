import { describe, expect, it } from 'vitest'
import { type EnvelopeRecipient, envelopeFor, refusalFor } from './parameters.ts'

const message = {
  reversePath: 'anna@here.test',
  sizeBytes: 1234,
  ret: 'HDRS' as const,
  envelopeId: 'id+1 =',
  smtpUtf8: false,
  eightBit: true,
}
const bob: EnvelopeRecipient = {
  address: 'bob@there.test',
  notify: ['SUCCESS', 'FAILURE'],
  originalRecipient: 'rfc822;bob+x@there.test',
}
const offered = (...names: string[]) => new Map(names.map(name => [name.split(' ')[0] ?? '', name.split(' ')[1] ?? '']))
const all = offered('SIZE 5000', '8BITMIME', 'SMTPUTF8', 'DSN', 'PIPELINING')
const server = 'mx.there.test[192.0.2.1]'

describe('the envelope', () => {
  it('uses what the server offers', () => {
    expect(envelopeFor(message, [bob], false, all)).toEqual({
      mail: 'MAIL FROM:<anna@here.test> SIZE=1234 BODY=8BITMIME RET=HDRS ENVID=id+2B1+20+3D',
      recipients: ['RCPT TO:<bob@there.test> NOTIFY=SUCCESS,FAILURE ORCPT=rfc822;bob+2Bx@there.test'],
    })
  })

  it('uses nothing the server does not offer', () => {
    expect(envelopeFor(message, [bob], false, offered())).toEqual({
      mail: 'MAIL FROM:<anna@here.test>',
      recipients: ['RCPT TO:<bob@there.test>'],
    })
  })

  it('gives each recipient parameters of its own', () => {
    const eve = { address: 'eve@there.test', notify: null, originalRecipient: null }
    const never = { ...eve, notify: ['NEVER' as const] }
    expect(envelopeFor(message, [eve, never, bob], false, all)).toHaveProperty('recipients', [
      'RCPT TO:<eve@there.test>',
      'RCPT TO:<eve@there.test> NOTIFY=NEVER',
      'RCPT TO:<bob@there.test> NOTIFY=SUCCESS,FAILURE ORCPT=rfc822;bob+2Bx@there.test',
    ])
  })

  it('is refused here where the message is larger than the server takes', () => {
    expect(refusalFor({ ...message, sizeBytes: 5001 }, bob, false, all, server)).toEqual({
      permanent: true,
      status: '5.3.4',
      text: `message size 5001 exceeds size limit 5000 of server ${server}`,
    })
    for (const size of ['SIZE 0', 'SIZE'])
      expect(refusalFor({ ...message, sizeBytes: 5001 }, bob, false, offered(size), server)).toBeNull()
  })

  it('asks for SMTPUTF8 only where address or header need it', () => {
    const utf8 = { ...message, smtpUtf8: true }
    const jose = { ...bob, address: 'josé@thère.test' }
    expect(envelopeFor(utf8, [bob], false, all)).not.toHaveProperty('mail', expect.stringContaining('SMTPUTF8'))
    expect(envelopeFor(utf8, [bob], true, all)).toHaveProperty('mail', expect.stringContaining(' SMTPUTF8'))
    expect(envelopeFor(utf8, [jose], false, all)).toMatchObject({
      mail: expect.stringContaining(' SMTPUTF8'),
      recipients: [expect.stringContaining('<josé@thère.test>')],
    })
  })

  it('is refused where SMTPUTF8 is needed and not offered', () => {
    const verdict = { permanent: true, status: '5.6.7', text: expect.stringContaining('SMTPUTF8 is required') }
    const jose = { ...bob, address: 'josé@there.test' }
    expect(refusalFor({ ...message, smtpUtf8: true }, jose, false, offered(), server)).toEqual(verdict)
    expect(refusalFor({ ...message, smtpUtf8: true }, jose, true, offered(), server)).toEqual(verdict)
    expect(refusalFor({ ...message, reversePath: 'josé@here.test' }, bob, false, offered(), server)).toEqual(verdict)
    expect(refusalFor({ ...message, smtpUtf8: true }, bob, false, offered(), server)).toBeNull()
  })

  it('is refused for its header by the header’s own code, so that no address is blamed', () => {
    const verdict = {
      permanent: true,
      status: '5.6.9',
      text: expect.stringContaining('SMTPUTF8 is required by the header'),
    }
    expect(refusalFor({ ...message, smtpUtf8: true }, bob, true, offered(), server)).toEqual(verdict)
    expect(refusalFor({ ...message, smtpUtf8: true }, bob, true, all, server)).toBeNull()
  })

  it('writes a domain in A-labels rather than fail', () => {
    const domain = { ...bob, address: 'bob@thère.test' }
    expect(refusalFor({ ...message, smtpUtf8: true }, domain, false, offered(), server)).toBeNull()
    expect(envelopeFor({ ...message, smtpUtf8: true }, [domain], false, offered())).toHaveProperty('recipients', [
      'RCPT TO:<bob@xn--thre-6oa.test>',
    ])
  })

  it('writes ORCPT of the type utf-8 in 7 bits where SMTPUTF8 is not in use', () => {
    const alias = { ...bob, originalRecipient: 'utf-8;josé\\+@there.test' }
    expect(envelopeFor(message, [alias], false, offered('DSN'))).toHaveProperty('recipients', [
      'RCPT TO:<bob@there.test> NOTIFY=SUCCESS,FAILURE ORCPT=utf-8;jos\\x{E9}\\x{5C}\\x{2B}@there.test',
    ])
  })
})
