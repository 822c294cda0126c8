/**
 * Sending that is held, since a remote server knows none of those written to: what its owner, the manager and staff see, what
 * becomes of it when staff let it go or drop it. And the rules of a domain and of the service, with mail that meets them.
 */
import { mkdirSync } from 'node:fs'
import path from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type DnsServer, startDns } from '../integration/fixtures/dns.ts'
import { type Person, panelPassword, people, signedIn, startPanelService } from '../integration/fixtures/panel.ts'
import { until } from '../integration/fixtures/queue.ts'
import { type RemoteServer, startRemote } from '../integration/fixtures/remote-smtp.ts'
import { Client } from '../integration/fixtures/smtp.ts'
import { submitterOf } from '../integration/fixtures/timed-service.ts'
import type { Service } from '../integration/service.ts'
import { launchBrowser, type Visitor, type VisitorOptions, visit } from './browser.ts'
import { subjects } from './mail-client.ts'

let dns: DnsServer
let remote: RemoteServer
let service: Service
let browser: Browser
const visitors: Visitor[] = []
let owner: Visitor
let manager: Visitor
let staff: Visitor
beforeAll(async () => {
  dns = await startDns({ 'there.test': { MX: [[10, 'mx.there.test']] }, 'mx.there.test': { A: ['127.0.0.1'] } })
  remote = await startRemote({
    answer: line => (/^RCPT TO:<no/i.test(line) ? '550 5.1.1 No such user here' : null),
  })
  const settings = { FACTEUR_DNS_SERVERS: dns.address, FACTEUR_QUEUE_PORT: String(remote.port) }
  service = await startPanelService({ ...settings, FACTEUR_HOSTNAME: 'mail.example.org' })
  const desk = await signedIn(service, 'staff')
  expect((await desk.patch('/service/settings', { holdUnknownRecipients: 3 })).status).toBe(200)
  browser = await launchBrowser()
  owner = await panel('owner', { locale: 'fr-FR', phone: true })
  manager = await panel('manager', { locale: 'fr-FR' })
  staff = await panel('staff')
})
afterAll(async () => {
  for (const visitor of visitors) await visitor.close()
  await browser?.close()
  await service?.stop()
  await remote?.close()
  await dns?.close()
})

async function panel(person: Person, options: VisitorOptions = {}): Promise<Visitor> {
  const visitor = await visit(browser, service, options)
  visitors.push(visitor)
  await visitor.signIn(people[person], panelPassword)
  await visitor.page.locator('input[type=password]').waitFor({ state: 'detached' })
  return visitor
}
async function picture({ page }: Visitor, name: string): Promise<void> {
  const folder = process.env.PICTURES
  if (!folder) return
  mkdirSync(folder, { recursive: true })
  await page.screenshot({ path: path.join(folder, `${name}.png`), fullPage: true })
}
async function submit(from: Person, to: string[], subject: string): Promise<void> {
  const client = await submitterOf(service, people[from])
  const text = `From: ${people[from]}\r\nTo: ${to[0]}\r\nSubject: ${subject}\r\n\r\nhello\r\n`
  expect(await client.deliver({ from: people[from], to }, text)).toMatch(/^250 /)
  client.destroy()
}
async function arrive(subject: string): Promise<string> {
  const client = await Client.greeted(service.ports.smtp)
  const text = `From: a@away.test\r\nSubject: ${subject}\r\n\r\nhello\r\n`
  const answer = await client.deliver({ from: 'a@away.test', to: [people.owner] }, text)
  client.destroy()
  return answer
}
/** Writes to people that the remote server does not know, until that is found unusual. */
async function becomeHeld(person: Person): Promise<void> {
  await submit(person, ['no1@there.test', 'no2@there.test', 'no3@there.test'], 'Unknown')
  const own = await signedIn(service, person)
  await until(async () => ((await own.get('/mailbox/sending')).json.held ? true : null), 20_000)
}
const came = (subject: string): number => remote.messages.filter(({ data }) => data.includes(subject)).length
const sendingPage = (person: Person): string => `/mailboxes/${encodeURIComponent(people[person])}/sending`

