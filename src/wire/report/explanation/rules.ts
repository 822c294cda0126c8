/**
 * The catalogue: which class a refusal belongs to, by the remote server's words and codes. First match wins.
 *
 * Words go before codes: servers say "mailbox full" with 5.1.1, and refuse spam as 5.5.0. Codes of one's own (Orange,
 * La Poste, SFR, Yahoo, Microsoft) go before words, since they were made to be told apart. The wordings are those the
 * providers document or were seen to send; all are matched in lower case, on one line, without the addresses in them.
 */
import type { ExplanationClass } from './classes.ts'

export interface Rule {
  class: ExplanationClass
  /** Part of the answer. */
  text: RegExp
  /** For these enhanced codes alone, by subject and detail. */
  status?: RegExp
  /** For passing refusals alone, or final ones. */
  passing?: boolean
}

const rule = (name: ExplanationClass, text: RegExp, more: Omit<Rule, 'class' | 'text'> = {}): Rule => ({
  class: name,
  text,
  ...more,
})

/** Orange and Wanadoo (`OFR_506`, `OFR004_104`), La Poste (`LPN007_416`): the last three digits tell. */
export const FRENCH_CODE = /\b(?:ofr|lpn(?:aaa)?|ouk)(?:\d{3})?[-_]?(\d{3})\b/
/** By those digits, or by the first two of them with an `x`. */
export const frenchCodes: Readonly<Record<string, ExplanationClass>> = {
  '100': 'blocklisted', // Abusix
  '101': 'blocklisted', // Spamhaus
  '102': 'blocklisted', // Cloudmark
  '103': 'blocklisted',
  '104': 'rate-limited', // too many connections
  '105': 'rate-limited',
  '107': 'server-identity', // no PTR
  '108': 'rate-limited',
  '109': 'rate-limited', // too many messages in a connection
  '20x': 'server-identity', // HELO
  '39x': 'spf',
  '401': 'spf',
  '402': 'relaying-denied',
  '403': 'sender-rejected',
  '405': 'sender-rejected',
  '415': 'sender-rejected',
  '416': 'unknown-user',
  '417': 'mailbox-full',
  '420': 'mailbox-closed',
  '421': 'sender-rejected',
  '423': 'server-trouble',
  '424': 'server-trouble',
  '425': 'domain-reputation',
  '426': 'mailbox-closed',
  '503': 'rate-limited',
  '505': 'server-trouble',
  '506': 'spam-content',
  '510': 'blocklisted',
  '513': 'spam-content',
  '514': 'too-large',
  '515': 'dmarc',
  '517': 'dmarc',
  '519': 'spf',
  '535': 'dkim',
  '536': 'spam-content',
  '630': 'policy',
  '98x': 'rate-limited',
  '99x': 'rate-limited',
}

