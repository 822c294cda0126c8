/** The nodes that share a store. */

/** `draining`: it takes nothing new and leaves once what is under way has ended. */
export type NodeState = 'running' | 'draining'

/**
 * How a node hears of changes on others at once; `workers`: from the process that started them all; `polling`: it looks for them
 * instead, since Redis is gone or there is none.
 */
export type NoticesState = 'redis' | 'workers' | 'polling'

/** What a node says of itself. */
export interface NodeBeat {
  nodeId: string
  hostname: string
  version: string
  pid: number
  /** What it does, by name. */
  roles: string[]
  state: NodeState
  notices: NoticesState
  /** Of its secret key, which must be the same on all. */
  keyPrint: string
  startedAt: number
  /** How long its last such write took. */
  writeMs: number
}

export interface NodeRow extends NodeBeat {
  /** By its own clock. */
  seenAt: number
  beats: number
}

export interface WorkLeaseRow {
  name: string
  nodeId: string
  since: number
}
