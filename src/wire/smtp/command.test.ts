import { describe, expect, it } from 'vitest'
import { parseMail, parseRcpt } from './command.ts'

const mail = (line: string, auth = false) => parseMail(line, { auth })
const rcpt = (line: string, smtpUtf8 = false) => parseRcpt(line, { smtpUtf8 })
const reply = (parsed: ReturnType<typeof mail> | ReturnType<typeof rcpt>): string =>
  parsed.ok ? 'accepted' : `${parsed.reply.code} ${parsed.reply.status} ${parsed.reply.text}`

describe('MAIL', () => {
  it('gives all its parameters, decoded', () => {
    expect(mail('mail from:<a@b.example> SIZE=1000 BODY=8BITMIME SMTPUTF8 RET=hdrs ENVID=QQ+2B314')).toEqual({
      ok: true,
      reversePath: 'a@b.example',
      size: 1000,
      body: '8BITMIME',
      smtpUtf8: true,
      ret: 'HDRS',
      envelopeId: 'QQ+314',
    })
  })

  it('takes the null reverse-path, and a space behind the colon', () => {
    expect(mail('MAIL FROM: <>')).toMatchObject({ ok: true, reversePath: '' })
  })

  it('takes dots anywhere in a local part, and quotes what has them so', () => {
    expect(mail('MAIL FROM:<taro..y.@carrier.example> SIZE=1')).toMatchObject({
      reversePath: '"taro..y."@carrier.example',
    })
    expect(rcpt('RCPT TO:<taro..y.@carrier.example>')).toMatchObject({ address: '"taro..y."@carrier.example' })
  })

  it('knows AUTH= where AUTH is offered, and there alone (RFC 4954 §5)', () => {
    expect(reply(mail('MAIL FROM:<a@b.example> AUTH=<>', true))).toBe('accepted')
    expect(reply(mail('MAIL FROM:<a@b.example> AUTH=e+3Dmc2@example.com', true))).toBe('accepted')
    expect(reply(mail('MAIL FROM:<a@b.example> AUTH=a+2bb@example.com', true))).toBe('accepted')
    expect(reply(mail('MAIL FROM:<a@b.example> AUTH=e=mc2@example.com', true))).toBe('501 5.5.4 Bad parameter syntax')
    expect(reply(mail('MAIL FROM:<a@b.example> AUTH=<>'))).toBe('555 5.5.4 AUTH is not supported here')
  })

  it.each([
    ['MAIL', '501 5.5.4 Syntax: MAIL FROM:<address>'],
    ['MAIL TO:<a@b.example>', '501 5.5.4 Syntax: MAIL FROM:<address>'],
    ['MAIL FROM:a@b.example', '501 5.1.7 Bad sender address syntax'],
    ['MAIL FROM:<a@b@c.example>', '501 5.1.7 Bad sender address syntax'],
    ['MAIL FROM:<postmaster>', '501 5.1.7 Bad sender address syntax'],
    ['MAIL FROM:<a@b.example>SIZE=1', '501 5.5.4 Space expected before the parameters'],
    ['MAIL FROM:<a@b.example> SIZE=', '501 5.5.4 Bad parameter syntax'],
    ['MAIL FROM:<a@b.example> SIZE', '501 5.5.4 SIZE takes a number of octets'],
    ['MAIL FROM:<a@b.example> SIZE=-1', '501 5.5.4 SIZE takes a number of octets'],
    ['MAIL FROM:<a@b.example> SIZE=1 SIZE=2', '501 5.5.4 SIZE is given twice'],
    ['MAIL FROM:<a@b.example> BODY=9BIT', '501 5.5.4 BODY is 7BIT or 8BITMIME'],
    ['MAIL FROM:<a@b.example> BODY=BINARYMIME', '555 5.5.4 BODY=BINARYMIME is not supported'],
    ['MAIL FROM:<a@b.example> SMTPUTF8=YES', '501 5.5.4 SMTPUTF8 takes no value'],
    ['MAIL FROM:<a@b.example> RET=SOME', '501 5.5.4 RET is FULL or HDRS'],
    ['MAIL FROM:<a@b.example> ENVID=a+zz', '501 5.5.4 ENVID takes xtext of at most 100 characters'],
    ['MAIL FROM:<a@b.example> ENVID=a+0D+0Ab', '501 5.5.4 ENVID takes xtext of at most 100 characters'],
    ['MAIL FROM:<a@b.example> ENVID=+C3+A9', '501 5.5.4 ENVID takes xtext of at most 100 characters'],
    [`MAIL FROM:<a@b.example> ENVID=${'a'.repeat(101)}`, '501 5.5.4 ENVID takes xtext of at most 100 characters'],
    ['MAIL FROM:<a@b.example> FUTURE=1', '555 5.5.4 Unsupported parameter FUTURE'],
    ['MAIL FROM:<andré@b.example>', '553 5.6.7 A sender address outside ASCII needs SMTPUTF8'],
  ])('%s: %s', (line, expected) => {
    expect(reply(mail(line))).toBe(expected)
  })
})

