/** What every load has in common: it works until it is told to stop, comes back when it is thrown out, and judges each answer. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Ledger } from '../ledger.ts'
import { Gone } from '../line-client.ts'
import type { Random } from '../random.ts'

export interface Scene {
  readonly ports: { smtp: number; submission: number; imap: number; pop3: number }
  readonly ledger: Ledger
  readonly password: string
  /** Where the process ends in the midst of it, what was refused just before may have been done for all that. */
  readonly dies: boolean
  /** A node that died may have a maildrop open until the others notice. */
  readonly locksStay?: boolean
  stopping: boolean
}

export interface Load {
  readonly name: string
  /** One connection, from its beginning until it is over or `scene.stopping`. */
  connect(scene: Scene, random: Random): Promise<void>
  /** False where the load can't go on before the state is looked at. */
  readonly able: boolean
}

/** A refusal for the time being: the work is to be tried again later. */
export class Refused extends Error {}

const pauseMs = 25

export async function keepUp(load: Load, scene: Scene, random: Random): Promise<void> {
  while (!scene.stopping && load.able) {
    try {
      await load.connect(scene, random)
    } catch (error) {
      if (!(error instanceof Gone || error instanceof Refused)) throw error
    }
    if (!scene.stopping) await sleep(pauseMs)
  }
}

type Protocol = 'SMTP' | 'IMAP' | 'POP3'

const good: Record<Protocol, RegExp> = { SMTP: /^[23]/, IMAP: /^(OK|PREAUTH|\* OK|\+)/, POP3: /^\+OK/ }

/** How a service says that something is not possible for the time being (RFC 5321 §4.2, RFC 5530 §3, RFC 3206 §3). */
const passing: Record<Protocol, RegExp> = {
  SMTP: /^(421|45[0124]) 4\./,
  IMAP: /^(NO \[UNAVAILABLE\]|\* BYE )/,
  POP3: /^-ERR \[SYS\/TEMP\]/,
}

/** True where it is done; false where it is refused for the time being. Anything else is a problem. */
export function judge({ ledger, locksStay }: Scene, protocol: Protocol, command: string, answer: string): boolean {
  if (good[protocol].test(answer)) return true
  const isLocked = locksStay === true && answer.startsWith('-ERR [IN-USE]')
  if (isLocked || passing[protocol].test(answer)) ledger.refuse(`${command} ${answer}`)
  else ledger.problem(`${protocol} ${command} was answered ${answer}`)
  return false
}

/** Throws `Refused` where it isn't done. */
export function demand(scene: Scene, protocol: Protocol, command: string, answer: string): void {
  if (!judge(scene, protocol, command, answer)) throw new Refused(answer)
}
