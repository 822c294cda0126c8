import { Filter } from 'lucide-react'
import { type Area, managesDomains, ownsMailbox } from '../area.ts'

export const filters: Area = {
  nav: [
    {
      section: 'mailbox',
      order: 22,
      href: '/filters',
      label: { fr: 'Filtres', en: 'Filters' },
      icon: Filter,
      when: ownsMailbox,
    },
  ],
  routes: [
    { path: '/filters', load: () => import('./own-page.tsx'), when: ownsMailbox },
    { path: '/mailboxes/:address/filters', load: () => import('./mailbox-page.tsx'), when: managesDomains },
  ],
}