describe('RCPT', () => {
  it('gives its parameters, decoded', () => {
    expect(rcpt('RCPT TO:<a@b.example> NOTIFY=success,DELAY ORCPT=rfc822;a+2Bb@c.example')).toEqual({
      ok: true,
      address: 'a@b.example',
      notify: ['SUCCESS', 'DELAY'],
      originalRecipient: 'rfc822;a+b@c.example',
    })
  })

  it('takes Postmaster without a domain (RFC 5321 §4.1.1.3)', () => {
    expect(rcpt('RCPT TO:<Postmaster>')).toMatchObject({ ok: true, address: 'Postmaster' })
  })

  it.each([
    ['utf-8;andré@bücher.example', 'utf-8;andré@bücher.example'],
    ['utf-8;andr\\x{E9}@b\\x{FC}cher.example', 'utf-8;andré@bücher.example'],
    ['utf-8;andr\\x{e9}@example.com', 'utf-8;andré@example.com'],
    ['UTF-8;plain@example.com', 'utf-8;plain@example.com'],
    // Postfix 3.7
    ['rfc822;jos+C3+A9+2Bx+3Dy@m+C3+BCnchen.example', 'utf-8;josé+x=y@münchen.example'],
    // Exim
    ['rfc822;a+2bb@c.example', 'rfc822;a+b@c.example'],
  ])('reads ORCPT=%s (RFC 6533 §3)', (given, expected) => {
    expect(rcpt(`RCPT TO:<a@b.example> ORCPT=${given}`)).toMatchObject({ originalRecipient: expected })
  })

  it.each([
    ['RCPT', '501 5.5.4 Syntax: RCPT TO:<address>'],
    ['RCPT FROM:<a@b.example>', '501 5.5.4 Syntax: RCPT TO:<address>'],
    ['RCPT TO:a@b.example', '501 5.1.3 Bad recipient address syntax'],
    ['RCPT TO:<>', '501 5.1.3 Bad recipient address syntax'],
    ['RCPT TO:<a b@c.example>', '501 5.1.3 Bad recipient address syntax'],
    ['RCPT TO:<nobody>', '501 5.1.3 Bad recipient address syntax'],
    ['RCPT TO:<a@b.example> NOTIFY=NEVER,DELAY', '501 5.5.4 NOTIFY is NEVER, or a list of SUCCESS, FAILURE and DELAY'],
    ['RCPT TO:<a@b.example> NOTIFY=OFTEN', '501 5.5.4 NOTIFY is NEVER, or a list of SUCCESS, FAILURE and DELAY'],
    ['RCPT TO:<a@b.example> NOTIFY', '501 5.5.4 NOTIFY is NEVER, or a list of SUCCESS, FAILURE and DELAY'],
    ['RCPT TO:<a@b.example> ORCPT=a@b', '501 5.5.4 ORCPT takes an address type, a semicolon and xtext'],
    ['RCPT TO:<a@b.example> ORCPT=rfc822;a+00', '501 5.5.4 ORCPT takes an address type, a semicolon and xtext'],
    ['RCPT TO:<a@b.example> ORCPT=rfc822;a+C2+85', '501 5.5.4 ORCPT takes an address type, a semicolon and xtext'],
    ['RCPT TO:<a@b.example> ORCPT=rfc822;a+E9', '501 5.5.4 ORCPT takes an address type, a semicolon and xtext'],
    ['RCPT TO:<a@b.example> ORCPT=utf-8;a\\x{0A}', '501 5.5.4 ORCPT takes an address type, a semicolon and xtext'],
    ['RCPT TO:<a@b.example> ORCPT=utf-8;a\\x{D800}', '501 5.5.4 ORCPT takes an address type, a semicolon and xtext'],
    ['RCPT TO:<a@b.example> SIZE=1', '555 5.5.4 Unsupported parameter SIZE'],
    ['RCPT TO:<andré@b.example>', '553 5.6.7 A recipient address outside ASCII needs SMTPUTF8 in MAIL'],
  ])('%s: %s', (line, expected) => {
    expect(reply(rcpt(line))).toBe(expected)
  })

  it('takes addresses outside ASCII after SMTPUTF8 (RFC 6531 §3.3)', () => {
    expect(rcpt('RCPT TO:<andré@bücher.example>', true)).toMatchObject({ address: 'andré@bücher.example' })
  })
})
