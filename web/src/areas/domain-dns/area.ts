import { type Area, managesDomains } from '../area.ts'

/** Reached from the domain's own page. */
export const domainDns: Area = {
  nav: [],
  routes: [{ path: '/domains/:domain/dns', load: () => import('./domain-dns-page.tsx'), when: managesDomains }],
}
