/** One message of a domain one manages, or any for staff, who may act on what waits. */
import { DetailPage } from './detail-page.tsx'

export default function TracePage() {
  return <DetailPage path="/traces" />
}
