/** Which process holds the server's end of a connection on this machine, by what Linux tells of sockets. */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'

/** Of `pids`; null where none does. `clientPort`: of the other end. */
export function holderOf(clientPort: number, serverPort: number, pids: readonly number[]): number | null {
  const hex = (port: number): string => port.toString(16).toUpperCase().padStart(4, '0')
  const rows = readFileSync('/proc/net/tcp', 'utf8')
    .split('\n')
    .map(line => line.trim().split(/\s+/))
  const row = rows.find(
    ([, local, remote]) => local?.endsWith(`:${hex(serverPort)}`) && remote?.endsWith(`:${hex(clientPort)}`),
  )
  const inode = row?.[9]
  if (inode === undefined || inode === '0') return null
  return pids.find(pid => socketsOf(pid).has(`socket:[${inode}]`)) ?? null
}

function socketsOf(pid: number): Set<string> {
  try {
    const folder = `/proc/${pid}/fd`
    return new Set(readdirSync(folder).map(name => linkOf(`${folder}/${name}`)))
  } catch {
    return new Set()
  }
}

function linkOf(file: string): string {
  try {
    return readlinkSync(file)
  } catch {
    return ''
  }
}
