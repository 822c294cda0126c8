/** Operations on plans, the ledger, webhooks, and what the dashboards plot, by name. */
import type { BillingOperations } from '../../contract/billing.ts'
import type { Operations } from '../../store.ts'
import type { Operation } from '../operation.ts'
import { addPlan, assignPlan, noteManagers, recordInLedger, setSelfService, updatePlan } from './plan.ts'
import { addTraffic, sampleSpace, sweepTraffic } from './traffic.ts'
import {
  addWebhook,
  enqueueEvent,
  leaseDeliveries,
  recordDelivery,
  releaseDeliveries,
  removeWebhook,
  resendDelivery,
  settleDelivery,
  sweepDeliveries,
  updateWebhook,
} from './webhook.ts'

export const billingOperations: { readonly [K in keyof BillingOperations & keyof Operations]: Operation<K> } = {
  'plan.add': addPlan,
  'plan.update': updatePlan,
  'plan.setSelfService': setSelfService,
  'plan.assign': assignPlan,
  'ledger.record': recordInLedger,
  'ledger.noteManagers': noteManagers,
  'webhook.add': addWebhook,
  'webhook.update': updateWebhook,
  'webhook.remove': removeWebhook,
  'webhook.enqueue': enqueueEvent,
  'webhook.lease': leaseDeliveries,
  'webhook.settle': settleDelivery,
  'webhook.release': releaseDeliveries,
  'webhook.resend': resendDelivery,
  'webhook.record': recordDelivery,
  'webhook.sweep': sweepDeliveries,
  'traffic.add': addTraffic,
  'traffic.sweep': sweepTraffic,
  'space.sample': sampleSpace,
}
