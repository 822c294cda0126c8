import { AtSign } from 'lucide-react'
import type { Area } from '../area.ts'

export const recovery: Area = {
  nav: [
    {
      section: 'mailbox',
      order: 75,
      href: '/recovery',
      label: { fr: 'Adresse externe', en: 'External address' },
      icon: AtSign,
    },
  ],
  routes: [{ path: '/recovery', load: () => import('./recovery-page.tsx') }],
}
