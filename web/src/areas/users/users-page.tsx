/** Managers and staff. */
import { Plus, Users } from 'lucide-react'
import { useState } from 'react'
import type { UserAnswer } from '../../../../src/api/users.ts'
import { usePages } from '../../shared/api/queries.ts'
import { useTexts } from '../../shared/texts/texts.ts'
import { StatusDot } from '../../shared/ui/badge.tsx'
import { Button } from '../../shared/ui/button.tsx'
import { Card } from '../../shared/ui/card.tsx'
import { DataTable } from '../../shared/ui/data-table.tsx'
import { Page } from '../../shared/ui/page.tsx'
import { Select } from '../../shared/ui/select.tsx'
import { EmptyState } from '../../shared/ui/states.tsx'
import { CreateUserDialog } from './create-user-dialog.tsx'
import { texts } from './texts.ts'

export default function UsersPage() {
  const t = useTexts(texts)
  const [role, setRole] = useState<'' | 'manager' | 'staff'>('')
  const [creating, setCreating] = useState(false)
  const source = usePages<UserAnswer>('/users', { role: role || null })
  const create = (
    <Button kind="primary" icon={Plus} onClick={() => setCreating(true)}>
      {t.create}
    </Button>
  )
  return (
    <Page title={t.title} description={t.description} actions={create}>
      <div className="filters">
        <Select<'' | 'manager' | 'staff'>
          name="role"
          label={t.role}
          value={role}
          onChange={setRole}
          options={[
            { value: '' as const, label: t.all },
            { value: 'manager' as const, label: t.roles.manager },
            { value: 'staff' as const, label: t.roles.staff },
          ]}
        />
      </div>
      <Card flush>
        <DataTable
          label={t.title}
          source={source}
          rowKey={({ principalId }) => principalId}
          href={({ principalId }) => `/users/${principalId}`}
          columns={[
            { key: 'address', header: t.address, cell: ({ address }) => address },
            { key: 'name', header: t.name, cell: ({ name }) => name },
            { key: 'role', header: t.role, cell: user => t.roles[user.role] },
            {
              key: 'domains',
              header: t.domains,
              cell: ({ domains, role: is }) =>
                is === 'staff' ? t.all : domains.length === 0 ? t.noDomains : domainText(domains, t.domainCount),
            },
            {
              key: 'state',
              header: t.state,
              cell: ({ signInEnabled }) => (
                <StatusDot tone={signInEnabled ? 'success' : 'neutral'}>{signInEnabled ? t.active : t.off}</StatusDot>
              ),
            },
          ]}
          empty={<EmptyState icon={Users} title={t.empty} />}
        />
      </Card>
      <CreateUserDialog open={creating} onClose={() => setCreating(false)} />
    </Page>
  )
}

/** By name while they are few. */
const domainText = (domains: readonly string[], counted: (count: number) => string): string =>
  domains.length <= 2 ? domains.join(', ') : counted(domains.length)