it('is held: its owner is told on his page, its manager sees it, staff find it and let it go', async () => {
  await becomeHeld('owner')
  await submit('owner', ['anna@there.test', 'ben@there.test'], 'Waiting one')

  await owner.goto('/')
  await owner.page.getByText('Vos envois sont retenus', { exact: true }).waitFor()
  await owner.expectAccessible()
  await picture(owner, 'held-home-phone-fr')
  await owner.page.getByRole('link', { name: 'Voir pourquoi' }).click()
  await owner.page.getByRole('heading', { name: 'Envois retenus' }).waitFor()
  await owner.page.getByText('3 destinataires inexistants en 24 heures, pour un seuil de 3.').waitFor()
  await owner.page.getByText('En attente : 1 message, 2 destinataires.').waitFor()
  await owner.page.getByRole('link', { name: 'Changer mon mot de passe' }).waitFor()
  expect(await owner.page.getByRole('button', { name: 'Libérer' }).count()).toBe(0)
  await owner.expectAccessible()
  await picture(owner, 'held-owner-phone-fr')
  await owner.goto('/mailbox/traces')
  await owner.page.getByText('Retenu', { exact: true }).first().waitFor()
  await picture(owner, 'held-owner-traces-phone-fr')

  await manager.goto(sendingPage('owner'))
  await manager.page.getByRole('heading', { name: 'Envois retenus' }).waitFor()
  expect(await manager.page.getByRole('button', { name: 'Libérer' }).count()).toBe(0)
  await manager.expectAccessible()
  await picture(manager, 'held-manager-fr')

  const { page } = staff
  await staff.goto('/dashboard')
  await staff.expectAccessible()
  await picture(staff, 'held-dashboard-en')
  await page.getByRole('row').filter({ hasText: people.owner }).getByRole('link').first().click()
  await page.getByText('3 recipients that do not exist within 24 hours; the threshold is 3.').waitFor()
  await staff.expectAccessible()
  await picture(staff, 'held-staff-en')
  await page.getByRole('button', { name: 'Let go' }).click()
  await page.getByRole('dialog').waitFor()
  await staff.expectAccessible()
  await picture(staff, 'held-release-en')
  expect(came('Waiting one')).toBe(0)
  await page.getByRole('dialog').getByRole('button', { name: 'Let go' }).click()
  await page.getByText('It goes out.').waitFor()
  await page.getByRole('heading', { name: 'Sending is held' }).waitFor({ state: 'detached' })
  await until(() => (came('Waiting one') > 0 ? true : null))
  await owner.goto('/sending')
  expect(await owner.page.getByRole('heading', { name: 'Envois retenus' }).count()).toBe(0)
})

it('or is dropped by staff, and what comes after it waits until the command line lets it go', async () => {
  const cli = (...args: string[]) => service.cli(['sending', ...args])
  expect(await cli('held')).toMatchObject({ exitCode: 0, stderr: '' })
  expect(await cli('release', people.neighbour)).toEqual({
    exitCode: 1,
    stdout: '',
    stderr: 'facteur: mail of this mailbox is not held\n',
  })
  expect(await cli('drop', 'nobody@example.org')).toMatchObject({ exitCode: 1, stdout: '' })
  expect(await cli('drop')).toMatchObject({ exitCode: 2 })

  await becomeHeld('neighbour')
  await submit('neighbour', ['anna@there.test'], 'Dropped one')
  const shown = await cli('held')
  expect(shown).toMatchObject({ exitCode: 0, stderr: '' })
  expect(shown.stdout).toMatch(
    /^MAILBOX .*\nbob@example\.org .* many unknown recipients \(3\) +- +1 +1 +no\d@there\.test/,
  )
  const [held] = JSON.parse((await cli('held', '--json')).stdout)
  expect(held).toMatchObject({ address: people.neighbour, reason: 'unknown-users', messages: 1, recipients: 1 })
  expect(held.at).toMatch(/^\d{4}-.*Z$/)

  const { page } = staff
  await staff.goto(sendingPage('neighbour'))
  await page.getByRole('button', { name: 'Drop what waits' }).click()
  await page.getByRole('dialog').waitFor()
  await staff.expectAccessible()
  await page.getByRole('dialog').getByRole('button', { name: 'Drop what waits' }).click()
  await page.getByText('The messages that were held are dropped.').waitFor()
  await page.getByText('Nothing waits for now.').waitFor()
  await expect.poll(() => page.getByRole('button', { name: 'Drop what waits' }).count()).toBe(0)
  await picture(staff, 'held-dropped-en')

  await submit('neighbour', ['ben@there.test'], 'Next one')
  expect(await cli('release', people.neighbour)).toEqual({
    exitCode: 0,
    stdout: 'bob@example.org: released, what waited goes out\n',
    stderr: '',
  })
  await until(() => (came('Next one') > 0 ? true : null))
  expect(came('Dropped one')).toBe(0)
  expect(JSON.parse((await cli('held', '--json')).stdout)).toEqual([])
})

