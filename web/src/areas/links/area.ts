import { KeyRound } from 'lucide-react'
import { type Area, managesDomains } from '../area.ts'

export const links: Area = {
  nav: [
    {
      section: 'domains',
      order: 50,
      href: '/links',
      label: { fr: 'Liens d’accès', en: 'Credential links' },
      icon: KeyRound,
      when: managesDomains,
    },
  ],
  routes: [
    { path: '/links', load: () => import('./links-page.tsx'), when: managesDomains },
    { path: '/links/:linkId', load: () => import('./link-page.tsx'), when: managesDomains },
  ],
}
