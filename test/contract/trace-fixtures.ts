/** Traces and searches as most tests need them. */
import type { NewTrace, TraceRecipient, TraceSearch } from '../../src/store/types/trace.ts'

export const everything: TraceSearch = {
  scope: null,
  sender: null,
  recipient: null,
  address: null,
  way: null,
  status: null,
  id: null,
  from: null,
  before: null,
  below: null,
  limit: 50,
  budget: 1_000,
}
export const exactly = (address: string) => {
  const [localPart = null, domain = null] = address.split('@')
  return { localPart, domain, exact: true }
}

export function to(address: string, over: Partial<TraceRecipient> = {}): TraceRecipient {
  return { address, via: null, accountId: null, first: { kind: 'queued' }, ...over }
}

export function newTrace(over: Partial<NewTrace> = {}): NewTrace {
  return {
    id: 'abcdefghijkl-1',
    at: 100,
    direction: 'in',
    accountId: null,
    reversePath: 'far@away.test',
    sizeBytes: 10,
    messageId: 'first.message@away.test',
    subject: 'Hello',
    origin: {
      via: 'smtp',
      remoteAddress: '192.0.2.7',
      helo: 'mx.away.test',
      tls: null,
      credential: null,
      appPasswordId: null,
    },
    recipients: [to('ann@one.test')],
    ...over,
  }
}
