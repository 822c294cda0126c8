/** How far long work is, for whoever waits for it. Both may be called often. */
export interface Progress {
  /** A phase of the work begins, which looks at so many messages. */
  begin(messages: number): void
  /** So many more were dealt with. */
  add(messages: number): void
}

export const untold: Progress = { begin() {}, add() {} }
