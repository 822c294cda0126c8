/**
 * An email's id holds its account, so that SQLite's integer key keeps an account's emails together and in the order they
 * came: account × 2^32 + number in the account. 2^21 accounts keep it below 2^53, where numbers are exact.
 */
import type { AccountId, EmailId } from '../types.ts'

const emailsPerAccount = 2 ** 32
export const maxAccountId: AccountId = 2 ** 21 - 1

export function emailIdOf(accountId: AccountId, number: number): EmailId {
  return accountId * emailsPerAccount + number
}

export const firstEmailId = (accountId: AccountId): EmailId => emailIdOf(accountId, 0)
export const lastEmailId = (accountId: AccountId): EmailId => emailIdOf(accountId, emailsPerAccount - 1)

export const accountOf = (emailId: EmailId): AccountId => Math.floor(emailId / emailsPerAccount)
