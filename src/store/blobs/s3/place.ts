/** Which bucket, where, and with what right: plain values, which threads are given too. */
import type { S3Url } from '../../../ops/s3-url.ts'

export interface S3Place extends S3Url {
  accessKeyId: string
  secretAccessKey: string
  /** How long one goes on trying, where it is not the usual time. */
  tryingMs?: number
  /** Copies on the local disk; null: none. */
  cache: { folder: string; maxBytes: number } | null
}
