/** Who reads a shared mailbox, and who sends for it. */
import { UserPlus } from 'lucide-react'
import { useState } from 'react'
import { asProblem } from '../../shared/api/problem.ts'
import { invalidate, useResource } from '../../shared/api/queries.ts'
import { api } from '../../shared/api/session.ts'
import { defineTexts, useTexts } from '../../shared/texts/texts.ts'
import { Card } from '../../shared/ui/card.tsx'
import { Checkbox } from '../../shared/ui/choices.tsx'
import { DataTable } from '../../shared/ui/data-table.tsx'
import { ConfirmDialog } from '../../shared/ui/dialog.tsx'
import { Form } from '../../shared/ui/form.tsx'
import { Await, EmptyState } from '../../shared/ui/states.tsx'
import { AddressField } from '../../shared/ui/text-field.tsx'
import { showToast } from '../../shared/ui/toast.tsx'
import { useForm } from '../../shared/ui/use-form.ts'
import { type MailboxDetails, type Member, mailboxPath } from './contract.ts'

const texts = defineTexts({
  fr: {
    title: 'Membres',
    description: 'Chaque membre ajoute la boîte à son programme avec un mot de passe d’application qui lui est propre.',
    member: 'Membre',
    sends: 'Envoi',
    maySend: 'Lit et envoie',
    mayRead: 'Lit seulement',
    none: 'Aucun membre',
    noneText: 'Personne ne lit encore cette boîte mail.',
    add: 'Ajouter un membre',
    address: 'Adresse de sa boîte mail',
    missing: 'Indiquez une adresse.',
    canSend: 'Peut envoyer avec cette adresse',
    allow: 'Autoriser l’envoi',
    forbid: 'Interdire l’envoi',
    remove: 'Retirer',
    removeQuestion: (member: string) => `Retirer ${member} ?`,
    removeText:
      'Ses mots de passe d’application pour cette boîte mail cessent de fonctionner. Les filtres de la boîte restent, ceux qu’il a écrits aussi : regardez où ils transfèrent du courrier.',
  },
  en: {
    title: 'Members',
    description: 'Each member adds the mailbox to a mail program with an app password of their own.',
    member: 'Member',
    sends: 'Sending',
    maySend: 'Reads and sends',
    mayRead: 'Reads only',
    none: 'No members',
    noneText: 'Nobody reads this mailbox yet.',
    add: 'Add a member',
    address: 'Address of their mailbox',
    missing: 'Give an address.',
    canSend: 'May send under this address',
    allow: 'Allow sending',
    forbid: 'Forbid sending',
    remove: 'Remove',
    removeQuestion: member => `Remove ${member}?`,
    removeText:
      'Their app passwords for this mailbox stop working. The filters of the mailbox stay, those they wrote too: see where these forward mail.',
  },
})

export function MailboxMembers({ mailbox }: { mailbox: MailboxDetails }) {
  const t = useTexts(texts)
  const path = `${mailboxPath(mailbox.address)}/members`
  const members = useResource<Member[]>(path)
  const [removing, setRemoving] = useState<Member | null>(null)
  const set = async (member: string, maySend: boolean): Promise<void> => {
    await api.put(`${path}/${encodeURIComponent(member)}`, { maySend })
    await invalidate(path)
  }
  const switchSending = async ({ address, maySend }: Member): Promise<void> => {
    try {
      await set(address, !maySend)
    } catch (error) {
      showToast({ kind: 'danger', text: asProblem(error).message })
    }
  }
  const form = useForm({
    initial: { member: '', maySend: true },
    check: values => ({ member: values.member.trim() === '' ? t.missing : undefined }),
    async submit({ member, maySend }) {
      await set(member.trim(), maySend)
      form.reset({ member: '', maySend: true })
    },
  })
  return (
    <div className="stack">
      <Card title={t.title} description={t.description} flush>
        <Await resource={members}>
          {list => (
            <DataTable
              label={t.title}
              source={list}
              rowKey={({ address }) => address}
              rowName={({ address }) => address}
              columns={[
                {
                  key: 'member',
                  header: t.member,
                  cell: member => (
                    <span className="directory-who">
                      <span>{member.address}</span>
                      {member.name && <span className="muted">{member.name}</span>}
                    </span>
                  ),
                },
                { key: 'sends', header: t.sends, cell: member => (member.maySend ? t.maySend : t.mayRead) },
              ]}
              actions={member => [
                {
                  label: member.maySend ? t.forbid : t.allow,
                  onSelect: () => void switchSending(member),
                },
                { label: t.remove, danger: true, onSelect: () => setRemoving(member) },
              ]}
              empty={
                <EmptyState icon={UserPlus} title={t.none}>
                  {t.noneText}
                </EmptyState>
              }
            />
          )}
        </Await>
      </Card>
      <Card title={t.add}>
        <Form form={form} submit={t.add}>
          <AddressField {...form.field('member')} label={t.address} required autoComplete="off" />
          <Checkbox {...form.field('maySend')} label={t.canSend} />
        </Form>
      </Card>
      <ConfirmDialog
        open={removing !== null}
        onClose={() => setRemoving(null)}
        title={t.removeQuestion(removing?.address ?? '')}
        confirm={t.remove}
        danger
        onConfirm={async () => {
          if (removing) await api.delete(`${path}/${encodeURIComponent(removing.address)}`)
          await invalidate(path)
        }}
      >
        {t.removeText}
      </ConfirmDialog>
    </div>
  )
}
