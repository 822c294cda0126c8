import { Settings } from 'lucide-react'
import { type Area, isStaff } from '../area.ts'

export const service: Area = {
  nav: [
    {
      section: 'administration',
      order: 80,
      href: '/service',
      label: { fr: 'Réglages du service', en: 'Service settings' },
      icon: Settings,
      when: isStaff,
    },
  ],
  routes: [{ path: '/service', load: () => import('./service-page.tsx'), when: isStaff }],
}
