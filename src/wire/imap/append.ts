/**
 * APPEND (RFC 9051 §6.3.12) of one or more messages (RFC 3502), as literal, literal8 (RFC 3516) or UTF8 (RFC 6855 §4); REPLACE
 * and UID REPLACE (RFC 8508) with one.
 */
import type { AppendMessage, CommandBody, StoreFlags } from './command.ts'
import { dateTime } from './date-time.ts'
import type { Decoder, Literal } from './decoder.ts'
import { flagList } from './flags.ts'
import { APPEND_MESSAGES } from './limits.ts'
import { mailbox } from './mailbox-name.ts'
import { sequenceNumber } from './sequence-set.ts'

export function parseAppend(decoder: Decoder): CommandBody {
  decoder.space('the mailbox name')
  const target = mailbox(decoder)
  decoder.space('the message')
  const messages: AppendMessage[] = []
  do {
    if (messages.length === APPEND_MESSAGES) decoder.refuse(`more than ${APPEND_MESSAGES} messages`, 'NO', 'LIMIT')
    messages.push(parseMessage(decoder))
  } while (decoder.takesSpace())
  return { name: 'APPEND', mailbox: target, messages }
}

export function parseReplace(decoder: Decoder, uid: boolean): CommandBody {
  decoder.space('the message to replace')
  const number = sequenceNumber(decoder, 'the message to replace')
  decoder.space('the mailbox name')
  const target = mailbox(decoder)
  decoder.space('the message')
  return { name: 'REPLACE', uid, number, mailbox: target, message: parseMessage(decoder) }
}

function parseMessage(decoder: Decoder): AppendMessage {
  let flags: StoreFlags = { system: 0, keywords: [] }
  let internalDate: number | null = null
  if (decoder.sees('(')) {
    flags = flagList(decoder)
    decoder.space('the message')
  }
  if (decoder.sees('"')) {
    internalDate = dateTime(decoder, 'the internal date')
    decoder.space('the message')
  }
  const utf8 = decoder.takesText('UTF8')
  const { bytes, binary } = utf8 ? utf8Literal(decoder) : messageLiteral(decoder)
  // RFC 3502 §6.3.11: an empty message cancels the APPEND, and the answer is NO.
  if (bytes.length === 0) decoder.refuse('a message is empty: nothing was appended', 'NO')
  // RFC 9051 §9: a literal is of CHAR8, without NUL; only literal8 may hold it.
  if (!binary && bytes.includes(0)) decoder.refuse('a message with NUL octets must be sent as literal8, ~{n}', 'NO')
  return { flags, internalDate, bytes, binary, utf8 }
}

function messageLiteral(decoder: Decoder): Literal {
  return decoder.literal() ?? decoder.fail('the message as a literal')
}

function utf8Literal(decoder: Decoder): Literal {
  decoder.space('the message')
  decoder.expect('(', 'an opening parenthesis before the UTF8 message')
  const literal = messageLiteral(decoder)
  if (!literal.binary) decoder.refuse('a UTF8 message must be sent as literal8, ~{n}')
  decoder.expect(')', 'a closing parenthesis behind the UTF8 message')
  return literal
}
