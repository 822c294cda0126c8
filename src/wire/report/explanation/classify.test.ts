/** Answers as servers give them, with addresses made up: which class each is taken for. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { processorMsOf } from '../../../../test/support/processor-time.ts'
import type { ExplanationClass } from './classes.ts'
import { classify } from './explain.ts'
import { SENT_ON } from './rules.ts'

/** The enhanced code of an answer's first line, as the queue reads it. */
function statusOf(answer: string): string {
  const found = /^\d{3}[ -]([245]\.\d{1,3}\.\d{1,3})(?:\s|$)/.exec(answer)?.[1]
  return found ?? `${answer.charAt(0)}.0.0`
}

const answers: Record<string, [ExplanationClass, string][]> = {
  'this service': [
    ['too-large', '552 5.3.4 Error; message file too big'],
    ['bad-address', '501 5.1.3 Bad recipient address syntax'],
    ['unknown-user', '550 5.1.1 <bob@example.org>: Recipient address rejected: User unknown'],
    ['mailbox-full', '452 4.2.2 Mailbox full'],
    ['mailbox-closed', '550 5.2.1 <bob@example.org>: Mailbox disabled, not accepting messages'],
    ['sent-on', SENT_ON],
    ['leads-too-far', '550 5.2.4 <team@here.test>: Leads to too many addresses, or through too many aliases'],
    [
      'sending-limit',
      '554 5.7.0 Your message could not be sent. The limit on the number of allowed outgoing messages was exceeded.',
    ],
    ['sending-held', '554 5.7.0 Held for review because of unusual sending, and not released in time'],
    ['sender-not-allowed', '550 5.7.1 <x@example.org>: Sender address rejected: not owned by user bob@example.org'],
    ['no-mail-accepted', '556 5.1.10 Domain example.org does not accept mail (nullMX)'],
    ['loop', '554 5.4.6 mail for example.org loops back to myself'],
  ],
  Gmail: [
    [
      'unknown-user',
      '550-5.1.1 The email account that you tried to reach does not\n550-5.1.1 exist. Please try double-checking the recipient’s email address for typos or\n550-5.1.1 unnecessary spaces. For more information, go to\n550 5.1.1  https://support.google.com/mail/?p=NoSuchUser 123 - gsmtp',
    ],
    [
      'mailbox-closed',
      '550-5.2.1 The email account that you tried to reach is inactive. For more information, go to\n550 5.2.1  https://support.google.com/mail/?p=DisabledUser 123 - gsmtp',
    ],
    [
      'recipient-busy',
      '450-4.2.1 The user you are trying to contact is receiving email at a rate that\n450-4.2.1 prevents additional messages from being delivered. - gsmtp',
    ],
    [
      'recipient-busy',
      '450 4.2.1 The user you are trying to contact is receiving mail too quickly. Please resend your message at a later time.',
    ],
    [
      'mailbox-full',
      "452-4.2.2 The recipient's inbox is out of storage space. Please direct the\n452-4.2.2 recipient to https://support.google.com/mail/?p=OverQuotaTemp - gsmtp",
    ],
    ['too-large', "552-5.3.4 Your message exceeded Google's message size limits. - gsmtp"],
    [
      'spam-content',
      '550-5.7.1 [192.0.2.1      12] Our system has detected that this message is\n550-5.7.1 likely unsolicited mail. To reduce the amount of spam sent to Gmail,\n550-5.7.1 this message has been blocked. - gsmtp',
    ],
    [
      'blocklisted',
      '550-5.7.1 [192.0.2.1] Our system has detected that this message is\n550-5.7.1 likely suspicious due to the very low reputation of the sending IP address.\n550 5.7.1 - gsmtp',
    ],
    [
      'domain-reputation',
      '550-5.7.1 [192.0.2.1      19] Our system has detected that this message is\n550-5.7.1 likely suspicious due to the very low reputation of the sending domain.\n550 5.7.1 - gsmtp',
    ],
    [
      'rate-limited',
      '421-4.7.0 [192.0.2.1      15] Our system has detected an unusual rate of\n421-4.7.0 unsolicited mail originating from your IP address. - gsmtp',
    ],
    [
      'rate-limited',
      '421-4.7.28 Gmail has detected an unusual rate of unsolicited mail originating\n421-4.7.28 from your IP address. - gsmtp',
    ],
    [
      'unauthenticated',
      '550-5.7.26 This mail has been blocked because the sender is unauthenticated.\n550-5.7.26 Gmail requires all senders to authenticate with either SPF or DKIM.\n550 5.7.26 - gsmtp',
    ],
    [
      'dmarc',
      "550-5.7.26 Unauthenticated email from example.org is not accepted due to domain's\n550-5.7.26 DMARC policy. Please contact the administrator of example.org domain. - gsmtp",
    ],
    [
      'spf',
      '421-4.7.27 Your email has been rate limited because SPF authentication didn’t pass for this message. - gsmtp',
    ],
    [
      'dkim',
      '550-5.7.30 Your email has been blocked because DKIM authentication didn’t pass for this message. - gsmtp',
    ],
    [
      'server-identity',
      '550-5.7.25 [192.0.2.1] The IP address sending this message does not have a\n550-5.7.25 PTR record setup, or the corresponding forward DNS entry does not match. - gsmtp',
    ],
    [
      'attachment-refused',
      '552-5.7.0 This message was blocked because its content presents a potential\n552-5.7.0 security issue. - gsmtp',
    ],
    ['tls-required', '421 4.7.0 TLS required for RCPT domain, closing connection.'],
    ['policy', '550 5.7.1 This message violates example.com email policy. - gcdp 12 - gsmtp'],
    ['bad-form', '550-5.7.1 Messages missing a valid Message-ID header are not accepted. - gsmtp'],
  ],
  Microsoft: [
    [
      'blocklisted',
      "550 5.7.1 Unfortunately, messages from [192.0.2.1] weren't sent. Please contact your Internet service provider since part of their network is on our block list (S3150). [Name=Protocol Filter Agent]",
    ],
    [
      'blocklisted',
      '550 5.7.511 Access denied, banned sender[192.0.2.1]. To request removal from this list please forward this message to delist@example.com.',
    ],
    ['blocklisted', '550 5.7.606 Access denied, banned sending IP [192.0.2.1]. To request removal please visit'],
    ['unknown-user', '550 5.4.1 Recipient address rejected: Access denied. [AMS0EPF0001.example 2025-01-01T00:00:00Z]'],
    [
      'unknown-user',
      '550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient bob@example.org not found by SMTP address lookup',
    ],
    ['unknown-user', '550 5.5.0 Requested action not taken: mailbox unavailable (S2017062302).'],
    [
      'mailbox-full',
      '554 5.2.2 mailbox full; STOREDRV.Deliver.Exception:QuotaExceededException.MapiExceptionShutoffQuotaExceeded',
    ],
    [
      'dmarc',
      '550 5.7.509 Access denied, sending domain example.org does not pass DMARC verification and has a DMARC policy of reject.',
    ],
    [
      'unauthenticated',
      '550 5.7.515 Access denied, sending domain example.org does not meet the required authentication level.',
    ],
    [
      'rate-limited',
      '451 4.7.650 The mail server [192.0.2.1] has been temporarily rate limited due to IP reputation. (S775)',
    ],
    ['rate-limited', '451 4.7.500 Server busy. Please try again later from [192.0.2.1]. (S77714)'],
    ['recipient-refuses', '550 5.7.133 RESOLVER.RST.SenderNotAuthenticatedForGroup; authentication required'],
    ['relaying-denied', '530 5.7.57 Client not authenticated to send mail. [x.prod.outlook.com]'],
    ['relaying-denied', '550 5.7.64 TenantAttribution; Relay Access Denied'],
    ['loop', '554 5.4.14 Hop count exceeded - possible mail loop ATTR34'],
    ['spf', '550 5.7.23 The message was rejected because of Sender Policy Framework violation -> 550 5.7.1 SPF'],
    ['policy', '550 5.7.1 TRANSPORT.RULES.RejectMessage; the message was rejected by organization policy'],
  ],
  'Yahoo and AOL': [
    [
      'rate-limited',
      '421 4.7.0 [TSS04] Messages from 192.0.2.1 temporarily deferred due to unexpected volume or user complaints - 4.16.55.1; see https://postmaster.example/error-codes',
    ],
    [
      'blocklisted',
      '421 4.7.1 [TS03] All messages from 192.0.2.1 will be permanently deferred; Retrying will NOT succeed.',
    ],
    ['spam-content', '554 Message not allowed - [PH01] Email not accepted for policy reasons.'],
    ['dmarc', '554 5.7.9 Message not accepted for policy reasons. See https://postmaster.example/error-codes'],
    [
      'blocklisted',
      "553 5.7.1 [BL21] Connections will not be accepted from 192.0.2.1, because the ip is in Spamhaus's list",
    ],
    ['unknown-user', "554 delivery error: dd This user doesn't have a yahoo.com account (bob@example.org) [0]"],
    [
      'mailbox-closed',
      '554 30 Sorry, your message to bob@example.org cannot be delivered. This mailbox is disabled (554.30).',
    ],
    ['bad-form', '554 Message not allowed - Headers are not RFC compliant[291]'],
  ],
  'Orange and Wanadoo': [
    ['unknown-user', '550 5.1.1 Adresse d au moins un destinataire invalide. Invalid recipient. OFR_416 [416]'],
    ['mailbox-full', '552 5.1.1 Boite du destinataire pleine. Recipient overquota. OFR_417 [417]'],
    [
      'rate-limited',
      '421 mwinf5c79 ME Trop de connexions, veuillez verifier votre configuration. Too many connections, slow down. OFR005_104 [104]',
    ],
    ['spam-content', '550 5.2.0 Mail rejete. Mail rejected. ofr_506 [506]'],
    [
      'blocklisted',
      '550 mwinf5c04 ME Adresse IP source bloquee pour incident de spam. Client host blocked for spamming issues. OFR006_102 Ref http://csi.example',
    ],
    [
      'rate-limited',
      '421 mwinf5c77 ME Service refuse. Veuillez essayer plus tard. Service refused, please try later. OFR_999 [999]',
    ],
    ['sender-rejected', '501 5.1.0 Emetteur invalide. Invalid Sender. OFR004_405 [405]'],
    [
      'server-trouble',
      '421 4.2.0 Service refuse. Veuillez essayer plus tard. Service refused, please try later. OFR005_505 [505]',
    ],
    [
      'spf',
      '421 smtp.orange.fr [192.0.2.1] Emetteur invalide, Veuillez verifier la configuration SPF/DNS de votre nom de domaine. OFR_397',
    ],
  ],
  'La Poste': [
    ['unknown-user', '550 5.1.1 Adresse d au moins un destinataire invalide. Invalid recipient. LPN007_416'],
    ['unknown-user', '550 5.1.1 Adresse d au moins un destinataire invalide. Invalid recipient. LPN416'],
    ['mailbox-closed', '550 5.5.0 Boite du destinataire archivee. Archived recipient. LPN007_420'],
    [
      'blocklisted',
      '550 5.5.0 Service refuse. Veuillez essayer plus tard. service refused, please try later. LPN007_510',
    ],
    [
      'dmarc',
      '571 5.7.1 Message refused, DMARC verification Failed. Message refuse, verification DMARC en echec LPN007_517',
    ],
    ['blocklisted', '550 5.7.1 Service unavailable; client [192.0.2.1] blocked using Spamhaus LPNAAA_101'],
  ],
  'Free and SFR': [
    ['spam-content', '550 spam detected'],
    ['blocklisted', '421 Too many spams from your IP (192.0.2.1), please visit http://postmaster.example/'],
    ['rate-limited', '450 4.7.1 Service refused due to bad behavior SFR_IN_105'],
    ['blocklisted', '450 4.7.1 Service refused due to bad behavior SFR_IN_101'],
    ['spam-content', '550 5.7.1 Message content rejected'],
  ],
  'filters in between': [
    ['blocklisted', '554 Blocked - see https://ipcheck.proofpoint.com/?ip=192.0.2.1'],
    ['unknown-user', '550 5.1.1 User email address is marked as invalid.'],
    [
      'blocklisted',
      '554 5.7.1 Service unavailable; Client host [192.0.2.1] blocked using Barracuda Reputation; http://bbl.example/q.cgi?ip=192.0.2.1',
    ],
    ['policy', '550 permanent failure for one or more recipients (bob@example.org:blocked)'],
    [
      'blocklisted',
      '554 5.7.1 Service unavailable; Client host [192.0.2.1] blocked using zen.spamhaus.org; https://www.spamhaus.org/query/ip/192.0.2.1',
    ],
    ['greylisted', '451 Internal resource temporarily unavailable - https://community.example/docs/DOC-1369#451'],
    ['recipient-refuses', '550 Rejected by header based manually blocked senders - block for manual block'],
    ['policy', '550 Administrative prohibition - envelope rejected'],
    ['blocklisted', "554 Your access to this mail system has been rejected due to the sending MTA's poor reputation."],
    ['spam-content', '554 5.7.1 [CS01] Message rejected due to local policy.'],
    ['virus', '550 5.7.1 This message contains a virus (Eicar-Test-Signature)'],
    ['attachment-refused', '552 5.7.0 Blocked attachment type .exe'],
  ],
  'servers everywhere': [
    [
      'greylisted',
      '450 4.2.0 <bob@example.org>: Recipient address rejected: Greylisted, see http://postgrey.example/help',
    ],
    ['greylisted', '451 4.7.1 Greylisting in action, please come back in 00:04:59'],
    ['relaying-denied', '554 5.7.1 <bob@example.org>: Relay access denied'],
    ['relaying-denied', "553 sorry, that domain isn't in my list of allowed rcpthosts (#5.7.1)"],
    ['server-identity', '450 4.7.1 Client host rejected: cannot find your hostname, [192.0.2.1]'],
    ['server-identity', '450 4.7.1 <mail.example.org>: Helo command rejected: Host not found'],
    ['sender-rejected', '450 4.1.8 <alice@example.org>: Sender address rejected: Domain not found'],
    ['unknown-user', '550 5.1.1 <spam-virus@example.org>: User unknown; rejecting'],
    ['unknown-user', '511 sorry, no mailbox here by that name (#5.1.1 - chkuser)'],
    ['loop', '554 5.4.0 Error: too many hops'],
    ['too-large', '552 5.3.4 Message size exceeds fixed limit'],
    ['mailbox-full', '552 5.2.2 <bob@example.org>: user is over quota'],
    ['mailbox-full', '452 4.2.2 Mailbox full 4.2.1 Message can not be delivered at this time'],
    ['too-many-recipients', '452 4.5.3 Error: too many recipients'],
    ['tls-required', '530 5.7.0 Must issue a STARTTLS command first'],
    ['server-trouble', '451 4.3.0 Temporary system problem. Try again later.'],
    ['server-trouble', '452 4.3.1 Insufficient system storage'],
    ['international-address', '553 5.6.7 SMTPUTF8 is not supported here'],
    ['international-address', 'SMTPUTF8 is required, but was not offered by host mx.example.org'],
    ['international-header', 'SMTPUTF8 is required by the header, but was not offered by host mx.example.org'],
  ],
  'codes alone': [
    ['unknown-user', '550 5.1.1 no'],
    ['policy', '550 no'],
    ['mailbox-full', '552 no'],
    ['moved', '551 no'],
    ['greylisted', '450 no'],
    ['server-trouble', '421 no'],
    ['spf', '550 5.7.24 no'],
    ['expired', '451 4.4.7 no'],
    ['policy', '550 5.7.99 no'],
    ['unknown', '499 no'],
  ],
}

