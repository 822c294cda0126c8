/** What one node alone does for all: each kind by its name. */

export const works = ['sweeps', 'books', 'news'] as const
export type WorkName = (typeof works)[number]

export interface Work {
  /** Whether it is this node's, now. Asked before each piece of it. */
  isMine(name: WorkName): boolean
}

/** Of a service of one process. */
export const alone: Work = { isMine: () => true }
