/**
 * Whether commits are missing at the end of the log. SQLite takes of a log what is whole, whatever was there: one that a copy, a
 * repaired file system or a hand cut short loses the last commits without a word. The log's index beside it tells how far it went:
 * it is written behind each commit, once that is on disk, and stays where the process did not close the database.
 *
 * To be asked before anyone opens the database, which makes the index anew. Its layout: sqlite.org/walformat.html §2.
 */
import { closeSync, openSync, readSync } from 'node:fs'
import { endianness } from 'node:os'

const VERSION = 3_007_000
const INDEX_HEADER_BYTES = 48
const LOG_HEADER_BYTES = 32
const FRAME_HEADER_BYTES = 24

export function isLogCut(file: string): boolean {
  // Written as the machine has its numbers; none that has them the other way round is known to run this.
  if (endianness() !== 'LE') return false
  const index = bytesOf(`${file}-shm`, 0, 2 * INDEX_HEADER_BYTES + 4)
  if (!index || index.readUInt32LE(0) !== VERSION) return false
  const header = index.subarray(0, INDEX_HEADER_BYTES)
  // Of two that differ one was being written when the machine stopped.
  if (!header.equals(index.subarray(INDEX_HEADER_BYTES, 2 * INDEX_HEADER_BYTES))) return false
  const pageBytes = header.readUInt16LE(14) === 1 ? 65_536 : header.readUInt16LE(14)
  const frames = header.readUInt32LE(16)
  const writtenBack = index.readUInt32LE(2 * INDEX_HEADER_BYTES)
  if (writtenBack >= frames) return false
  const log = bytesOf(`${file}-wal`, 0, LOG_HEADER_BYTES)
  if (!log) return true
  const salts = header.subarray(32, 40)
  // Begun anew since: the machine stopped before the index was on disk.
  if (!log.subarray(16, 24).equals(salts)) return false
  const lastAt = LOG_HEADER_BYTES + (frames - 1) * (FRAME_HEADER_BYTES + pageBytes)
  const last = bytesOf(`${file}-wal`, lastAt, FRAME_HEADER_BYTES + pageBytes)
  if (!last?.subarray(8, 16).equals(salts)) return true
  return last.readUInt32BE(16) !== header.readUInt32LE(24) || last.readUInt32BE(20) !== header.readUInt32LE(28)
}

/** null where there are fewer, or no such file. */
function bytesOf(file: string, from: number, count: number): Buffer | null {
  let descriptor: number
  try {
    descriptor = openSync(file, 'r')
  } catch {
    return null
  }
  try {
    const bytes = Buffer.alloc(count)
    return readSync(descriptor, bytes, 0, count, from) === count ? bytes : null
  } finally {
    closeSync(descriptor)
  }
}
