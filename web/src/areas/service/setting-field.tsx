/** One setting, in the field that its kind asks for. */
import { Plus, Trash2 } from 'lucide-react'
import type { SettingAnswer } from '../../../../src/api/service-settings.ts'
import { useTexts } from '../../shared/texts/texts.ts'
import { Button } from '../../shared/ui/button.tsx'
import { Switch } from '../../shared/ui/choices.tsx'
import type { Bound } from '../../shared/ui/field.tsx'
import { FieldGroup } from '../../shared/ui/form.tsx'
import { Select } from '../../shared/ui/select.tsx'
import { AddressField, TextField } from '../../shared/ui/text-field.tsx'
import type { ServerRow, SettingValue } from './setting-value.ts'
import { texts } from './texts.ts'

export function SettingField({ item, field }: { item: SettingAnswer; field: Bound<SettingValue> }) {
  const t = useTexts(texts)
  const { type, title, text, isOptional } = item
  const { value, ...rest } = field
  if (typeof value === 'boolean') return <Switch {...rest} value={value} label={title} hint={text} />
  if (typeof value !== 'string') return <ServersField {...rest} value={value} title={title} text={text} />
  const look = { ...rest, value, label: title, hint: text, optional: isOptional }
  if (type === 'choice') {
    const options = (item.choices ?? []).map(choice => ({ value: choice, label: t.choices[choice] ?? choice }))
    return <Select {...look} options={options} />
  }
  if (type === 'address') return <AddressField {...look} autoComplete="off" />
  if (type === 'number')
    return (
      <TextField
        {...look}
        inputMode="numeric"
        maxLength={String(item.maximum ?? '').length || undefined}
        unit={item.unit && (t.units[item.unit] ?? item.unit)}
      />
    )
  return <TextField {...look} maxLength={item.maxCharacters ?? 253} spellCheck={type === 'text'} />
}

function ServersField(
  props: Bound<readonly ServerRow[]> & { title: string; text: string; onChange(value: SettingValue): void },
) {
  const { name, value, onChange, error, title, text } = props
  const t = useTexts(texts)
  const change = (index: number, part: Partial<ServerRow>): void =>
    onChange(value.map((row, at) => (at === index ? { ...row, ...part } : row)))
  return (
    <FieldGroup title={title} description={text} error={error}>
      {value.length === 0 && <p className="muted">{t.noServers}</p>}
      {value.map((row, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: rows have no name of their own until they are saved.
        <fieldset key={index} className="field-group" aria-label={t.server(index + 1)}>
          <div className="stack">
            <TextField
              name={`${name}.${index}.name`}
              value={row.name}
              onChange={typed => change(index, { name: typed })}
              label={t.serverName}
              maxLength={80}
              required
            />
            <TextField
              name={`${name}.${index}.url`}
              value={row.url}
              onChange={typed => change(index, { url: typed })}
              label={t.serverUrl}
              hint={t.serverUrlHint}
              type="url"
              required
            />
            <TextField
              name={`${name}.${index}.domains`}
              value={row.domains}
              onChange={typed => change(index, { domains: typed })}
              label={t.serverDomains}
              hint={t.serverDomainsHint}
              spellCheck={false}
              optional
            />
            <div className="row">
              <Button
                small
                kind="danger-quiet"
                icon={Trash2}
                onClick={() => onChange(value.filter((_, at) => at !== index))}
              >
                {t.removeServer}
              </Button>
            </div>
          </div>
        </fieldset>
      ))}
      <div className="row">
        <Button small icon={Plus} onClick={() => onChange([...value, { name: '', url: 'https://', domains: '' }])}>
          {t.addServer}
        </Button>
      </div>
    </FieldGroup>
  )
}
