/**
 * The whole life of a mailbox, as the people in it live it: made by staff, its link revealed, set up in a mail program, an
 * own password, an external address, the password forgotten and replaced, a second factor, an app password, suspended,
 * removed and restored. One story: each step stands on the one before.
 */
import * as OTPAuth from 'otpauth'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Service, startService } from '../integration/service.ts'
import { launchBrowser, type Visitor, visit } from './browser.ts'
import { deliver, linkIn, signsIn, subjects } from './mail-client.ts'

const alice = 'alice@example.org'
const external = { user: 'backup@example.net', pass: 'external mailbox 1' }
const staff = { address: 'admin@example.com', password: 'first of the staff' }
/** What Alice's password is at the moment. */
let password = ''
let appPassword = ''

let service: Service
let browser: Browser
let admin: Visitor
let owner: Visitor
beforeAll(async () => {
  service = await startService()
  await service.cli(['domain', 'add', 'example.net'])
  await service.cli(['mailbox', 'add', external.user, '--password-stdin'], { stdin: external.pass })
  browser = await launchBrowser()
  admin = await visit(browser, service)
  owner = await visit(browser, service)
})
afterAll(async () => {
  await browser?.close()
  await service?.stop()
})

it('begins with the first of the staff, by the link that the first start prints', async () => {
  const link = /https:\/\/\S+\/welcome\S+/.exec(service.stdout)?.[0] ?? ''
  const { pathname, hash } = new URL(link)
  const { page } = admin
  await admin.goto(pathname + hash)
  await admin.expectAccessible()
  await page.getByLabel('Name').fill('Admin')
  await page.getByLabel('Email address').fill(staff.address)
  await page.getByLabel('Password', { exact: true }).fill(staff.password)
  await page.getByRole('button', { name: 'Create the account' }).click()
  await page.getByRole('navigation').first().waitFor()
})

it('is made by staff, who get a link and never see a password', async () => {
  const { page } = admin
  await admin.goto('/domains')
  await page.getByRole('button', { name: 'Add a domain' }).first().click()
  await page.getByRole('dialog').getByLabel('Domain name').fill('example.org')
  await page.getByRole('dialog').getByRole('button', { name: 'Add a domain' }).click()
  await page.getByRole('heading', { level: 1, name: 'example.org' }).waitFor()
  await admin.goto('/mailboxes')
  await page.getByRole('button', { name: 'New mailbox' }).first().click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Address').fill('alice')
  await dialog.getByLabel('Domain').selectOption('example.org')
  await dialog.getByLabel('Name of the person').fill('Alice')
  await admin.expectAccessible()
  await dialog.getByRole('button', { name: 'Create the mailbox' }).click()
  const link = new URL(await admin.copyable('Single-use link'))

  // Scanners of mail open links: that spends nothing.
  for (let scan = 0; scan < 3; scan++) await owner.goto(link.pathname + link.hash)
  await owner.page.getByRole('button', { name: 'Show my sign-in data' }).click()
  expect(await owner.copyable('User name')).toBe(alice)
  password = await owner.copyable('Password')
  await owner.expectAccessible()
})

it('opens in a mail program with what the link revealed, and shows it once', async () => {
  expect(await signsIn(service, { user: alice, pass: password })).toBe(true)
  await deliver(service, alice, 'Welcome')
  await expect.poll(() => subjects(service, { user: alice, pass: password })).toEqual(['Welcome'])
})

it('gets a password of its owner’s choice, right there', async () => {
  const { page } = owner
  const chosen = 'my own choice 1'
  await page.getByText('Choose my own password').click()
  await page.getByLabel('New password').fill(chosen)
  await page.getByRole('button', { name: 'Save my password' }).click()
  await page.getByText('Your password is saved.').waitFor()
  expect(await signsIn(service, { user: alice, pass: password })).toBe(false)
  password = chosen
  expect(await signsIn(service, { user: alice, pass: password })).toBe(true)
})

it('knows an external address once that was confirmed there', async () => {
  const { page } = owner
  await owner.signIn(alice, password)
  await page.getByRole('navigation').first().waitFor()
  await owner.goto('/recovery')
  await page.getByRole('button', { name: 'Give an address' }).click()
  await page.getByRole('dialog').getByLabel('Email address').fill(external.user)
  await page.getByRole('dialog').getByRole('button', { name: 'Send the link' }).click()
  const link = await linkIn(service, external, /confirm/)
  await owner.goto(link)
  await page.getByRole('button', { name: 'Confirm this address' }).click()
  await page.getByText(`b•••@example.net is now the external address of ${alice}.`).waitFor()
})

