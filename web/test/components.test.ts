/** What the components promise to keyboards and screen readers, in Chromium, in front of samples: no service is needed. */
import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { build } from 'vite'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { axeViolations } from '../../test/browser/axe.ts'
import { launchBrowser } from '../../test/browser/browser.ts'
import { type SampleService, type Samples, startSampleService } from '../dev/sample-service.ts'
import { service as serviceSample, sessionOf, visitors } from '../dev/samples.ts'

const web = path.resolve(import.meta.dirname, '..')
const outDir = mkdtempSync(path.join(tmpdir(), 'facteur-web-'))
let samples: Samples
let service: SampleService
let browser: Browser
let context: BrowserContext
let page: Page
let complaints: string[]

beforeAll(async () => {
  await build({
    configFile: path.join(web, 'vite.config.ts'),
    logLevel: 'error',
    build: { outDir, rolldownOptions: { input: ['index.html', '_ui/index.html'].map(name => path.join(web, name)) } },
  })
  service = await startSampleService(outDir, () => samples)
  browser = await launchBrowser()
})
afterAll(async () => {
  await browser?.close()
  await service?.close()
  rmSync(outDir, { recursive: true })
})

beforeEach(async () => {
  samples = { ...visitors.nobody }
  complaints = []
  context = await browser.newContext({
    locale: 'fr-FR',
    reducedMotion: 'reduce',
    viewport: { width: 1200, height: 800 },
  })
  context.setDefaultTimeout(45_000)
  page = await context.newPage()
  page.on('pageerror', error => complaints.push(error.stack ?? error.message))
  page.on('console', message => {
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
      complaints.push(message.text())
  })
})
afterEach(async () => {
  await context.close()
  expect(complaints).toEqual([])
})

const focused = (): Promise<string> =>
  page.evaluate(() => {
    const element = document.activeElement
    return element?.getAttribute('name') || element?.id || element?.textContent || ''
  })
const gallery = async (): Promise<void> => {
  await page.goto(`${service.url}/_ui/`)
  await page.locator('.plot-canvas canvas').nth(1).waitFor()
}

describe('the gallery of components', () => {
  it.each([
    ['light', false],
    ['dark', true],
  ] as const)('is accessible in %s (phone: %s), with its errors shown', async (colorScheme, phone) => {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    if (phone) await page.setViewportSize({ width: 360, height: 740 })
    await gallery()
    await page.locator('input[name=quota]').fill('0')
    await page.locator('form button[type=submit]').click()
    await page.locator('.form-messages .alert').waitFor()
    expect(await axeViolations(page, ['best-practice'])).toEqual([])
    // WCAG 1.4.10: nothing is wider than the window.
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0)
  })

  it('has forms that move the focus to the first error and say it to the field', async () => {
    await gallery()
    await page.locator('form button[type=submit]').click()
    const address = page.locator('input[name=address]')
    await expect.poll(focused).toBe('address')
    await expect.poll(() => address.getAttribute('aria-invalid')).toBe('true')
    const described = (await address.getAttribute('aria-describedby'))?.split(' ') ?? []
    const texts = await Promise.all(described.map(id => page.locator(`[id="${id}"]`).textContent()))
    expect(texts).toEqual(['Par exemple alice@example.org', 'Saisissez l’adresse.'])
    // An error goes when its field is corrected.
    await address.fill('alice@example.org')
    await expect.poll(() => address.getAttribute('aria-invalid')).toBeNull()
    // What the service refuses is told to the field as well.
    await page.locator('textarea[name=note]').fill('Because')
    await page.locator('form button[type=submit]').click()
    await page.getByText('Cette adresse existe déjà.').waitFor()
    await expect.poll(focused).toBe('address')
  })

  it('has dialogs that hold the focus, close on Escape and give it back', async () => {
    await gallery()
    await page.locator('#open-dialog').click()
    const dialog = page.getByRole('dialog', { name: 'Envoyer un nouveau lien' })
    await dialog.waitFor()
    await expect.poll(() => page.evaluate(() => document.activeElement?.closest('dialog') !== null)).toBe(true)
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'detached' })
    await expect.poll(focused).toBe('open-dialog')
  })

  it('asks for what is destroyed to be typed', async () => {
    await gallery()
    await page.locator('#open-confirm').click()
    const button = page.getByRole('button', { name: 'Supprimer la boîte' })
    await expect.poll(() => button.isDisabled()).toBe(true)
    await page.getByLabel('Pour confirmer').fill('ALICE@example.org ')
    await button.click()
    await page.getByRole('dialog').waitFor({ state: 'detached' })
  })

  it('has menus that are walked through by keyboard', async () => {
    await gallery()
    const button = page.locator('.card [aria-haspopup=menu]').first()
    await button.focus()
    await page.keyboard.press('ArrowDown')
    await expect.poll(focused).toBe('Modifier')
    await expect.poll(() => button.getAttribute('aria-expanded')).toBe('true')
    // What can't be chosen is passed over; the end leads to the beginning; letters find.
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('ArrowDown')
    await expect.poll(focused).toBe('Supprimer')
    await page.keyboard.press('ArrowDown')
    await expect.poll(focused).toBe('Modifier')
    await page.keyboard.press('e')
    await expect.poll(focused).toBe('Envoyer le lien')
    await page.keyboard.press('Escape')
    await expect.poll(() => page.evaluate(() => document.activeElement?.getAttribute('aria-haspopup'))).toBe('menu')
    await expect.poll(() => button.getAttribute('aria-expanded')).toBe('false')
  })

  it('has tabs of which one is in the order of the keyboard', async () => {
    await gallery()
    await page.getByRole('tab', { name: 'Général' }).focus()
    await page.keyboard.press('ArrowLeft')
    await expect.poll(focused).toContain('dns')
    await page.getByText('Les enregistrements attendus.').waitFor()
  })

  it('shows a plot as a table', async () => {
    await gallery()
    await page.getByRole('button', { name: 'Voir en tableau' }).first().click()
    const table = page.locator('.plot-table table').first()
    await expect.poll(() => table.locator('tbody tr').count()).toBe(30)
    expect(await table.locator('thead').innerText()).toContain('Envoyés')
  })

  it('shows and hides a password, and tells of Caps Lock', async () => {
    await gallery()
    const field = page.locator('input[name=password]')
    await page.getByRole('button', { name: 'Afficher le mot de passe' }).click()
    await expect.poll(() => field.getAttribute('type')).toBe('text')
    await page.getByRole('button', { name: 'Masquer le mot de passe' }).click()
    await expect.poll(() => field.getAttribute('type')).toBe('password')
    // A key pressed with Caps Lock on, as the browser tells of it.
    await field.evaluate(input =>
      input.dispatchEvent(new KeyboardEvent('keydown', { key: 'A', modifierCapsLock: true, bubbles: true })),
    )
    await page.getByText('La touche Verr. Maj est active.').waitFor()
  })

  it('copies', async () => {
    await context.grantPermissions(['clipboard-read', 'clipboard-write'])
    await gallery()
    await page.getByRole('button', { name: 'Copier\u00a0: Serveur' }).click()
    await page.getByText('Copié', { exact: true }).waitFor()
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe('mail.example.org')
  })
})

