/** Which server an address is on, when the service has several. */
import type { Service } from '../../shared/api/contract.ts'

export type Server = Service['servers'][number]

export function domainOf(address: string): string {
  return address
    .slice(address.lastIndexOf('@') + 1)
    .trim()
    .toLowerCase()
}

/** The server that has the address's domain; undefined while none is known to. */
export function serverOf(address: string, servers: readonly Server[]): Server | undefined {
  if (!address.includes('@')) return undefined
  const domain = domainOf(address)
  return servers.find(server => server.domains.some(name => name.toLowerCase() === domain))
}

/** The server this page comes from. */
export function currentServer(servers: readonly Server[], origin: string): Server | undefined {
  return servers.find(server => {
    try {
      return new URL(server.url).origin === origin
    } catch {
      return false
    }
  })
}
