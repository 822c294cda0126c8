/** Which plan: those on offer, with the one there is, and perhaps none. Its value is a plan's id; empty for none. */
import type { PlanAnswer } from '../../../../src/api/plans.ts'
import { useFormat } from '../texts/format.ts'
import { defineTexts, useTexts } from '../texts/texts.ts'
import type { Bound, FieldLook } from '../ui/field.tsx'
import { Select } from '../ui/select.tsx'

const texts = defineTexts({
  fr: { option: (name: string, space: string, price: string) => `${name} – ${space}, ${price} par mois` },
  en: { option: (name, space, price) => `${name} – ${space}, ${price} a month` },
})

interface PlanSelectProps extends Bound<string>, FieldLook {
  plans: readonly PlanAnswer[]
  /** Stays in the list when it is no longer offered. */
  kept: string | null
  /** What to choose is called that means no plan; left out where there has to be one. */
  none?: string | undefined
}

export function PlanSelect({ plans, kept, none, ...field }: PlanSelectProps) {
  const t = useTexts(texts)
  const f = useFormat()
  const shown = plans.filter(({ isOffered, planId }) => isOffered || planId === kept)
  // One that a manager is not told about: it was given by staff, and is no longer offered.
  const isUnknown = kept !== null && !shown.some(({ planId }) => planId === kept)
  return (
    <Select
      {...field}
      options={[
        ...(none === undefined ? [] : [{ value: '', label: none }]),
        ...shown.map(({ planId, name, storageBytes, monthlyPrice, currency }) => ({
          value: planId,
          label: t.option(name, f.size(storageBytes), f.money(monthlyPrice, currency)),
        })),
        ...(isUnknown ? [{ value: kept, label: kept }] : []),
      ]}
    />
  )
}
