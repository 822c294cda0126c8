/** Operations and queries on plans, the ledger, webhooks, and what the dashboards plot. */
export type BillingOperations = Record<never, never>
export type BillingQueries = Record<never, never>
