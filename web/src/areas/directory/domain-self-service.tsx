/** Whether owners choose a larger plan themselves: it is on the statement of whoever manages the domain. */
import type { SelfServiceAnswer } from '../../../../src/api/plans.ts'
import { invalidate, useResource } from '../../shared/api/queries.ts'
import { api } from '../../shared/api/session.ts'
import { defineTexts, useTexts } from '../../shared/texts/texts.ts'
import { Card } from '../../shared/ui/card.tsx'
import { RadioGroup } from '../../shared/ui/choices.tsx'
import { Form } from '../../shared/ui/form.tsx'
import { Await } from '../../shared/ui/states.tsx'
import { showToast } from '../../shared/ui/toast.tsx'
import { useForm } from '../../shared/ui/use-form.ts'
import { domainPath } from './contract.ts'

const texts = defineTexts({
  fr: {
    title: 'Changement d’offre',
    description: 'Quand une personne manque d’espace, elle peut passer d’elle-même à une offre plus grande.',
    label: 'Les personnes changent d’offre',
    service: 'Comme le prévoit le service',
    serviceNow: (holds: boolean): string =>
      holds ? 'Aujourd’hui : d’elles-mêmes, sans demander.' : 'Aujourd’hui : sur demande.',
    themselves: 'D’elles-mêmes',
    themselvesHint: 'L’offre change aussitôt ; elle figure sur votre relevé.',
    ask: 'Sur demande',
    askHint: 'La demande vous parvient par mail, et vous changez l’offre.',
    save: 'Enregistrer',
    saved: 'Choix enregistré.',
  },
  en: {
    title: 'Change of plan',
    description: 'People who run out of space may change to a larger plan by themselves.',
    label: 'People change their plan',
    service: 'As the service has it',
    serviceNow: holds => (holds ? 'At present: by themselves, without asking.' : 'At present: when they ask for it.'),
    themselves: 'By themselves',
    themselvesHint: 'The plan changes at once; it is on your statement.',
    ask: 'When they ask for it',
    askHint: 'Their request comes to you by mail, and you change the plan.',
    save: 'Save',
    saved: 'Choice saved.',
  },
})

const choices = { service: null, themselves: true, ask: false } as const
type Choice = keyof typeof choices
const choiceOf = (selfService: boolean | null): Choice =>
  selfService === null ? 'service' : selfService ? 'themselves' : 'ask'

export function DomainSelfService({ name }: { name: string }) {
  const t = useTexts(texts)
  const path = `${domainPath(name)}/plan-self-service`
  const resource = useResource<SelfServiceAnswer>(path)
  return (
    <Card title={t.title} description={t.description}>
      <Await resource={resource}>{answer => <ChoiceForm path={path} answer={answer} />}</Await>
    </Card>
  )
}

function ChoiceForm({ path, answer }: { path: string; answer: SelfServiceAnswer }) {
  const t = useTexts(texts)
  const form = useForm({
    initial: { choice: choiceOf(answer.selfService) },
    async submit({ choice }) {
      await api.put(path, { selfService: choices[choice] })
      form.reset({ choice })
      await invalidate(path)
      showToast({ text: t.saved })
    },
  })
  // What the service has is known where it holds.
  const serviceHint = answer.selfService === null ? t.serviceNow(answer.holds) : undefined
  return (
    <Form form={form} warnsOnLeave submit={t.save}>
      <RadioGroup
        {...form.field('choice')}
        label={t.label}
        options={[
          { value: 'service', label: t.service, hint: serviceHint },
          { value: 'themselves', label: t.themselves, hint: t.themselvesHint },
          { value: 'ask', label: t.ask, hint: t.askHint },
        ]}
      />
    </Form>
  )
}
