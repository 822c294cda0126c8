/** Whether an app password that is right opens what it was shown for. */
import type { AppPasswordRow, MailProtocol } from '../../store/types/sign-in.ts'
import { isWithin } from './network.ts'

export type AppPasswordRefusal = 'expired' | 'protocol-not-allowed' | 'network-not-allowed'

/** null where it does. */
export function refusalOf(
  {
    protocols,
    networks,
    expiresAt,
    maySend,
  }: Pick<AppPasswordRow, 'protocols' | 'networks' | 'expiresAt'> & { maySend: boolean },
  { protocol, remoteAddress }: { protocol: MailProtocol; remoteAddress: string },
  now: number,
): AppPasswordRefusal | null {
  if (expiresAt !== null && expiresAt <= now) return 'expired'
  if (!protocols.includes(protocol) || (protocol === 'submission' && !maySend)) return 'protocol-not-allowed'
  return networks.length > 0 && !isWithin(networks, remoteAddress) ? 'network-not-allowed' : null
}
