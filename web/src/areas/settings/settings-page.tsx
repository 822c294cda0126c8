/** Name, language, time zone and theme of whoever is signed in. */
import type { Pop3Answer } from '../../../../src/api/pop3.ts'
import type { ProfileAnswer } from '../../../../src/api/profile.ts'
import { queryClient, useResource } from '../../shared/api/queries.ts'
import { acceptSession, api, sessionState, useSession } from '../../shared/api/session.ts'
import { setTheme, type Theme, useTheme } from '../../shared/brand/theme.ts'
import { useFormat } from '../../shared/texts/format.ts'
import { defineTexts, textsNow, useTexts } from '../../shared/texts/texts.ts'
import { Card } from '../../shared/ui/card.tsx'
import { RadioGroup, Switch } from '../../shared/ui/choices.tsx'
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
    pop: 'Courrier relevé en POP',
    popText:
      'Un logiciel réglé en POP télécharge les messages et en laisse une copie ici. Le serveur peut l’effacer de lui-même.',
    popKeep: 'Effacer les messages déjà relevés',
    popDays: 'Nombre de jours après le relevé',
    days: 'jours',
    popWrong: (most: number) => `Indiquez un nombre de 1 à ${most}.`,
    popSaved: 'Réglage POP enregistré.',
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
    pop: 'Mail retrieved by POP',
    popText: 'A program set up for POP downloads messages and leaves a copy here. The server can remove it by itself.',
    popKeep: 'Remove messages that were retrieved',
    popDays: 'Days after they were retrieved',
    days: 'days',
    popWrong: most => `Give a number from 1 to ${most}.`,
    popSaved: 'POP setting saved.',
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
  const { hasMailbox } = useSession().principal
  return (
    <Page narrow title={t.title}>
      <Await resource={profile}>
        {found => (
          <>
            <Card title={t.you}>
              <ProfileForm profile={found} />
            </Card>
            <Appearance />
            {hasMailbox && <Pop />}
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

function Pop() {
  const t = useTexts(texts)
  const pop = useResource<Pop3Answer>('/mailbox/pop3')
  return (
    <Card title={t.pop} description={t.popText}>
      <Await resource={pop}>{found => <PopForm pop={found} />}</Await>
    </Card>
  )
}

/** As mail programs have it at first. */
const USUAL_DAYS = 15
/** As the service takes it. */
const MOST_DAYS = 365

function PopForm({ pop }: { pop: Pop3Answer }) {
  const t = useTexts(texts)
  const form = useForm({
    initial: popValues(pop),
    check: ({ removes, days }) => ({
      days: removes && !(Number(days) >= 1 && Number(days) <= MOST_DAYS) ? t.popWrong(MOST_DAYS) : undefined,
    }),
    submit: async ({ removes, days }) => {
      const saved = await api.put<Pop3Answer>('/mailbox/pop3', { keepDays: removes ? Math.round(Number(days)) : null })
      queryClient.setQueryData(['/mailbox/pop3', {}], saved)
      form.reset(popValues(saved))
      showToast({ text: t.popSaved })
    },
  })
  return (
    <Form form={form} warnsOnLeave submit={t.save}>
      <Switch {...form.field('removes')} label={t.popKeep} />
      {form.values.removes && (
        <TextField {...form.field('days')} label={t.popDays} unit={t.days} inputMode="numeric" maxLength={3} required />
      )}
    </Form>
  )
}

const popValues = ({ keepDays }: Pop3Answer) => ({ removes: keepDays !== null, days: String(keepDays ?? USUAL_DAYS) })

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
