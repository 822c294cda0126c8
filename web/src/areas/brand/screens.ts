import type { BrandAnswer } from '../../../../src/api/brand.ts'
import type { Screen } from '../../../dev/screens.ts'

const brand: BrandAnswer = {
  name: 'Agence Exemple',
  supportAddress: 'aide@example.org',
  primaryColour: '#c2410c',
  logoUrl: null,
  hosts: ['webmail.example.org'],
  owner: { principalId: 1, address: 'alice@example.org' },
  inherited: { name: 'Exemple Courrier', supportAddress: 'support@example.org', primaryColour: null, logoUrl: null },
}

const { name, supportAddress, primaryColour, logoUrl } = brand
const shown = { name, supportAddress, primaryColour, logoUrl }

export const screens: Screen[] = [
  { name: 'brand-own', visitor: 'manager', path: '/brand', samples: { 'GET /brands/1': { body: brand } } },
  {
    name: 'brand-service',
    visitor: 'staff',
    path: '/brand',
    samples: {
      'GET /brands': {
        body: {
          items: [
            { principalId: 3, address: 'bob@example.net', ...shown, hosts: ['webmail.example.org'] },
            { principalId: 4, address: 'claire@example.net', ...shown, primaryColour: null, hosts: [] },
          ],
        },
      },
      'GET /brands/service': {
        body: { ...brand, hosts: [], owner: { principalId: 0, address: null }, name: null, primaryColour: null },
      },
    },
  },
  { name: 'brand-of-manager', visitor: 'staff', path: '/brand/1', samples: { 'GET /brands/1': { body: brand } } },
]
