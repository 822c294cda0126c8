import { Filter } from 'lucide-react'
import { type Area, isStaff, managesDomains, ownsMailbox } from '../area.ts'

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
    { path: '/domains/:domain/filters', load: () => import('./domain-page.tsx'), when: managesDomains },
    { path: '/service/filters', load: () => import('./service-page.tsx'), when: isStaff },
  ],
}
