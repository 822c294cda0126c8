/** Every operation of the store, by name. */
import type { Operations } from '../store.ts'
import type { Transaction } from '../transaction.ts'
import { acceptMessage } from './accept.ts'
import { addAccount, removeAccount, setQuota } from './account.ts'
import { removeAlias, setAlias } from './alias.ts'
import { clusterOperations } from './cluster.ts'
import { addDomain, removeDomain } from './domain.ts'
import { createMailbox, deleteMailbox, renameMailbox, setSubscription } from './mailbox.ts'
import { appendMessages } from './message-append.ts'
import { copyMessages, moveMessages } from './message-copy.ts'
import { expungeMessages } from './message-expunge.ts'
import { changeFlags } from './message-flags.ts'
import type { Operation } from './operation.ts'
import { panelOperations } from './panels/index.ts'
import { leaseRecipients } from './queue-lease.ts'
import { controlQueue, recallRecipients, releaseLeases, settleRecipients } from './queue-settle.ts'
import { takeRecent } from './recent.ts'
import { restored } from './restored.ts'
import { ruleOperations } from './rules/index.ts'
import { removeSetting, setSetting } from './setting.ts'
import { sweep } from './sweep.ts'
import { putTexts } from './texts.ts'

/** In order; the first that fails ends the transaction they share. */
const runSeveral: Operation<'several'> = async (tx, args) => {
  const results: unknown[] = []
  for (const { operation, args: own } of args.operations) results.push(await perform(tx, operation, own))
  return results
}

export const operations: { readonly [K in keyof Operations]: Operation<K> } = {
  'domain.add': addDomain,
  'domain.remove': removeDomain,
  'account.add': addAccount,
  'account.remove': removeAccount,
  'account.setQuota': setQuota,
  'alias.set': setAlias,
  'alias.remove': removeAlias,
  'mailbox.create': createMailbox,
  'mailbox.rename': renameMailbox,
  'mailbox.delete': deleteMailbox,
  'mailbox.subscribe': setSubscription,
  'mailbox.takeRecent': takeRecent,
  'message.append': appendMessages,
  'message.flags': changeFlags,
  'message.copy': copyMessages,
  'message.move': moveMessages,
  'message.expunge': expungeMessages,
  'message.accept': acceptMessage((tx, { operation, args }) => perform(tx, operation, args)),
  'queue.lease': leaseRecipients,
  'queue.settle': settleRecipients,
  'queue.release': releaseLeases,
  'queue.recall': recallRecipients,
  'queue.control': controlQueue,
  'store.sweep': sweep,
  'store.restored': restored,
  'text.put': putTexts,
  'setting.set': setSetting,
  'setting.remove': removeSetting,
  ...panelOperations,
  ...ruleOperations,
  ...clusterOperations,
  several: runSeveral,
}

export function perform<K extends keyof Operations>(
  transaction: Transaction,
  operation: K,
  args: Operations[K]['args'],
): Promise<Operations[K]['result']> {
  return operations[operation](transaction, args)
}
