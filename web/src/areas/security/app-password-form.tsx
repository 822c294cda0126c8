/** What an app password is called, what it opens and for what, from where and until when: for a new one, and one that is there. */
import type { AppPasswordAnswer } from '../../../../src/api/app-passwords.ts'
import type { OwnAddresses } from '../../../../src/api/own-addresses.ts'
import { useResource } from '../../shared/api/queries.ts'
import { useSession } from '../../shared/api/session.ts'
import { useFormat } from '../../shared/texts/format.ts'
import { useTexts } from '../../shared/texts/texts.ts'
import { Button } from '../../shared/ui/button.tsx'
import { Checkbox } from '../../shared/ui/choices.tsx'
import { FieldGroup, Form } from '../../shared/ui/form.tsx'
import { Select } from '../../shared/ui/select.tsx'
import { Await } from '../../shared/ui/states.tsx'
import { DateField, TextArea, TextField } from '../../shared/ui/text-field.tsx'
import { useForm } from '../../shared/ui/use-form.ts'
import { texts } from './texts.ts'

type Protocol = AppPasswordAnswer['protocols'][number]
type Expiry = 'kept' | 'never' | '30' | '365' | 'day'
type SharedMailbox = OwnAddresses['shared'][number]

/** What is sent; `mailbox` and `expiresAt` where they are to change. */
export interface AppPasswordFields {
  mailbox?: string
  label: string
  protocols: readonly Protocol[]
  networks: string[]
  expiresAt?: number | null
}

interface Props {
  /** null: a new one. */
  row: AppPasswordAnswer | null
  onSave(fields: AppPasswordFields): Promise<unknown>
  onCancel(): void
}

const DAY_MS = 86_400_000
const allProtocols: readonly Protocol[] = ['imap', 'pop3', 'submission']

/** The end of that day where the reader is. */
const endOf = (day: string): number => new Date(`${day}T23:59:59`).getTime()

export function AppPasswordForm(props: Props) {
  const addresses = useResource<OwnAddresses>('/mailbox/addresses')
  return <Await resource={addresses}>{({ shared }) => <Fields {...props} shared={shared} />}</Await>
}

function Fields({ row, onSave, onCancel, shared }: Props & { shared: readonly SharedMailbox[] }) {
  const t = useTexts(texts)
  const f = useFormat()
  const { address } = useSession().principal
  const form = useForm({
    initial: {
      mailbox: row?.mailbox ?? address,
      label: row?.label ?? '',
      protocols: row?.protocols ?? (['imap', 'submission'] as readonly Protocol[]),
      networks: row?.networks.join('\n') ?? '',
      expiry: (row?.expiresAt ? 'kept' : 'never') as Expiry,
      expiresAt: '',
    },
    check: values => ({
      label: values.label.trim() === '' ? t.nameMissing : undefined,
      protocols: usable(values.mailbox, values.protocols).length === 0 ? t.protocolsMissing : undefined,
      expiresAt: values.expiry === 'day' && !(endOf(values.expiresAt) > Date.now()) ? t.expiryMissing : undefined,
    }),
    submit: ({ mailbox, label, protocols, networks, expiry, expiresAt }) =>
      onSave({
        ...(row === null && mailbox !== address && { mailbox }),
        label: label.trim(),
        protocols: usable(mailbox, protocols),
        networks: networks.split(/[\s,;]+/).filter(Boolean),
        ...(expiry !== 'kept' && { expiresAt: timeOf(expiry, expiresAt) }),
      }),
  })
  const maySend = (mailbox: string): boolean => shared.find(one => one.address === mailbox)?.maySend ?? true
  const usable = (mailbox: string, protocols: readonly Protocol[]): Protocol[] =>
    protocols.filter(protocol => protocol !== 'submission' || maySend(mailbox))
  const { protocols: chosen, mailbox, expiry } = form.values
  return (
    <Form
      form={form}
      warnsOnLeave
      submit={row ? t.save : t.createAppPassword}
      actions={
        <Button kind="quiet" onClick={onCancel}>
          {t.cancel}
        </Button>
      }
    >
      <TextField {...form.field('label')} label={t.label} hint={t.labelHint} maxLength={100} autoFocus />
      {row === null && shared.length > 0 && (
        <Select
          {...form.field('mailbox')}
          label={t.mailbox}
          hint={t.mailboxHint}
          options={[
            { value: address, label: t.ownMailbox(address) },
            ...shared.map(one => ({ value: one.address, label: one.address })),
          ]}
        />
      )}
      <FieldGroup
        title={t.usedFor}
        description={maySend(mailbox) ? undefined : t.noSending}
        error={form.errors.protocols}
      >
        {allProtocols.map(protocol => (
          <Checkbox
            key={protocol}
            name={protocol}
            value={usable(mailbox, chosen).includes(protocol)}
            disabled={protocol === 'submission' && !maySend(mailbox)}
            onChange={on =>
              form.set({ protocols: on ? [...chosen, protocol] : chosen.filter(one => one !== protocol) })
            }
            label={t.protocol[protocol]}
          />
        ))}
      </FieldGroup>
      <Select<Expiry>
        {...form.field('expiry')}
        label={t.expires}
        options={[
          ...(row?.expiresAt ? [{ value: 'kept' as const, label: t.expiryKept(f.date(row.expiresAt)) }] : []),
          ...(['never', '30', '365', 'day'] as const).map(value => ({ value, label: t.expiry[value] })),
        ]}
      />
      {expiry === 'day' && <DateField {...form.field('expiresAt')} label={t.expiryDay} required />}
      <TextArea {...form.field('networks')} label={t.networks} hint={t.networksHint} rows={2} />
    </Form>
  )
}

function timeOf(expiry: Exclude<Expiry, 'kept'>, day: string): number | null {
  if (expiry === 'never') return null
  return expiry === 'day' ? endOf(day) : Date.now() + Number(expiry) * DAY_MS
}
