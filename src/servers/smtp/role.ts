/** What differs between the servers of one protocol: mail exchange on port 25, submission on 465 and 587. */
import type { Authenticator } from '../../accounts/authentication.ts'
import type { RefusedSubmission } from '../../accounts/bounces/refusals.ts'
import type { Client, HeloFacts, MailFacts, MessageFacts, RcptFacts } from '../../policy/inbound/rule.ts'
import type { Refusal, Verdict } from '../../policy/inbound/verdict.ts'
import type { AccountRow } from '../../store/types.ts'

export interface Role {
  readonly name: 'smtp' | 'submission'
  /** null where AUTH is not offered; else nothing is taken without a sign-in. */
  readonly authenticator: Authenticator | null
  connect(facts: Client): Promise<Verdict>
  helo(facts: HeloFacts): Promise<Verdict>
  mail(facts: MailFacts, account: AccountRow | null): Promise<Verdict>
  rcpt(facts: RcptFacts, account: AccountRow | null): Promise<Verdict>
  /** Told of what an account was refused while it handed mail in; who hands in without an account is told by the answer. */
  readonly refused?: ((account: AccountRow, refusal: RefusedSubmission) => void) | undefined
  /** The message as it shall go in, without the Received field. */
  message(facts: MessageFacts, account: AccountRow | null): Promise<Refusal | { accept: true; bytes: Uint8Array }>
}
