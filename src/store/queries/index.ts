/** Every query of the store, by name. */
import type { Queries } from '../store.ts'
import type { Reader } from '../transaction.ts'
import { clusterQueries } from './cluster.ts'
import {
  accountByAddress,
  accountById,
  getSetting,
  listAccounts,
  listAliases,
  listDomains,
  listSettings,
  lookUpAddress,
} from './directory.ts'
import {
  listKeywords,
  listMailboxes,
  listSubscriptions,
  mailboxByName,
  mailboxChanges,
  mailboxesChangedSince,
} from './mailbox.ts'
import {
  describedMessages,
  expungedSince,
  messageRows,
  messagesChangedSince,
  messagesWithBlob,
  messagesWithEmail,
  messagesWithHeader,
  messagesWithIndex,
  messageUids,
  recentMessage,
} from './message.ts'
import { panelQueries } from './panels/index.ts'
import type { Query } from './query.ts'
import { countQueue, listQueue, nextDue, showQueued } from './queue.ts'
import { ruleQueries } from './rules/index.ts'
import {
  messageSortKeys,
  messagesContaining,
  messagesMatching,
  messagesSentBetween,
  messagesThreading,
} from './search.ts'
import {
  earlierSources,
  earlierTexts,
  findTexts,
  nextTexts,
  outdatedTexts,
  packedTexts,
  renewedTexts,
  textNumbers,
  textSources,
  waitingTexts,
} from './texts.ts'

export const queries: { readonly [K in keyof Queries]: Query<K> } = {
  'domain.list': listDomains,
  'account.list': listAccounts,
  'account.byAddress': accountByAddress,
  'account.byId': accountById,
  'alias.list': listAliases,
  'address.lookup': lookUpAddress,
  'mailbox.list': listMailboxes,
  'mailbox.byName': mailboxByName,
  'mailbox.changedSince': mailboxesChangedSince,
  'mailbox.changes': mailboxChanges,
  'mailbox.keywords': listKeywords,
  'mailbox.subscriptions': listSubscriptions,
  'message.uids': messageUids,
  'message.rows': messageRows,
  'message.recent': recentMessage,
  'message.described': describedMessages,
  'message.withBlob': messagesWithBlob,
  'message.withHeader': messagesWithHeader,
  'message.withEmail': messagesWithEmail,
  'message.withIndex': messagesWithIndex,
  'message.matching': messagesMatching,
  'message.containing': messagesContaining,
  'message.sentBetween': messagesSentBetween,
  'message.sortKeys': messageSortKeys,
  'message.threading': messagesThreading,
  'message.changedSince': messagesChangedSince,
  'message.expungedSince': expungedSince,
  'text.numbers': textNumbers,
  'text.find': findTexts,
  'text.sources': textSources,
  'text.waiting': waitingTexts,
  'text.next': nextTexts,
  'text.packed': packedTexts,
  'text.outdated': outdatedTexts,
  'text.earlier': earlierTexts,
  'text.earlierSources': earlierSources,
  'text.renewed': renewedTexts,
  'queue.list': listQueue,
  'queue.show': showQueued,
  'queue.nextDue': nextDue,
  'queue.counts': countQueue,
  'setting.get': getSetting,
  'setting.list': listSettings,
  ...panelQueries,
  ...ruleQueries,
  ...clusterQueries,
}

export function answer<K extends keyof Queries>(
  reader: Reader,
  query: K,
  args: Queries[K]['args'],
): Promise<Queries[K]['result']> {
  return queries[query](reader, args)
}
