/** /mailbox/plan: "get more space", for whoever owns the mailbox. */
import Type, { type Static } from 'typebox'
import { PlanId, PlanSchema, SeenPriceSchema, TermsSchema } from './plan-schemas.ts'
import { everyone, type Route, route } from './route.ts'
import { Nullable } from './schemas.ts'
import type { ApiServices } from './services.ts'

const OfferSchema = Type.Object({
  address: Type.String(),
  usedBytes: Type.Integer(),
  quotaBytes: Nullable(Type.Integer()),
  terms: Nullable(TermsSchema),
  larger: Type.Array(PlanSchema, { description: 'Offered and larger, the cheapest first' }),
  mayChoose: Type.Boolean({ description: 'Whether one chooses oneself; else one asks' }),
})

export type OfferAnswer = Static<typeof OfferSchema>

export function ownPlanRoutes({ selfService }: ApiServices): Route[] {
  const own = { tag: 'mailbox', access: everyone, needsMailbox: true } as const
  return [
    route({
      ...own,
      method: 'GET',
      path: '/mailbox/plan',
      operationId: 'getOwnPlan',
      summary: 'One’s own plan, and the larger ones',
      scope: 'account:read',
      response: OfferSchema,
      handle: ({ actor }) => selfService.offer(actor),
    }),
    route({
      ...own,
      method: 'PUT',
      path: '/mailbox/plan',
      operationId: 'chooseOwnPlan',
      summary: 'Chooses a larger plan, at the price that was shown, from today on',
      scope: 'account:write',
      body: Type.Object({ planId: PlanId, seen: SeenPriceSchema }, { additionalProperties: false }),
      response: OfferSchema,
      handle: ({ actor, body }) => selfService.choose(actor, body.planId, body.seen),
    }),
    route({
      ...own,
      method: 'POST',
      path: '/mailbox/plan-requests',
      operationId: 'requestPlan',
      summary: 'Asks whoever manages the mailbox for a larger plan, by mail',
      scope: 'account:write',
      status: 202,
      creates: true,
      body: Type.Object(
        { planId: PlanId, message: Type.String({ maxLength: 2000, description: 'In one’s own words; may be empty' }) },
        { additionalProperties: false },
      ),
      response: Type.Object({ told: Type.Integer({ description: 'To how many people it was mailed' }) }),
      handle: ({ actor, body }) => selfService.request(actor, body.planId, body.message.trim()),
    }),
  ]
}
