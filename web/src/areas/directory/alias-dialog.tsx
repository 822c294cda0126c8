/** The dialog that makes an alias or a group, or changes one. */
import { invalidate } from '../../shared/api/queries.ts'
import { api } from '../../shared/api/session.ts'
import { defineTexts, useTexts } from '../../shared/texts/texts.ts'
import { AddressesField, addressesOf, useAddressesError } from '../../shared/ui/addresses-field.tsx'
import { RadioGroup } from '../../shared/ui/choices.tsx'
import { Dialog } from '../../shared/ui/dialog.tsx'
import { Form } from '../../shared/ui/form.tsx'
import { AddressField, TextField } from '../../shared/ui/text-field.tsx'
import { useForm } from '../../shared/ui/use-form.ts'
import { type Alias, aliasPath } from './contract.ts'

const texts = defineTexts({
  fr: {
    create: 'Nouvel alias ou groupe',
    change: (address: string) => `Modifier ${address}`,
    kind: 'Type',
    alias: 'Alias',
    aliasHint: 'Une autre adresse d’une boîte mail, qui peut aussi écrire avec elle.',
    group: 'Groupe',
    groupHint: 'Une liste de personnes : chacune reçoit ce qui est envoyé au groupe.',
    address: 'Adresse',
    name: 'Nom du groupe',
    targets: 'Mène à',
    members: 'Membres',
    missing: 'Indiquez une adresse complète, par exemple info@example.org.',
    save: 'Enregistrer',
    submit: 'Créer',
  },
  en: {
    create: 'New alias or group',
    change: address => `Change ${address}`,
    kind: 'Kind',
    alias: 'Alias',
    aliasHint: 'Another address of a mailbox, which may write under it too.',
    group: 'Group',
    groupHint: 'A list of people: each receives what is sent to the group.',
    address: 'Address',
    name: 'Name of the group',
    targets: 'Leads to',
    members: 'Members',
    missing: 'Give a whole address, for instance info@example.org.',
    save: 'Save',
    submit: 'Create',
  },
})

/** `alias`: the one to be changed; null for a new one. */
export function AliasDialog({ alias, onClose }: { alias: Alias | null; onClose(): void }) {
  const t = useTexts(texts)
  const targetsError = useAddressesError()
  const form = useForm({
    initial: {
      address: alias?.address ?? '',
      kind: alias?.kind ?? ('alias' as Alias['kind']),
      name: alias?.name ?? '',
      targets: alias?.targets.join('\n') ?? '',
    },
    check: values => ({
      address: values.address.includes('@') ? undefined : t.missing,
      targets: targetsError(values.targets),
    }),
    async submit({ address, kind, name, targets }) {
      const wanted = { targets: addressesOf(targets), ...(kind === 'group' && { name }) }
      if (alias) await api.put(aliasPath(alias.address), wanted)
      else await api.post('/aliases', { ...wanted, address: address.trim(), kind })
      onClose()
      await Promise.all([invalidate('/aliases'), invalidate('/mailboxes')])
    },
  })
  const isGroup = form.values.kind === 'group'
  return (
    <Dialog open onClose={onClose} title={alias ? t.change(alias.address) : t.create}>
      <Form form={form} warnsOnLeave submit={alias ? t.save : t.submit} wide>
        {!alias && (
          <>
            <RadioGroup
              {...form.field('kind')}
              label={t.kind}
              cards
              options={[
                { value: 'alias', label: t.alias, hint: t.aliasHint },
                { value: 'group', label: t.group, hint: t.groupHint },
              ]}
            />
            <AddressField {...form.field('address')} label={t.address} required autoComplete="off" />
          </>
        )}
        {isGroup && <TextField {...form.field('name')} label={t.name} optional autoComplete="off" />}
        <AddressesField {...form.field('targets')} label={isGroup ? t.members : t.targets} />
      </Form>
    </Dialog>
  )
}
