/** What the service writes on a message that it sends on, and reads when it comes back. */
import { fieldText, readHeader } from '../wire/mime/header.ts'
import { withFieldOnTop } from '../wire/mime/headroom.ts'
import { DELIVERED_TO, deliveredToField, wasSentOnBy } from '../wire/smtp/delivered-to.ts'

/** `holder`: whose alias or forward it is; null where nothing is to be written. */
export const sentOnBy = (holder: string | null, bytes: Uint8Array): Uint8Array =>
  holder === null ? bytes : withFieldOnTop(deliveredToField(holder), bytes)

/** The header is read when it is asked for the first time: most mail leads nowhere else. */
export function sentOnBefore(bytes: Uint8Array): (address: string) => boolean {
  let texts: string[] | null = null
  return address => {
    texts ??= readHeader(bytes)
      .fields.filter(({ name }) => name.toLowerCase() === DELIVERED_TO.toLowerCase())
      .map(field => fieldText(bytes, field))
    return wasSentOnBy(address, texts)
  }
}
