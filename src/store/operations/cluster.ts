/** Nodes that share the store: that they live, what each alone does, and what they tell each other. */
import type { ClusterOperations } from '../contract/cluster.ts'
import { list, sql } from '../sql.ts'
import type { Operations } from '../store.ts'
import { keepRows } from '../words.ts'
import type { Operation } from './operation.ts'
import { releaseDeliveries } from './panels/webhook.ts'
import { releaseLeases } from './queue-settle.ts'

const beat: Operation<'node.beat'> = async (tx, args) => {
  const { nodeId, hostname, version, pid, roles, state, notices, keyPrint, startedAt, writeMs, at } = args
  const given = await tx.run(sql`
    INSERT INTO node (node_id, hostname, version, pid, roles, state, notices, key_print, started_at, seen_at, write_ms, beats)
    VALUES (${nodeId}, ${hostname}, ${version}, ${pid}, ${roles.join(' ')}, ${state}, ${notices}, ${keyPrint},
      ${startedAt}, ${at}, ${writeMs}, 1)
    ON CONFLICT (node_id) DO UPDATE SET hostname = excluded.hostname, version = excluded.version, pid = excluded.pid,
      roles = excluded.roles, state = excluded.state, notices = excluded.notices, key_print = excluded.key_print,
      started_at = excluded.started_at, seen_at = excluded.seen_at, write_ms = excluded.write_ms, beats = node.beats + 1
    WHERE node.started_at = excluded.started_at AND node.pid = excluded.pid`)
  return given > 0
}

const leave: Operation<'node.leave'> = async (tx, { nodeId, life }) => {
  const found = await tx.get<[number, number]>(sql`
    SELECT started_at, pid FROM node WHERE node_id = ${nodeId} ${keepRows}`)
  if (life && found && !(found[0] === life.startedAt && found[1] === life.pid)) return
  await tx.run(sql`DELETE FROM work_lease WHERE node_id = ${nodeId}`)
  await tx.run(sql`DELETE FROM node WHERE node_id = ${nodeId}`)
}

/** Until this is over it begins no new life, in which it would lease anything. */
const bury: Operation<'node.bury'> = async (tx, { nodeId, startedAt, beats, at }) => {
  const last = await tx.get<[number, number]>(sql`
    SELECT started_at, beats FROM node WHERE node_id = ${nodeId} ${keepRows}`)
  if (last?.[0] !== startedAt || last[1] !== beats) return null
  const released = await releaseLeases(tx, { owner: nodeId })
  await releaseDeliveries(tx, { owner: nodeId, at })
  return released
}

const take: Operation<'workLease.take'> = async (tx, { name, nodeId, dead, at }) => {
  const taken = await tx.run(sql`
    INSERT INTO work_lease (name, node_id, since) VALUES (${name}, ${nodeId}, ${at})
    ON CONFLICT (name) DO UPDATE SET node_id = excluded.node_id,
      since = CASE WHEN work_lease.node_id = excluded.node_id THEN work_lease.since ELSE excluded.since END
    WHERE work_lease.node_id IN ${list([...dead, nodeId])}`)
  return taken > 0
}

const release: Operation<'workLease.release'> = async (tx, { name, nodeId }) => {
  await tx.run(sql`DELETE FROM work_lease WHERE name = ${name} AND node_id = ${nodeId}`)
}

/** By name, so that two that put several don't wait for each other. */
const putNotice: Operation<'notice.put'> = async (tx, { topics, stamp, at }) => {
  for (const topic of topics.toSorted())
    await tx.run(sql`
      INSERT INTO node_notice (topic, stamp, at) VALUES (${topic}, ${stamp}, ${at})
      ON CONFLICT (topic) DO UPDATE SET stamp = excluded.stamp, at = excluded.at`)
}

const sweepNotices: Operation<'notice.sweep'> = async (tx, { before, limit }) => {
  const removed = await tx.run(sql`
    DELETE FROM node_notice WHERE topic IN (SELECT topic FROM node_notice WHERE at < ${before} ORDER BY at LIMIT ${limit})`)
  return { removed }
}

export const clusterOperations: { readonly [K in keyof ClusterOperations & keyof Operations]: Operation<K> } = {
  'node.beat': beat,
  'node.leave': leave,
  'node.bury': bury,
  'workLease.take': take,
  'workLease.release': release,
  'notice.put': putNotice,
  'notice.sweep': sweepNotices,
}
