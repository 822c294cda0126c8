/** Name, language, time zone and theme of whoever is signed in. */
import type { ProfileAnswer } from '../../../../src/api/profile.ts'
import { queryClient, useResource } from '../../shared/api/queries.ts'
import { acceptSession, api, sessionState } from '../../shared/api/session.ts'
import { setTheme, type Theme, useTheme } from '../../shared/brand/theme.ts'
import { useFormat } from '../../shared/texts/format.ts'
import { defineTexts, textsNow, useTexts } from '../../shared/texts/texts.ts'
import { Card } from '../../shared/ui/card.tsx'
import { RadioGroup } from '../../shared/ui/choices.tsx'
import { DescriptionList } from '../../shared/ui/description-list.tsx'
import { Form } from '../../shared/ui/form.tsx'
import { Page } from '../../shared/ui/page.tsx'
import { Select } from '../../shared/ui/select.tsx'
import { Await } from '../../shared/ui/states.tsx'
import { TextField } from '../../shared/ui/text-field.tsx'
import { browserTimeZone, TimeZoneField } from '../../shared/ui/time-zone-field.tsx'
import { showToast } from '../../shared/ui/toast.tsx'
import { useForm } from '../../shared/ui/use-form.ts'

const texts = defineTexts({
  fr: {
    title: 'Préférences',
    you: 'Vous',
    name: 'Nom',
    nameHint: 'Tel qu’il apparaît dans le panneau et dans les messages du service.',
    language: 'Langue',
    languageNone: 'Celle du navigateur',
    timeZone: 'Fuseau horaire',
    timeZoneHint: 'Pour les heures affichées et les jours de votre réponse automatique.',
    timeZoneNone: (zone: string) => `Celui de l’appareil (${zone})`,
    save: 'Enregistrer',
    saved: 'Préférences enregistrées.',
    appearance: 'Apparence',
    appearanceText: 'Retenue par ce navigateur seulement.',
    theme: 'Thème',
    auto: 'Comme l’appareil',
    light: 'Clair',
    dark: 'Sombre',
    account: 'Compte',
    address: 'Identifiant',
    created: 'Créé le',
    passwordChanged: 'Mot de passe modifié le',
  },
  en: {
    title: 'Preferences',
    you: 'You',
    name: 'Name',
    nameHint: 'As it is shown in the panel and in mail from the service.',
    language: 'Language',
    languageNone: 'That of the browser',
    timeZone: 'Time zone',
    timeZoneHint: 'For times that are shown, and the days of your auto-reply.',
    timeZoneNone: zone => `That of the device (${zone})`,
    save: 'Save',
    saved: 'Preferences saved.',
    appearance: 'Appearance',
    appearanceText: 'Remembered by this browser alone.',
    theme: 'Theme',
    auto: 'As the device',
    light: 'Light',
    dark: 'Dark',
    account: 'Account',
    address: 'User name',
    created: 'Created on',
    passwordChanged: 'Password changed on',
  },
})

export default function SettingsPage() {
  const t = useTexts(texts)
  const f = useFormat()
  const profile = useResource<ProfileAnswer>('/profile')
  return (
    <Page narrow title={t.title}>
      <Await resource={profile}>
        {found => (
          <>
            <Card title={t.you}>
              <ProfileForm profile={found} />
            </Card>
            <Appearance />
            <Card title={t.account}>
              <DescriptionList
                items={[
                  { term: t.address, value: found.address },
                  { term: t.created, value: f.date(found.createdAt) },
                  found.passwordChangedAt !== null && {
                    term: t.passwordChanged,
                    value: f.date(found.passwordChangedAt),
                  },
                ]}
              />
            </Card>
          </>
        )}
      </Await>
    </Page>
  )
}

function ProfileForm({ profile }: { profile: ProfileAnswer }) {
  const t = useTexts(texts)
  const form = useForm({
    initial: valuesOf(profile),
    submit: async ({ name, language, timeZone }) => {
      const body = { name: name.trim(), language: language || null, timeZone: timeZone || null }
      const saved = await api.patch<ProfileAnswer>('/profile', body)
      queryClient.setQueryData(['/profile', {}], saved)
      const state = sessionState()
      // What the whole page goes by: its language, its times, the name in its head.
      if (state.status === 'signed-in') {
        const { session } = state
        acceptSession({ ...session, principal: { ...session.principal, ...body } })
      }
      form.reset(valuesOf(saved))
      showToast({ text: textsNow(texts).saved })
    },
  })
  return (
    <Form form={form} warnsOnLeave submit={t.save}>
      <TextField
        {...form.field('name')}
        label={t.name}
        hint={t.nameHint}
        autoComplete="name"
        maxLength={200}
        optional
      />
      <Select
        {...form.field('language')}
        label={t.language}
        options={[
          { value: '', label: t.languageNone },
          { value: 'fr', label: 'Français' },
          { value: 'en', label: 'English' },
        ]}
      />
      <TimeZoneField
        {...form.field('timeZone')}
        label={t.timeZone}
        hint={t.timeZoneHint}
        none={t.timeZoneNone(browserTimeZone())}
      />
    </Form>
  )
}

function Appearance() {
  const t = useTexts(texts)
  const theme = useTheme()
  return (
    <Card title={t.appearance} description={t.appearanceText}>
      <RadioGroup<Theme>
        name="theme"
        value={theme}
        onChange={setTheme}
        label={t.theme}
        options={[
          { value: 'auto', label: t.auto },
          { value: 'light', label: t.light },
          { value: 'dark', label: t.dark },
        ]}
      />
    </Card>
  )
}

const valuesOf = ({ name, language, timeZone }: ProfileAnswer) => ({
  name,
  language: language ?? ('' as const),
  timeZone: timeZone ?? '',
})