describe('the application', () => {
  const alice = sessionOf('owner', true)
  const session = { body: alice }

  it('asks again for the password when the session has ended, and loses nothing', async () => {
    samples = { ...visitors.owner, 'PATCH /profile': { status: 401, body: { code: 'not-signed-in', title: 'Non.' } } }
    await page.goto(service.url)
    await page.getByRole('heading', { level: 1 }).waitFor()
    await page.getByRole('button', { name: 'EN – English' }).first().click()
    const dialog = page.getByRole('dialog', { name: 'Your session has ended' })
    await dialog.waitFor()
    await page.keyboard.press('Escape')
    expect(await dialog.isVisible()).toBe(true)
    expect(await dialog.getByLabel('Full email address').inputValue()).toBe('alice@example.org')
    samples = {
      ...visitors.owner,
      'POST /session': { body: { ...alice, principal: { ...alice.principal, language: 'en' } } },
      'PATCH /profile': { body: {} },
    }
    const repeated = page.waitForRequest(request => request.method() === 'PATCH')
    await dialog.getByLabel('Password', { exact: true }).fill('correct horse')
    // Chromium closes a dialog at the second Escape, whatever it said to the first.
    for (let pressed = 0; pressed < 4; pressed++) await page.keyboard.press('Escape')
    expect(await dialog.isVisible()).toBe(true)
    await dialog.getByRole('button', { name: 'Sign in', exact: true }).click()
    await repeated
    await dialog.waitFor({ state: 'detached' })
    await expect.poll(() => page.getByRole('heading', { level: 1 }).innerText()).toBe('Hello')
  })

  it('asks for the password once more where the service wants it, and may be told no', async () => {
    samples = {
      ...visitors.owner,
      'PATCH /profile': { status: 403, body: { code: 'confirmation-needed', title: 'Confirmez.' } },
      'GET /session/confirmation': { body: { methods: ['password'] } },
      'POST /session/confirmation': { status: 204 },
    }
    await page.goto(service.url)
    await page.getByRole('button', { name: 'EN – English' }).first().click()
    const dialog = page.getByRole('dialog', { name: 'Confirm that it is you' })
    await dialog.waitFor()
    await page.keyboard.press('Escape')
    await page.locator('.toast.danger').getByText('Confirmez.').waitFor()
    await page.getByRole('button', { name: 'FR – Français' }).first().click()
    samples['PATCH /profile'] = { body: {} }
    const repeated = page.waitForRequest(request => request.method() === 'PATCH')
    await page.getByLabel('Mot de passe', { exact: true }).fill('correct horse')
    await page.getByRole('button', { name: 'Confirmer' }).click()
    await repeated
    await page.getByRole('dialog').waitFor({ state: 'detached' })
  })

  it('says how long a guesser has to wait', async () => {
    samples['POST /session'] = {
      status: 429,
      headers: { 'Retry-After': '2' },
      body: { code: 'too-many-attempts', title: 'Trop de tentatives.' },
    }
    await page.goto(service.url)
    await page.locator('input[name=address]').fill('alice@example.org')
    await page.locator('input[name=password]').fill('wrong')
    // It is there for two seconds.
    const told = page.getByText(/Réessayez dans [12]\u00a0seconde/).waitFor()
    await page.getByRole('button', { name: 'Se connecter', exact: true }).click()
    await told
    await page.getByText('Vous pouvez réessayer.').waitFor()
  })

  it('leads to the server of an address, when there are several', async () => {
    const other = `http://127.0.0.1:${new URL(service.url).port}`
    samples['GET /service'] = {
      body: {
        ...serviceSample,
        servers: [
          { name: 'mail', url: service.url, domains: ['example.org'] },
          { name: 'mail2', url: other, domains: ['example.net'] },
        ],
      },
    }
    await page.goto(service.url)
    const server = page.getByLabel('Serveur')
    const chosen = (): Promise<string> =>
      server.evaluate(select => (select as HTMLSelectElement).selectedOptions[0]?.text ?? '')
    await expect.poll(chosen).toBe('mail')
    await page.locator('input[name=address]').fill('bob@example.net')
    await expect.poll(chosen).toBe('mail2')
    await page.getByRole('button', { name: 'Continuer sur mail2' }).click()
    await page.waitForURL(`${other}/`)
  })

  it('keeps a chosen theme, and nothing else of a visitor', async () => {
    await page.goto(service.url)
    await page.getByRole('heading', { level: 1 }).waitFor()
    const background = (): Promise<string> =>
      page.evaluate(() => getComputedStyle(document.body.parentElement!).backgroundColor)
    const light = await background()
    await page.getByRole('button', { name: 'Sombre' }).click()
    await expect.poll(background).not.toBe(light)
    const dark = await background()
    await page.reload()
    await page.getByRole('heading', { level: 1 }).waitFor()
    await expect.poll(background).toBe(dark)
    expect(await page.evaluate(() => ({ ...localStorage }))).toEqual({ 'facteur.theme': 'dark' })
  })

  it('offers another attempt when the service can’t be reached', async () => {
    samples['GET /service'] = { status: 502, body: null }
    await page.goto(service.url)
    await page.getByRole('alert').waitFor()
    samples = { ...visitors.nobody, 'GET /session': session }
    await page.getByRole('button', { name: 'Réessayer' }).click()
    await page.getByRole('navigation', { name: 'Navigation principale' }).waitFor()
  })

  it('moves the focus to the heading of a page that is gone to, and past the navigation on demand', async () => {
    samples = visitors.owner
    await page.goto(`${service.url}/nowhere`)
    await page.getByRole('heading', { name: 'Page introuvable' }).waitFor()
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await expect.poll(focused).toBe('content')
    await page.getByRole('link', { name: 'Retour à l’accueil' }).click()
    await expect.poll(focused).toBe('Bonjour')
    await expect.poll(() => page.title()).toBe('Accueil · Exemple Courrier')
  })

  it('says what a search found, and has somewhere to go back to when a row is removed', async () => {
    const rows = ['contact', 'ventes'].map(name => ({
      address: `${name}@example.org`,
      kind: 'alias',
      name: '',
      targets: ['alice@example.org'],
      createdAt: 0,
    }))
    let left = rows
    samples = {
      ...visitors.staff,
      'GET /domains': { body: { items: [], next: null } },
      'GET /aliases': url => ({
        body: {
          items: left.filter(({ address }) => address.includes(url.searchParams.get('search') ?? '')),
          next: null,
        },
      }),
    }
    samples['DELETE /aliases/ventes%40example.org'] = () => {
      left = rows.slice(0, 1)
      return {}
    }
    await page.goto(`${service.url}/aliases`)
    await page.getByRole('cell', { name: 'ventes@example.org', exact: true }).waitFor()
    const told = page.locator('main .visually-hidden[role=status]')
    expect(await told.textContent()).toBe('')
    const search = page.getByRole('searchbox')
    for (const [typed, found] of [
      ['contact', '1\u00a0ligne'],
      ['', '2\u00a0lignes'],
      ['xyzzy', 'Aucune ligne'],
    ] as const) {
      await search.fill(typed)
      await expect.poll(() => told.textContent()).toBe(found)
    }
    await search.fill('')
    await page.getByRole('button', { name: 'Actions pour ventes@example.org' }).focus()
    await page.keyboard.press('Enter')
    await expect.poll(focused).toBe('Modifier')
    await page.keyboard.press('End')
    await page.keyboard.press('Enter')
    await page.getByRole('dialog').getByRole('button', { name: 'Supprimer' }).focus()
    await page.keyboard.press('Enter')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    await expect.poll(focused).toBe('Alias et groupes')
  })

  it('has its navigation in a drawer on a phone', async () => {
    samples = visitors.owner
    await page.setViewportSize({ width: 390, height: 800 })
    await page.goto(`${service.url}/nowhere`)
    await page.getByRole('button', { name: 'Ouvrir la navigation' }).click()
    const drawer = page.getByRole('dialog', { name: 'Navigation principale' })
    await drawer.getByRole('link', { name: 'Accueil' }).click()
    await drawer.waitFor({ state: 'hidden' })
    await expect.poll(focused).toBe('Bonjour')
  })
})

