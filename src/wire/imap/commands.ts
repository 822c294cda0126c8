/** The table of commands: which parser reads which, and what is read before it. */
import { parseAppend, parseReplace } from './append.ts'
import { parseAuthenticate } from './authenticate.ts'
import type { Command, CommandBody, CommandWithoutArguments } from './command.ts'
import { parseCompress } from './compress.ts'
import { parseCopyOrMove } from './copy-move.ts'
import { Decoder } from './decoder.ts'
import { parseEnable } from './enable.ts'
import { parseEsearch } from './esearch.ts'
import { parseUidExpunge } from './expunge.ts'
import { parseFetch } from './fetch.ts'
import { parseId } from './id.ts'
import { TAG_BYTES } from './limits.ts'
import { parseList, parseLsub } from './list.ts'
import { parseLogin } from './login.ts'
import { parseCreate, parseMailboxCommand, parseRename } from './mailbox-commands.ts'
import { parseNotify } from './notify.ts'
import { parseGetQuota, parseGetQuotaRoot, parseSetQuota } from './quota.ts'
import { parseSearch } from './search.ts'
import { parseSelect } from './select.ts'
import { parseSort } from './sort.ts'
import { parseStatus } from './status.ts'
import { parseStore } from './store.ts'
import { parseThread } from './thread.ts'

type Parse = (decoder: Decoder) => CommandBody

const bare =
  (name: CommandWithoutArguments): Parse =>
  () => ({ name })

const commands: ReadonlyMap<string, Parse> = new Map<string, Parse>([
  ['CAPABILITY', bare('CAPABILITY')],
  ['NOOP', bare('NOOP')],
  ['LOGOUT', bare('LOGOUT')],
  ['ID', parseId],
  ['STARTTLS', bare('STARTTLS')],
  ['AUTHENTICATE', parseAuthenticate],
  ['LOGIN', parseLogin],
  ['UNAUTHENTICATE', bare('UNAUTHENTICATE')],
  ['ENABLE', parseEnable],
  ['COMPRESS', parseCompress],
  ['SELECT', decoder => parseSelect(decoder, 'SELECT')],
  ['EXAMINE', decoder => parseSelect(decoder, 'EXAMINE')],
  ['CREATE', parseCreate],
  ['DELETE', decoder => parseMailboxCommand(decoder, 'DELETE')],
  ['RENAME', parseRename],
  ['SUBSCRIBE', decoder => parseMailboxCommand(decoder, 'SUBSCRIBE')],
  ['UNSUBSCRIBE', decoder => parseMailboxCommand(decoder, 'UNSUBSCRIBE')],
  ['LIST', parseList],
  ['LSUB', parseLsub],
  ['NAMESPACE', bare('NAMESPACE')],
  ['STATUS', parseStatus],
  ['APPEND', parseAppend],
  ['IDLE', bare('IDLE')],
  ['GETQUOTA', parseGetQuota],
  ['GETQUOTAROOT', parseGetQuotaRoot],
  ['SETQUOTA', parseSetQuota],
  ['NOTIFY', parseNotify],
  ['CHECK', bare('CHECK')],
  ['CLOSE', bare('CLOSE')],
  ['UNSELECT', bare('UNSELECT')],
  ['EXPUNGE', () => ({ name: 'EXPUNGE', set: null })],
  ['SEARCH', decoder => parseSearch(decoder, false)],
  ['ESEARCH', parseEsearch],
  ['SORT', decoder => parseSort(decoder, false)],
  ['THREAD', decoder => parseThread(decoder, false)],
  ['FETCH', decoder => parseFetch(decoder, false)],
  ['STORE', decoder => parseStore(decoder, false)],
  ['COPY', decoder => parseCopyOrMove(decoder, 'COPY', false)],
  ['MOVE', decoder => parseCopyOrMove(decoder, 'MOVE', false)],
  ['REPLACE', decoder => parseReplace(decoder, false)],
])

/** What may stand behind UID (RFC 9051 §6.4.9). */
const uidCommands: ReadonlyMap<string, Parse> = new Map<string, Parse>([
  ['EXPUNGE', parseUidExpunge],
  ['SEARCH', decoder => parseSearch(decoder, true)],
  ['SORT', decoder => parseSort(decoder, true)],
  ['THREAD', decoder => parseThread(decoder, true)],
  ['FETCH', decoder => parseFetch(decoder, true)],
  ['STORE', decoder => parseStore(decoder, true)],
  ['COPY', decoder => parseCopyOrMove(decoder, 'COPY', true)],
  ['MOVE', decoder => parseCopyOrMove(decoder, 'MOVE', true)],
  ['REPLACE', decoder => parseReplace(decoder, true)],
])

// tag: ASTRING-CHAR but "+" (RFC 9051 §9); what is no tag must not be sent back as one.
const tagPattern = /[!#$&',\-./0-9:;<=>?@A-Z[\]^_`a-z|}~]+(?= |$)/y

/** The tag a line begins with, or null where it begins with none. */
export function readTag(line: string): string | null {
  tagPattern.lastIndex = 0
  const tag = tagPattern.exec(line)?.[0] ?? null
  return tag === null || tag.length > TAG_BYTES ? null : tag
}

/** Finds the parser of the command; the decoder then stands behind the command's name. */
export function commandHead(decoder: Decoder): { tag: string; parse: Parse } {
  const tag = decoder.matches(tagPattern)
  if (tag === null || tag.length > TAG_BYTES) return decoder.fail('a tag and a command')
  decoder.space('a command behind the tag')
  let name = decoder.word('a command behind the tag')
  let table = commands
  if (name === 'UID') {
    decoder.subject = name
    decoder.space('a command behind UID')
    name = decoder.word('a command behind UID')
    table = uidCommands
  }
  const parse = table.get(name)
  if (parse === undefined)
    return decoder.refuse(table === commands ? 'unknown command' : 'no such command goes with UID')
  decoder.subject = table === commands ? name : `UID ${name}`
  return { tag, parse }
}

/**
 * Parses one whole command. The text is its lines as bytes (latin1) without the last CRLF, literals apart.
 * @throws SyntaxProblem
 */
export function parseCommand(text: string, literals: readonly Uint8Array[], utf8: boolean): Command {
  const decoder = new Decoder(text, literals, utf8)
  const { tag, parse } = commandHead(decoder)
  const body = parse(decoder)
  decoder.end()
  return { tag, body }
}
