/** Every operation of the store, by name. */
import type { Operations } from '../store.ts'
import { acceptMessage } from './accept.ts'
import { addAccount, removeAccount, setPassword, setQuota } from './account.ts'
import { removeAlias, setAlias } from './alias.ts'
import { addDomain, removeDomain, setCatchAll } from './domain.ts'
import { createMailbox, deleteMailbox, renameMailbox, setSubscription } from './mailbox.ts'
import { appendMessages } from './message-append.ts'
import { copyMessages, moveMessages } from './message-copy.ts'
import { expungeMessages } from './message-expunge.ts'
import { changeFlags } from './message-flags.ts'
import type { Operation } from './operation.ts'
import { leaseRecipients } from './queue-lease.ts'
import { controlQueue, releaseLeases, settleRecipients } from './queue-settle.ts'
import { setSetting } from './setting.ts'
import { sweep } from './sweep.ts'

export const operations: { readonly [K in keyof Operations]: Operation<K> } = {
  'domain.add': addDomain,
  'domain.remove': removeDomain,
  'domain.setCatchAll': setCatchAll,
  'account.add': addAccount,
  'account.remove': removeAccount,
  'account.setPassword': setPassword,
  'account.setQuota': setQuota,
  'alias.set': setAlias,
  'alias.remove': removeAlias,
  'mailbox.create': createMailbox,
  'mailbox.rename': renameMailbox,
  'mailbox.delete': deleteMailbox,
  'mailbox.subscribe': setSubscription,
  'message.append': appendMessages,
  'message.flags': changeFlags,
  'message.copy': copyMessages,
  'message.move': moveMessages,
  'message.expunge': expungeMessages,
  'message.accept': acceptMessage,
  'queue.lease': leaseRecipients,
  'queue.settle': settleRecipients,
  'queue.release': releaseLeases,
  'queue.control': controlQueue,
  'store.sweep': sweep,
  'setting.set': setSetting,
}
