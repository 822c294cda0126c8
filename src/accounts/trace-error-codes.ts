/** What can go wrong with asking what became of a message. Texts: `api/trace-problem-texts.ts`. */
export type TraceErrorCode = 'trace-not-found' | 'trace-not-queued' | 'trace-link-gone'
