/** Messages of any size, the same in every run, described as the service would. */
import type { Store } from '../src/store/store.ts'
import type { NewEmail } from '../src/store/types.ts'

const words = Array.from({ length: 3000 }, (_, index) => (index * 7919).toString(36))
let seed = 1
/** A small generator of its own, so that every run writes the same. */
function random(below: number): number {
  seed = (seed * 48271) % 0x7fffffff
  return seed % below
}

export function message(number: number, bytes: number): Uint8Array {
  const parts = [`Message-ID: <${number}@bench.test>\r\nSubject: number ${number}\r\n\r\n`]
  for (let size = parts[0]!.length; size < bytes; ) {
    const line = `${Array.from({ length: 10 }, () => words[random(words.length)]).join(' ')}\r\n`
    parts.push(line)
    size += line.length
  }
  return Buffer.from(parts.join('').slice(0, bytes))
}

export async function emailOf(store: Store, number: number, bytes: Uint8Array): Promise<NewEmail> {
  const address = `(("Sender ${number}" NIL "sender" "bench.test"))`
  const to = '"Recipient" <u0001@bench.test>'
  const from = `"Sender ${number}" <sender@bench.test>`
  return {
    blob: await store.blobs.stage(bytes),
    sizeBytes: bytes.byteLength,
    envelope: `("Mon, 3 Aug 2026 10:00:00 +0000" "number ${number}" ${address} ${address} ${address} (("Recipient" NIL "u0001" "bench.test")) NIL NIL NIL "<${number}@bench.test>")`,
    bodyStructure: `("TEXT" "PLAIN" ("CHARSET" "UTF-8") NIL NIL "7BIT" ${bytes.byteLength} 200 NIL NIL NIL NIL)`,
    preview: Buffer.from(bytes.subarray(80, 280)).toString('latin1'),
    index: {
      sentAt: 1_785_751_200_000,
      sentDay: 1_700_006_400_000,
      messageId: `${number}@bench.test`,
      references: [],
      subject: `number ${number}`,
      baseSubject: `NUMBER ${number}`,
      isReplyOrForward: false,
      from,
      to,
      cc: '',
      bcc: '',
      sortFrom: 'SENDER',
      sortTo: 'U0001',
      sortCc: '',
      displayFrom: `SENDER ${number}`,
      displayTo: 'RECIPIENT',
    },
    headerFields: `From: ${from}\r\nTo: ${to}\r\nSubject: number ${number}\r\nDate: Mon, 3 Aug 2026 10:00:00 +0000\r\nMessage-ID: <${number}@bench.test>\r\n\r\n`,
  }
}
