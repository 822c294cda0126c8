import { catalogue, settingKeys } from '../../../../src/accounts/service-settings/catalogue.ts'
import type { SettingsAnswer } from '../../../../src/api/service-settings.ts'
import type { Screen } from '../../../dev/screens.ts'

const servers = [{ name: 'Serveur 2', url: 'https://mail2.example.org', domains: ['example.org', 'example.net'] }]
const settings: SettingsAnswer = {
  items: settingKeys.map(key => {
    const { group, kind, fallback, doc } = catalogue[key]
    const { shape } = kind
    const [title, text] = doc.fr
    const facts = shape.type === 'choice' ? { ...shape, choices: [...shape.choices] } : shape
    const value = key === 'servers' ? servers : key === 'name' ? 'Exemple Courrier' : fallback
    return { key, group, title, text, ...facts, value, default: fallback }
  }),
}

export const screens: Screen[] = [
  {
    name: 'service-settings',
    visitor: 'staff',
    path: '/service',
    samples: { 'GET /service/settings': { body: settings } },
  },
  {
    name: 'service-settings-changed',
    visitor: 'staff',
    path: '/service',
    samples: { 'GET /service/settings': { body: settings } },
    prepare: async page => {
      await page.getByRole('textbox').first().fill('Facteur')
      await page.locator('.card-header .badge').waitFor()
    },
  },
]
