/**
 * The flags a mailbox knows of, as FLAGS and PERMANENTFLAGS list them: told when it is selected, and again before a message is
 * said to have one that was not among them (RFC 3501 §7.2.6): clients offer what stands there, and some take no other for one.
 */
import type { MessageRow } from '../../store/types.ts'
import { flags as flagsResponse } from '../../wire/imap/responses.ts'
import { untagged } from '../../wire/imap/status-response.ts'
import type { ImapContext } from './context.ts'
import type { SelectedMailbox } from './selected.ts'

/** RFC 9051 §2.3.2 names the keywords; others can be made. */
const systemFlags = ['\\Answered', '\\Flagged', '\\Deleted', '\\Seen', '\\Draft']
const namedKeywords = ['$Forwarded', '$MDNSent', '$Junk', '$NotJunk', '$Phishing', '$Important']
const namedFlags = [...systemFlags, ...namedKeywords]

const fold = (keyword: string): string => keyword.toLowerCase()
const folded = new Set(namedKeywords.map(fold))

/** What a client was told of a mailbox's keywords, but for those that every mailbox has. */
export class ToldKeywords {
  /** As the mailbox spells them, by their folded form; most mailboxes have none. */
  #spellings: Map<string, string> | null = null

  get names(): string[] {
    return [...(this.#spellings?.values() ?? [])]
  }

  /** Whether there is one among them that was not told. */
  add(keywords: readonly string[]): boolean {
    let isNew = false
    for (const keyword of keywords) {
      const key = fold(keyword)
      if (folded.has(key) || this.#spellings?.has(key)) continue
      this.#spellings ??= new Map()
      this.#spellings.set(key, keyword)
      isNew = true
    }
    return isNew
  }
}

export function tellFlagNames({ output }: ImapContext, { readOnly, keywords }: SelectedMailbox): void {
  const names = [...namedFlags, ...keywords.names]
  output.text(flagsResponse(names))
  output.text(
    untagged('OK', 'Flags that are kept', { code: 'PERMANENTFLAGS', flags: readOnly ? [] : [...names, '\\*'] }),
  )
}

/** Before these messages' flags are told. */
export function tellKeywordsOf(context: ImapContext, messages: readonly Pick<MessageRow, 'flags'>[]): void {
  const { selected } = context
  if (!selected) return
  let isNew = false
  for (const { flags } of messages) if (flags.keywords.length > 0 && selected.keywords.add(flags.keywords)) isNew = true
  if (isNew) tellFlagNames(context, selected)
}
