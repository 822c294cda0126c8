/** Settings of the service from the command line, beside the running service. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { ApiClient } from './api-client.ts'
import { type Service, startService } from './service.ts'

let service: Service
beforeAll(async () => {
  service = await startService()
})
afterAll(() => service.stop())

it('are listed, changed and put back', async () => {
  const ask = async (...args: string[]) => (await service.cli(['service', ...args])).stdout
  expect(await ask('settings')).toMatch(/^SETTING .*\nname +- +Name of the service\n/)
  expect(await ask('set', 'name', 'Courrier')).toBe('name is Courrier\n')
  expect(await ask('set', 'linkExpiryDays', '3')).toBe('linkExpiryDays is 3\n')
  expect((await new ApiClient(service).get('/service')).json.name).toBe('Courrier')
  expect(JSON.parse(await ask('settings', '--json'))).toMatchObject({ name: 'Courrier', linkExpiryDays: 3 })
  expect(await ask('reset', 'name')).toBe('name is -\n')
})

it('are refused in one line where they are wrong', async () => {
  const wrong = await service.cli(['service', 'set', 'linkExpiryDays', '31'])
  expect(wrong).toEqual({
    exitCode: 2,
    stdout: '',
    stderr: 'facteur: linkExpiryDays: expected a whole number from 1 to 30\n',
  })
  expect(await service.cli(['service', 'set', 'colour', 'red'])).toMatchObject({ exitCode: 2, stdout: '' })
})
