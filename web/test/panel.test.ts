/** What pages of the panel promise, in Chromium, in front of samples: no service is needed. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Browser, BrowserContext, Page, Request } from 'playwright-core'
import { build } from 'vite'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { launchBrowser } from '../../test/browser/browser.ts'
import { type SampleService, type Samples, startSampleService } from '../dev/sample-service.ts'
import { service as serviceSample, sessionOf, visitors } from '../dev/samples.ts'
import { screens as directoryScreens } from '../src/areas/directory/screens.ts'
import { screens as filterScreens } from '../src/areas/filters/screens.ts'
import { screens as holderScreens } from '../src/areas/link-holders/screens.ts'
import { screens as linkScreens } from '../src/areas/links/screens.ts'
import { screens as securityScreens } from '../src/areas/security/screens.ts'
import { screens as serviceScreens } from '../src/areas/service/screens.ts'
import { screens as tokenScreens } from '../src/areas/tokens/screens.ts'
import { screens as traceScreens } from '../src/areas/traces/screens.ts'

const outDir = mkdtempSync(path.join(tmpdir(), 'facteur-web-'))
let samples: Samples
let service: SampleService
let browser: Browser
let context: BrowserContext
let page: Page
let complaints: string[]

beforeAll(async () => {
  const configFile = path.resolve(import.meta.dirname, '../vite.config.ts')
  await build({ configFile, logLevel: 'error', build: { outDir } })
  service = await startSampleService(outDir, () => samples)
  browser = await launchBrowser()
})
afterAll(async () => {
  await browser?.close()
  await service?.close()
  rmSync(outDir, { recursive: true })
})

beforeEach(async () => {
  samples = {}
  complaints = []
  context = await browser.newContext({ locale: 'fr-FR', reducedMotion: 'reduce' })
  context.setDefaultTimeout(45_000)
  page = await context.newPage()
  page.on('pageerror', error => complaints.push(error.stack ?? error.message))
})
afterEach(async () => {
  await context.close()
  expect(complaints).toEqual([])
})

const samplesOf = (screens: { name: string; samples?: Samples }[], name: string): Samples =>
  screens.find(screen => screen.name === name)?.samples ?? {}
const open = async (url: string, title: string): Promise<void> => {
  await page.goto(service.url + url)
  await heading(title)
}
/** Whether the browser asks before the page is left. */
const asks = () => page.evaluate(() => !dispatchEvent(new Event('beforeunload', { cancelable: true })))
const heading = (title: string) => page.getByRole('heading', { level: 1, name: title }).waitFor()
const sent = (method: string, url: string): Promise<Request> =>
  page.waitForRequest(request => request.method() === method && request.url().endsWith(`/api/v1${url}`))

const profile = {
  name: 'Alice',
  address: 'alice@example.org',
  language: null,
  timeZone: null,
  role: 'owner',
  createdAt: 0,
  passwordChangedAt: null,
}

describe('what was typed and not saved', () => {
  beforeEach(async () => {
    samples = {
      ...visitors.owner,
      'GET /profile': { body: profile },
      'GET /mailbox/pop3': { body: { address: profile.address, keepDays: null } },
      'GET /recovery-address': { body: { address: null } },
    }
    await open('/recovery', 'Adresse externe')
    await page.getByRole('link', { name: 'Préférences' }).click()
    await heading('Préférences')
  })
  const name = () => page.getByLabel('Nom')
  const question = () => page.getByRole('dialog', { name: 'Quitter sans enregistrer ?' })
  const elsewhere = () => page.getByRole('link', { name: 'Adresse externe' })

  it('is not left by a link or by going back without being asked', async () => {
    await name().fill('Alice B.')
    await elsewhere().click()
    await question().getByRole('button', { name: 'Annuler' }).click()
    expect(await name().inputValue()).toBe('Alice B.')
    await page.goBack()
    await question().getByRole('button', { name: 'Annuler' }).click()
    await expect.poll(() => new URL(page.url()).pathname).toBe('/settings')
    expect(await name().inputValue()).toBe('Alice B.')
    await page.goBack()
    await question().getByRole('button', { name: 'Quitter la page' }).click()
    await heading('Adresse externe')
    await expect.poll(() => new URL(page.url()).pathname).toBe('/recovery')
  })

  it('is not left by closing the page without the browser asking, while it differs', async () => {
    expect(await asks()).toBe(false)
    await name().fill('Alice B.')
    await expect.poll(asks).toBe(true)
    await name().fill('Alice')
    await expect.poll(asks).toBe(false)
  })

  it('asks nothing where nothing differs any more, or all is saved', async () => {
    await name().fill('Alice B.')
    await name().fill('Alice')
    await elsewhere().click()
    await heading('Adresse externe')
    await page.getByRole('link', { name: 'Préférences' }).click()
    samples['PATCH /profile'] = { body: { ...profile, name: 'Alice B.' } }
    await name().fill('Alice B.')
    await page.getByRole('button', { name: 'Enregistrer' }).first().click()
    await page.getByText('Préférences enregistrées.').waitFor()
    await elsewhere().click()
    await heading('Adresse externe')
  })
})

