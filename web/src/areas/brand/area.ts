import { Palette } from 'lucide-react'
import { type Area, isStaff, managesDomains } from '../area.ts'

const label = { fr: 'Identité visuelle', en: 'Brand' }

export const brand: Area = {
  nav: [
    { section: 'domains', order: 80, href: '/brand', label, icon: Palette, when: ({ role }) => role === 'manager' },
    { section: 'administration', order: 75, href: '/brand', label, icon: Palette, when: isStaff },
  ],
  routes: [
    { path: '/brand', load: () => import('./brand-page.tsx'), when: managesDomains },
    { path: '/brand/:brand', load: () => import('./brand-page.tsx'), when: isStaff },
  ],
}
