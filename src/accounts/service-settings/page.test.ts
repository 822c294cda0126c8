import path from 'node:path'
import { expect, it } from 'vitest'
import { serviceSettingsPage } from './page.ts'

it('docs/operate/service-settings.md says what the catalogue says (vitest run -u src/accounts/service-settings writes it)', async () => {
  const file = path.resolve(import.meta.dirname, '../../../docs/operate/service-settings.md')
  await expect(serviceSettingsPage()).toMatchFileSnapshot(file)
})
