/** One message that one's own mailbox sent or got. */
import { DetailPage } from './detail-page.tsx'

export default function OwnTracePage() {
  return <DetailPage path="/mailbox/traces" />
}
