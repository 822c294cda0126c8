/** A store that was put back without its `secret.key` starts with a new one, which opens none of its secrets: said at once, not at the next sign-in. */
import { contextOf } from '../accounts/second-factor/code-check.ts'
import { openSecret } from '../accounts/webhooks/secret.ts'
import type { Log } from '../ops/log.ts'
import type { SecretBox } from '../ops/secret-box.ts'
import type { Store } from '../store/store.ts'

export async function tellOfOtherKey(
  { store, box }: { store: Pick<Store, 'read'>; box: SecretBox },
  file: string,
  log: Log,
): Promise<void> {
  const { totp, webhook } = await store.read('secret.oldest', {})
  try {
    if (totp) box.open(totp.secretEncrypted, contextOf(totp.principalId))
    if (webhook) openSecret(box, webhook)
  } catch {
    log.error({ file }, 'the store has secrets that this secret.key does not open: restore the one of its backup')
  }
}
