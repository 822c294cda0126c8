/** The external address: one's own, or (with `principalId`) that of somebody who is administered. */
import { useState } from 'react'
import type { RecoveryAnswer } from '../../../../src/api/recovery.ts'
import { invalidate, useResource } from '../../shared/api/queries.ts'
import { api } from '../../shared/api/session.ts'
import { useFormat } from '../../shared/texts/format.ts'
import { useTexts } from '../../shared/texts/texts.ts'
import { Alert } from '../../shared/ui/alert.tsx'
import { Button } from '../../shared/ui/button.tsx'
import { Card } from '../../shared/ui/card.tsx'
import { DescriptionList } from '../../shared/ui/description-list.tsx'
import { ConfirmDialog, Dialog } from '../../shared/ui/dialog.tsx'
import { Form } from '../../shared/ui/form.tsx'
import { Await } from '../../shared/ui/states.tsx'
import { AddressField } from '../../shared/ui/text-field.tsx'
import { showToast } from '../../shared/ui/toast.tsx'
import { useForm } from '../../shared/ui/use-form.ts'
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
