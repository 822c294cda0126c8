/** Who reads a report: in which language, in whose time. */
import { parseAddress } from '../accounts/addresses.ts'
import type { Store } from '../store/store.ts'
import type { Language } from '../store/types/principals.ts'
import type { AccountId } from '../store/types.ts'
import { languageOf } from '../wire/report/header-language.ts'
import type { ReportReader } from '../wire/report/words.ts'

export interface ReaderDefaults {
  /** Of people who chose none. */
  language: Language
  /** IANA name. */
  timeZone: string
}

export interface Reported {
  /** Not empty. */
  reversePath: string
  /** The account that sent the message; null for mail from elsewhere. */
  accountId: AccountId | null
  bytes: Uint8Array
}

/**
 * Someone of this service reads it in the language he chose. Of others the header of their message may tell theirs; where
 * it doesn't, they get both languages, the service's own first.
 */
export async function readerOf(
  store: Pick<Store, 'read'>,
  { reversePath, accountId, bytes }: Reported,
  { language, timeZone }: ReaderDefaults,
): Promise<ReportReader> {
  const parsed = parseAddress(reversePath)
  const found = parsed && (await store.read('address.lookup', parsed))
  const principalId = accountId ?? found?.account?.accountId ?? null
  // What no mailbox and no alias has, in a domain of ours too, stands for somebody elsewhere whose mail was forwarded.
  if (principalId === null && !found?.alias) {
    const theirs = languageOf(bytes)
    if (theirs !== null) return { languages: [theirs], timeZone }
    return { languages: language === 'fr' ? ['fr', 'en'] : ['en', 'fr'], timeZone }
  }
  const principal = principalId === null ? null : await store.read('principal.byId', { principalId })
  return { languages: [principal?.language ?? language], timeZone: principal?.timeZone ?? timeZone }
}
