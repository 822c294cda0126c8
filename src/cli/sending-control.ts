/** What the command line asks about mail that is held. */
import { commandLine } from '../accounts/actor.ts'
import type { SendingControl } from '../accounts/sending/sending-control.ts'
import type { SendingGauge, SendingHold } from '../store/types/sending.ts'

type Define<A, R> = { args: A; result: R }

export interface SendingCommands {
  'sending.held': Define<Record<never, never>, (SendingHold & { address: string })[]>
  'sending.release': Define<{ address: string }, SendingGauge>
  'sending.drop': Define<{ address: string }, SendingGauge>
}

export interface SendingControlServices {
  sending: Pick<SendingControl, 'holds' | 'release' | 'drop'>
}

type Handlers = {
  [K in keyof SendingCommands]: (args: SendingCommands[K]['args']) => Promise<SendingCommands[K]['result']>
}

export function sendingHandlers({ sending }: SendingControlServices): Handlers {
  return {
    'sending.held': () => sending.holds(commandLine),
    'sending.release': ({ address }) => sending.release(commandLine, address),
    'sending.drop': ({ address }) => sending.drop(commandLine, address),
  }
}
