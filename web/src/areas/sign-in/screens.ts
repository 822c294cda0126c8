import type { Page } from 'playwright-core'
import type { Screen } from '../../../dev/screens.ts'

const needed = (methods: string[]): Screen['samples'] => ({
  'POST /session': { body: { secondFactor: { methods, token: 'sample' } } },
})

async function signIn(page: Page): Promise<void> {
  await page.locator('input[name=address]').fill('alice@example.org')
  await page.locator('input[name=password]').fill('correct horse')
  await page.locator('button[type=submit]').click()
  await page.locator('.other-ways').waitFor()
}

export const screens: Screen[] = [
  {
    name: 'second-step',
    visitor: 'nobody',
    path: '/',
    samples: needed(['passkey', 'code', 'recovery-code']),
    prepare: signIn,
  },
  { name: 'second-step-passkey', visitor: 'nobody', path: '/', samples: needed(['passkey']), prepare: signIn },
  {
    name: 'second-step-recovery',
    visitor: 'nobody',
    path: '/',
    samples: needed(['code', 'recovery-code']),
    prepare: async page => {
      await signIn(page)
      await page.locator('.other-ways .link').first().click()
      await page.locator('button[type=submit]').click()
    },
  },
  {
    name: 'confirm-password',
    visitor: 'owner',
    path: '/',
    samples: {
      'PATCH /profile': { status: 403, body: { code: 'confirmation-needed' } },
      'GET /session/confirmation': { body: { methods: ['password', 'passkey'] } },
    },
    prepare: async page => {
      // The language is kept in the account: a request like any other.
      await page
        .locator('.segmented button[lang=en]')
        .first()
        .evaluate(button => (button as HTMLElement).click())
      await page.locator('dialog[open] input[name=password]').waitFor()
    },
  },
]
