import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openSqliteStore } from '../store/sqlite/open.ts'
import type { Store } from '../store/store.ts'
import { systemClock } from './clock.ts'
import { PublicUrl } from './public-url.ts'

let folder: string
let store: Store

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'facteur-url-'))
  store = await openSqliteStore({ path: path.join(folder, 'facteur.db'), clock: systemClock })
})
afterAll(async () => {
  await store.close()
  rmSync(folder, { recursive: true })
})

const standard = {
  hostname: 'mail.example.org',
  webUrl: null,
  listenHttps: [{ address: null, port: 443 }],
  listenPanel: [{ address: null, port: 8443 }],
}

it('names no port where it is the standard one', async () => {
  const { linkTo } = await PublicUrl.open(store, standard)
  expect(linkTo('/l/abc')).toBe('https://mail.example.org/l/abc')
})

it('is that of the setting where there is one, whatever is listened on', async () => {
  const url = await PublicUrl.open(store, { ...standard, webUrl: 'https://panel.example.org' })
  await url.listening([{ service: 'https', port: 4430 }])
  expect(url.linkTo('/')).toBe('https://panel.example.org/')
})

it('names the panel where nothing else is listened on', async () => {
  const { linkTo } = await PublicUrl.open(store, { ...standard, listenHttps: [] })
  expect(linkTo('/')).toBe('https://mail.example.org:8443/')
})

it('keeps the port that was bound instead for the command line, until another is asked for', async () => {
  const running = await PublicUrl.open(store, standard)
  await running.listening([
    { service: 'panel', port: 8443 },
    { service: 'https', port: 4430 },
  ])
  expect(running.linkTo('/')).toBe('https://mail.example.org:4430/')
  expect((await PublicUrl.open(store, standard)).linkTo('/')).toBe('https://mail.example.org:4430/')
  const changed = { ...standard, listenHttps: [{ address: null, port: 9443 }] }
  expect((await PublicUrl.open(store, changed)).linkTo('/')).toBe('https://mail.example.org:9443/')
})
