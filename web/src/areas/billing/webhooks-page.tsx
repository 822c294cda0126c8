/** The webhooks: who is told, and how it goes. */
import { Plus, Webhook } from 'lucide-react'
import { useState } from 'react'
import type { WebhookAnswer, WebhookWithSecretAnswer } from '../../../../src/api/webhooks.ts'
import { invalidate, useResource } from '../../shared/api/queries.ts'
import { api } from '../../shared/api/session.ts'
import { useFormat } from '../../shared/texts/format.ts'
import { useTexts } from '../../shared/texts/texts.ts'
import { Badge } from '../../shared/ui/badge.tsx'
import { Button } from '../../shared/ui/button.tsx'
import { Card } from '../../shared/ui/card.tsx'
import { DataTable } from '../../shared/ui/data-table.tsx'
import { Dialog } from '../../shared/ui/dialog.tsx'
import { Page } from '../../shared/ui/page.tsx'
import { Await, EmptyState } from '../../shared/ui/states.tsx'
import { SecretDialog, WebhookForm } from './webhook-form.tsx'
import { webhookTexts } from './webhook-texts.ts'

interface Listing {
  items: WebhookAnswer[]
  events: string[]
}

export default function WebhooksPage() {
  const t = useTexts(webhookTexts)
  const f = useFormat()
  const webhooks = useResource<Listing>('/webhooks')
  const [isAdding, setAdding] = useState(false)
  const [secret, setSecret] = useState<string | null>(null)
  const add = (
    <Button kind="primary" icon={Plus} onClick={() => setAdding(true)}>
      {t.add}
    </Button>
  )
  return (
    <Page title={t.title} description={t.description} actions={add}>
      <Card flush>
        <Await resource={webhooks}>
          {({ items }) => (
            <DataTable
              label={t.title}
              source={items}
              rowKey={webhook => webhook.webhookId}
              href={webhook => `/webhooks/${webhook.webhookId}`}
              empty={
                <EmptyState icon={Webhook} title={t.none}>
                  {t.noneText}
                </EmptyState>
              }
              columns={[
                {
                  key: 'host',
                  header: t.receiver,
                  cell: webhook => webhook.description || new URL(webhook.url).host,
                },
                { key: 'domain', header: t.scope, cell: webhook => webhook.domain ?? t.allDomains },
                { key: 'state', header: t.state, narrow: true, cell: webhook => <WebhookState webhook={webhook} /> },
                {
                  key: 'success',
                  sentence: true,
                  header: t.lastSuccess,
                  cell: webhook => f.relative(webhook.lastSuccessAt),
                },
              ]}
            />
          )}
        </Await>
      </Card>
      {isAdding && (
        <Dialog open size="large" onClose={() => setAdding(false)} title={t.add}>
          <WebhookForm
            webhook={null}
            events={webhooks.data?.events ?? []}
            onCancel={() => setAdding(false)}
            onSave={async fields => {
              const added = await api.post<WebhookWithSecretAnswer>('/webhooks', fields)
              await invalidate('/webhooks')
              setAdding(false)
              setSecret(added.secret)
            }}
          />
        </Dialog>
      )}
      {secret !== null && <SecretDialog secret={secret} onClose={() => setSecret(null)} />}
    </Page>
  )
}

export function WebhookState({ webhook }: { webhook: WebhookAnswer }) {
  const t = useTexts(webhookTexts)
  if (webhook.disabledReason === 'failing') return <Badge tone="danger">{t.failedFor3Days}</Badge>
  if (webhook.disabledReason === 'gone') return <Badge tone="danger">{t.gone}</Badge>
  if (!webhook.isEnabled) return <Badge>{t.off}</Badge>
  return webhook.failingSince === null ? (
    <Badge tone="success">{t.on}</Badge>
  ) : (
    <Badge tone="warning">{t.failing}</Badge>
  )
}
