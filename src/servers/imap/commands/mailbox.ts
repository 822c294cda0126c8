/** CREATE, DELETE, RENAME, SUBSCRIBE and UNSUBSCRIBE (RFC 9051 §6.3.4-6.3.8); CREATE with USE (RFC 6154 §3). */
import { mailboxObjectId } from '../../../mail/object-id.ts'
import { StoreError } from '../../../store/store.ts'
import { untagged } from '../../../wire/imap/status-response.ts'
import { type ImapCommand, no, ok } from '../command.ts'
import { specialUseOf, tellName } from '../mailbox-attributes.ts'

export const create: ImapCommand<'CREATE'> = {
  states: ['authenticated', 'selected'],
  reports: 'all',
  async run(context, { mailbox: given, specialUse }) {
    const [asked, ...others] = specialUse
    const use = asked === undefined ? null : specialUseOf(asked)
    // RFC 6154 §3: a use that can't be given is NO [USEATTR], and so are several at once here.
    if (use === undefined || others.length > 0) return no('No mailbox can be given that use', 'USEATTR')
    try {
      const row = await context.services.mailboxes.create(context.accountId, given, use)
      context.ownNames(row.highestModseq)
      tellName(context, row, given)
      return ok('CREATE completed', { code: 'MAILBOXID', id: mailboxObjectId(row.mailboxId) })
    } catch (error) {
      if (use && error instanceof StoreError && error.code === 'not-allowed') return no(error.message, 'USEATTR')
      throw error
    }
  },
}

export const remove: ImapCommand<'DELETE'> = {
  states: ['authenticated', 'selected'],
  reports: 'all',
  async run(context, { mailbox: given }) {
    const row = await context.services.mailboxes.get(context.accountId, given)
    context.own(await context.services.mailboxes.delete(row))
    context.notify?.ownDeletion(row)
    tellName(context, row, given, true)
    if (context.selected?.mailboxId === row.mailboxId) {
      context.unselect()
      context.output.text(untagged('OK', 'The selected mailbox was deleted', 'CLOSED'))
    }
    return ok('DELETE completed')
  },
}

export const rename: ImapCommand<'RENAME'> = {
  states: ['authenticated', 'selected'],
  reports: 'all',
  async run(context, { from, to }) {
    const row = await context.services.mailboxes.get(context.accountId, from)
    const { name, modseq } = await context.services.mailboxes.rename(row, to)
    context.ownNames(modseq)
    // RFC 9051 §6.3.6: the name it had goes with the one it got, where either was composed otherwise.
    if (row.name !== from || (name !== to && `${name}/` !== to)) tellName(context, { ...row, name }, from)
    return ok('RENAME completed')
  },
}

export const subscribe: ImapCommand<'SUBSCRIBE'> = {
  states: ['authenticated', 'selected'],
  reports: 'all',
  async run(context, { mailbox: name }) {
    const modseq = await context.services.mailboxes.subscribe(context.accountId, name)
    if (modseq !== null) context.ownNames(modseq)
    return ok('SUBSCRIBE completed')
  },
}

export const unsubscribe: ImapCommand<'UNSUBSCRIBE'> = {
  states: ['authenticated', 'selected'],
  reports: 'all',
  async run(context, { mailbox: name }) {
    const modseq = await context.services.mailboxes.unsubscribe(context.accountId, name)
    if (modseq !== null) context.ownNames(modseq)
    return ok('UNSUBSCRIBE completed')
  },
}
