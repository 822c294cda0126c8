/** A passkey's whole life in Chromium, with an authenticator that the browser plays: made, signed in with, renamed, removed. */
import type { Browser, CDPSession } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Service, startService } from '../integration/service.ts'
import { launchBrowser, type Visitor, visit } from './browser.ts'

const alice = 'alice@example.org'
const password = 'correct horse'
let service: Service
let browser: Browser
let visitor: Visitor
let devtools: CDPSession
let authenticatorId: string
beforeAll(async () => {
  service = await startService()
  await service.cli(['domain', 'add', 'example.org'])
  await service.cli(['mailbox', 'add', alice, '--password-stdin'], { stdin: password })
  browser = await launchBrowser()
  visitor = await visit(browser, service)
  devtools = await visitor.context.newCDPSession(visitor.page)
  await devtools.send('WebAuthn.enable')
  const added = await devtools.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  })
  authenticatorId = added.authenticatorId
})
afterAll(async () => {
  await browser?.close()
  await service?.stop()
})

const credentials = async () => (await devtools.send('WebAuthn.getCredentials', { authenticatorId })).credentials

async function signOut(): Promise<void> {
  const { page } = visitor
  await page.getByRole('button', { name: alice }).click()
  await page.getByRole('menuitem', { name: 'Sign out' }).click()
  await page.getByRole('button', { name: 'Sign in with a passkey' }).waitFor()
}

it('is made on the page of security, with recovery codes beside it', async () => {
  const { page } = visitor
  await visitor.signIn(alice, password)
  await page.getByRole('navigation').first().waitFor()
  await visitor.goto('/security')
  await page.getByRole('button', { name: 'Add a passkey' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Name of the passkey').fill('This laptop')
  await visitor.expectAccessible()
  await dialog.getByRole('button', { name: 'Continue' }).click()
  await page.getByRole('button', { name: 'I have kept them' }).click()
  await page.getByRole('button', { name: 'Remove This laptop' }).waitFor()
  const [credential, ...others] = await credentials()
  expect(others).toEqual([])
  expect(credential).toMatchObject({ isResidentCredential: true, rpId: 'localhost', signCount: 1 })
})

it('opens the panel alone, without address or password', async () => {
  const { page } = visitor
  await signOut()
  await page.getByRole('button', { name: 'Sign in with a passkey' }).click()
  await page.getByRole('button', { name: alice }).waitFor()
  expect((await credentials())[0]?.signCount).toBe(2)
})

it('is the second step after a password', async () => {
  const { page } = visitor
  await signOut()
  await visitor.signIn(alice, password)
  await page.getByRole('button', { name: 'Use a passkey' }).click()
  await page.getByRole('button', { name: alice }).waitFor()
  expect((await credentials())[0]?.signCount).toBe(3)
})

it('opens nothing once it is removed, though the device still has it', async () => {
  const { page } = visitor
  await visitor.goto('/security')
  await page.getByRole('button', { name: 'Remove This laptop' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Remove', exact: true }).click()
  await page.getByText('Passkey removed.').waitFor()
  expect(await credentials()).toHaveLength(1)
  await signOut()
  await page.getByRole('button', { name: 'Sign in with a passkey' }).click()
  await page.getByRole('alert').waitFor()
  // The password alone is enough again.
  await visitor.signIn(alice, password)
  await page.getByRole('button', { name: alice }).waitFor()
  await visitor.close()
})
