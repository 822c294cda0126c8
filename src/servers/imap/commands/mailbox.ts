/** CREATE, DELETE, RENAME, SUBSCRIBE and UNSUBSCRIBE (RFC 9051 §6.3.4-6.3.8); CREATE with USE (RFC 6154 §3). */
import { normalizeMailboxName } from '../../../mail/mailbox-name.ts'
import { mailboxObjectId } from '../../../mail/object-id.ts'
import { StoreError } from '../../../store/store.ts'
import { list } from '../../../wire/imap/responses.ts'
import { untagged } from '../../../wire/imap/status-response.ts'
import { type ImapCommand, no, ok } from '../command.ts'
import { mailboxAttributes, specialUseOf } from '../mailbox-attributes.ts'

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
      // RFC 9051 §6.3.4: the client learns that it is called otherwise than it said.
      if (row.name !== given && `${row.name}/` !== given)
        context.output.text(list({ name: row.name, attributes: mailboxAttributes(row), oldName: given }, context.utf8))
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
  async run(context, { mailbox: name }) {
    await context.services.mailboxes.delete(context.accountId, name)
    if (context.selected?.name === normalizeMailboxName(name)) {
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
    const name = await context.services.mailboxes.rename(context.accountId, from, to)
    if (name !== to && `${name}/` !== to)
      context.output.text(list({ name, attributes: [], oldName: from }, context.utf8))
    return ok('RENAME completed')
  },
}

export const subscribe: ImapCommand<'SUBSCRIBE'> = {
  states: ['authenticated', 'selected'],
  reports: 'all',
  async run(context, { mailbox: name }) {
    await context.services.mailboxes.subscribe(context.accountId, name)
    return ok('SUBSCRIBE completed')
  },
}

export const unsubscribe: ImapCommand<'UNSUBSCRIBE'> = {
  states: ['authenticated', 'selected'],
  reports: 'all',
  async run(context, { mailbox: name }) {
    await context.services.mailboxes.unsubscribe(context.accountId, name)
    return ok('UNSUBSCRIBE completed')
  },
}
