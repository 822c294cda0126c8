import { ScrollText } from 'lucide-react'
import { type Area, managesDomains } from '../area.ts'

const entry = { href: '/audit', label: { fr: 'Journal', en: 'Log' }, icon: ScrollText }

export const audit: Area = {
  nav: [
    { ...entry, section: 'domains', order: 90, when: managesDomains },
    { ...entry, section: 'mailbox', order: 95, when: principal => !managesDomains(principal) },
  ],
  routes: [{ path: '/audit', load: () => import('./audit-page.tsx') }],
}
