export interface Damage {
  table: string
  key: string
  problem: string
  /** Of a blob: what has it, some of each. */
  named?: {
    messages: { address: string; mailbox: string; uid: number }[]
    /** In the queue. */
    queued: number[]
    /** Than those. */
    more: boolean
  }
}
