/** Queries on plans, the ledger, webhooks, and what the dashboards plot, by name. */
import type { BillingQueries } from '../../contract/billing.ts'
import type { Queries } from '../../store.ts'
import type { Query } from '../query.ts'
import {
  countPlans,
  ledgerDomains,
  ledgerOfDays,
  listLedger,
  listPlans,
  managedDomains,
  planById,
  planOfMailbox,
  selfServiceOf,
} from './plan.ts'
import { spaceDays, topTraffic, trafficHours } from './traffic.ts'
import { deliveryById, listDeliveries, listWebhooks, nextDelivery, webhookById } from './webhook.ts'

export const billingQueries: { readonly [K in keyof BillingQueries & keyof Queries]: Query<K> } = {
  'plan.list': listPlans,
  'plan.byId': planById,
  'plan.selfService': selfServiceOf,
  'plan.counts': countPlans,
  'plan.ofMailbox': planOfMailbox,
  'ledger.list': listLedger,
  'ledger.ofDays': ledgerOfDays,
  'ledger.domains': ledgerDomains,
  'ledger.managedDomains': managedDomains,
  'webhook.list': listWebhooks,
  'webhook.byId': webhookById,
  'webhook.nextDue': nextDelivery,
  'webhook.deliveries': listDeliveries,
  'webhook.delivery': deliveryById,
  'traffic.hours': trafficHours,
  'traffic.top': topTraffic,
  'space.days': spaceDays,
}
