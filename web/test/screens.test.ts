/** Every page of the web application is photographed: see web/dev/screenshots.ts. */
import { expect, it } from 'vitest'
import { notShown } from '../dev/coverage.ts'
import { allScreens } from '../dev/screens.ts'

it('leaves no route without a screen', async () => {
  expect(notShown(await allScreens())).toEqual([])
})

it('would see one', async () => {
  const screens = await allScreens()
  expect(notShown(screens.filter(({ path }) => path !== '/audit'))).toContain('/audit signed in')
})

it('gives every screen a name of its own', async () => {
  const names = (await allScreens()).map(({ name }) => name)
  expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([])
})
