import { ChevronDown, LogOut } from 'lucide-react'
import { signOut, useSession } from '../shared/api/session.ts'
import { useTexts } from '../shared/texts/texts.ts'
import { Icon } from '../shared/ui/icon.tsx'
import { Menu } from '../shared/ui/menu.tsx'
import { showToast } from '../shared/ui/toast.tsx'
import { leave } from './leaving.tsx'
import { texts } from './texts.ts'

export function AccountMenu() {
  const t = useTexts(texts)
  const { principal } = useSession()
  const { address, name, role } = principal
  return (
    <Menu
      label={t.account(address)}
      className="account-button"
      header={
        <div className="account-who">
          {name && <strong>{name}</strong>}
          <span>{address}</span>
          <span className="muted">{t.roles[role]}</span>
        </div>
      }
      items={[
        {
          label: t.signOut,
          icon: LogOut,
          onSelect: () => {
            leave(() => signOut().catch(() => showToast({ kind: 'danger', text: t.signOutFailed })))
          },
        },
      ]}
    >
      <span className="avatar" aria-hidden="true">
        {[...(name || address)][0]?.toUpperCase()}
      </span>
      <span className="account-address">{address}</span>
      <Icon of={ChevronDown} size={15} />
    </Menu>
  )
}
