/** One webhook: its settings, a test, and the log of what was sent. */
import { useState } from 'react'
import { useLocation, useParams } from 'wouter'
import type { WebhookAnswer, WebhookDeliveryAnswer, WebhookWithSecretAnswer } from '../../../../src/api/webhooks.ts'
import { invalidate, useResource } from '../../shared/api/queries.ts'
import { api } from '../../shared/api/session.ts'
import { useAction } from '../../shared/api/use-action.ts'
import { useTexts } from '../../shared/texts/texts.ts'
import { Alert } from '../../shared/ui/alert.tsx'
import { Button } from '../../shared/ui/button.tsx'
import { Card } from '../../shared/ui/card.tsx'
import { ConfirmDialog } from '../../shared/ui/dialog.tsx'
import { Page } from '../../shared/ui/page.tsx'
import { Await } from '../../shared/ui/states.tsx'
import { showToast } from '../../shared/ui/toast.tsx'
import { SecretDialog, WebhookForm } from './webhook-form.tsx'
import { DeliveryLog } from './webhook-log.tsx'
import { webhookTexts } from './webhook-texts.ts'
import { WebhookState } from './webhooks-page.tsx'

export default function WebhookPage() {
  const t = useTexts(webhookTexts)
  const { webhookId = '' } = useParams<{ webhookId: string }>()
  const webhook = useResource<WebhookAnswer>(`/webhooks/${webhookId}`)
  const list = useResource<{ events: string[] }>('/webhooks')
  const host = webhook.data ? new URL(webhook.data.url).host : t.title
  return (
    <Page
      title={host}
      description={webhook.data && (webhook.data.domain ?? t.allDomains)}
      breadcrumbs={[{ href: '/webhooks', label: t.title }]}
      actions={webhook.data && <Actions webhook={webhook.data} />}
    >
      <Await resource={webhook}>
        {data => (
          <>
            <Card title={t.log} actions={<WebhookState webhook={data} />} flush>
              <DeliveryLog webhookId={webhookId} isEnabled={data.isEnabled} />
            </Card>
            <Card title={t.settings}>
              <Await resource={list}>
                {({ events }) => (
                  <WebhookForm
                    key={data.updatedAt}
                    webhook={data}
                    events={events}
                    onSave={async ({ url, description, events: chosen }) => {
                      await api.patch(`/webhooks/${webhookId}`, { url, description, events: chosen })
                      await invalidate('/webhooks')
                      showToast({ text: t.saved })
                    }}
                  />
                )}
              </Await>
            </Card>
          </>
        )}
      </Await>
    </Page>
  )
}

function Actions({ webhook }: { webhook: WebhookAnswer }) {
  const t = useTexts(webhookTexts)
  const [, navigate] = useLocation()
  const [asked, setAsked] = useState<'remove' | 'renew' | null>(null)
  const [secret, setSecret] = useState<string | null>(null)
  const { webhookId, isEnabled, url } = webhook
  const path = `/webhooks/${webhookId}`
  const test = useAction(async () => {
    const { status, lastStatus, lastProblem, ms } = await api.post<WebhookDeliveryAnswer & { ms: number }>(
      `${path}/test`,
    )
    await invalidate('/webhooks')
    const isGood = status === 'delivered'
    const text = isGood ? t.tested(lastStatus ?? 0, ms) : t.testFailed(lastProblem ?? t.noAnswer)
    showToast({ kind: isGood ? 'success' : 'danger', text })
  })
  const toggle = useAction(async () => {
    await api.patch(path, { isEnabled: !isEnabled })
    await invalidate('/webhooks')
  })
  const problem = test.problem ?? toggle.problem
  return (
    <>
      {problem && (
        <Alert kind="danger" live>
          {problem.message}
        </Alert>
      )}
      <Button kind="primary" busy={test.busy} onClick={() => void test.run()}>
        {t.test}
      </Button>
      <Button busy={toggle.busy} onClick={() => void toggle.run()}>
        {isEnabled ? t.disable : t.enable}
      </Button>
      <Button onClick={() => setAsked('renew')}>{t.renew}</Button>
      <Button kind="danger-quiet" onClick={() => setAsked('remove')}>
        {t.remove}
      </Button>
      <ConfirmDialog
        open={asked === 'remove'}
        onClose={() => setAsked(null)}
        title={t.removeTitle(new URL(url).host)}
        confirm={t.remove}
        danger
        onConfirm={async () => {
          await api.delete(path)
          navigate('/webhooks')
          await invalidate('/webhooks')
          showToast({ text: t.removed })
        }}
      >
        {t.removeText}
      </ConfirmDialog>
      <ConfirmDialog
        open={asked === 'renew'}
        onClose={() => setAsked(null)}
        title={t.renewTitle}
        confirm={t.renew}
        onConfirm={async () => setSecret((await api.post<WebhookWithSecretAnswer>(`${path}/secret`)).secret)}
      >
        {t.renewText}
      </ConfirmDialog>
      {secret !== null && <SecretDialog secret={secret} onClose={() => setSecret(null)} />}
    </>
  )
}
