/** Where a small blob lies beside the rows, on SQLite: its row is then a hundred bytes, and those of emails lie closer together. */
export const packs: string[] = [
  'ALTER TABLE blob ADD COLUMN pack INTEGER',
  'ALTER TABLE blob ADD COLUMN pack_offset INTEGER',
  'CREATE INDEX blob_pack ON blob (pack, pack_offset, stored_bytes) WHERE pack IS NOT NULL',
]