describe('a second factor that is required', () => {
  const mustSetUp = { ...sessionOf('owner', true), mustSetUpSecondFactor: true }
  const refusal = { status: 403, code: 'second-factor-to-set-up', title: 'Activez d’abord la double authentification.' }

  it('is set up before anything else, and its recovery codes stay until they are put away', async () => {
    samples = {
      ...visitors.owner,
      ...samplesOf(securityScreens, 'security-add-app'),
      'GET /session': { body: mustSetUp },
      'POST /second-factor/codes/confirmation': { body: { recoveryCodes: ['ABCD-EFGH', 'IJKL-MNOP'] } },
    }
    await open('/security/sign-ins', 'Sécurité')
    expect(await page.getByRole('navigation', { name: 'Navigation principale' }).count()).toBe(0)
    expect(await page.getByText('Sessions ouvertes').count()).toBe(0)
    await page.getByRole('button', { name: 'Ajouter une application' }).click()
    await page.getByLabel('Code à six chiffres').fill('123456')
    samples['GET /session'] = { body: sessionOf('owner', true) }
    await page.getByRole('button', { name: 'Vérifier le code' }).click()
    const codes = page.getByRole('dialog', { name: 'Vos codes de secours' })
    await codes.getByText('ABCD-EFGH').waitFor()
    await page.waitForTimeout(300)
    expect(await codes.isVisible()).toBe(true)
    await codes.getByRole('button', { name: 'Je les ai gardés' }).click()
    await heading('Connexions')
    await page.getByRole('navigation', { name: 'Navigation principale' }).waitFor()
  })

  it('is asked for as soon as the service requires it, in a session that is open', async () => {
    samples = { ...visitors.owner, ...samplesOf(securityScreens, 'security-off') }
    await open('/security', 'Sécurité')
    samples = { ...samples, 'GET /session': { body: mustSetUp }, 'GET /sign-ins': { status: 403, body: refusal } }
    await page.getByRole('link', { name: 'Voir toutes les connexions' }).click()
    await page.getByText('La double authentification est exigée pour votre compte.').waitFor()
  })
})

describe('plans', () => {
  it('are chosen when a mailbox is made, that of the domain at first', async () => {
    samples = { ...visitors.staff, ...samplesOf(directoryScreens, 'directory-create') }
    await open('/mailboxes?new=1', 'Boîtes mail')
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Adresse', { exact: true }).fill('dora')
    await dialog.getByLabel('Espace de stockage').waitFor()
    await dialog.getByLabel('Domaine').selectOption('example.org')
    await expect.poll(() => dialog.getByLabel('Offre').inputValue()).toBe('small')
    await expect.poll(() => dialog.getByLabel('Espace de stockage').count()).toBe(0)
    await dialog.getByLabel('Offre').selectOption('large')
    const request = sent('POST', '/mailboxes')
    await dialog.getByRole('button', { name: 'Créer la boîte mail' }).click()
    expect((await request).postDataJSON()).toEqual({
      address: 'dora@example.org',
      name: '',
      kind: 'personal',
      planId: 'large',
      link: { sendTo: null },
    })
  })
})

describe('a mailbox that belongs to a manager', () => {
  it('is seen by managers, and not offered to be changed', async () => {
    samples = { ...visitors.manager, ...samplesOf(directoryScreens, 'directory-mailbox-fixed') }
    await open('/mailboxes/manager%40example.org', 'manager@example.org')
    await page.getByText('seule l’assistance la modifie').waitFor()
    expect(await page.getByRole('button', { name: 'Enregistrer' }).count()).toBe(0)
    expect(await page.getByRole('link', { name: 'Suppression' }).count()).toBe(0)
    await page.getByRole('link', { name: 'Accès', exact: true }).click()
    await expect.poll(() => page.getByRole('switch', { name: 'Connexion' }).isDisabled()).toBe(true)
  })
})

