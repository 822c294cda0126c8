/** What a message's header says, read once for ENVELOPE, for the search index and for threading. */
import { parseAddresses } from './address.ts'
import { fieldText } from './header.ts'
import { ADDRESSES, TEXT_FIELD_BYTES } from './limits.ts'
import type { AddressEntry, HeaderField } from './types.ts'

/** Texts are unfolded and otherwise as written, encoded words included; null where the field is missing. */
export interface MessageHeader {
  date: string | null
  subject: string | null
  from: AddressEntry[]
  sender: AddressEntry[]
  replyTo: AddressEntry[]
  to: AddressEntry[]
  cc: AddressEntry[]
  bcc: AddressEntry[]
  inReplyTo: string | null
  messageId: string | null
  references: string | null
}

/** Of a text field that stands more than once the first counts; address lists are joined (RFC 5322 §3.6 allows one of each). */
export function readMessageHeader(bytes: Uint8Array, fields: readonly HeaderField[]): MessageHeader {
  const header: MessageHeader = {
    date: null,
    subject: null,
    from: [],
    sender: [],
    replyTo: [],
    to: [],
    cc: [],
    bcc: [],
    inReplyTo: null,
    messageId: null,
    references: null,
  }
  const add = (list: AddressEntry[], field: HeaderField): void => {
    if (list.length >= ADDRESSES) return
    for (const entry of parseAddresses(fieldText(bytes, field))) list.push(entry)
  }
  for (const field of fields) {
    if (field.name.length > 'in-reply-to'.length) continue
    switch (field.name.toLowerCase()) {
      case 'date':
        header.date ??= fieldText(bytes, field, TEXT_FIELD_BYTES)
        break
      case 'subject':
        header.subject ??= fieldText(bytes, field, TEXT_FIELD_BYTES)
        break
      case 'from':
        add(header.from, field)
        break
      case 'sender':
        add(header.sender, field)
        break
      case 'reply-to':
        add(header.replyTo, field)
        break
      case 'to':
        add(header.to, field)
        break
      case 'cc':
        add(header.cc, field)
        break
      case 'bcc':
        add(header.bcc, field)
        break
      case 'in-reply-to':
        header.inReplyTo ??= fieldText(bytes, field, TEXT_FIELD_BYTES)
        break
      case 'message-id':
        header.messageId ??= fieldText(bytes, field, TEXT_FIELD_BYTES)
        break
      case 'references':
        header.references ??= fieldText(bytes, field)
        break
    }
  }
  return header
}
