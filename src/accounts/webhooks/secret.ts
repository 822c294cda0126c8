/** The secret of a webhook, sealed as it is kept. */
import type { SecretBox } from '../../ops/secret-box.ts'
import type { WebhookRow } from '../../store/types/webhooks.ts'

const contextOf = (webhookId: string): string => `webhook:${webhookId}`

export const sealSecret = (box: SecretBox, webhookId: string, secret: string): Buffer =>
  box.seal(Buffer.from(secret), contextOf(webhookId))

export const openSecret = (box: SecretBox, webhook: Pick<WebhookRow, 'webhookId' | 'secretEncrypted'>): string =>
  box.open(webhook.secretEncrypted, contextOf(webhook.webhookId)).toString()