describe.each(Object.entries(answers))('%s', (_, list) => {
  it.each(list)('%s: %s', (expected, text) => {
    expect(classify({ status: statusOf(text), text, isRemote: true })).toBe(expected)
  })
})

const words: [ExplanationClass, string, string][] = [
  [
    'unknown-domain',
    '5.1.2',
    'Host or domain name not found. Name service error for name=nowhere.example type=A: Host not found',
  ],
  [
    'dns-failure',
    '4.4.3',
    'Host or domain name not found. Name service error for name=a.example type=MX: Host not found, try again',
  ],
  [
    'no-mail-server',
    '5.4.4',
    'Host or domain name not found. Name service error for name=a.example type=A: Host found but no data record of requested type',
  ],
  ['unreachable', '4.4.1', 'connect to mx.example[192.0.2.1]:25: Connection timed out'],
  ['unreachable', '4.4.1', 'connect to mx.example[192.0.2.1]:25: Connection refused'],
  ['connection-lost', '4.4.2', 'the connection ended before this recipient was its turn'],
  ['connection-lost', '4.4.2', 'the delivery took too long and was broken off'],
  ['local-trouble', '4.3.0', '451 4.3.0 Message could not be stored now'],
]

it.each(words)('this server’s own words: %s', (expected, status, text) => {
  expect(classify({ status, text, isRemote: false })).toBe(expected)
})

it('takes any answer, in bounded time', () => {
  const piece = fc.oneof(
    fc.constantFrom(
      'spf ',
      'name service error ',
      '5.7.26 ',
      'mailbox ',
      'account ',
      'sender ',
      'exceed ',
      'a@',
      '@',
      '\n550-5.1.1 ',
    ),
    fc.string({ maxLength: 20 }),
  )
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 400 }), pieces => {
      const work = (): unknown => classify({ status: '5.7.1', text: pieces.join(''), isRemote: true })
      expect(processorMsOf(work)).toBeLessThan(2_000)
    }),
    { numRuns: 200 },
  )
  for (const hard of ['name service error ', 'mailbox ', 'account ', 'does n', 'a', '@', ' ']) {
    const work = (): unknown => classify({ status: '5.0.0', text: hard.repeat(100_000), isRemote: true })
    expect(processorMsOf(work)).toBeLessThan(2_000)
  }
})
