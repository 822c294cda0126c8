import { BookOpenText, Package, ReceiptText, Webhook } from 'lucide-react'
import { type Area, isStaff, managesDomains, ownsMailbox } from '../area.ts'

export const billing: Area = {
  nav: [
    {
      section: 'mailbox',
      order: 60,
      href: '/plan',
      label: { fr: 'Mon offre', en: 'My plan' },
      icon: Package,
      when: ownsMailbox,
    },
    {
      section: 'domains',
      order: 50,
      href: '/statements',
      label: { fr: 'Relevés', en: 'Statements' },
      icon: ReceiptText,
      when: managesDomains,
    },
    {
      section: 'domains',
      order: 55,
      href: '/ledger',
      label: { fr: 'Journal des offres', en: 'Plan ledger' },
      icon: BookOpenText,
      when: managesDomains,
    },
    {
      section: 'domains',
      order: 60,
      href: '/webhooks',
      label: { fr: 'Webhooks', en: 'Webhooks' },
      icon: Webhook,
      when: managesDomains,
    },
    {
      section: 'administration',
      order: 30,
      href: '/plans',
      label: { fr: 'Offres', en: 'Plans' },
      icon: Package,
      when: isStaff,
    },
  ],
  routes: [
    { path: '/plan', load: () => import('./own-plan-page.tsx'), when: ownsMailbox },
    { path: '/plans', load: () => import('./plans-page.tsx'), when: managesDomains },
    { path: '/statements', load: () => import('./statement-page.tsx'), when: managesDomains },
    { path: '/statements/:month', load: () => import('./statement-page.tsx'), when: managesDomains },
    { path: '/statements/:month/:domain', load: () => import('./domain-statement-page.tsx'), when: managesDomains },
    { path: '/ledger', load: () => import('./ledger-page.tsx'), when: managesDomains },
    { path: '/mailboxes/:address/plan', load: () => import('./mailbox-plan-page.tsx'), when: managesDomains },
    { path: '/webhooks', load: () => import('./webhooks-page.tsx'), when: managesDomains },
    { path: '/webhooks/:webhookId', load: () => import('./webhook-page.tsx'), when: managesDomains },
  ],
}
