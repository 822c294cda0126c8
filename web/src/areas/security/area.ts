import { ShieldCheck } from 'lucide-react'
import { type Area, isStaff } from '../area.ts'

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
    { path: '/users/:principalId/security', load: () => import('./user-security-page.tsx'), when: isStaff },
  ],
}
