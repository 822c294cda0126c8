/** GETQUOTA, GETQUOTAROOT and SETQUOTA (RFC 9208 §4.1): one root, the account, with the resource STORAGE. */
import { quota, quotaRoot } from '../../../wire/imap/responses.ts'
import { type ImapCommand, no, ok } from '../command.ts'
import type { ImapContext } from '../context.ts'

/** The root of all mailboxes of the account. */
const ROOT = ''

export const getQuota: ImapCommand<'GETQUOTA'> = {
  states: ['authenticated', 'selected'],
  reports: 'all',
  async run(context, { root }) {
    if (root !== ROOT) return no('There is no quota root of that name', 'NONEXISTENT')
    await tellQuota(context)
    return ok('GETQUOTA completed')
  },
}

export const getQuotaRoot: ImapCommand<'GETQUOTAROOT'> = {
  states: ['authenticated', 'selected'],
  reports: 'all',
  async run(context, { mailbox: name }) {
    const row = await context.services.mailboxes.get(context.accountId, name)
    context.output.text(quotaRoot(row.name, [ROOT], context.utf8))
    await tellQuota(context)
    return ok('GETQUOTAROOT completed')
  },
}

export const setQuota: ImapCommand<'SETQUOTA'> = {
  states: ['authenticated', 'selected'],
  reports: 'all',
  run: async () => no('Quotas are set by the service alone', 'NOPERM'),
}

/** Only resources with a limit are told (RFC 9208 §4.2.1). */
async function tellQuota(context: ImapContext): Promise<void> {
  const account = await context.services.mailboxes.account(context.accountId)
  if (!account) return
  const { usedBytes, quotaBytes } = account
  const limits =
    quotaBytes === null ? [] : [{ usage: Math.ceil(usedBytes / 1024), limit: Math.floor(quotaBytes / 1024) }]
  context.output.text(
    quota(
      ROOT,
      limits.map(limit => ({ resource: 'STORAGE', ...limit })),
      context.utf8,
    ),
  )
}
