/** Plans, statements, webhooks and dashboards, wired: the same with and without the servers. */
import { Ledger } from '../accounts/billing/ledger.ts'
import { Plans } from '../accounts/billing/plans.ts'
import { SelfService } from '../accounts/billing/self-service.ts'
import { Statements } from '../accounts/billing/statement.ts'
import { Dashboard } from '../accounts/dashboard/dashboard.ts'
import { OwnTraffic } from '../accounts/dashboard/own-traffic.ts'
import type { Notices } from '../accounts/notices.ts'
import type { ReadsSettings } from '../accounts/service-settings/service-settings.ts'
import { WebhookSender } from '../accounts/webhooks/sender.ts'
import { Webhooks } from '../accounts/webhooks/webhooks.ts'
import { WebhookWorker } from '../accounts/webhooks/worker.ts'
import type { Clock } from '../ops/clock.ts'
import type { Config } from '../ops/config.ts'
import type { Log } from '../ops/log.ts'
import { createResolver } from '../ops/resolver.ts'
import type { SecretBox } from '../ops/secret-box.ts'
import { packageVersion } from '../ops/version.ts'
import type { Store } from '../store/store.ts'

export interface Billing {
  ledger: Ledger
  plans: Plans
  statements: Statements
  selfService: SelfService
  webhooks: Webhooks
  webhookSender: WebhookSender
  dashboard: Dashboard
  ownTraffic: OwnTraffic
}

export interface BillingParts {
  store: Store
  settings: ReadsSettings
  notices: Notices
  linkTo: (path: string) => string
  box: SecretBox
  config: Config
  clock: Clock
}

export function createBilling({ store, settings, notices, linkTo, box, config, clock }: BillingParts): Billing {
  const rules = { allowPrivate: config.webhooksPrivateAddresses }
  const resolver = createResolver({ clock, servers: config.dnsServers })
  const webhookSender = new WebhookSender({ resolver, rules, clock, version: packageVersion() })
  const ledger = new Ledger({ store, settings, clock })
  const plans = new Plans({ store, ledger, clock })
  return {
    ledger,
    plans,
    statements: new Statements({ store, settings, clock }),
    selfService: new SelfService({ store, plans, settings, notices, linkTo, clock }),
    webhooks: new Webhooks({ store, box, sender: webhookSender, rules, notices, settings, linkTo, clock }),
    webhookSender,
    dashboard: new Dashboard({ store, settings, clock }),
    ownTraffic: new OwnTraffic({ store, settings, clock }),
  }
}

export interface WebhookWorkerParts {
  billing: Billing
  store: Store
  box: SecretBox
  config: Config
  owner: string
  clock: Clock
  log: Log
}

export function createWebhookWorker({
  billing,
  store,
  box,
  config,
  owner,
  clock,
  log,
}: WebhookWorkerParts): WebhookWorker {
  const { webhooks, webhookSender: sender } = billing
  return new WebhookWorker({
    store,
    box,
    sender,
    onDisabled: (delivery, outcome) => webhooks.tellDisabled(delivery, outcome),
    clock,
    log,
    owner,
    retryFirstMs: config.webhooksRetryFirst,
    random: Math.random,
  })
}