describe('signing in', () => {
  const alice = sessionOf('owner', true)
  let sent: unknown[]

  beforeEach(() => {
    sent = []
    samples['POST /session'] = {
      body: { secondFactor: { methods: ['passkey', 'code', 'recovery-code'], token: 'step' } },
    }
    samples['POST /session/second-factor'] = { body: alice }
    samples['POST /session/passkey'] = { body: alice }
    samples['POST /session/passkey-options'] = {
      body: { options: { challenge: 'AAAA', rpId: 'localhost', userVerification: 'preferred' }, token: 'passkey' },
    }
    page.on('request', request => {
      if (request.method() === 'POST') sent.push(request.postDataJSON())
    })
  })
  const password = async (): Promise<void> => {
    await page.goto(service.url)
    await page.locator('input[name=address]').fill('alice@example.org')
    await page.locator('input[name=password]').fill('correct horse')
    await page.getByRole('button', { name: 'Se connecter', exact: true }).click()
  }

  it('takes the code of an app after the password', async () => {
    await password()
    await page.getByLabel('Code à six chiffres').waitFor()
    await expect.poll(focused).toBe('code')
    await page.keyboard.type('123456')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Bonjour' }).waitFor()
    expect(sent.at(-1)).toEqual({ token: 'step', code: '123456' })
  })

  it('takes a recovery code, says what is wrong, and goes back', async () => {
    samples['POST /session/second-factor'] = {
      status: 403,
      body: { code: 'second-step-refused', title: 'Ce code ne convient pas.' },
    }
    await password()
    await page.getByRole('button', { name: 'Utiliser un code de secours' }).click()
    await page.getByLabel('Code de secours').fill('abcd-efgh')
    await page.keyboard.press('Enter')
    await page.getByText('Ce code ne convient pas.').waitFor()
    await page.getByRole('button', { name: 'Revenir à la connexion' }).click()
    expect(await page.locator('input[name=address]').inputValue()).toBe('alice@example.org')
    expect(await page.locator('input[name=password]').inputValue()).toBe('')
  })

  it('takes a passkey, as the second step and alone', async () => {
    const devTools = await context.newCDPSession(page)
    await devTools.send('WebAuthn.enable')
    const { authenticatorId } = await devTools.send('WebAuthn.addVirtualAuthenticator', {
      options: {
        protocol: 'ctap2',
        transport: 'internal',
        hasResidentKey: true,
        hasUserVerification: true,
        isUserVerified: true,
        automaticPresenceSimulation: true,
      },
    })
    await page.goto(service.url)
    await page.getByRole('button', { name: 'Se connecter avec une clé d’accès' }).click()
    await page.getByText('La demande a été annulée, ou aucune clé d’accès ne convient.').waitFor()

    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    await devTools.send('WebAuthn.addCredential', {
      authenticatorId,
      credential: {
        credentialId: Buffer.from('a credential of alice').toString('base64'),
        isResidentCredential: true,
        rpId: 'localhost',
        privateKey: privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64'),
        userHandle: Buffer.from('alice').toString('base64'),
        signCount: 1,
      },
    })
    await password()
    await page.getByRole('button', { name: 'Utiliser une clé d’accès' }).click()
    await page.getByRole('heading', { name: 'Bonjour' }).waitFor()
    expect(sent.at(-1)).toMatchObject({
      token: 'step',
      passkey: { token: 'passkey', response: { type: 'public-key' } },
    })
    await page.reload()
    await page.getByRole('button', { name: 'Se connecter avec une clé d’accès' }).click()
    await page.getByRole('heading', { name: 'Bonjour' }).waitFor()
    expect(sent.at(-1)).toMatchObject({ remember: false, passkey: { token: 'passkey' } })
  })
})
