/** The external address: one's own, or (with `principalId`) that of somebody who is administered. */
import { useState } from 'react'
import type { RecoveryAnswer } from '../../../../src/api/recovery.ts'
import { invalidate, useResource } from '../api/queries.ts'
import { api } from '../api/session.ts'
import { useFormat } from '../texts/format.ts'
import { useTexts } from '../texts/texts.ts'
import { Alert } from '../ui/alert.tsx'
import { Button } from '../ui/button.tsx'
import { Card } from '../ui/card.tsx'
import { DescriptionList } from '../ui/description-list.tsx'
import { ConfirmDialog, Dialog } from '../ui/dialog.tsx'
import { Form } from '../ui/form.tsx'
import { Await } from '../ui/states.tsx'
import { AddressField } from '../ui/text-field.tsx'
import { showToast } from '../ui/toast.tsx'
import { useForm } from '../ui/use-form.ts'
import { texts } from './texts.ts'

export function RecoveryCard({ principalId }: { principalId?: number }) {
  const t = useTexts(texts)
  const path = principalId === undefined ? '/recovery-address' : `/users/${principalId}/recovery-address`
  const resource = useResource<RecoveryAnswer>(path)
  const [asking, setAsking] = useState(false)
  const [removing, setRemoving] = useState(false)
  const { data } = resource
  const isSet = data !== undefined && (data.address !== null || data.pending !== null)
  return (
    <Card
      title={t.title}
      description={t.description}
      footer={
        data && (
          <div className="row">
            <Button kind={isSet ? 'secondary' : 'primary'} onClick={() => setAsking(true)}>
              {data.pending ? t.again : data.address ? t.change : t.set}
            </Button>
            {isSet && (
              <Button kind="danger-quiet" onClick={() => setRemoving(true)}>
                {t.remove}
              </Button>
            )}
          </div>
        )
      }
    >
      <Await resource={resource}>{state => <State state={state} />}</Await>
      <Dialog open={asking} onClose={() => setAsking(false)} title={t.dialog} description={t.dialogText}>
        <AskForm path={path} onDone={() => setAsking(false)} />
      </Dialog>
      <ConfirmDialog
        open={removing}
        onClose={() => setRemoving(false)}
        title={t.removeTitle}
        confirm={t.remove}
        danger
        onConfirm={async () => {
          await api.delete(path)
          await invalidate(path)
          showToast({ text: t.removed })
        }}
      >
        {t.removeText}
      </ConfirmDialog>
    </Card>
  )
}

function State({ state: { address, confirmedAt, pending } }: { state: RecoveryAnswer }) {
  const t = useTexts(texts)
  const format = useFormat()
  const confirmed = confirmedAt === null ? '' : `, ${t.confirmed(format.date(confirmedAt))}`
  return (
    <div className="stack">
      {address === null ? (
        <Alert kind="warning" title={t.none}>
          {t.noneText}
        </Alert>
      ) : (
        <DescriptionList items={[{ term: t.current, value: `${address}${confirmed}` }]} />
      )}
      {pending && (
        <Alert kind="info" title={t.pending(pending.address, format.dateTime(pending.expiresAt))}>
          {t.pendingText}
        </Alert>
      )}
    </div>
  )
}

function AskForm({ path, onDone }: { path: string; onDone(): void }) {
  const t = useTexts(texts)
  const form = useForm({
    initial: { address: '' },
    check: ({ address }) => ({ address: /^[^@\s]+@[^@\s]+$/.test(address.trim()) ? undefined : t.missing }),
    submit: async ({ address }) => {
      await api.put(path, { address: address.trim() })
      await invalidate(path)
      showToast({ text: t.sent })
      onDone()
    },
  })
  return (
    <Form
      form={form}
      submit={t.send}
      actions={
        <Button kind="quiet" onClick={onDone}>
          {t.cancel}
        </Button>
      }
    >
      <AddressField {...form.field('address')} label={t.field} autoComplete="email" autoFocus />
    </Form>
  )
}