it('rules of a domain file its mail, are suspended, and tell where a script of it stopped', async () => {
  const { page } = manager
  await manager.goto('/domains/example.org')
  await manager.goto('/domains/example.org/filters')
  await page.getByRole('button', { name: 'Ajouter une règle' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Nom de la règle').fill('Invoices')
  await dialog.getByLabel('Porte sur').selectOption('subject')
  await dialog.getByLabel('Valeur').fill('invoice')
  await dialog.getByLabel('Dossier').fill('Invoices')
  expect(await dialog.getByLabel('Action', { exact: true }).locator('option', { hasText: 'transférer' }).count()).toBe(
    0,
  )
  await dialog.getByRole('button', { name: 'Enregistrer' }).click()
  await page.getByRole('heading', { name: 'Invoices' }).waitFor()
  await manager.expectAccessible()
  await picture(manager, 'domain-rules-fr')
  const alice = { user: people.owner, pass: panelPassword }
  expect(await arrive('An invoice')).toMatch(/^250 /)
  expect(await subjects(service, alice, 'Invoices')).toEqual(['An invoice'])

  await owner.goto('/filters')
  await owner.page.getByText('Règles du domaine example.org').click()
  await owner.page.getByText('Invoices').first().waitFor()
  await owner.expectAccessible()

  await page.getByRole('button', { name: 'Suspendre' }).click()
  await page.getByText('Ces règles ne sont pas appliquées').waitFor()
  await manager.expectAccessible()
  // A change holds from the next message on.
  await arrive('Second invoice')
  expect(await subjects(service, alice)).toContain('Second invoice')
  await page.getByRole('button', { name: 'Appliquer ces règles' }).click()
  await page.getByText('Les règles sont appliquées.').waitFor()

  await page.getByRole('button', { name: 'Écrire un script Sieve' }).click()
  const source = page.getByLabel('Script Sieve')
  await source.fill('redirect "boss@example.net";')
  await page.getByRole('button', { name: 'Vérifier' }).click()
  await page.getByText('"redirect" is not allowed here').waitFor()
  await source.fill('require ["fileinto", "reject"];\nfileinto "Junk";\nreject "no";')
  await page.getByRole('button', { name: 'Enregistrer et activer le script' }).click()
  await page.getByText('Un script écrit à la main').first().waitFor()
  await until(async () => {
    await arrive('Stopped')
    await manager.goto('/domains/example.org/filters')
    return (await page.getByText('Arrêt sur une erreur').count()) > 0 ? true : null
  })
  await page.getByText('Ligne 3, colonne 1 : "reject" after "fileinto"').waitFor()
  await page.getByText(`à ${people.owner}. Il n’a été ni refusé ni supprimé, et a continué son chemin.`).waitFor()
  await manager.expectAccessible()
  await picture(manager, 'domain-failure-fr')
  expect(await subjects(service, alice)).toContain('Stopped')

  await page.getByRole('button', { name: 'Tout supprimer' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Tout supprimer' }).click()
  await page.getByText('Les règles sont supprimées.').waitFor()
  await expect.poll(() => page.getByText('Arrêt sur une erreur').count()).toBe(0)
})

it('rules of the service refuse for everyone', async () => {
  const { page } = staff
  await staff.goto('/service/filters')
  await page.getByRole('button', { name: 'Add a rule' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Name of the rule').fill('Démarchage')
  await dialog.getByLabel('Is about').selectOption('subject')
  await dialog.getByLabel('Value').fill('référencement')
  await dialog.getByLabel('Action', { exact: true }).selectOption('reject')
  await dialog.getByLabel('Text of the refusal').fill('Not here')
  await staff.expectAccessible()
  await picture(staff, 'service-rule-en')
  await dialog.getByRole('button', { name: 'Save' }).click()
  await page.getByRole('heading', { name: 'Démarchage' }).waitFor()
  await staff.expectAccessible()
  await picture(staff, 'service-rules-en')
  await until(
    async () => ((await arrive('=?utf-8?Q?R=C3=A9f=C3=A9rencement?=')) === '550 5.7.1 Not here' ? true : null),
    20_000,
  )
  expect(await arrive('Welcome')).toMatch(/^250 /)

  await owner.goto('/filters')
  await owner.page.getByText('Le service applique ses propres règles').waitFor()
  expect(await owner.page.getByText('Démarchage').count()).toBe(0)
})
