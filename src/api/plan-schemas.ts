/** Shapes of plans and money. Prices are whole numbers of the currency's smallest unit: 350 of EUR are 3.50 €. */
import Type from 'typebox'
import { Nullable, Time } from './schemas.ts'

export const PlanId = Type.String({
  minLength: 1,
  maxLength: 40,
  pattern: '^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$',
  description: 'Lower case letters, digits and hyphens; never changes',
})

/** The codes this machine knows of ISO 4217. */
export const Currency = Type.Enum(Intl.supportedValuesOf('currency'), { description: 'ISO 4217' })

export const Money = Type.Integer({
  minimum: 0,
  maximum: 1_000_000_000,
  description: 'In the currency’s smallest unit',
})

export const PlanFields = {
  name: Type.String({ minLength: 1, maxLength: 80, pattern: '^[^\\u0000-\\u001f\\u007f]*$' }),
  description: Type.String({ maxLength: 500 }),
  storageBytes: Type.Integer({ minimum: 1, maximum: 1024 ** 5 }),
  hourlyLimit: Nullable(
    Type.Integer({
      minimum: 0,
      maximum: 1_000_000,
      description:
        'Recipients an hour, where neither the mailbox nor its domain says anything; null: as the service has it',
    }),
  ),
  monthlyPrice: Money,
  currency: Currency,
  isOffered: Type.Boolean({ description: 'Retired plans stay with those who have them' }),
}

export const PlanSchema = Type.Object({
  planId: Type.String(),
  name: Type.String(),
  description: Type.String(),
  storageBytes: Type.Integer(),
  hourlyLimit: Nullable(Type.Integer()),
  monthlyPrice: Type.Integer(),
  currency: Type.String(),
  isOffered: Type.Boolean(),
  createdAt: Time,
  updatedAt: Time,
})

export const TermsSchema = Type.Object(
  {
    planId: Type.String(),
    planName: Type.String(),
    storageBytes: Type.Integer(),
    hourlyLimit: Nullable(Type.Integer()),
    monthlyPrice: Type.Integer(),
    currency: Type.String(),
  },
  { description: 'As it was agreed, whatever became of the plan since' },
)

export const SeenPriceSchema = Type.Object(
  { monthlyPrice: Money, currency: Currency },
  { additionalProperties: false, description: 'What whoever chose saw: refused where it costs something else by now' },
)

export const TotalSchema = Type.Object({ currency: Type.String(), amount: Type.Integer() })
