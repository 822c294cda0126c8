/**
 * What is counted to slow down guessing holds for the whole service: each count is told to the other nodes, which count it too.
 * It is told without a promise: a node that hears nothing counts its own.
 */
export interface SharedCounts {
  /** Told of what other nodes counted under the name; returns what tells them. One who hears for each name. */
  share(name: string, heard: (text: string) => void): (text: string) => void
}

/** Of a service of one process. */
export const countedHere: SharedCounts = { share: () => () => {} }
