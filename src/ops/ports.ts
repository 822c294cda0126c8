/**
 * Which port a service gets. One that is named in the settings is a promise: where it can't be bound, the start fails.
 * A standard port that nobody named may be held by another program or be forbidden to this user: then a high one does.
 */
import type { Endpoint } from './config-kinds.ts'

export interface PlannedService<Name extends string> {
  name: Name
  /** The setting's key, for messages. */
  key: string
  endpoints: Endpoint[]
  /** Whether the settings name the ports. */
  isDefault: boolean
}

export interface BoundPort {
  service: string
  address: string
  port: number
  /** The port it would have had. */
  wanted: number
}

export interface Bound<Server> extends BoundPort {
  server: Server
}

export class PortError extends Error {
  override name = 'PortError'
}

/** First tried instead of a standard port: easily told from it. */
const high: Record<number, number> = {
  25: 2525,
  110: 1100,
  143: 1430,
  443: 4430,
  465: 4650,
  587: 5870,
  993: 9930,
  995: 9950,
}
/** Then the ones behind it. */
const TRIES = 100

/** `bind` rejects with an error of the system where the port can't be had. `allAddresses`: the addresses of a service that names none. */
export async function bindServices<Name extends string, Server>(
  services: readonly PlannedService<Name>[],
  allAddresses: readonly string[],
  bind: (service: Name, address: string, port: number) => Promise<{ port: number; server: Server }>,
  onBound: (bound: Bound<Server>) => void,
): Promise<void> {
  // Those that are named come first, so that no substitute takes one of their ports.
  const inOrder = services.toSorted((a, b) => Number(a.isDefault) - Number(b.isDefault))
  for (const { name, key, endpoints, isDefault } of inOrder)
    for (const { address, port: wanted } of endpoints) {
      const addresses = address === null ? (allAddresses.length > 0 ? allAddresses : ['*']) : [address]
      for (const host of addresses) {
        const { address: at, ...bound } = await bindOne(
          host,
          wanted,
          isDefault,
          (where, port) => bind(name, where, port),
          key,
        )
        onBound({ service: name, address: at, wanted, ...bound })
      }
    }
}

/** The ports that another process of the service found, which it shares: in its order, by which one that any was wanted for is known. */
export async function bindAgain<Server>(
  ports: readonly BoundPort[],
  bind: (service: string, address: string, port: number) => Promise<{ port: number; server: Server }>,
  onBound: (bound: Bound<Server>) => void,
): Promise<void> {
  for (const { service, address, port, wanted } of ports) {
    const bound = await bind(service, address, wanted === 0 ? 0 : port).catch(error => {
      const code = codeOf(error)
      if (code === null) throw error
      throw new PortError(`${service}: port ${port} of ${address} can't be bound again: ${reasons[code] ?? code}`)
    })
    onBound({ service, address, wanted, ...bound })
  }
}

async function bindOne<Server>(
  host: string,
  wanted: number,
  mayMove: boolean,
  bind: (address: string, port: number) => Promise<{ port: number; server: Server }>,
  key: string,
): Promise<{ address: string; port: number; server: Server }> {
  const start = high[wanted] ?? wanted + 1
  const ports = [wanted, ...(mayMove && wanted !== 0 ? Array.from({ length: TRIES }, (_, n) => start + n) : [])]
  // Without IPv6 on the machine, all its addresses are those of IPv4.
  for (const port of ports)
    for (const address of host === '*' ? ['::', '0.0.0.0'] : [host]) {
      try {
        return { address, ...(await bind(address, port)) }
      } catch (error) {
        const code = codeOf(error)
        if (host === '*' && address === '::' && (code === 'EAFNOSUPPORT' || code === 'EADDRNOTAVAIL')) continue
        if (mayMove && (code === 'EADDRINUSE' || code === 'EACCES')) break
        if (code === null) throw error
        throw new PortError(
          `${key}: port ${port} of ${host === '*' ? 'this machine' : host} can't be bound: ${reasons[code] ?? code}`,
        )
      }
    }
  throw new PortError(`${key}: neither port ${wanted} nor ${start} to ${start + TRIES - 1} can be bound`)
}

const reasons: Record<string, string> = {
  EADDRINUSE: 'another program has it',
  EACCES: 'this user may not (ports below 1024 need root or CAP_NET_BIND_SERVICE)',
  EADDRNOTAVAIL: 'this machine has no such address',
  EAFNOSUPPORT: 'this machine does not know such addresses',
}

function codeOf(error: unknown): string | null {
  return error instanceof Error && 'code' in error && 'syscall' in error ? String(error.code) : null
}
