/** Operations and queries on what is handed out as a link. */
export type LinkOperations = Record<never, never>
export type LinkQueries = Record<never, never>
