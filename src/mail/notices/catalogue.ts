/** Every kind of notice with its texts; the compiler asks for each kind in both languages. */
import type { NoticeKind } from '../../accounts/notices.ts'
import { autoReplyEnded } from './auto-reply-ended.ts'
import { credentialLink } from './credential-link.ts'
import { passwordResetDone, passwordResetLink } from './password-reset.ts'
import { planRequest } from './plan-request.ts'
import { recoveryAddressChanged } from './recovery-address-changed.ts'
import { recoveryAddressCheck } from './recovery-address-check.ts'
import { scriptFailed } from './script-failed.ts'
import { securityChanged } from './security-changed.ts'
import { sendingDecided, sendingHeld, sendingHeldOwner } from './sending-held.ts'
import { sendingBlocked, sendingWarning } from './sending-limits.ts'
import { sendingRefused } from './sending-refused.ts'
import { spaceWarning } from './space-warning.ts'
import { supportRequest } from './support-request.ts'
import type { NoticeTexts } from './text.ts'
import { webhookDisabled } from './webhook-disabled.ts'

export const catalogue: { readonly [K in NoticeKind]: NoticeTexts<K> } = {
  'credential-link': credentialLink,
  'recovery-address-check': recoveryAddressCheck,
  'recovery-address-changed': recoveryAddressChanged,
  'password-reset-link': passwordResetLink,
  'password-reset-done': passwordResetDone,
  'security-changed': securityChanged,
  'plan-request': planRequest,
  'webhook-disabled': webhookDisabled,
  'sending-refused': sendingRefused,
  'auto-reply-ended': autoReplyEnded,
  'script-failed': scriptFailed,
  'sending-blocked': sendingBlocked,
  'sending-warning': sendingWarning,
  'sending-held': sendingHeld,
  'sending-held-owner': sendingHeldOwner,
  'sending-decided': sendingDecided,
  'space-warning': spaceWarning,
  'support-request': supportRequest,
}
