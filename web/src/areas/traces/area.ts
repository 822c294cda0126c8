import { MailSearch } from 'lucide-react'
import { type Area, isStaff, managesDomains, ownsMailbox } from '../area.ts'

export const traces: Area = {
  nav: [
    {
      section: 'mailbox',
      order: 27,
      href: '/mailbox/traces',
      label: { fr: 'Suivi des messages', en: 'Message tracking' },
      icon: MailSearch,
      when: ownsMailbox,
    },
    {
      section: 'domains',
      order: 70,
      href: '/traces',
      label: { fr: 'Tous les messages', en: 'All messages' },
      icon: MailSearch,
      when: managesDomains,
    },
  ],
  routes: [
    { path: '/mailbox/traces', load: () => import('./own-page.tsx'), when: ownsMailbox },
    { path: '/mailbox/traces/:traceId', load: () => import('./own-trace-page.tsx'), when: ownsMailbox },
    { path: '/traces', load: () => import('./traces-page.tsx'), when: managesDomains },
    { path: '/traces/live', load: () => import('./live-page.tsx'), when: isStaff },
    { path: '/traces/:traceId', load: () => import('./trace-page.tsx'), when: managesDomains },
  ],
}
