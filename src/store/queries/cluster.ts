import type { ClusterQueries } from '../contract/cluster.ts'
import { list, sql } from '../sql.ts'
import type { Queries } from '../store.ts'
import type { NodeState, NoticesState } from '../types/cluster.ts'
import type { Query } from './query.ts'

type NodeTuple = [
  string,
  string,
  string,
  number,
  string,
  NodeState,
  NoticesState,
  string,
  number,
  number,
  number,
  number,
]

const listNodes: Query<'node.list'> = async reader => {
  const tuples = await reader.all<NodeTuple>(sql`
    SELECT node_id, hostname, version, pid, roles, state, notices, key_print, started_at, seen_at, write_ms, beats
    FROM node ORDER BY hostname, node_id`)
  return tuples.map(
    ([nodeId, hostname, version, pid, roles, state, notices, keyPrint, startedAt, seenAt, writeMs, beats]) => ({
      nodeId,
      hostname,
      version,
      pid,
      roles: roles.split(' '),
      state,
      notices,
      keyPrint,
      startedAt,
      seenAt,
      writeMs,
      beats,
    }),
  )
}

const listWorkLeases: Query<'workLease.list'> = async reader => {
  const tuples = await reader.all<[string, string, number]>(sql`
    SELECT name, node_id, since FROM work_lease ORDER BY name`)
  return tuples.map(([name, nodeId, since]) => ({ name, nodeId, since }))
}

const noticesSince: Query<'notice.since'> = async (reader, { since }) => {
  const tuples = await reader.all<[string, string]>(sql`SELECT topic, stamp FROM node_notice WHERE at >= ${since}`)
  return tuples.map(([topic, stamp]) => ({ topic, stamp }))
}

const countLeases: Query<'queue.leases'> = async reader => {
  const tuples = await reader.all<[string, number]>(sql`
    SELECT lease_owner, COUNT(*) FROM queue_recipient WHERE lease_owner IS NOT NULL
    GROUP BY lease_owner ORDER BY lease_owner`)
  return tuples.map(([owner, recipients]) => ({ owner, recipients }))
}

const accountModseqs: Query<'account.modseqs'> = async (reader, { accountIds }) => {
  const tuples = await reader.all<[number, number]>(sql`
    SELECT account_id, modseq FROM account WHERE account_id IN ${list(accountIds)}`)
  return tuples.map(([accountId, modseq]) => ({ accountId, modseq }))
}

export const clusterQueries: { readonly [K in keyof ClusterQueries & keyof Queries]: Query<K> } = {
  'node.list': listNodes,
  'workLease.list': listWorkLeases,
  'notice.since': noticesSince,
  'queue.leases': countLeases,
  'account.modseqs': accountModseqs,
}
