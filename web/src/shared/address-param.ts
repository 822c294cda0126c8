/** The address in the path of a page. The router leaves its @ encoded where it came so, as it does from links of mails. */
import { useParams } from 'wouter'

export function useAddressParam(): string {
  const { address = '' } = useParams<{ address: string }>()
  try {
    return decodeURIComponent(address)
  } catch {
    // Typed by hand: there is no such mailbox, which the page will say.
    return address
  }
}
