import { SlidersHorizontal } from 'lucide-react'
import type { Area } from '../area.ts'

export const settings: Area = {
  nav: [
    {
      section: 'mailbox',
      order: 70,
      href: '/settings',
      label: { fr: 'Préférences', en: 'Preferences' },
      icon: SlidersHorizontal,
    },
  ],
  routes: [{ path: '/settings', load: () => import('./settings-page.tsx') }],
}
