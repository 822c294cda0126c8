/** GETQUOTA, GETQUOTAROOT and SETQUOTA (RFC 9208 §4.1): one root, the account, with the resource STORAGE. */
import { type QuotaResource, quota, quotaRoot } from '../../../wire/imap/responses.ts'
import { type ImapCommand, no, ok } from '../command.ts'
import type { ImapContext } from '../context.ts'

/** The root of all mailboxes of the account. */
const ROOT = ''

export const getQuota: ImapCommand<'GETQUOTA'> = {
  states: ['authenticated', 'selected'],
  reports: 'all',
  async run(context, { root }) {
    const storage = root === ROOT ? await storageOf(context) : null
    if (!storage) return no('There is no quota root of that name', 'NONEXISTENT')
    context.output.text(quota(ROOT, [storage], context.utf8))
    return ok('GETQUOTA completed')
  },
}

export const getQuotaRoot: ImapCommand<'GETQUOTAROOT'> = {
  states: ['authenticated', 'selected'],
  reports: 'all',
  async run(context, { mailbox: name }) {
    const row = await context.services.mailboxes.get(context.accountId, name)
    const storage = await storageOf(context)
    context.output.text(quotaRoot(row.name, storage ? [ROOT] : [], context.utf8))
    if (storage) context.output.text(quota(ROOT, [storage], context.utf8))
    return ok('GETQUOTAROOT completed')
  },
}

export const setQuota: ImapCommand<'SETQUOTA'> = {
  states: ['authenticated', 'selected'],
  reports: 'all',
  run: async () => no('Quotas are set by the service alone', 'NOPERM'),
}

/** Null without a limit: a root has at least one resource, and each has a limit (RFC 9208 §7), so then there is no root. */
async function storageOf(context: ImapContext): Promise<QuotaResource | null> {
  const account = await context.services.mailboxes.account(context.accountId)
  if (!account || account.quotaBytes === null) return null
  const { usedBytes, quotaBytes } = account
  return { resource: 'STORAGE', usage: Math.ceil(usedBytes / 1024), limit: Math.floor(quotaBytes / 1024) }
}
