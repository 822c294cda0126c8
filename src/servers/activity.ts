/** What servers tell of their work to whoever counts it. */
export interface Activity {
  opened(): void
  closed(): void
  /** The name of a command of the protocol: one of a closed list. */
  command(name: string): void
}
