/**
 * What operations wait for each other, where several processes write. An operation that reads before it writes, and whose
 * write rests on what it read, has to be alone with that: with its accounts (the row of each is the one point at which
 * everything that changes it is put in order), with who signs in, or with its turn.
 *
 * An engine takes all of it first, always in the same order: turns by name, then accounts and principals by id. What is not
 * named here orders itself, by one statement or by the rows it keeps.
 */
import type { AnyOperation, Operations } from '../store.ts'
import type { Counter, Turn } from '../transaction.ts'
import type { PrincipalId } from '../types/principals.ts'
import type { AccountId } from '../types.ts'
import type { Request } from './request.ts'

export interface Order {
  /** Of which counters it asks for the settled id. */
  settled?: readonly Counter[]
  turns?: readonly Turn[]
  accounts?: readonly AccountId[]
  principals?: readonly PrincipalId[]
}

type OrderOf<A> = (args: A) => Order
type Orders = { readonly [K in keyof Operations]: OrderOf<Operations[K]['args']> }

const none: OrderOf<unknown> = () => ({})
const directory: OrderOf<unknown> = () => ({ turns: ['directory'] })
const webhooks: OrderOf<unknown> = () => ({ turns: ['webhooks'] })
const traceIndex: OrderOf<unknown> = () => ({ turns: ['trace-index'] })
const account: OrderOf<{ accountId: AccountId }> = ({ accountId }) => ({ accounts: [accountId] })
const principal: OrderOf<{ principalId: PrincipalId }> = ({ principalId }) => ({ principals: [principalId] })

/** A mailbox and its owner, who bear one id, and the counts of their domain. */
const mailbox: OrderOf<{ accountId: AccountId }> = ({ accountId }) => ({
  turns: ['directory'],
  accounts: [accountId],
  principals: [accountId],
})
const person: OrderOf<{ principalId: PrincipalId }> = ({ principalId }) => ({
  turns: ['directory'],
  principals: [principalId],
})
const member: OrderOf<{ accountId: AccountId; principalId: PrincipalId }> = ({ accountId, principalId }) => ({
  turns: ['directory'],
  accounts: [accountId],
  principals: [principalId],
})

const mail = {
  'mailbox.create': account,
  'mailbox.rename': account,
  'mailbox.delete': account,
  'mailbox.subscribe': account,
  'mailbox.takeRecent': account,
  'message.append': account,
  'message.flags': account,
  'message.copy': account,
  'message.move': account,
  'message.expunge': account,
  'text.put': account,
  'message.accept': ({ deliveries, also = [] }) =>
    together([{ accounts: deliveries.map(({ accountId }) => accountId) }, ...also.map(orderOf)]),
  'queue.lease': () => ({ turns: ['queue-lease'] }),
  'queue.settle': none,
  'queue.release': none,
  'queue.recall': none,
  'queue.control': none,
  'store.sweep': () => ({ turns: ['sweep'] }),
  // No node runs.
  'store.restored': directory,
  'setting.set': none,
  'setting.remove': none,
} satisfies Partial<Orders>

const rules = {
  'script.put': account,
  'script.activate': account,
  'script.rename': account,
  'script.remove': account,
  'script.failed': ({ subject }) => (subject.kind === 'mailbox' ? { accounts: [subject.accountId] } : directory({})),
  'script.failureTold': none,
  'commonScript.set': directory,
  'commonScript.remove': directory,
  'ruleMemory.add': account,
  'ruleMemory.sweep': none,
  'sendingRules.set': account,
  'autoReply.set': account,
  'autoReply.end': account,
  'bounceCopy.set': account,
  'bounceCopy.remove': account,
  'pop3.setKeepDays': account,
  'pop3.retrieved': account,
  'space.told': account,
  'sending.charge': account,
  'sending.block': account,
  'sending.raise': ({ subject }) => (subject.kind === 'mailbox' ? { accounts: [subject.accountId] } : directory({})),
  'sending.unblock': none,
  'sending.told': none,
  'sending.sweep': none,
  'sending.hold': account,
  'sending.failed': account,
  'sending.release': account,
  'sending.drop': account,
  'queue.letGo': none,
  'queue.holdBack': account,
  'trace.record': none,
  'trace.index': () => ({ turns: ['trace-index'], settled: ['trace'] }),
  'trace.sweep': traceIndex,
  'trace.link': none,
} satisfies Partial<Orders>

