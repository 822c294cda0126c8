/** Headers of the PROXY protocol, as a load balancer writes them. */

export interface Proxied {
  family: 4 | 6
  from: string
  to: string
  fromPort: number
  toPort: number
}

export const proxyLine = ({ family, from, to, fromPort, toPort }: Proxied): Buffer =>
  Buffer.from(`PROXY TCP${family} ${from} ${to} ${fromPort} ${toPort}\r\n`)

const start = Buffer.from('0d0a0d0a000d0a515549540a', 'hex')

/** Version 2: command and family as they stand there, and all that follows the length. */
export function proxyBlock(command: number, family: number, block: Uint8Array): Buffer {
  const length = Buffer.alloc(2)
  length.writeUInt16BE(block.length)
  return Buffer.concat([start, Buffer.of(0x20 | command, family), length, block])
}

/** `more`: what a balancer adds behind the addresses (TLVs). */
export function proxyAddresses(
  { family, from, to, fromPort, toPort }: Proxied,
  more: Uint8Array = Buffer.of(),
): Buffer {
  const ports = Buffer.alloc(4)
  ports.writeUInt16BE(fromPort, 0)
  ports.writeUInt16BE(toPort, 2)
  const block = Buffer.concat([octets(from), octets(to), ports, more])
  return proxyBlock(1, family === 4 ? 0x11 : 0x21, block)
}

/** What a balancer says when it looks whether the service answers. */
export const proxyLocal = (): Buffer => proxyBlock(0, 0, Buffer.of())

function octets(address: string): Buffer {
  if (address.includes('.') && !address.includes(':')) return Buffer.from(address.split('.').map(Number))
  const [left = '', right] = address.split('::').map(part => part.split(':').filter(Boolean)) as [string[], string[]?]
  const groups = [...left, ...Array<string>(8 - left.length - (right?.length ?? 0)).fill('0'), ...(right ?? [])]
  return Buffer.from(groups.map(group => group.padStart(4, '0')).join(''), 'hex')
}
