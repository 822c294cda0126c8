import type { Random } from '../faults/random.ts'
import type { Service } from '../integration/service.ts'
import type { Record } from './record.ts'

export const password = 'correct horse battery'
export const mailboxes = ['INBOX', 'Other'] as const
export type Mailbox = (typeof mailboxes)[number]

/** Above it clients delete more than they add. */
export const enough = 200

export interface Scene {
  readonly service: Service
  readonly record: Record
  readonly random: Random
  /** For certificates, configurations and copies. */
  readonly folder: string
  isOver: boolean
}

/** By its id: the mailboxes and flags it is found under. */
export type Copy = Map<string, string[]>

export const placeOf = (mailbox: string, flags: readonly string[]): string => `${mailbox} ${flags.toSorted().join('')}`
