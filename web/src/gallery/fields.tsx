import { useState } from 'react'
import { ApiProblem } from '../shared/api/problem.ts'
import { Button } from '../shared/ui/button.tsx'
import { Card } from '../shared/ui/card.tsx'
import { Checkbox, RadioGroup, Switch } from '../shared/ui/choices.tsx'
import { FieldGroup, Form } from '../shared/ui/form.tsx'
import { PasswordField } from '../shared/ui/password-field.tsx'
import { PasswordRules } from '../shared/ui/password-rules.tsx'
import { SearchField } from '../shared/ui/search-field.tsx'
import { Select } from '../shared/ui/select.tsx'
import { AddressField, DateField, TextArea, TextField } from '../shared/ui/text-field.tsx'
import { useForm } from '../shared/ui/use-form.ts'

type State = 'active' | 'receiveOnly' | 'blocked'

export function Fields() {
  const [search, setSearch] = useState('')
  const form = useForm({
    initial: {
      address: '',
      quota: '5',
      plan: 'standard',
      until: '2026-12-04',
      state: 'active' as State,
      note: '',
      password: 'courrier',
      notify: true,
      sending: true,
    },
    check: values => ({
      address: values.address === '' ? 'Saisissez l’adresse.' : undefined,
      quota: Number(values.quota) > 0 ? undefined : 'L’espace doit être d’au moins 1 Go.',
      note: values.note === '' ? 'Dites pourquoi : la personne le lira.' : undefined,
    }),
    submit: async () => {
      throw new ApiProblem(409, {
        code: 'exists',
        errors: [{ field: 'address', code: 'exists', message: 'Cette adresse existe déjà.' }],
      })
    },
  })
  return (
    <Card title="Formulaires" description="Envoyez le formulaire vide pour voir les erreurs.">
      <Form form={form} submit="Créer la boîte" actions={<Button kind="quiet">Annuler</Button>}>
        <SearchField label="Rechercher une boîte" value={search} onChange={setSearch} />
        <div className="columns">
          <AddressField {...form.field('address')} label="Adresse" hint="Par exemple alice@example.org" />
          <TextField {...form.field('quota')} label="Espace" type="number" unit="Go" hint="Extensible plus tard" />
        </div>
        <div className="columns">
          <Select
            {...form.field('plan')}
            label="Formule"
            options={[
              { value: 'standard', label: 'Standard' },
              { value: 'large', label: 'Grand espace' },
            ]}
          />
          <DateField {...form.field('until')} label="Jusqu’au" optional />
        </div>
        <PasswordField
          {...form.field('password')}
          label="Mot de passe"
          autoComplete="new-password"
          rules={
            <PasswordRules
              password={form.values.password}
              rules={{ minCharacters: 10, maxBytes: 256 }}
              address="alice@example.org"
            />
          }
        />
        <TextArea {...form.field('note')} label="Note" hint="Visible par l’équipe seulement." />
        <RadioGroup
          {...form.field('state')}
          label="État de la boîte"
          cards
          options={[
            { value: 'active', label: 'Active', hint: 'Reçoit, envoie et permet de se connecter.' },
            {
              value: 'receiveOnly',
              label: 'Réception seule',
              hint: 'Reçoit ; ne permet ni d’envoyer ni de se connecter.',
            },
            { value: 'blocked', label: 'Bloquée', hint: 'Refuse tout.', disabled: true },
          ]}
        />
        <FieldGroup title="Options" description="Modifiables à tout moment.">
          <Checkbox {...form.field('notify')} label="Prévenir le titulaire" hint="Un message lui est envoyé." />
          <Switch {...form.field('sending')} label="Envoi autorisé" hint="Sans effet sur la réception." />
          <Switch name="off" value={false} onChange={() => undefined} label="Indisponible" disabled />
        </FieldGroup>
        <TextField name="disabled" value="Non modifiable" onChange={() => undefined} label="Désactivé" disabled />
      </Form>
    </Card>
  )
}
