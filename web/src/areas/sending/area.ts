import { Send } from 'lucide-react'
import { type Area, managesDomains, ownsMailbox } from '../area.ts'

export const sending: Area = {
  nav: [
    {
      section: 'mailbox',
      order: 25,
      href: '/sending',
      label: { fr: 'Envoi', en: 'Sending' },
      icon: Send,
      when: ownsMailbox,
    },
  ],
  routes: [
    { path: '/sending', load: () => import('./own-page.tsx'), when: ownsMailbox },
    { path: '/domains/:domain/sending', load: () => import('./domain-page.tsx'), when: managesDomains },
    { path: '/mailboxes/:address/sending', load: () => import('./mailbox-page.tsx'), when: managesDomains },
  ],
}
