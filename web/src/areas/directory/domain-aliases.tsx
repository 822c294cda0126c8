/** Other names of a domain. */
import { useState } from 'react'
import { invalidate } from '../../shared/api/queries.ts'
import { api } from '../../shared/api/session.ts'
import { defineTexts, useTexts } from '../../shared/texts/texts.ts'
import { Button } from '../../shared/ui/button.tsx'
import { Card } from '../../shared/ui/card.tsx'
import { ConfirmDialog } from '../../shared/ui/dialog.tsx'
import { Form } from '../../shared/ui/form.tsx'
import { TextField } from '../../shared/ui/text-field.tsx'
import { useForm } from '../../shared/ui/use-form.ts'
import { type Domain, domainPath } from './contract.ts'

const texts = defineTexts({
  fr: {
    title: 'Autres noms',
    description: (name: string) => `Chaque adresse en @${name} existe aussi sous ces noms.`,
    none: 'Aucun autre nom.',
    name: 'Ajouter un nom de domaine',
    add: 'Ajouter',
    missing: 'Indiquez un nom de domaine.',
    remove: 'Retirer',
    removeOf: (alias: string) => `Retirer ${alias}`,
    question: (alias: string) => `Retirer ${alias} ?`,
    text: (alias: string) => `Les messages envoyés en @${alias} seront refusés.`,
  },
  en: {
    title: 'Other names',
    description: name => `Each address in @${name} exists under these names too.`,
    none: 'No other names.',
    name: 'Add a domain name',
    add: 'Add',
    missing: 'Give a domain name.',
    remove: 'Remove',
    removeOf: alias => `Remove ${alias}`,
    question: alias => `Remove ${alias}?`,
    text: alias => `Messages sent to @${alias} will be refused.`,
  },
})

export function DomainAliases({ domain, isStaff }: { domain: Domain; isStaff: boolean }) {
  const t = useTexts(texts)
  const [removing, setRemoving] = useState<string | null>(null)
  const path = `${domainPath(domain.name)}/aliases`
  return (
    <Card title={t.title} description={t.description(domain.name)}>
      <div className="stack">
        {domain.aliases.length === 0 && <p className="muted">{t.none}</p>}
        {domain.aliases.map(alias => (
          <div className="row between" key={alias}>
            <span>{alias}</span>
            {isStaff && (
              <Button small kind="danger-quiet" aria-label={t.removeOf(alias)} onClick={() => setRemoving(alias)}>
                {t.remove}
              </Button>
            )}
          </div>
        ))}
        {isStaff && <AddAlias path={path} />}
      </div>
      <ConfirmDialog
        open={removing !== null}
        onClose={() => setRemoving(null)}
        title={t.question(removing ?? '')}
        confirm={t.remove}
        danger
        onConfirm={async () => {
          await api.delete(`${path}/${encodeURIComponent(removing ?? '')}`)
          await invalidate('/domains')
        }}
      >
        {t.text(removing ?? '')}
      </ConfirmDialog>
    </Card>
  )
}

function AddAlias({ path }: { path: string }) {
  const t = useTexts(texts)
  const form = useForm({
    initial: { name: '' },
    check: values => ({ name: values.name.trim() === '' ? t.missing : undefined }),
    async submit({ name }) {
      await api.post(path, { name: name.trim() })
      form.reset({ name: '' })
      await invalidate('/domains')
    },
  })
  return (
    <Form form={form} submit={t.add} submitKind="secondary">
      <TextField {...form.field('name')} label={t.name} autoCapitalize="none" autoComplete="off" spellCheck={false} />
    </Form>
  )
}
