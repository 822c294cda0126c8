/** What carries notices from node to node: quickly, and without a promise. Whoever hears one looks into the store. */

export interface Channel {
  heard(text: string): void
  /** From now on nothing is missed; what was said before may have been. Again after each break. */
  begun(): void
}

export interface Link {
  /** Whether what is said now is heard by those who listen. */
  readonly isReady: boolean
  publish(channel: string, text: string): void
  /** Returns what ends it. One listener for each channel. */
  listen(channel: string, listener: Channel): () => void
  close(): Promise<void>
}
