import { CalendarOff } from 'lucide-react'
import { type Area, managesDomains, ownsMailbox } from '../area.ts'

export const autoReply: Area = {
  nav: [
    {
      section: 'mailbox',
      order: 20,
      href: '/auto-reply',
      label: { fr: 'Réponse automatique', en: 'Auto-reply' },
      icon: CalendarOff,
      when: ownsMailbox,
    },
  ],
  routes: [
    { path: '/auto-reply', load: () => import('./own-page.tsx'), when: ownsMailbox },
    { path: '/mailboxes/:address/auto-reply', load: () => import('./mailbox-page.tsx'), when: managesDomains },
  ],
}