const directories = {
  'domain.add': directory,
  'domain.remove': () => ({ turns: ['directory', 'webhooks'] }),
  'domain.update': directory,
  'domainAlias.add': directory,
  'domainAlias.remove': directory,
  'account.add': directory,
  'account.remove': mailbox,
  'account.setQuota': mailbox,
  'account.update': account,
  'account.toBin': mailbox,
  'account.fromBin': mailbox,
  'alias.set': directory,
  'alias.remove': directory,
  'member.set': member,
  'member.remove': member,
  'principal.add': directory,
  'principal.update': person,
  'principal.setPassword': principal,
  'principal.setDomains': person,
  'principal.remove': person,
  'plan.add': directory,
  'plan.update': directory,
  'plan.setSelfService': directory,
  'plan.assign': directory,
  'ledger.record': directory,
  'ledger.noteManagers': directory,
  'brand.set': directory,
  'credentialLink.add': directory,
} satisfies Partial<Orders>

const signIns = {
  'session.add': principal,
  'session.touch': none,
  'session.confirm': none,
  'session.remove': none,
  'session.removeAll': principal,
  'session.sweep': none,
  'totp.begin': principal,
  'totp.confirm': principal,
  'totp.spend': none,
  'totp.remove': none,
  'passkey.add': principal,
  'passkey.used': none,
  'passkey.rename': none,
  'passkey.remove': none,
  'recoveryCode.replace': principal,
  'recoveryCode.spend': none,
  'secondFactor.reset': principal,
  'appPassword.add': ({ accountId, principalId }) => ({ accounts: [accountId], principals: [principalId] }),
  'appPassword.update': principal,
  'appPassword.remove': none,
  'appPassword.removeAll': none,
  'appPassword.used': none,
  'signIn.record': ({ seen }) => ({ principals: seen.map(({ principalId }) => principalId) }),
  'signIn.sweep': none,
  'credentialLink.sent': none,
  'credentialLink.opened': none,
  'credentialLink.attempt': none,
  'credentialLink.reveal': none,
  'credentialLink.revoke': none,
  'credentialLink.sweep': none,
  'oneTimeToken.add': principal,
  'oneTimeToken.take': none,
  'oneTimeToken.removeAll': none,
  'principal.forgetLinks': none,
  'oneTimeToken.sweep': none,
} satisfies Partial<Orders>

const service = {
  'audit.add': none,
  'audit.sweep': none,
  'apiToken.add': principal,
  'apiToken.remove': none,
  'apiToken.removeAll': none,
  'apiToken.sweep': none,
  'apiToken.used': none,
  'idempotency.begin': principal,
  'idempotency.finish': none,
  'idempotency.forget': none,
  'idempotency.sweep': none,
  'webhook.add': webhooks,
  'webhook.update': webhooks,
  'webhook.remove': webhooks,
  // Comes with mail on its way, which waits for nothing that mailboxes share.
  'webhook.enqueue': none,
  'webhook.lease': webhooks,
  'webhook.settle': webhooks,
  'webhook.release': webhooks,
  'webhook.resend': webhooks,
  'webhook.record': webhooks,
  'webhook.sweep': webhooks,
  'traffic.add': none,
  'traffic.sweep': none,
  'space.sample': none,
} satisfies Partial<Orders>

/** Each is one statement on one row, but for a node that is gone. */
const cluster = {
  'node.beat': none,
  'node.leave': none,
  'node.bury': webhooks,
  'workLease.take': none,
  'workLease.release': none,
  'notice.put': none,
  'notice.sweep': none,
} satisfies Partial<Orders>

const orders: Orders = {
  ...mail,
  ...rules,
  ...directories,
  ...signIns,
  ...service,
  ...cluster,
  several: ({ operations }) => together(operations.map(orderOf)),
}

/** With nothing named twice, in the order in which it is to be taken. */
export function orderOf(request: Request | AnyOperation): Required<Order> {
  // Operation and arguments belong together, which the union of all can't express.
  const order = (orders[request.operation] as OrderOf<unknown>)(request.args)
  const { settled = [], turns = [], accounts = [], principals = [] } = order
  const byId = (ids: readonly number[]): number[] => [...new Set(ids)].sort((a, b) => a - b)
  return { settled, turns: [...new Set(turns)].sort(), accounts: byId(accounts), principals: byId(principals) }
}

function together(orders: readonly Order[]): Order {
  return {
    settled: orders.flatMap(({ settled = [] }) => settled),
    turns: orders.flatMap(({ turns = [] }) => turns),
    accounts: orders.flatMap(({ accounts = [] }) => accounts),
    principals: orders.flatMap(({ principals = [] }) => principals),
  }
}
