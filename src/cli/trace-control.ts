/** What the command line asks about traces. */
import { commandLine } from '../accounts/actor.ts'
import type { TraceDetail, TracePage, Traces, TraceWish } from '../mail/trace/traces.ts'
import type { TraceView } from '../mail/trace/view.ts'
import type { Language } from '../store/types/principals.ts'

type Define<A, R> = { args: A; result: R }

export interface TraceCommands {
  'trace.search': Define<{ wish: TraceWish; language: Language }, TracePage>
  'trace.show': Define<{ traceId: number; language: Language }, TraceDetail>
  'trace.tail': Define<{ after: number | null; language: Language }, { items: TraceView[]; next: number }>
}

export interface TraceControlServices {
  traces: Traces
}

type Handlers = { [K in keyof TraceCommands]: (args: TraceCommands[K]['args']) => Promise<TraceCommands[K]['result']> }

export function traceHandlers({ traces }: TraceControlServices): Handlers {
  return {
    'trace.search': ({ wish, language }) => traces.search(commandLine, 'managed', wish, language),
    'trace.show': ({ traceId, language }) => traces.show(commandLine, 'managed', traceId, language),
    'trace.tail': ({ after, language }) => traces.tail(commandLine, after, language),
  }
}
