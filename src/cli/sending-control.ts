/** What the command line asks about mail that is held, and about blocks of sending. */
import { commandLine } from '../accounts/actor.ts'
import type { SendingControl } from '../accounts/sending/sending-control.ts'
import type { SendingGauge, SendingHold } from '../store/types/sending.ts'

type Define<A, R> = { args: A; result: R }

export interface SendingCommands {
  'sending.held': Define<Record<never, never>, (SendingHold & { address: string })[]>
  'sending.release': Define<{ address: string }, SendingGauge>
  'sending.drop': Define<{ address: string }, SendingGauge>
  /** Of a mailbox, or of a domain as a whole. */
  'sending.gauge': Define<{ name: string }, SendingGauge>
  'sending.unblock': Define<{ name: string }, SendingGauge>
}

export interface SendingControlServices {
  sending: Pick<
    SendingControl,
    'holds' | 'release' | 'drop' | 'ofMailbox' | 'ofDomain' | 'unblockMailbox' | 'unblockDomain'
  >
}

type Handlers = {
  [K in keyof SendingCommands]: (args: SendingCommands[K]['args']) => Promise<SendingCommands[K]['result']>
}

export function sendingHandlers({ sending }: SendingControlServices): Handlers {
  return {
    'sending.held': () => sending.holds(commandLine),
    'sending.release': ({ address }) => sending.release(commandLine, address),
    'sending.drop': ({ address }) => sending.drop(commandLine, address),
    'sending.gauge': ({ name }) =>
      name.includes('@') ? sending.ofMailbox(commandLine, name) : sending.ofDomain(commandLine, name),
    'sending.unblock': ({ name }) =>
      name.includes('@') ? sending.unblockMailbox(commandLine, name) : sending.unblockDomain(commandLine, name),
  }
}