/** Codes that one provider made, inside its answer. */
const coded: Rule[] = [
  // SFR: 05 too much mail; 01 spam, 02 viruses, 03 errors, 04 unknown users, each a block of two hours.
  rule('rate-limited', /\bsfr_in_\d05\b/),
  rule('blocklisted', /\bsfr_in_\d0[1-4]\b/),
  // Yahoo and AOL.
  rule('blocklisted', /\[ts03\]|\[bl\d\d\]|\[ipts\d\d\]/),
  rule('rate-limited', /\[tss?\d\d\]|\[gl\d\d\]/),
  rule('spam-content', /\[ph\d\d\]/),
  rule('dmarc', /message not accepted for policy reasons/, { status: /^7\.9$/ }),
  // Microsoft: Outlook.com, then Exchange Online.
  rule('blocklisted', /\(a?s31[45]0\)|\(a?s3114\)|\b(?:sc|dy|ou)-00[1-6]\b/),
  rule('rate-limited', /\(s77[5-7]\)|\b(?:rp)-00[1-3]\b/),
  rule('blocklisted', /\b5\.7\.(?:511|6[0-4]\d|708|50[1-4])\b/),
  rule('dmarc', /\b5\.7\.509\b/),
  rule('unauthenticated', /\b5\.7\.515\b/),
  rule('bad-form', /\b5\.7\.512\b/),
  rule('rate-limited', /\b4\.7\.(?:5\d\d|6[0-9]\d)\b/),
  rule('unknown-user', /\b5\.1\.10\b.{0,120}recipient ?not ?found|resolver\.adr\.(?:recip|ex)/),
  rule('unknown-user', /recipient address rejected: access denied/, { status: /^(?:4\.1|7\.1)$/ }),
  rule('recipient-refuses', /resolver\.rst\.|\b5\.7\.(?:12[0-9]|13[0-9])\b/),
  rule('relaying-denied', /\b5\.7\.(?:57|64)\b|tenantattribution/),
  rule('policy', /transport\.rules\.reject/),
  // Gmail: the figures it took from the registry mean what the registry says, these mean what Gmail says.
  rule('dmarc', /\b[45]\.7\.(?:26|40|32)\b.{0,400}dmarc/),
  rule('dmarc', /\b[45]\.7\.(?:32|40)\b.{0,600}gsmtp/),
  rule('spf', /\b[45]\.7\.27\b.{0,600}(?:spf|gsmtp)/),
  rule('dkim', /\b[45]\.7\.30\b.{0,600}(?:dkim|gsmtp)/),
  rule('tls-required', /\b[45]\.7\.29\b.{0,600}(?:tls|gsmtp)/),
  rule('rate-limited', /\b4\.7\.28\b|unusual rate of unsolicited/),
  // Apple's iCloud.
  rule('spam-content', /\[cs0\d\]/),
  rule('policy', /\[hm\d\d\]/),
]

/** What a sender is told in place of another server's words, which may name where the mail was sent on to. */
export const SENT_ON = 'Mail for this address is sent on elsewhere, where this message was not taken'

/** What this service says itself. */
const own: Rule[] = [
  rule('sending-limit', /limit on the number of allowed outgoing messages was exceeded/),
  rule('sending-held', /held for review because of unusual sending/),
  rule('sender-not-allowed', /sender address rejected: not owned by|not owned by (?:user|auth)/),
  rule('leads-too-far', /leads to too many addresses/),
  rule('sent-on', /^mail for this address is sent on elsewhere/),
  rule('no-mail-accepted', /\(?nullmx\)?|null mx|does not accept mail\b|domain does not accept e?-?mail/),
  rule('dns-failure', /name service error .{0,300}try again/),
  rule('no-mail-server', /host found but no data record of requested type/),
  rule('unknown-domain', /name service error .{0,300}host not found/),
  rule('loop', /loops back to myself|too many hops|hop count exceeded|routing loop|mail ?loop|mail forwarding loop/),
]