it('is opened again after its password was forgotten', async () => {
  const stranger = await visit(browser, service)
  const { page } = stranger
  await stranger.goto('/')
  await page.getByRole('link', { name: 'Forgotten password?' }).click()
  await page.getByLabel('Full email address').fill(alice)
  await page.getByRole('button', { name: 'Send the link' }).click()
  await page.getByRole('heading', { name: 'Look at your mail' }).waitFor()
  await stranger.goto(await linkIn(service, external, /reset/))
  await stranger.expectAccessible()
  await page.getByLabel('New password').fill('after it was lost 2')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText('Your password is changed.').waitFor()
  await stranger.close()
  expect(await signsIn(service, { user: alice, pass: password })).toBe(false)
  password = 'after it was lost 2'
  expect(await signsIn(service, { user: alice, pass: password })).toBe(true)
})

it('is protected by a second factor; its mail program gets a password of its own', async () => {
  const { page } = owner
  await owner.signIn(alice, password)
  await page.getByRole('navigation').first().waitFor()
  await owner.goto('/security')
  await owner.expectAccessible()
  await page.getByRole('button', { name: 'Add an app' }).click()
  const key = (await owner.copyable('Without a camera, enter this key')).replaceAll(' ', '')
  const totp = new OTPAuth.TOTP({ secret: OTPAuth.Secret.fromBase32(key) })
  await page.getByLabel('Six-digit code').fill(totp.generate())
  await page.getByRole('button', { name: 'Check the code' }).click()
  await page.getByRole('button', { name: 'I have kept them' }).click()

  await page.getByRole('button', { name: 'Make a password' }).first().click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Name', { exact: true }).fill('Mail program')
  await dialog.getByRole('button', { name: 'Make a password' }).click()
  appPassword = await owner.copyable('App password')
  await dialog.getByRole('button', { name: 'Close' }).last().click()
  expect(await signsIn(service, { user: alice, pass: password })).toBe(false)
  expect(await signsIn(service, { user: alice, pass: appPassword })).toBe(true)

  const elsewhere = await visit(browser, service)
  await elsewhere.signIn(alice, password)
  // The code that was given is spent; the one of the next half minute is taken as well, for clocks that go fast.
  await elsewhere.page.getByLabel('Six-digit code').fill(totp.generate({ timestamp: Date.now() + 30_000 }))
  await elsewhere.page.getByRole('button', { name: 'Check' }).click()
  await elsewhere.page.getByRole('navigation').first().waitFor()
  await elsewhere.close()
})

it('still receives while it is suspended, and nobody signs in', async () => {
  const { page } = admin
  await admin.goto(`/mailboxes/${alice}/access`)
  await admin.expectAccessible()
  await page.getByRole('switch', { name: 'Sign-in' }).click()
  await expect.poll(() => signsIn(service, { user: alice, pass: appPassword })).toBe(false)
  await owner.page.goto(owner.page.url())
  await owner.page.getByRole('button', { name: 'Sign in', exact: true }).waitFor()
  await deliver(service, alice, 'While suspended')
})

it('is refused mail while it is in the bin, and comes back with all it had', async () => {
  const { page } = admin
  await admin.goto(`/mailboxes/${alice}/removal`)
  await page.getByRole('button', { name: 'Move to the bin' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Move to the bin' }).click()
  const refused = (subject: string) => deliver(service, alice, subject).catch(error => String(error.responseCode))
  // It may still take some until the removal is done.
  await expect.poll(() => refused('Meanwhile')).toBe('550')
  expect(await refused('While removed')).toBe('550')
  await admin.goto('/bin')
  await admin.expectAccessible()
  await page.getByRole('row', { name: alice }).getByRole('button').click()
  await page.getByRole('menuitem', { name: 'Restore' }).click()
  await expect.poll(() => deliver(service, alice, 'Back again').catch(error => String(error))).toBeUndefined()
  await admin.goto(`/mailboxes/${alice}/access`)
  await page.getByRole('switch', { name: 'Sign-in' }).click()
  const program = { user: alice, pass: appPassword }
  await expect.poll(() => signsIn(service, program)).toBe(true)
  const kept = await subjects(service, program)
  expect(kept).toEqual(expect.arrayContaining(['Welcome', 'While suspended', 'Back again']))
  expect(kept).not.toContain('While removed')
})

it('left no complaint of a page behind, and a store without damage', async () => {
  await admin.close()
  await owner.close()
  expect((await service.cli(['verify'])).exitCode).toBe(0)
})
