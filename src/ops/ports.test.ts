import { describe, expect, it } from 'vitest'
import { type Bound, bindServices, type PlannedService, PortError } from './ports.ts'

const failure = (code: string): Error => Object.assign(new Error(code), { code, syscall: 'listen' })

/** A machine on which these ports fail. */
async function bind(
  services: PlannedService<string>[],
  failing: Record<string, string> = {},
  addresses: string[] = [],
) {
  const taken = new Map(Object.entries(failing))
  const bound: string[] = []
  await bindServices(
    services,
    addresses,
    async (name, address, port) => {
      const code = taken.get(`${address} ${port}`) ?? taken.get(String(port)) ?? taken.get(address)
      if (code) throw failure(code)
      taken.set(`${address} ${port}`, 'EADDRINUSE')
      return { port: port || 40_000, server: name }
    },
    (each: Bound<string>) => bound.push(`${each.service} ${each.address} ${each.port} for ${each.wanted}`),
  )
  return bound
}

const planned = (name: string, port: number, more: Partial<PlannedService<string>> = {}): PlannedService<string> => ({
  name,
  key: `listen.${name}`,
  endpoints: [{ address: null, port }],
  isDefault: true,
  ...more,
})

describe('ports', () => {
  it('are the standard ones, on all addresses of both families', async () => {
    expect(await bind([planned('smtp', 25), planned('imaps', 993)])).toEqual([
      'smtp :: 25 for 25',
      'imaps :: 993 for 993',
    ])
  })

  it('are those of IPv4 where the machine knows no IPv6', async () => {
    expect(await bind([planned('smtp', 25)], { '::': 'EAFNOSUPPORT' })).toEqual(['smtp 0.0.0.0 25 for 25'])
  })

  it.each(['EACCES', 'EADDRINUSE'])(
    'give way to high ones and then to the next where the standard ones fail with %s',
    async code => {
      expect(await bind([planned('smtp', 25)], { 25: code })).toEqual(['smtp :: 2525 for 25'])
      expect(await bind([planned('smtp', 25)], { 25: code, 2525: 'EADDRINUSE' })).toEqual(['smtp :: 2526 for 25'])
    },
  )

  it('that are named come first, so that no substitute takes them', async () => {
    const named = planned('imap', 2525, { isDefault: false })
    expect(await bind([planned('smtp', 25), named], { 25: 'EACCES' })).toEqual([
      'imap :: 2525 for 2525',
      'smtp :: 2526 for 25',
    ])
  })

  it('that are named are a promise', async () => {
    const named = planned('smtp', 25, { isDefault: false })
    await expect(bind([named], { 25: 'EACCES' })).rejects.toThrow(PortError)
    await expect(bind([named], { 25: 'EACCES' })).rejects.toThrow(
      /^listen\.smtp: port 25 of this machine can't be bound: this user may not/,
    )
    const elsewhere = planned('smtp', 25, { isDefault: false, endpoints: [{ address: '192.0.2.9', port: 25 }] })
    await expect(bind([elsewhere], { '192.0.2.9': 'EADDRNOTAVAIL' })).rejects.toThrow(
      'this machine has no such address',
    )
  })

  it('are bound on each address that is listed', async () => {
    const both = planned('smtp', 25, {
      endpoints: [
        { address: null, port: 25 },
        { address: '::1', port: 0 },
      ],
    })
    expect(await bind([both], {}, ['192.0.2.1', '192.0.2.2'])).toEqual([
      'smtp 192.0.2.1 25 for 25',
      'smtp 192.0.2.2 25 for 25',
      'smtp ::1 40000 for 0',
    ])
  })

  it('end the search some time', async () => {
    await expect(bind([planned('smtp', 25)], { '::': 'EADDRINUSE' })).rejects.toThrow(
      'neither port 25 nor 2525 to 2624',
    )
  })

  it('leave a defect as it is', async () => {
    const services = [planned('smtp', 25)]
    const broken = bindServices(
      services,
      [],
      () => Promise.reject(new TypeError('defect')),
      () => {},
    )
    await expect(broken).rejects.toThrow(TypeError)
  })
})
