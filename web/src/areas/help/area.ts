import { LifeBuoy } from 'lucide-react'
import { type Area, ownsMailbox } from '../area.ts'

const entry = { order: 90, href: '/help', label: { fr: 'Aide', en: 'Help' }, icon: LifeBuoy }

export const help: Area = {
  nav: [
    { ...entry, section: 'mailbox', when: ownsMailbox },
    { ...entry, section: 'domains', when: principal => !principal.hasMailbox },
  ],
  routes: [
    { path: '/help', load: () => import('./help-page.tsx') },
    { path: '/help/contact', load: () => import('./contact-page.tsx') },
    { path: '/help/:slug', load: () => import('./article-page.tsx') },
  ],
}
