/** The nodes that share a store. */

/** `draining`: it takes nothing new and leaves once what is under way has ended. */
export type NodeState = 'running' | 'draining'

/**
 * How a node hears of changes on others at once; `workers`: from the process that started them all; `polling`: it looks for them
 * instead, since Redis is gone or there is none.
 */
export type NoticesState = 'redis' | 'workers' | 'polling'

/** Of one process that bears a node's name, which tells it from those before it, and from one in a copy of its data folder. */
export interface NodeLife {
  pid: number
  startedAt: number
}

/** What a node says of itself. */
export interface NodeBeat extends NodeLife {
  nodeId: string
  hostname: string
  version: string
  /** What it does, by name. */
  roles: string[]
  state: NodeState
  notices: NoticesState
  /** Of its secret key, which must be the same on all. */
  keyPrint: string
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