const addresses: Rule[] = [
  rule('moved', /user not local; please try|has moved|no longer at this address|adresse a chang/),
  rule(
    'mailbox-full',
    /mailbox.{0,40}(?:is )?full|over ?quota|quota.{0,30}exceeded|exceed.{0,40}quota|out of storage|insufficient.{0,10} disk space|mailbox size limit|bo[iî]te.{0,30}pleine|storage (?:space|limit).{0,30}exceeded|mailbox has exceeded/,
  ),
  rule(
    'mailbox-closed',
    /account.{0,60}(?:disabled|inactive|suspended|closed|deactivated|blocked|locked)|mailbox.{0,60}(?:disabled|inactive|suspended|closed|deactivated|blocked|locked|archived|discontinued)|user.{0,20}(?:is )?(?:disabled|inactive|suspended)|(?:disabled|inactive|suspended) (?:user|account|mailbox|recipient)|compte.{0,30}(?:bloqu|suspendu|ferm|d[eé]sactiv)|no longer (?:in use|active|accepts)/,
  ),
  rule('sender-rejected', /sender.{0,60}domain.{0,20}(?:not found|does not exist)/),
  rule(
    'unknown-domain',
    /recipient address rejected: domain not found|host or domain name not found|domain.{0,60}does ?n[o']t exist|unknown domain/,
  ),
  rule('recipient-busy', /receiving (?:mail|e?-?mails?) (?:at a rate|too quickly|too fast)|recipient thread limit/),
  rule(
    'unknown-user',
    /user unknown|unknown (?:user|recipient|mailbox|local ?part|account|address)|no such (?:user|recipient|mailbox|person|account|address|e?-?mail)|does ?n[o']t exist\b(?!.{0,20}domain)|recipient.{0,30}(?:not found|unknown|does not exist)|(?:user|mailbox|account|address|recipient).{0,30}(?:not found|not known|does not exist|doesn't exist)|no mailbox here|invalid (?:recipient|mailbox|user|destinataire)|mailbox unavailable|not a valid (?:user|mailbox|recipient|address)|no account by that name|unrouteable address|address rejected: unverified|undeliverable address|user doesn'?t have|is marked as invalid|destinataire (?:inconnu|invalide)|adresse.{0,40}invalide|utilisateur inconnu|mailbox not found|recipnotfound|recipientnotfound/,
  ),
  rule(
    'bad-address',
    /bad (?:recipient|destination) address syntax|malformed address|bad address literal|invalid address syntax|syntax error in (?:address|recipient)/,
  ),
  rule(
    'recipient-refuses',
    /does not accept mail from (?:you|this)|not accepting (?:mail|messages) from you|(?:recipient|user).{0,30}blocked (?:you|your|the sender)|rejected by (?:the )?(?:recipient|user)|manually blocked sender|sender address blocked|envelope blocked|only accepts? (?:mail|messages) from|restricted recipient|not on the (?:allowed|permitted) senders/,
  ),
]

const senders: Rule[] = [
  rule('dmarc', /dmarc/),
  rule(
    'unauthenticated',
    /sender is unauthenticated|not? authenticat(?:ed|ion information)|unauthenticated (?:e?-?mail|message|sender)|required authentication level|authentication checks|pass authentication/,
  ),
  rule(
    'spf',
    /\bspf\b|sender policy framework|not (?:authorized|allowed|permitted) to send (?:mail|messages?|e?-?mails?)? ?(?:from|for)/,
  ),
  rule('dkim', /\bdkim\b/),
  rule(
    'server-identity',
    /\bptr\b|reverse ?-?dns|reverse (?:lookup|hostname|mapping)|\brdns\b|cannot find your (?:reverse )?hostname|helo command rejected|invalid helo|bad helo|ehlo.{0,40}(?:invalid|rejected|not resolve)|fcrdns|forward-confirmed/,
  ),
  rule(
    'blocklisted',
    /block ?list|black ?list|blocked using|blacklisted|spamhaus|spamcop|\bsorbs\b|uceprotect|barracudacentral|barracuda reputation|abusix|invaluement|\brbl\b|\bdnsbl\b|senderscore|ipcheck\.proofpoint|poor reputation|reputation of the sending ip|banned sen(?:der|ding ip)|your ip.{0,60}(?:blocked|banned|refused|rejected|listed)|\bip\b.{0,40}(?:bloqu[eé]e|refus[eé]e)|too many spams? from your ip|too many errors from your ip|connections will not be accepted|client host.{0,80}(?:blocked|rejected: access denied)|tosa@|mail server.{0,30}(?:blocked|blacklisted)|on our block/,
  ),
  rule(
    'domain-reputation',
    /reputation of the (?:sending )?domain|domain.{0,40}(?:low|bad|poor) reputation|domain reputation|sender(?:'s)? domain.{0,30}(?:blocked|listed)/,
  ),
  rule(
    'sender-rejected',
    /sender.{0,30}(?:verif|could not be verified|domain (?:must|not found|does not exist)|invalid)|sender address (?:rejected|is not)|(?:[eé]metteur|exp[eé]diteur) invalide|invalid sender|mail from.{0,30}(?:rejected|invalid|not allowed)|return ?-?path.{0,30}(?:invalid|not resolve)/,
  ),
]

const messages: Rule[] = [
  rule(
    'too-large',
    /message (?:file |size )?(?:is )?too (?:big|large)|size.{0,40}exceed|exceed.{0,40}(?:size|maximum length)|larger than|too large|taille.{0,40}(?:limite|maxim|d[eé]pass)|message limit.{0,20}size|msg too big/,
  ),
  rule('too-many-recipients', /too many recipients|recipients? limit/),
  rule('virus', /virus|malware|infected|trojan|clamav|phish/),
  rule(
    'attachment-refused',
    /attachment|potential security issue|file ?(?:type|extension|name)|banned (?:content|file)|executable|prohibited content|pi[eè]ce jointe/,
  ),
  rule(
    'spam-content',
    /likely (?:unsolicited|suspicious|spam)|unsolicited|(?:is|as|looks like|detected as|considered|suspected|classified as|probable) spam|spam (?:detected|message|content|score|filter|refused)|suspected spam|spammy|junk mail|message content rejected|content (?:rejected|not accepted)|rejected.{0,30}(?:content|spam)|content examination|mail rejete|bulk mail|(?:blocked|rejected) (?:by|as) .{0,20}spam|high probability of spam|anti-?spam|message refused|5\.7\.1 \[?cs/,
  ),
  rule(
    'bad-form',
    /rfc ?-?5322|rfc ?-?2822|not rfc compliant|(?:missing|duplicate|multiple|invalid).{0,30}(?:header|from:|date:|message-id)|malformed (?:message|header|mime)|bare (?:lf|cr)|line too long|bad header/,
  ),
  rule('international-header', /(?:smtputf8|utf-?8|non-?ascii|internationali[sz]ed).{0,30}header/),
  rule('international-address', /smtputf8|internationali[sz]ed|non-?ascii/),
]

const servers: Rule[] = [
  rule(
    'greylisted',
    /gr[ea]y ?-?list|postgrey|internal resource (?:is )?temporarily unavailable|please retry (?:in|later|after)|try again in \d/,
    { passing: true },
  ),
  rule(
    'rate-limited',
    /rate ?-?limit|too many (?:connections|messages|e?-?mails|concurrent|sessions)|unusual rate|temporarily deferred|trop de (?:connexions|messages)|slow down|throttl|sending too (?:fast|many|much)|unexpected volume|user complaints|max(?:imum)? (?:number of )?(?:messages|connections|emails)|mail flood|exceeded the rate|deferred due to/,
  ),
  rule(
    'tls-required',
    /(?:must issue|require[sd]?).{0,20}(?:a )?(?:starttls|tls|encryption)|(?:starttls|tls|encryption) (?:is )?required|requires encryption/,
  ),
  rule(
    'relaying-denied',
    /relay(?:ing)? ?(?:access )?(?:denied|not permitted|not allowed|prohibited)|unable to relay|cannot relay|not permitted to relay|no relaying|allowed rcpthosts|authentication (?:is )?required|must authenticate|client was not authenticated|we do not relay/,
  ),
  rule(
    'policy',
    /polic(?:y|ies)|administrative(?:ly)? prohibit|permanent failure for one or more recipients|not allowed by|rejected by rule|prohibited|permission denied|not authori[sz]ed/,
  ),
  rule('expired', /message expired|delivery (?:time )?expired|retry (?:time(?:out)?|timeout) exceeded|too old/),
  rule(
    'tls-failed',
    /tls.{0,40}(?:handshake|failed|failure|error|alert)|certificate (?:verif|has expired|is not)|(?:handshake|ssl).{0,30}fail/,
  ),
  rule(
    'unreachable',
    /timed out|time-?out|connection (?:refused|timed)|no route to host|network is unreachable|host is (?:down|unreachable)|econnrefused|etimedout|ehostunreach|enetunreach|refused to talk/,
    { status: /^4\.[0-9]+$/ },
  ),
  rule(
    'connection-lost',
    /lost connection|connection (?:was )?(?:closed|reset|lost|ended|dropped|broke)|ended the (?:connection|session)|econnreset/,
    { status: /^4\.[0-9]+$/ },
  ),
  rule(
    'server-trouble',
    /temporary (?:system|server|local) (?:problem|error|failure)|system (?:problem|error|not accepting)|insufficient system|server (?:is )?(?:busy|down|error|unavailable|too busy)|out of (?:memory|disk)|disk full|internal (?:server )?error|service (?:not available|unavailable|refus)|local error|try (?:again )?later|essayer plus tard|resources temporarily/,
    { passing: true },
  ),
]

export const rules: readonly Rule[] = [...own, ...coded, ...addresses, ...senders, ...messages, ...servers]

/** By subject and detail of the enhanced code, where the words tell nothing (RFC 3463, RFC 5248, RFC 7372, RFC 7505, RFC 8689). */
export const codes: Readonly<Record<string, ExplanationClass>> = {
  '1.0': 'unknown-user',
  '1.1': 'unknown-user',
  '1.2': 'unknown-domain',
  '1.3': 'bad-address',
  '1.4': 'unknown-user',
  '1.5': 'unknown-user',
  '1.6': 'moved',
  '1.7': 'sender-rejected',
  '1.8': 'sender-rejected',
  '1.10': 'no-mail-accepted',
  '2.0': 'mailbox-closed',
  '2.1': 'mailbox-closed',
  '2.2': 'mailbox-full',
  '2.3': 'too-large',
  '2.4': 'recipient-refuses',
  '3.4': 'too-large',
  '4.1': 'unreachable',
  '4.2': 'connection-lost',
  '4.3': 'dns-failure',
  '4.4': 'no-mail-server',
  '4.5': 'server-trouble',
  '4.6': 'loop',
  '4.7': 'expired',
  '5.3': 'too-many-recipients',
  '6.6': 'bad-form',
  '6.7': 'international-address',
  '6.9': 'international-header',
  '7.0': 'policy',
  '7.1': 'policy',
  '7.2': 'recipient-refuses',
  '7.10': 'tls-required',
  '7.13': 'mailbox-closed',
  '7.17': 'recipient-refuses',
  '7.20': 'dkim',
  '7.21': 'dkim',
  '7.22': 'dkim',
  '7.23': 'spf',
  '7.24': 'spf',
  '7.25': 'server-identity',
  '7.26': 'unauthenticated',
  '7.27': 'sender-rejected',
  '7.28': 'rate-limited',
  '7.29': 'unauthenticated',
  '7.30': 'tls-required',
  '7.57': 'relaying-denied',
  '7.64': 'relaying-denied',
  '7.509': 'dmarc',
  '7.515': 'unauthenticated',
}

/** By subject alone, where the detail is none that is known. */
export const codesBySubject: Readonly<Record<string, ExplanationClass>> = {
  '1': 'unknown-user',
  '2': 'mailbox-closed',
  '3': 'server-trouble',
  '4': 'unreachable',
  '5': 'protocol-error',
  '6': 'bad-form',
  '7': 'policy',
}

/** By the reply code, for servers that have no enhanced ones (RFC 5321 §4.2.3). */
export const replyCodes: Readonly<Record<string, ExplanationClass>> = {
  '421': 'server-trouble',
  '450': 'greylisted',
  '451': 'greylisted',
  '452': 'server-trouble',
  '500': 'protocol-error',
  '501': 'protocol-error',
  '502': 'protocol-error',
  '503': 'protocol-error',
  '504': 'protocol-error',
  '521': 'no-mail-accepted',
  '530': 'relaying-denied',
  '550': 'policy',
  '551': 'moved',
  '552': 'mailbox-full',
  '553': 'bad-address',
  '554': 'policy',
  '555': 'protocol-error',
  '556': 'no-mail-accepted',
}
