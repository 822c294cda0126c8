/** What owners were told of their space. */
export const warnings: string[] = [
  // The highest mark, in percent, that was told and that use has not fallen well below of since; 0: none.
  'ALTER TABLE account ADD COLUMN space_told INTEGER NOT NULL DEFAULT 0',
  // What notices took since there was no room for anything else.
  'ALTER TABLE account ADD COLUMN notice_bytes INTEGER NOT NULL DEFAULT 0',
  // What is still to be told; the last crossing alone. managers_told: only its owner is still to be.
  `CREATE TABLE space_news (
    account_id INTEGER NOT NULL PRIMARY KEY,
    percent INTEGER NOT NULL,
    used_bytes INTEGER NOT NULL,
    quota_bytes INTEGER NOT NULL,
    managers_told INTEGER NOT NULL
  ) STRICT`,
]
