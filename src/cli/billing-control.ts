/** What the command line asks of plans, statements and webhooks: see `control-commands.ts`. */
import { commandLine } from '../accounts/actor.ts'
import type { WebhookEventName } from '../accounts/billing/events.ts'
import type { NewPlan, PlanChange, PlanListing, Plans } from '../accounts/billing/plans.ts'
import type { StatementOfDomain, Statements } from '../accounts/billing/statement.ts'
import type { Webhook, Webhooks } from '../accounts/webhooks/webhooks.ts'
import type { MailboxPlanRow, PlanRow } from '../store/types/billing.ts'
import type { WebhookDeliveryRow } from '../store/types/webhooks.ts'

type Define<A, R> = { args: A; result: R }
type Nothing = Record<never, never>

export interface BillingCommands {
  'plan.list': Define<Nothing, PlanListing[]>
  'plan.add': Define<NewPlan, PlanRow>
  'plan.change': Define<{ planId: string; change: PlanChange }, PlanRow>
  /** null: none. */
  'plan.assign': Define<{ address: string; planId: string | null }, MailboxPlanRow>
  /** Domain by domain; `month` null: the one that runs. */
  'statement.show': Define<{ month: string | null; domain: string | null; manager: string | null }, StatementOfDomain[]>
  'webhook.list': Define<Nothing, Webhook[]>
  'webhook.add': Define<
    { domain: string | null; url: string; description: string; events: WebhookEventName[] },
    { webhook: Webhook; secret: string }
  >
  'webhook.test': Define<{ webhookId: string }, WebhookDeliveryRow & { ms: number }>
  'webhook.remove': Define<{ webhookId: string }, void>
}

export interface BillingControlServices {
  billing: { plans: Plans; statements: Statements; webhooks: Webhooks }
}

type Handlers = {
  [K in keyof BillingCommands]: (args: BillingCommands[K]['args']) => Promise<BillingCommands[K]['result']>
}

export function billingHandlers({ billing }: BillingControlServices): Handlers {
  const { plans, statements, webhooks } = billing
  const actor = commandLine
  return {
    'plan.list': () => plans.list(actor),
    'plan.add': plan => plans.add(actor, plan),
    'plan.change': ({ planId, change }) => plans.change(actor, planId, change),
    'plan.assign': ({ address, planId }) => plans.assign(actor, address, planId),
    'statement.show': async ({ month, domain, manager }) => {
      const asked = month ?? (await statements.currentMonth())
      const scope = { domain: domain?.toLowerCase() ?? null, manager: manager?.toLowerCase() ?? null }
      return Array.fromAsync(statements.byDomain(actor, asked, scope))
    },
    'webhook.list': () => webhooks.list(actor),
    'webhook.add': wanted => webhooks.add(actor, wanted),
    'webhook.test': ({ webhookId }) => webhooks.test(actor, webhookId),
    'webhook.remove': ({ webhookId }) => webhooks.remove(actor, webhookId),
  }
}
