import { Braces } from 'lucide-react'
import { type Area, managesDomains } from '../area.ts'

export const tokens: Area = {
  nav: [
    {
      section: 'administration',
      order: 60,
      href: '/tokens',
      label: { fr: 'Jetons d’API', en: 'API tokens' },
      icon: Braces,
      when: managesDomains,
    },
  ],
  routes: [{ path: '/tokens', load: () => import('./tokens-page.tsx') }],
}
