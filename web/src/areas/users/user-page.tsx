/** One who signs in: name and role, sign-in, access, tokens, removal. */
import { useState } from 'react'
import { useLocation, useParams } from 'wouter'
import type { UserAnswer } from '../../../../src/api/users.ts'
import { invalidate, useResource } from '../../shared/api/queries.ts'
import { api } from '../../shared/api/session.ts'
import { IssueLinkDialog } from '../../shared/links/issue-link-dialog.tsx'
import { RecoveryCard } from '../../shared/recovery/recovery-card.tsx'
import { useTexts } from '../../shared/texts/texts.ts'
import { Button, ButtonLink } from '../../shared/ui/button.tsx'
import { Card } from '../../shared/ui/card.tsx'
import { RadioGroup, Switch } from '../../shared/ui/choices.tsx'
import { ConfirmDialog } from '../../shared/ui/dialog.tsx'
import { Form } from '../../shared/ui/form.tsx'
import { Page } from '../../shared/ui/page.tsx'
import { Await } from '../../shared/ui/states.tsx'
import { TextArea, TextField } from '../../shared/ui/text-field.tsx'
import { showToast } from '../../shared/ui/toast.tsx'
import { useForm } from '../../shared/ui/use-form.ts'
import { linesOf } from './create-user-dialog.tsx'
import { texts } from './texts.ts'
import { UserTokens } from './user-tokens.tsx'

export default function UserPage() {
  const t = useTexts(texts)
  const { principalId } = useParams<{ principalId: string }>()
  const resource = useResource<UserAnswer>(`/users/${principalId}`)
  return (
    <Page
      narrow
      title={resource.data?.address ?? t.title}
      description={resource.data && t.roles[resource.data.role]}
      breadcrumbs={[{ label: t.title, href: '/users' }]}
    >
      <Await resource={resource}>
        {user => (
          <>
            <Profile key={`${user.role} ${user.name} ${user.domains}`} user={user} />
            <Access user={user} />
            <Card
              title={t.security}
              description={t.securityText}
              footer={<ButtonLink href={`/users/${user.principalId}/security`}>{t.seeSecurity}</ButtonLink>}
            />
            {user.role === 'manager' && (
              <Card
                title={t.brand}
                description={t.brandText}
                footer={<ButtonLink href={`/brand/${user.principalId}`}>{t.seeBrand}</ButtonLink>}
              />
            )}
            <RecoveryCard principalId={user.principalId} />
            <UserTokens principalId={user.principalId} />
            {user.role !== 'owner' && <Removal user={user} />}
          </>
        )}
      </Await>
    </Page>
  )
}

const change = async (user: UserAnswer, body: object, saved: string): Promise<void> => {
  await api.patch(`/users/${user.principalId}`, body)
  await invalidate('/users')
  showToast({ text: saved })
}

function Profile({ user }: { user: UserAnswer }) {
  const t = useTexts(texts)
  const form = useForm({
    initial: { name: user.name, role: user.role, domains: user.domains.join('\n') },
    submit: ({ name, role, domains }) =>
      change(user, { name: name.trim(), role, ...(role === 'manager' && { domains: linesOf(domains) }) }, t.saved),
  })
  const roles = user.hasMailbox ? (['staff', 'manager', 'owner'] as const) : (['staff', 'manager'] as const)
  return (
    <Card title={t.profile}>
      <Form form={form} warnsOnLeave submit={t.save}>
        <TextField {...form.field('name')} label={t.name} optional />
        <RadioGroup
          {...form.field('role')}
          label={t.role}
          options={roles.map(value => ({ value, label: t.roles[value], hint: t.roleTexts[value] }))}
        />
        {form.values.role === 'manager' && (
          <TextArea {...form.field('domains')} label={t.domains} hint={t.domainsHint} rows={4} />
        )}
      </Form>
    </Card>
  )
}

function Access({ user }: { user: UserAnswer }) {
  const t = useTexts(texts)
  const [making, setMaking] = useState(false)
  const form = useForm({
    initial: { signInEnabled: user.signInEnabled },
    submit: values => change(user, values, t.saved),
  })
  return (
    <Card
      title={t.access}
      description={t.accessText}
      actions={<Button onClick={() => setMaking(true)}>{t.link}</Button>}
    >
      <Form form={form} warnsOnLeave submit={t.save} submitKind="secondary">
        <Switch {...form.field('signInEnabled')} label={t.enabled} hint={t.enabledHint} />
      </Form>
      {making && <IssueLinkDialog open onClose={() => setMaking(false)} address={user.address} />}
    </Card>
  )
}

function Removal({ user }: { user: UserAnswer }) {
  const t = useTexts(texts)
  const [asking, setAsking] = useState(false)
  const [, navigate] = useLocation()
  const verb = user.hasMailbox ? t.demote : t.remove
  return (
    <Card
      tone="danger"
      title={user.hasMailbox ? t.demote : t.danger}
      description={user.hasMailbox ? t.dangerMailbox : t.dangerText}
    >
      <div className="row">
        <Button kind="danger" onClick={() => setAsking(true)}>
          {verb}
        </Button>
      </div>
      <ConfirmDialog
        open={asking}
        onClose={() => setAsking(false)}
        title={user.hasMailbox ? t.demoteTitle(user.address) : t.removeTitle(user.address)}
        confirm={verb}
        danger
        onConfirm={async () => {
          await api.delete(`/users/${user.principalId}`)
          await invalidate('/users')
          showToast({ text: user.hasMailbox ? t.saved : t.removed })
          navigate('/users')
        }}
      >
        {user.hasMailbox ? t.dangerMailbox : t.dangerText}
      </ConfirmDialog>
    </Card>
  )
}
