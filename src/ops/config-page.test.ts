import path from 'node:path'
import { expect, it } from 'vitest'
import { settingsPage } from './config-page.ts'

it('docs/operate/settings.md says what the declarations say (vitest run -u src/ops/config-page.test.ts writes it)', async () => {
  await expect(settingsPage()).toMatchFileSnapshot(path.resolve(import.meta.dirname, '../../docs/operate/settings.md'))
})

it('has a title for every table', () => {
  expect(settingsPage()).not.toMatch(/^## .*undefined/m)
})
