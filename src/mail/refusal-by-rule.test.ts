import { expect, it } from 'vitest'
import { refusalOf, refusedRecipient } from './refusal-by-rule.ts'

it('a reason keeps its lines in the answer (RFC 5429 §2.5), and is one line in a report', () => {
  const reason = '\r\nIt looks  like spam.\r\n\r\n\tCall us\0 if\u2028not.\r\n'
  expect(refusalOf(reason).text).toBe('It looks like spam.\nCall us if not.')
  const recipient = { address: 'a@here.test', notify: null, originalRecipient: null }
  expect(refusedRecipient(recipient, reason, 0).result?.text).toBe('550 5.7.1 It looks like spam. Call us if not.')
})