describe('an app password', () => {
  beforeEach(async () => {
    samples = { ...visitors.owner, ...samplesOf(securityScreens, 'security') }
    await open('/security', 'Sécurité')
  })

  it('is made for a shared mailbox, without what its member may not do there', async () => {
    await page.getByRole('button', { name: 'Créer un mot de passe' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Nom').fill('Ordinateur')
    await dialog.getByLabel('Boîte mail').selectOption('support@example.org')
    await expect.poll(() => dialog.getByLabel('Envoi (SMTP)').isDisabled()).toBe(true)
    const request = sent('POST', '/app-passwords')
    await dialog.getByRole('button', { name: 'Créer un mot de passe' }).click()
    expect((await request).postDataJSON()).toEqual({
      mailbox: 'support@example.org',
      label: 'Ordinateur',
      protocols: ['imap'],
      networks: [],
      expiresAt: null,
    })
    await dialog.getByText('Mot de passe créé').waitFor()
  })

  it('is changed', async () => {
    await page.getByRole('button', { name: 'Actions pour Téléphone' }).click()
    await page.getByRole('menuitem', { name: 'Modifier' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('POP3').check()
    await dialog.getByLabel('Adresses autorisées').fill('192.0.2.0/24')
    const request = sent('PATCH', '/app-passwords/a')
    await dialog.getByRole('button', { name: 'Enregistrer' }).click()
    expect((await request).postDataJSON()).toEqual({
      label: 'Téléphone',
      protocols: ['imap', 'submission', 'pop3'],
      networks: ['192.0.2.0/24'],
      expiresAt: null,
    })
  })
})

describe('a link that is made again', () => {
  const again = (linkId: string) => {
    const body = {
      linkId: 'e',
      address: 'alice@example.org',
      url: 'https://x/l#t',
      code: '123456',
      expiresAt: 1,
      sentTo: null,
    }
    samples = {
      ...visitors.staff,
      ...samplesOf(linkScreens, 'links'),
      [`POST /credential-links/${linkId}/again`]: { status: 201, body },
    }
  }

  it('is there at once where nobody has seen the password of the former', async () => {
    again('a')
    await open('/links', 'Liens d’accès')
    await page
      .getByRole('row', { name: /alice@example\.org/ })
      .getByRole('button')
      .last()
      .click()
    const posted = sent('POST', '/credential-links/a/again')
    await page.getByRole('menuitem').first().click()
    expect((await posted).postDataJSON()).toEqual({})
    await page.getByRole('dialog').getByText('123456').waitFor()
  })

  it('is asked for where somebody has', async () => {
    again('b')
    await open('/links', 'Liens d’accès')
    await page
      .getByRole('row', { name: /bob@example\.org/ })
      .getByRole('button')
      .last()
      .click()
    await page.getByRole('menuitem').first().click()
    await page.getByRole('dialog').getByRole('checkbox').waitFor()
  })
})

it('leads back to the row a list was left by, with all that was read of it', async () => {
  const sample = (name: string, path: string) => samplesOf(traceScreens, name)[path] as { body: { items: object[] } }
  const { body } = sample('traces-staff', 'GET /traces')
  const rows = (from: number) => Array.from({ length: 50 }, (_, at) => ({ ...body.items[0], traceId: from + at }))
  samples = {
    ...visitors.staff,
    'GET /traces': url => ({
      body: url.searchParams.has('after') ? { items: rows(50), next: null } : { items: rows(0), next: '50' },
    }),
    'GET /traces/80': sample('traces-message', 'GET /traces/3'),
  }
  const row = page.locator('tbody tr a[href="/traces/80"]')
  const position = () => page.evaluate(() => scrollY)
  await open('/traces', 'Tous les messages')
  await page.getByRole('button', { name: 'Afficher la suite' }).click()
  await row.scrollIntoViewIfNeeded()
  const left = await position()
  expect(left).toBeGreaterThan(1000)
  await row.click()
  await page.getByRole('heading', { level: 1, name: /^Message/ }).waitFor()
  expect(await position()).toBe(0)
  // The last 24 hours are others by now.
  await page.evaluate(() => {
    const real = Date.now
    Date.now = () => real() + 60_000
  })
  await page.goBack()
  await expect.poll(() => page.evaluate(() => document.activeElement?.getAttribute('href'))).toBe('/traces/80')
  expect(await position()).toBe(left)
  await page.getByRole('link', { name: 'Domaines' }).click()
  await heading('Domaines')
  await page.getByRole('link', { name: 'Tous les messages' }).click()
  await heading('Tous les messages')
  expect(await position()).toBe(0)
  await expect.poll(() => page.locator('tbody tr').count()).toBe(50)
})

describe('the dialog that makes a mailbox', () => {
  const dialog = () => page.getByRole('dialog', { name: 'Nouvelle boîte mail' })
  const link = { linkId: 1, url: 'https://mail.example.org/link#abc', sentTo: null, code: null, expiresAt: 0 }
  beforeEach(async () => {
    samples = {
      ...visitors.staff,
      ...samplesOf(directoryScreens, 'directory-mailbox'),
      'POST /mailboxes': { body: { address: 'dora@example.org', link } },
    }
    await open('/mailboxes?new=1', 'Boîtes mail')
    await dialog().getByLabel('Adresse').fill('dora')
  })

  it('keeps what was typed when somebody clicks beside it', async () => {
    await page.mouse.click(5, 5)
    expect(await dialog().getByLabel('Adresse').inputValue()).toBe('dora')
    await page.keyboard.press('Escape')
    await dialog().waitFor({ state: 'detached' })
  })

  it('stays while the mailbox is made, and until its link is put away', async () => {
    let answer: () => void = () => undefined
    const answered = new Promise<void>(resolve => {
      answer = resolve
    })
    await page.route('**/api/v1/mailboxes', async route => {
      if (route.request().method() === 'POST') await answered
      await route.continue()
    })
    await dialog().getByRole('button', { name: 'Créer la boîte mail' }).click()
    await dialog().locator('button[aria-busy=true]').waitFor()
    for (let pressed = 0; pressed < 3; pressed++) await page.keyboard.press('Escape')
    await dialog().getByRole('button', { name: 'Fermer' }).click()
    answer()
    const made = page.getByRole('dialog', { name: 'dora@example.org est prête' })
    await made.getByText(link.url).waitFor()
    await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toBe('dora@example.org est prête')
    for (let pressed = 0; pressed < 3; pressed++) await page.keyboard.press('Escape')
    expect(await asks()).toBe(true)
    await made.getByRole('button', { name: 'Terminé' }).click()
    await made.waitFor({ state: 'detached' })
    await expect.poll(asks).toBe(false)
  })
})

describe('a list of mailboxes', () => {
  const link = { linkId: 1, url: 'https://mail.example.org/link#abc', sentTo: null, code: null, expiresAt: 0 }
  const preview = () => page.getByText('1 ligne est à corriger')
  const focused = () => page.evaluate(() => document.activeElement?.textContent)
  beforeEach(async () => {
    samples = {
      ...visitors.staff,
      ...samplesOf(directoryScreens, 'directory-import-preview'),
      'POST /mailboxes': { body: { address: 'dora@example.org', link } },
    }
    await open('/mailboxes/import', 'Importer une liste')
    await page.getByLabel('Ou coller la liste').fill('dora@example.org;Dora;5\nalice@example.org;Alice')
    await page.getByRole('button', { name: 'Vérifier' }).click()
    await preview().waitFor()
  })

  it('is still there to be corrected, and the focus goes with what comes', async () => {
    expect(await focused()).toContain('ligne est à corriger')
    await page.getByRole('button', { name: 'Corriger la liste' }).click()
    const list = page.getByLabel('Ou coller la liste')
    expect(await list.inputValue()).toContain('alice@example.org;Alice')
    await expect.poll(() => list.evaluate(element => element === document.activeElement)).toBe(true)
  })

  it('has links that are not left without being asked, until they are downloaded', async () => {
    await page.getByRole('button', { name: /^Créer/ }).click()
    await page.getByText(link.url).waitFor()
    expect(await focused()).toContain('boîte mail créée')
    await page.getByRole('link', { name: 'Domaines' }).click()
    const question = page.getByRole('dialog', { name: 'Quitter sans enregistrer ?' })
    await question.getByRole('button', { name: 'Annuler' }).click()
    await page.getByRole('button', { name: 'Importer une autre liste' }).click()
    const other = page.getByRole('dialog', { name: 'Importer une autre liste' })
    await other.getByRole('button', { name: 'Annuler' }).click()
    const download = page.waitForEvent('download')
    await page.getByRole('button', { name: 'Télécharger les liens (CSV)' }).click()
    await download
    await page.getByRole('link', { name: 'Domaines' }).click()
    await heading('Domaines')
  })

  it('is made no further when the page is left', async () => {
    let made = 0
    let answer: () => void = () => undefined
    const answered = new Promise<void>(resolve => {
      answer = resolve
    })
    await page.route('**/api/v1/mailboxes', async route => {
      if (route.request().method() !== 'POST') return route.continue()
      made++
      await answered
      await route.continue()
    })
    samples['POST /mailboxes/preview'] = () => ({
      body: {
        ready: 2,
        rows: ['dora', 'emma'].map((name, line) => ({
          line: line + 1,
          address: `${name}@example.org`,
          name: '',
          sendTo: '',
          errors: [],
        })),
      },
    })
    await page.getByRole('button', { name: 'Corriger la liste' }).click()
    await page.getByRole('button', { name: 'Vérifier' }).click()
    await page.getByRole('button', { name: 'Créer 2 boîtes mail' }).click()
    await expect.poll(() => made).toBe(1)
    await page.getByRole('link', { name: 'Domaines' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Quitter la page' }).click()
    await heading('Domaines')
    const first = page.waitForResponse(response => response.request().method() === 'POST')
    answer()
    await first
    await page.getByRole('link', { name: 'Aide' }).click()
    await page.waitForURL('**/help')
    expect(made).toBe(1)
  })
})

describe('the page that shows a password once', () => {
  const revealed = () => page.getByText('k7mpx-3wd9t-qahv4-rbn8e')
  const asks = () => page.evaluate(() => !dispatchEvent(new Event('beforeunload', { cancelable: true })))
  beforeEach(async () => {
    samples = { ...visitors.nobody, ...samplesOf(holderScreens, 'link-revealed') }
    await context.grantPermissions(['clipboard-read', 'clipboard-write'])
    await open(`/link#${'T'.repeat(43)}`, 'Vos identifiants')
    await page.getByRole('button', { name: 'Afficher mes identifiants' }).click()
    await revealed().waitFor()
  })

  it('is not loaded anew without the browser asking, until the password is taken away', async () => {
    await expect.poll(asks).toBe(true)
    await page.getByRole('group', { name: 'Mot de passe' }).getByRole('button').click()
    await expect.poll(asks).toBe(false)
  })

  it('gives the focus to what it says when another password is chosen', async () => {
    samples['POST /link/password'] = { status: 204 }
    await page.getByText('Choisir mon propre mot de passe').click()
    await page.getByLabel('Nouveau mot de passe').fill('a password of my own')
    await page.getByRole('button', { name: 'Enregistrer mon mot de passe' }).click()
    await page.getByText('Votre mot de passe est enregistré.').waitFor()
    await expect
      .poll(() => page.evaluate(() => document.activeElement?.closest('main *')?.textContent))
      .toMatch(/^Votre mot de passe est enregistré/)
    expect(await asks()).toBe(false)
  })
})

it('gives the focus to the heading when a forgotten password is on its way', async () => {
  samples = { ...visitors.nobody, 'POST /password-reset': { status: 204 } }
  await open('/forgotten', 'Mot de passe oublié')
  await page.getByLabel('Adresse e-mail complète').fill('alice@example.org')
  await page.getByRole('button', { name: 'Envoyer le lien' }).click()
  await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toBe('Regardez vos messages')
})

describe('320 pixels', () => {
  beforeEach(() => page.setViewportSize({ width: 320, height: 640 }))
  /** Words that don't end where the place they are in does. */
  const cut = () =>
    page.evaluate(() => {
      const end = (element: Element | null) => element?.getBoundingClientRect().right ?? innerWidth
      const places = '.card, .outside-card, .revealed-own, .table-place, .top-bar-brand'
      return [...document.querySelectorAll('main :is(.badge, .button), .logo-name')]
        .filter(element => end(element) > Math.min(innerWidth, end(element.closest(places))))
        .map(element => element.textContent)
    })

  it('are enough for badges in tables, and for a long brand', async () => {
    samples = {
      ...visitors.owner,
      ...samplesOf(securityScreens, 'security-sign-ins'),
      'GET /service': { body: { ...serviceSample, name: 'courrier.exemple-de-nom.example' } },
    }
    await open('/security/sign-ins', 'Connexions')
    await page.getByText('Mot de passe incorrect').waitFor()
    expect(await cut()).toEqual([])
  })

  it('are enough for the longest address in the head of a page, and in a message', async () => {
    const address = `${'a'.repeat(64)}@${'b'.repeat(63)}.example`
    const session = sessionOf('owner', true)
    samples = {
      ...visitors.owner,
      ...samplesOf(securityScreens, 'security'),
      'GET /session': { body: { ...session, principal: { ...session.principal, address } } },
    }
    const width = () => page.evaluate(() => document.documentElement.scrollWidth)
    await open('/security', 'Sécurité')
    await page.locator('.page-description').getByText(address).waitFor()
    expect(await width()).toBe(320)
    samples = { ...visitors.nobody, 'POST /password-reset': { status: 204 } }
    await open('/forgotten', 'Mot de passe oublié')
    await page.getByLabel('Adresse e-mail complète').fill(address)
    await page.keyboard.press('Enter')
    await page.getByText(address).waitFor()
    expect(await width()).toBe(320)
  })

  it('are enough for buttons with much to say', async () => {
    const screen = holderScreens.find(({ name }) => name === 'link-revealed')
    samples = { ...visitors.nobody, ...screen?.samples }
    await page.goto(service.url + screen?.path)
    await screen?.prepare?.(page)
    expect(await cut()).toEqual([])
  })
})

it('asks whoever wants to write to support without a session to sign in', async () => {
  samples = visitors.nobody
  await open('/help/contact', 'Connexion')
})

it('calls what is one’s own an account where there is no mailbox', async () => {
  samples = { ...visitors.manager, ...samplesOf(directoryScreens, 'directory-bin-empty') }
  await open('/bin', 'Corbeille')
  expect(await page.getByRole('heading', { level: 2 }).allInnerTexts()).toContain('Mon compte')
})

it('says of a rule that does nothing what it lacks, and goes there', async () => {
  samples = { ...visitors.owner, ...samplesOf(filterScreens, 'filters-empty') }
  await open('/filters', 'Filtres')
  await page.getByRole('button', { name: 'Ajouter une règle' }).click()
  const dialog = page.getByRole('dialog', { name: 'Nouvelle règle' })
  await dialog.getByLabel('Nom de la règle').fill('Factures')
  for (const part of ['la condition', 'l’action'])
    await dialog.getByRole('button', { name: new RegExp(`^Retirer ${part}`) }).click()
  await dialog.getByRole('button', { name: 'Enregistrer' }).click()
  const told = dialog.locator('.error').filter({ hasText: 'Ajoutez au moins une action.' })
  await told.waitFor()
  await expect.poll(() => told.evaluate(error => error.closest(':focus') !== null)).toBe(true)
})

it('goes to what a token lacks, however far that is from the button', async () => {
  samples = { ...visitors.manager, ...samplesOf(tokenScreens, 'tokens-create') }
  await page.setViewportSize({ width: 800, height: 300 })
  await open('/tokens', 'Jetons d’API')
  await page.getByRole('button', { name: 'Nouveau jeton' }).click()
  await page.getByLabel('Nom').fill('CRM')
  await page.getByRole('button', { name: 'Créer le jeton' }).click()
  const told = page.locator('.error').filter({ hasText: 'Choisissez au moins une portée.' })
  await expect.poll(() => told.evaluate(error => error.getBoundingClientRect().top)).toBeGreaterThan(0)
  await expect.poll(() => told.evaluate(error => error.closest(':focus') !== null)).toBe(true)
})

it('says of settings of the service what they have to be, and not how programs call them', async () => {
  samples = { ...visitors.staff, ...samplesOf(serviceScreens, 'service-settings') }
  await open('/service', 'Réglages du service')
  await page.locator('input[name=supportAddress]').fill('nowhere')
  await page.keyboard.press('Enter')
  await page.getByText('Une adresse complète, comme support@exemple.fr.').waitFor()
  await page.locator('input[name=imapHost]').fill('https://mail.example.org')
  await page.keyboard.press('Enter')
  await page.getByText('Un nom d’hôte seul, comme mail.exemple.fr.').waitFor()
  await page.getByRole('button', { name: 'Ajouter un serveur' }).click()
  await page.locator('input[name$=".url"]').last().press('Enter')
  const told = page.locator('.error').filter({ hasText: 'Chaque serveur a un nom, et une adresse comme https://' })
  await expect.poll(() => told.evaluate(error => error.closest(':focus') !== null)).toBe(true)
})

it('blames the connection where a part of the application, or how it looks, can’t be loaded', async () => {
  samples = { ...visitors.owner, ...samplesOf(securityScreens, 'security') }
  await open('/security', 'Sécurité')
  await page.route('**/assets/*.css', route => route.abort())
  await page.getByRole('link', { name: 'Filtres' }).click()
  await page.getByText('Vérifiez votre connexion, puis rechargez la page.').waitFor()
})
