import { Check } from 'lucide-react'
import { defineTexts, useTexts } from '../texts/texts.ts'
import { Icon } from './icon.tsx'
import './stepper.css'

const texts = defineTexts({
  fr: { done: 'terminée', step: (at: number, of: number) => `Étape ${at} sur ${of}` },
  en: { done: 'done', step: (at, of) => `Step ${at} of ${of}` },
})

/** Where one stands in a few steps; `current` counts from 0. */
export function Stepper({ steps, current }: { steps: readonly string[]; current: number }) {
  const t = useTexts(texts)
  return (
    <ol className="list stepper" aria-label={t.step(current + 1, steps.length)}>
      {steps.map((step, index) => (
        <li
          key={step}
          aria-current={index === current ? 'step' : undefined}
          className={index < current ? 'done' : undefined}
        >
          <span className="stepper-mark" aria-hidden="true">
            {index < current ? <Icon of={Check} size={14} /> : index + 1}
          </span>
          <span className="stepper-name">{step}</span>
          {index < current && <span className="visually-hidden">({t.done})</span>}
        </li>
      ))}
    </ol>
  )
}
