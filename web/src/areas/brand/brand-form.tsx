/** Name, support address, colour and host names of a brand, and how the colour looks in both themes. */
import { useId } from 'react'
import type { BrandAnswer } from '../../../../src/api/brand.ts'
import { queryClient } from '../../shared/api/queries.ts'
import { loadService } from '../../shared/api/service.ts'
import { api } from '../../shared/api/session.ts'
import { brandColours } from '../../shared/brand/colour.ts'
import { useTexts } from '../../shared/texts/texts.ts'
import { Card } from '../../shared/ui/card.tsx'
import { Form } from '../../shared/ui/form.tsx'
import { AddressField, TextArea, TextField } from '../../shared/ui/text-field.tsx'
import { showToast } from '../../shared/ui/toast.tsx'
import { useForm } from '../../shared/ui/use-form.ts'
import './brand.css'
import { texts } from './texts.ts'

const isColour = (text: string): boolean => /^#[\da-f]{6}$/i.test(text)

export function BrandForm({ path, brand, isService }: { path: string; brand: BrandAnswer; isService: boolean }) {
  const t = useTexts(texts)
  const picker = useId()
  const { inherited } = brand
  const form = useForm({
    initial: valuesOf(brand),
    check: ({ primaryColour }) => ({
      primaryColour: primaryColour.trim() === '' || isColour(primaryColour.trim()) ? undefined : t.errorColour,
    }),
    submit: async ({ name, supportAddress, primaryColour, hosts }) => {
      const body = {
        name: name.trim() || null,
        supportAddress: supportAddress.trim() || null,
        primaryColour: primaryColour.trim() || null,
        ...(isService ? {} : { hosts: hosts.split(/[\s,;]+/).filter(Boolean) }),
      }
      const saved = await api.patch<BrandAnswer>(path, body)
      queryClient.setQueryData([path, {}], saved)
      form.reset(valuesOf(saved))
      // What this page itself looks like may have changed.
      await loadService()
      showToast({ text: t.saved })
    },
  })
  const typed = form.values.primaryColour.trim()
  const colour = isColour(typed) ? typed : inherited.primaryColour
  const open = (value: string | null): string => (value === null ? t.inheritedNone : t.inherited(value))
  return (
    <Card title={t.identity}>
      <Form form={form} warnsOnLeave submit={t.save}>
        <TextField {...form.field('name')} label={t.name} hint={open(inherited.name)} maxLength={80} optional />
        <AddressField
          {...form.field('supportAddress')}
          label={t.support}
          hint={`${t.supportHint} ${open(inherited.supportAddress)}.`}
          autoComplete="off"
          optional
        />
        <div className="brand-colour">
          <TextField
            {...form.field('primaryColour')}
            label={t.colour}
            hint={t.colourHint}
            placeholder={inherited.primaryColour ?? '#2a5d9f'}
            maxLength={7}
            spellCheck={false}
            optional
          />
          <label className="brand-picker" htmlFor={picker}>
            <span className="visually-hidden">{t.pick}</span>
            <input
              id={picker}
              type="color"
              value={colour ?? '#2a5d9f'}
              onChange={event => form.set({ primaryColour: event.currentTarget.value })}
            />
          </label>
        </div>
        <Preview colour={colour ?? '#2a5d9f'} />
        {!isService && <TextArea {...form.field('hosts')} label={t.hosts} hint={t.hostsHint} rows={3} optional />}
      </Form>
    </Card>
  )
}

/** The colours that the panel makes of one, as in `shared/brand/colour.ts`. */
function Preview({ colour }: { colour: string }) {
  const t = useTexts(texts)
  const colours = brandColours(colour)
  if (!colours) return null
  const looks = [
    {
      name: t.previewLight,
      page: '#ffffff',
      solid: colours.solidLight,
      on: colours.onSolidLight,
      text: colours.textLight,
    },
    { name: t.previewDark, page: '#191d24', solid: colours.solidDark, on: colours.onSolidDark, text: colours.textDark },
  ]
  return (
    <figure className="brand-preview" aria-label={t.preview}>
      {looks.map(({ name, page, solid, on, text }) => (
        <div key={name} className="brand-look" style={{ background: page }}>
          <span className="brand-button" style={{ background: solid, color: on }}>
            {t.previewButton}
          </span>
          <span style={{ color: text }}>{t.previewLink}</span>
          <figcaption className="visually-hidden">{name}</figcaption>
        </div>
      ))}
    </figure>
  )
}

const valuesOf = ({ name, supportAddress, primaryColour, hosts }: BrandAnswer) => ({
  name: name ?? '',
  supportAddress: supportAddress ?? '',
  primaryColour: primaryColour ?? '',
  hosts: hosts.join('\n'),
})
