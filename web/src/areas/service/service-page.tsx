/** The settings of the service: one form a group, made of what the service says each setting takes. */
import type { SettingAnswer, SettingsAnswer } from '../../../../src/api/service-settings.ts'
import { queryClient, useResource } from '../../shared/api/queries.ts'
import { loadService } from '../../shared/api/service.ts'
import { api } from '../../shared/api/session.ts'
import { useTexts } from '../../shared/texts/texts.ts'
import { Badge } from '../../shared/ui/badge.tsx'
import { ButtonLink } from '../../shared/ui/button.tsx'
import { Card } from '../../shared/ui/card.tsx'
import { Form } from '../../shared/ui/form.tsx'
import { Page } from '../../shared/ui/page.tsx'
import { Await } from '../../shared/ui/states.tsx'
import { showToast } from '../../shared/ui/toast.tsx'
import { useForm } from '../../shared/ui/use-form.ts'
import { SettingField } from './setting-field.tsx'
import { formValue, isServer, numberOf, type SettingValue, sentValue } from './setting-value.ts'
import { texts } from './texts.ts'

const path = '/service/settings'

export default function ServicePage() {
  const t = useTexts(texts)
  const settings = useResource<SettingsAnswer>(path)
  return (
    <Page
      narrow
      title={t.title}
      description={t.description}
      actions={<ButtonLink href="/service/filters">{t.rules}</ButtonLink>}
    >
      <Await resource={settings}>
        {({ items }) =>
          [...Map.groupBy(items, ({ group }) => group)].map(([group, members]) => (
            <GroupForm key={group} group={group} items={members} />
          ))
        }
      </Await>
    </Page>
  )
}

function GroupForm({ group, items }: { group: string; items: readonly SettingAnswer[] }) {
  const t = useTexts(texts)
  const form = useForm<Record<string, SettingValue>>({
    initial: valuesOf(items),
    check: values =>
      Object.fromEntries(
        items.map(item => {
          const { key, type, minimum = 0, maximum = 0 } = item
          const value = values[key]
          if (typeof value === 'object') return [key, value.every(isServer) ? undefined : t.errorServers]
          const typed = String(value).trim()
          if (type === 'number' && numberOf(item, typed) === undefined) return [key, t.errorNumber(minimum, maximum)]
          if (type === 'address' && typed !== '' && !/^[^@\s]+@[^@\s]+$/.test(typed)) return [key, t.errorAddress]
          if (type === 'host' && /[\s/:@]/.test(typed)) return [key, t.errorHost]
          return [key, undefined]
        }),
      ),
    submit: async values => {
      const body = Object.fromEntries(items.map(item => [item.key, sentValue(item, values[item.key])]))
      const saved = await api.patch<SettingsAnswer>(path, body)
      queryClient.setQueryData([path, {}], saved)
      form.reset(valuesOf(saved.items.filter(item => item.group === group)))
      await loadService()
      showToast({ text: t.saved })
    },
  })
  return (
    <Card title={t.groups[group] ?? group} actions={form.dirty && <Badge tone="warning">{t.unsaved}</Badge>}>
      <Form form={form} warnsOnLeave submit={t.save}>
        {items.map(item => (
          <SettingField key={item.key} item={item} field={form.field(item.key)} />
        ))}
      </Form>
    </Card>
  )
}

const valuesOf = (items: readonly SettingAnswer[]): Record<string, SettingValue> =>
  Object.fromEntries(items.map(item => [item.key, formValue(item)]))
