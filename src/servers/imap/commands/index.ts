/** The commands of IMAP, all on one page. */
import type { CommandName } from '../../../wire/imap/command.ts'
import type { ImapCommand } from '../command.ts'
import { append } from './append.ts'
import { authenticate, login } from './authenticate.ts'
import { capability } from './capability.ts'
import { close, unselect } from './close.ts'
import { compress } from './compress.ts'
import { copy, move } from './copy-move.ts'
import { enable } from './enable.ts'
import { esearch } from './esearch.ts'
import { expunge } from './expunge.ts'
import { fetch } from './fetch.ts'
import { id } from './id.ts'
import { idle } from './idle.ts'
import { list } from './list.ts'
import { logout } from './logout.ts'
import { create, remove, rename, subscribe, unsubscribe } from './mailbox.ts'
import { namespace } from './namespace.ts'
import { check, noop } from './noop.ts'
import { notify } from './notify.ts'
import { getQuota, getQuotaRoot, setQuota } from './quota.ts'
import { replace } from './replace.ts'
import { search } from './search.ts'
import { examine, select } from './select.ts'
import { sort } from './sort.ts'
import { startTls } from './starttls.ts'
import { status } from './status.ts'
import { store } from './store.ts'
import { thread } from './thread.ts'
import { unauthenticate } from './unauthenticate.ts'

const commands: { readonly [Name in CommandName]: ImapCommand<Name> } = {
  CAPABILITY: capability,
  NOOP: noop,
  LOGOUT: logout,
  ID: id,

  STARTTLS: startTls,
  AUTHENTICATE: authenticate,
  LOGIN: login,
  UNAUTHENTICATE: unauthenticate,

  ENABLE: enable,
  SELECT: select,
  EXAMINE: examine,
  CREATE: create,
  DELETE: remove,
  RENAME: rename,
  SUBSCRIBE: subscribe,
  UNSUBSCRIBE: unsubscribe,
  LIST: list,
  NAMESPACE: namespace,
  STATUS: status,
  APPEND: append,
  IDLE: idle,
  GETQUOTA: getQuota,
  GETQUOTAROOT: getQuotaRoot,
  SETQUOTA: setQuota,
  COMPRESS: compress,
  NOTIFY: notify,

  CHECK: check,
  CLOSE: close,
  UNSELECT: unselect,
  EXPUNGE: expunge,
  SEARCH: search,
  ESEARCH: esearch,
  SORT: sort,
  THREAD: thread,
  FETCH: fetch,
  STORE: store,
  COPY: copy,
  MOVE: move,
  REPLACE: replace,
}

export const commandNamed = <Name extends CommandName>(name: Name): ImapCommand<Name> => commands[name]
