/** The forms of what goes for all that a mailbox sends. `path`: of the mailbox, or empty for one's own. */
import type { BounceCopyAnswer } from '../../../../src/api/bounce-copy.ts'
import type { SendingRulesAnswer } from '../../../../src/api/sending-rules.ts'
import { queryClient, useResource } from '../../shared/api/queries.ts'
import { api } from '../../shared/api/session.ts'
import { useTexts } from '../../shared/texts/texts.ts'
import { AddressesField, addressesOf, useAddressesError } from '../../shared/ui/addresses-field.tsx'
import { Card } from '../../shared/ui/card.tsx'
import { Switch } from '../../shared/ui/choices.tsx'
import { Form } from '../../shared/ui/form.tsx'
import { Await } from '../../shared/ui/states.tsx'
import { AddressField } from '../../shared/ui/text-field.tsx'
import { showToast } from '../../shared/ui/toast.tsx'
import { useForm } from '../../shared/ui/use-form.ts'
import { texts } from './texts.ts'

export function SendingForms({ path }: { path: string }) {
  const t = useTexts(texts)
  const rules = useResource<SendingRulesAnswer>(`${path}/sending-rules`)
  const bounces = useResource<BounceCopyAnswer>(`${path}/bounce-copy`)
  return (
    <>
      <Card title={t.copies} description={t.copiesText}>
        <Await resource={rules}>
          {found => <CopiesForm key={found.address} path={`${path}/sending-rules`} rules={found} />}
        </Await>
      </Card>
      <Card title={t.bounces} description={t.bouncesText}>
        <Await resource={bounces}>
          {found => <BouncesForm key={found.address} path={`${path}/bounce-copy`} bounces={found} />}
        </Await>
      </Card>
    </>
  )
}

function CopiesForm({ path, rules }: { path: string; rules: SendingRulesAnswer }) {
  const t = useTexts(texts)
  const errorOf = useAddressesError({ optional: true })
  const form = useForm({
    initial: valuesOf(rules),
    check: ({ copiesCc, copiesBcc }) => ({ copiesCc: errorOf(copiesCc), copiesBcc: errorOf(copiesBcc) }),
    submit: async ({ copiesCc, copiesBcc, filesSentCopy }) => {
      const body = { copiesCc: addressesOf(copiesCc), copiesBcc: addressesOf(copiesBcc), filesSentCopy }
      const saved = await api.put<SendingRulesAnswer>(path, body)
      queryClient.setQueryData([path, {}], saved)
      form.reset(valuesOf(saved))
      showToast({ text: t.saved })
    },
  })
  return (
    <Form form={form} warnsOnLeave submit={t.save}>
      <AddressesField {...form.field('copiesCc')} label={t.cc} hint={t.ccHint} rows={2} optional />
      <AddressesField {...form.field('copiesBcc')} label={t.bcc} hint={t.bccHint} rows={2} optional />
      <Switch {...form.field('filesSentCopy')} label={t.filed} hint={t.filedHint} />
    </Form>
  )
}

function BouncesForm({ path, bounces }: { path: string; bounces: BounceCopyAnswer }) {
  const t = useTexts(texts)
  const form = useForm({
    initial: { copyTo: bounces.copyTo ?? '' },
    submit: async ({ copyTo }) => {
      const saved = await api.put<BounceCopyAnswer>(path, { copyTo: copyTo.trim() || null })
      queryClient.setQueryData([path, {}], saved)
      form.reset({ copyTo: saved.copyTo ?? '' })
      showToast({ text: t.bouncesSaved })
    },
  })
  return (
    <Form form={form} warnsOnLeave submit={t.save}>
      <AddressField {...form.field('copyTo')} label={t.copyTo} hint={t.copyToHint} maxLength={320} optional />
    </Form>
  )
}

const valuesOf = ({ copiesCc, copiesBcc, filesSentCopy }: SendingRulesAnswer) => ({
  copiesCc: copiesCc.join('\n'),
  copiesBcc: copiesBcc.join('\n'),
  filesSentCopy,
})
