import { Forward, Globe, Inbox, Trash2, UsersRound } from 'lucide-react'
import { type Area, managesDomains, ownsMailbox } from '../area.ts'

export const directory: Area = {
  nav: [
    {
      section: 'mailbox',
      order: 40,
      href: '/addresses',
      label: { fr: 'Adresses et transfert', en: 'Addresses and forwarding' },
      icon: Forward,
      when: ownsMailbox,
    },
    {
      section: 'domains',
      order: 10,
      href: '/mailboxes',
      label: { fr: 'Boîtes mail', en: 'Mailboxes' },
      icon: Inbox,
      when: managesDomains,
    },
    {
      section: 'domains',
      order: 20,
      href: '/domains',
      label: { fr: 'Domaines', en: 'Domains' },
      icon: Globe,
      when: managesDomains,
    },
    {
      section: 'domains',
      order: 30,
      href: '/aliases',
      label: { fr: 'Alias et groupes', en: 'Aliases and groups' },
      icon: UsersRound,
      when: managesDomains,
    },
    {
      section: 'domains',
      order: 80,
      href: '/bin',
      label: { fr: 'Corbeille', en: 'Bin' },
      icon: Trash2,
      when: managesDomains,
    },
  ],
  routes: [
    { path: '/addresses', load: () => import('./own-addresses-page.tsx'), when: ownsMailbox },
    { path: '/mailboxes', load: () => import('./mailboxes-page.tsx'), when: managesDomains },
    { path: '/mailboxes/import', load: () => import('./import-page.tsx'), when: managesDomains },
    { path: '/mailboxes/:address', load: () => import('./mailbox-page.tsx'), when: managesDomains },
    { path: '/mailboxes/:address/addresses', load: () => import('./mailbox-page.tsx'), when: managesDomains },
    { path: '/mailboxes/:address/members', load: () => import('./mailbox-page.tsx'), when: managesDomains },
    { path: '/mailboxes/:address/access', load: () => import('./mailbox-page.tsx'), when: managesDomains },
    { path: '/mailboxes/:address/removal', load: () => import('./mailbox-page.tsx'), when: managesDomains },
    { path: '/domains', load: () => import('./domains-page.tsx'), when: managesDomains },
    { path: '/domains/:domain', load: () => import('./domain-page.tsx'), when: managesDomains },
    { path: '/aliases', load: () => import('./aliases-page.tsx'), when: managesDomains },
    { path: '/bin', load: () => import('./bin-page.tsx'), when: managesDomains },
  ],
}
