/** How somebody else signs in, for staff who help: second factor, app passwords, sessions, sign-ins. */
import { useState } from 'react'
import { useParams } from 'wouter'
import type { AppPasswordAnswer } from '../../../../src/api/app-passwords.ts'
import type { SignInAnswer } from '../../../../src/api/sign-ins.ts'
import type { UserSecurityAnswer } from '../../../../src/api/user-security.ts'
import type { UserAnswer } from '../../../../src/api/users.ts'
import { invalidate, type Resource, usePages, useResource } from '../../shared/api/queries.ts'
import { api } from '../../shared/api/session.ts'
import { useAction } from '../../shared/api/use-action.ts'
import { useFormat } from '../../shared/texts/format.ts'
import { useTexts } from '../../shared/texts/texts.ts'
import { Alert } from '../../shared/ui/alert.tsx'
import { Badge } from '../../shared/ui/badge.tsx'
import { Button } from '../../shared/ui/button.tsx'
import { Card } from '../../shared/ui/card.tsx'
import { Switch } from '../../shared/ui/choices.tsx'
import { DescriptionList } from '../../shared/ui/description-list.tsx'
import { ConfirmDialog } from '../../shared/ui/dialog.tsx'
import { Page } from '../../shared/ui/page.tsx'
import { Await } from '../../shared/ui/states.tsx'
import { showToast } from '../../shared/ui/toast.tsx'
import { AppPasswordsTable, SessionsTable, SignInsTable } from './tables.tsx'
import { texts as words } from './texts.ts'
import { userTexts } from './user-texts.ts'

type Asked = 'reset' | 'sessions' | AppPasswordAnswer | null

export default function UserSecurityPage() {
  const t = useTexts(userTexts)
  const w = useTexts(words)
  const { principalId = '' } = useParams<{ principalId: string }>()
  const user = `/users/${principalId}`
  const path = `${user}/security`
  const resource = useResource<UserSecurityAnswer>(path)
  const account = useResource<UserAnswer>(user)
  const signIns = usePages<SignInAnswer>(`${user}/sign-ins`)
  const [asked, setAsked] = useState<Asked>(null)
  const address = resource.data?.address ?? ''
  const row = typeof asked === 'object' ? asked : null
  const after = async (text: string): Promise<void> => {
    await invalidate(path)
    showToast({ text })
  }
  return (
    <Page
      title={address === '' ? w.title : t.title(address)}
      breadcrumbs={[
        { label: t.users, href: '/users' },
        { label: address || '…', href: user },
      ]}
    >
      <Await resource={resource}>
        {({ secondFactor, sessions, appPasswords }) => (
          <>
            <SecondFactor factor={secondFactor} account={account} onReset={() => setAsked('reset')} />
            <Card flush title={w.appPasswords} description={t.appPasswordsText}>
              <AppPasswordsTable
                rows={appPasswords}
                actions={each => [{ label: w.remove, danger: true, onSelect: () => setAsked(each) }]}
              />
            </Card>
            <Card
              flush
              title={w.sessions}
              actions={sessions.length > 0 && <Button onClick={() => setAsked('sessions')}>{t.endSessions}</Button>}
            >
              <SessionsTable rows={sessions} />
            </Card>
          </>
        )}
      </Await>
      <Card flush title={w.signIns} description={w.signInsText}>
        <SignInsTable source={signIns} />
      </Card>
      <ConfirmDialog
        open={asked === 'reset'}
        onClose={() => setAsked(null)}
        title={t.resetTitle(address)}
        confirm={t.reset}
        danger
        onConfirm={async () => {
          await api.delete(`${user}/second-factor`)
          await after(t.resetDone)
        }}
      >
        {t.resetText}
      </ConfirmDialog>
      <ConfirmDialog
        open={asked === 'sessions'}
        onClose={() => setAsked(null)}
        title={t.endSessionsTitle(address)}
        confirm={t.endSessions}
        danger
        onConfirm={async () => {
          await api.delete(`${user}/sessions`)
          await after(t.sessionsEnded)
        }}
      >
        {w.endOthersText}
      </ConfirmDialog>
      <ConfirmDialog
        open={row !== null}
        onClose={() => setAsked(null)}
        title={w.removeAppPasswordTitle(row?.label ?? '')}
        confirm={w.remove}
        danger
        onConfirm={async () => {
          await api.delete(`${user}/app-passwords/${encodeURIComponent(row?.appPasswordId ?? '')}`)
          await after(w.appPasswordRemoved)
        }}
      >
        {w.removeAppPasswordText}
      </ConfirmDialog>
    </Page>
  )
}

interface SecondFactorProps {
  factor: UserSecurityAnswer['secondFactor']
  account: Resource<UserAnswer>
  onReset(): void
}

function SecondFactor({ factor, account, onReset }: SecondFactorProps) {
  const t = useTexts(userTexts)
  const w = useTexts(words)
  const f = useFormat()
  const { isOn, isRequired, codesSince, passkeys, recoveryCodes } = factor
  return (
    <Card
      title={w.secondFactor}
      actions={
        <Badge tone={isOn ? 'success' : isRequired ? 'warning' : 'neutral'}>
          {isOn ? w.isOn : isRequired ? t.missing : w.isOff}
        </Badge>
      }
      footer={
        isOn && (
          <Button kind="danger" onClick={onReset}>
            {t.reset}
          </Button>
        )
      }
    >
      <div className="stack">
        <DescriptionList
          items={[
            { term: w.app, value: codesSince === null ? w.appOff : w.appSince(f.date(codesSince)) },
            {
              term: w.passkeys,
              value: passkeys.length === 0 ? w.noPasskeys : t.passkeys(passkeys.map(({ label }) => label)),
            },
            isOn && { term: w.recoveryCodes, value: w.codesLeft(recoveryCodes.left, recoveryCodes.total) },
          ]}
        />
        <Await resource={account}>{user => <Required user={user} isRequired={isRequired} />}</Await>
      </div>
    </Card>
  )
}

/** Staff may have to have one by a setting of the service, whatever is set here. */
function Required({ user, isRequired }: { user: UserAnswer; isRequired: boolean }) {
  const t = useTexts(userTexts)
  const set = useAction(async (secondFactorRequired: boolean) => {
    await api.patch(`/users/${user.principalId}`, { secondFactorRequired })
    await invalidate('/users')
  })
  return (
    <>
      {set.problem && (
        <Alert kind="danger" live>
          {set.problem.message}
        </Alert>
      )}
      <Switch
        name="secondFactorRequired"
        label={t.required}
        hint={isRequired && !user.secondFactorRequired ? t.requiredByService : t.requiredHint}
        value={user.secondFactorRequired}
        disabled={set.busy}
        onChange={isOn => void set.run(isOn)}
      />
    </>
  )
}
