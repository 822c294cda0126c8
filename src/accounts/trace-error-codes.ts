/** What can go wrong with asking what became of a message, and with what is held. Texts: `api/trace-problem-texts.ts`. */
export type TraceErrorCode = 'trace-not-found' | 'trace-not-queued' | 'trace-link-gone' | 'sending-not-held'
