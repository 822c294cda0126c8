import { LanguageSwitch } from '../shared/brand/language-switch.tsx'
import { ThemeSwitch } from '../shared/brand/theme-switch.tsx'
import { Page } from '../shared/ui/page.tsx'
import { Toasts } from '../shared/ui/toast.tsx'
import { Actions } from './actions.tsx'
import { Data } from './data.tsx'
import { Fields } from './fields.tsx'
import './gallery.css'
import { Messages } from './messages.tsx'

export function Gallery() {
  return (
    <main className="gallery">
      <Page
        title="Design system"
        description="Chaque composant, dans chacun de ses états. Textes d’exemple."
        breadcrumbs={[
          { label: 'Application', href: '/' },
          { label: 'Développement', href: '/_ui/' },
        ]}
        actions={
          <>
            <LanguageSwitch />
            <ThemeSwitch />
          </>
        }
      >
        <Actions />
        <Fields />
        <Data />
        <Messages />
      </Page>
      <Toasts />
    </main>
  )
}
