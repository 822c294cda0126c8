/** Where what arrives goes on to: of a mailbox one manages, and of one's own. */
import { api } from '../../shared/api/session.ts'
import { useAction } from '../../shared/api/use-action.ts'
import { defineTexts, useTexts } from '../../shared/texts/texts.ts'
import { AddressesField, addressesOf, useAddressesError } from '../../shared/ui/addresses-field.tsx'
import { Button } from '../../shared/ui/button.tsx'
import { Card } from '../../shared/ui/card.tsx'
import { RadioGroup } from '../../shared/ui/choices.tsx'
import { Form } from '../../shared/ui/form.tsx'
import { showToast } from '../../shared/ui/toast.tsx'
import { useForm } from '../../shared/ui/use-form.ts'
import type { Forward } from './contract.ts'

const texts = defineTexts({
  fr: {
    title: 'Transfert',
    description: 'Chaque message reçu est envoyé aussi à d’autres adresses.',
    targets: 'Transférer à',
    copy: 'Et dans cette boîte mail',
    keep: 'Garder une copie',
    keepHint: 'Les messages restent lisibles ici.',
    drop: 'Ne rien garder',
    dropHint: 'Les messages n’existent que là où ils sont transférés.',
    save: 'Enregistrer le transfert',
    stop: 'Arrêter le transfert',
    saved: 'Le transfert est actif.',
    stopped: 'Plus rien n’est transféré.',
  },
  en: {
    title: 'Forwarding',
    description: 'Each message received is sent to other addresses as well.',
    targets: 'Forward to',
    copy: 'And in this mailbox',
    keep: 'Keep a copy',
    keepHint: 'Messages can still be read here.',
    drop: 'Keep nothing',
    dropHint: 'Messages exist only where they are forwarded.',
    save: 'Save the forwarding',
    stop: 'Stop forwarding',
    saved: 'Forwarding is on.',
    stopped: 'Nothing is forwarded any more.',
  },
})

export function ForwardCard({
  forward,
  path,
  changed,
}: {
  forward: Forward | null
  /** Of the API. */
  path: string
  changed(): Promise<unknown>
}) {
  const t = useTexts(texts)
  const targetsError = useAddressesError()
  const form = useForm({
    initial: {
      targets: forward?.targets.join('\n') ?? '',
      copy: (forward?.keepCopy === false ? 'drop' : 'keep') as 'keep' | 'drop',
    },
    check: values => ({ targets: targetsError(values.targets) }),
    async submit({ targets, copy }) {
      await api.put(path, { targets: addressesOf(targets), keepCopy: copy === 'keep' })
      await changed()
      showToast({ text: t.saved })
    },
  })
  const stop = useAction(async () => {
    await api.delete(path)
    await changed()
    form.reset({ targets: '', copy: 'keep' })
    showToast({ text: t.stopped })
  })
  return (
    <Card title={t.title} description={t.description}>
      <Form
        form={form}
        warnsOnLeave
        submit={t.save}
        actions={
          forward && (
            <Button kind="danger-quiet" busy={stop.busy} onClick={() => void stop.run()}>
              {t.stop}
            </Button>
          )
        }
      >
        <AddressesField {...form.field('targets')} label={t.targets} />
        <RadioGroup
          {...form.field('copy')}
          label={t.copy}
          options={[
            { value: 'keep', label: t.keep, hint: t.keepHint },
            { value: 'drop', label: t.drop, hint: t.dropHint },
          ]}
        />
      </Form>
    </Card>
  )
}
