/** Operations and queries on what can be told of domains and mailboxes: switches, forwards, members, aliases of domains, auto-replies. */
export type PanelDirectoryOperations = Record<never, never>
export type PanelDirectoryQueries = Record<never, never>
