/**
 * What a service that was killed was sending is leased to it for most of an hour. No service runs on the source, and one on the
 * target has another name: nobody would give it back. As `queue.release` and `webhook.release` do.
 */
export const endLeases = (at: number): string[] => [
  `UPDATE queue_recipient SET lease_owner = NULL, lease_until = NULL,
    available_at = CASE WHEN available_at IS NULL THEN NULL ELSE next_attempt_at END
    WHERE lease_owner IS NOT NULL`,
  `UPDATE webhook_delivery SET lease_owner = NULL, available_at = CASE WHEN available_at IS NULL THEN NULL ELSE ${at} END
    WHERE lease_owner IS NOT NULL`,
]
