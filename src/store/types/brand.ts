/** What a service looks like to whom it belongs: its own brand, and those of the managers. */
import type { PrincipalId } from './principals.ts'

/** A manager's id, or 0 for the service itself. */
export type BrandOwner = PrincipalId

export const SERVICE_BRAND: BrandOwner = 0

export interface Logo {
  type: 'image/png' | 'image/jpeg'
  bytes: Uint8Array
  /** Of the bytes: SHA-256 in hex. */
  hash: string
}

/** null: as the service has it. */
export interface BrandRow {
  principalId: BrandOwner
  name: string | null
  /** `#rrggbb` */
  primaryColour: string | null
  supportAddress: string | null
  logo: { type: Logo['type']; hash: string } | null
  /** Names under which a browser shows it to people who are not signed in. */
  hosts: string[]
  updatedAt: number
}
