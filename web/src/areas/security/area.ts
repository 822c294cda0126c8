import { ShieldCheck } from 'lucide-react'
import type { Area } from '../area.ts'

export const security: Area = {
  nav: [
    {
      section: 'mailbox',
      order: 45,
      href: '/security',
      label: { fr: 'Sécurité', en: 'Security' },
      icon: ShieldCheck,
    },
  ],
  routes: [
    { path: '/security', load: () => import('./security-page.tsx') },
    { path: '/security/sign-ins', load: () => import('./sign-ins-page.tsx') },
  ],
}
