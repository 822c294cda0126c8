/** Makes a manager or somebody of the staff; then shows the link by which they get in. */
import { useState } from 'react'
import type { CreatedUserAnswer } from '../../../../src/api/users.ts'
import { invalidate } from '../../shared/api/queries.ts'
import { api } from '../../shared/api/session.ts'
import { IssuedLink } from '../../shared/links/issue-link-dialog.tsx'
import { useTexts } from '../../shared/texts/texts.ts'
import { Button } from '../../shared/ui/button.tsx'
import { Checkbox, RadioGroup } from '../../shared/ui/choices.tsx'
import { Dialog } from '../../shared/ui/dialog.tsx'
import { Form } from '../../shared/ui/form.tsx'
import { AddressField, TextArea, TextField } from '../../shared/ui/text-field.tsx'
import { useForm } from '../../shared/ui/use-form.ts'
import { texts } from './texts.ts'

export const linesOf = (text: string): string[] => text.split(/[\s,;]+/).filter(Boolean)

export function CreateUserDialog({ open, onClose }: { open: boolean; onClose(): void }) {
  const t = useTexts(texts)
  const [created, setCreated] = useState<{ answer: CreatedUserAnswer; wasMailed: boolean } | null>(null)
  const close = (): void => {
    setCreated(null)
    onClose()
  }
  const link = created?.answer.link
  return (
    <Dialog
      open={open}
      onClose={close}
      size="medium"
      shownOnce={link != null}
      title={created ? t.ready : t.create}
      description={created ? (link ? t.readyText : t.promoted(created.answer.user.address)) : t.createText}
      footer={
        created && (
          <Button kind="primary" onClick={close}>
            {t.close}
          </Button>
        )
      }
    >
      {created === null ? (
        <CreateForm onCancel={close} onCreated={(answer, wasMailed) => setCreated({ answer, wasMailed })} />
      ) : (
        link && <IssuedLink link={link} wasMailed={created.wasMailed} />
      )}
    </Dialog>
  )
}

function CreateForm({
  onCancel,
  onCreated,
}: {
  onCancel(): void
  onCreated(answer: CreatedUserAnswer, wasMailed: boolean): void
}) {
  const t = useTexts(texts)
  const form = useForm({
    initial: { address: '', name: '', role: 'manager' as 'manager' | 'staff', domains: '', mailed: false },
    check: ({ address }) => ({ address: /^[^@\s]+@[^@\s]+$/.test(address.trim()) ? undefined : t.addressMissing }),
    submit: async ({ address, name, role, domains, mailed }) => {
      const answer = await api.post<CreatedUserAnswer>('/users', {
        address: address.trim(),
        name: name.trim(),
        role,
        domains: role === 'manager' ? linesOf(domains) : [],
        sendTo: mailed ? address.trim() : null,
      })
      await invalidate('/users')
      onCreated(answer, mailed)
    },
  })
  return (
    <Form
      form={form}
      warnsOnLeave
      submit={t.make}
      actions={
        <Button kind="quiet" onClick={onCancel}>
          {t.cancel}
        </Button>
      }
    >
      <AddressField {...form.field('address')} label={t.address} autoFocus />
      <TextField {...form.field('name')} label={t.name} optional />
      <RadioGroup
        {...form.field('role')}
        label={t.role}
        options={[
          { value: 'manager', label: t.roles.manager, hint: t.roleTexts.manager },
          { value: 'staff', label: t.roles.staff, hint: t.roleTexts.staff },
        ]}
      />
      {form.values.role === 'manager' && (
        <TextArea {...form.field('domains')} label={t.domains} hint={t.domainsHint} rows={3} />
      )}
      <Checkbox {...form.field('mailed')} label={t.mail} hint={t.mailHint} />
    </Form>
  )
}
