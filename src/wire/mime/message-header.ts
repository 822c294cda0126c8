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

/** A description in the making: it may be left between two steps, each of which takes some milliseconds or tens of them. */
export type Steps<Result> = Generator<undefined, Result>

export function finished<Result>(steps: Steps<Result>): Result {
  for (;;) {
    const step = steps.next()
    if (step.done) return step.value
  }
}

/** Of a text field that stands more than once the first counts; address lists are joined (RFC 5322 §3.6 allows one of each). */
export function readMessageHeader(bytes: Uint8Array, fields: readonly HeaderField[]): MessageHeader {
  return finished(messageHeaderSteps(bytes, fields))
}

/** The same, one list of addresses a step. */
export function* messageHeaderSteps(bytes: Uint8Array, fields: readonly HeaderField[]): Steps<MessageHeader> {
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
        yield
        break
      case 'sender':
        add(header.sender, field)
        yield
        break
      case 'reply-to':
        add(header.replyTo, field)
        yield
        break
      case 'to':
        add(header.to, field)
        yield
        break
      case 'cc':
        add(header.cc, field)
        yield
        break
      case 'bcc':
        add(header.bcc, field)
        yield
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
