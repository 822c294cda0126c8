/** /plans, and the plan of a mailbox as staff and managers see and change it. */
import Type, { type Static } from 'typebox'
import { keptForm } from '../accounts/addresses.ts'
import { PlanFields, PlanId, PlanSchema, SeenPriceSchema, TermsSchema } from './plan-schemas.ts'
import { managers, type Route, route, staff } from './route.ts'
import { Address, DomainName, Nullable } from './schemas.ts'
import type { ApiServices } from './services.ts'

const ListedPlanSchema = Type.Object({
  ...PlanSchema.properties,
  mailboxes: Type.Integer({ description: 'Of one’s domains that have it' }),
})

export type PlanAnswer = Static<typeof ListedPlanSchema>

const NewPlanBody = Type.Object({ planId: PlanId, ...PlanFields }, { additionalProperties: false })
const PlanChangeBody = Type.Partial(Type.Object(PlanFields), { additionalProperties: false, minProperties: 1 })

const MailboxPlanSchema = Type.Object({
  address: Type.String(),
  terms: Nullable(TermsSchema),
  usedBytes: Type.Integer(),
  quotaBytes: Nullable(Type.Integer()),
})

export type MailboxPlanAnswer = Static<typeof MailboxPlanSchema>

const SelfServiceSchema = Type.Object({
  selfService: Nullable(Type.Boolean({ description: 'null: as the service has it' })),
  holds: Type.Boolean({ description: 'What holds' }),
})

export type SelfServiceAnswer = Static<typeof SelfServiceSchema>

export function planRoutes({ plans, selfService }: ApiServices): Route[] {
  return [
    route({
      method: 'GET',
      path: '/plans',
      operationId: 'listPlans',
      summary: 'The plans: all for staff, for managers those offered and those their mailboxes have',
      tag: 'plans',
      access: managers,
      scope: 'billing:read',
      response: Type.Object({ items: Type.Array(ListedPlanSchema) }),
      handle: async ({ actor }) => ({ items: await plans.list(actor) }),
    }),
    route({
      method: 'POST',
      path: '/plans',
      operationId: 'addPlan',
      summary: 'Adds a plan to the catalogue',
      tag: 'plans',
      access: staff,
      scope: 'billing:write',
      status: 201,
      creates: true,
      body: NewPlanBody,
      response: PlanSchema,
      handle: ({ actor, body }) => plans.add(actor, body),
    }),
    route({
      method: 'PATCH',
      path: '/plans/:planId',
      operationId: 'changePlan',
      summary: 'Changes a plan for those who get it from now on, or retires it; what was agreed stays as it is',
      tag: 'plans',
      access: staff,
      scope: 'billing:write',
      params: Type.Object({ planId: PlanId }),
      body: PlanChangeBody,
      response: PlanSchema,
      handle: ({ actor, params, body }) => plans.change(actor, params.planId, body),
    }),
    route({
      method: 'GET',
      path: '/mailboxes/:address/plan',
      operationId: 'getMailboxPlan',
      summary: 'The plan of a mailbox, as it was agreed',
      tag: 'plans',
      access: managers,
      scope: 'billing:read',
      params: Type.Object({ address: Address }),
      response: MailboxPlanSchema,
      handle: async ({ actor, params }) => shown(await plans.ofMailbox(actor, params.address)),
    }),
    route({
      method: 'PUT',
      path: '/mailboxes/:address/plan',
      operationId: 'assignPlan',
      summary: 'Gives a mailbox a plan, with its space and its limit, from today on',
      tag: 'plans',
      access: managers,
      scope: 'billing:write',
      params: Type.Object({ address: Address }),
      body: Type.Object(
        {
          planId: Nullable(PlanId, { description: 'null: none, for staff alone' }),
          seen: Type.Optional(SeenPriceSchema),
        },
        { additionalProperties: false },
      ),
      response: MailboxPlanSchema,
      handle: async ({ actor, params, body }) =>
        shown(await plans.assign(actor, params.address, body.planId, body.seen ?? null)),
    }),
    route({
      method: 'GET',
      path: '/domains/:domain/plan-self-service',
      operationId: 'getPlanSelfService',
      summary: 'Whether owners of mailboxes in a domain may choose a larger plan themselves',
      tag: 'plans',
      access: managers,
      scope: 'billing:read',
      params: Type.Object({ domain: DomainName }),
      response: SelfServiceSchema,
      handle: ({ actor, params }) => selfService.ofDomain(actor, keptForm(params.domain)),
    }),
    route({
      method: 'PUT',
      path: '/domains/:domain/plan-self-service',
      operationId: 'setPlanSelfService',
      summary: 'Decides whether owners of mailboxes in a domain may choose a larger plan themselves',
      tag: 'plans',
      access: managers,
      scope: 'billing:write',
      params: Type.Object({ domain: DomainName }),
      body: Type.Object({ selfService: Nullable(Type.Boolean()) }, { additionalProperties: false }),
      response: SelfServiceSchema,
      handle: ({ actor, params, body }) => selfService.setOfDomain(actor, keptForm(params.domain), body.selfService),
    }),
  ]
}

function shown<T extends { accountId: number; domain: string; planId: string | null }>({
  accountId,
  domain,
  planId,
  ...plan
}: T) {
  return plan
}
