/** Disks that can be filled, broken and cut off: a small tmpfs, and ext4 in a file. Both need root and mount. */
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'

const MIB = 1024 * 1024

export interface Disk {
  unmount(): void
}

export interface JournalledDisk extends Disk {
  /**
   * What a power cut leaves: all that was not synced is forgotten, the journal isn't written back, every access fails from now on
   * (EXT4_IOC_SHUTDOWN with NOLOGFLUSH, which the tests of the kernel's file systems use for the same).
   */
  cutPower(): void
  /** An error of the file system that makes the kernel take it away from writers (errors=remount-ro). */
  makeReadOnly(): void
  /** After `cutPower` and `makeReadOnly`, with nothing on it open any more: mended and there again. */
  remount(): void
}

let known: string | null | undefined

/** Why no disk can be mounted here; null where one can. */
export function whyNoDisks(): string | null {
  if (known === undefined) known = lookForDisks()
  return known
}

function lookForDisks(): string | null {
  if (process.platform !== 'linux') return 'only on Linux'
  if (process.getuid?.() !== 0) return 'mounting a disk needs root'
  const folder = mkdtempSync(path.join(tmpdir(), 'facteur-disk-'))
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', folder], { stdio: 'pipe' })
    execFileSync('umount', [folder])
    return null
  } catch (error) {
    return `no disk can be mounted here: ${error instanceof Error ? error.message.split('\n').at(-1) : error}`
  } finally {
    rmdirSync(folder)
  }
}

let knownExt4: string | null | undefined

/** Why no ext4 in a file can be mounted here; null where one can. */
export function whyNoJournalledDisk(): string | null {
  if (knownExt4 === undefined) knownExt4 = whyNoDisks() ?? lookForExt4()
  return knownExt4
}

function lookForExt4(): string | null {
  for (const program of ['mkfs.ext4', 'fsck.ext4', 'python3'])
    if (spawnSync(program, ['-V']).error) return `${program} is not installed`
  const folder = mkdtempSync(path.join(tmpdir(), 'facteur-disk-'))
  try {
    mountJournalled(folder).unmount()
    return null
  } catch (error) {
    return `no ext4 can be mounted here: ${error instanceof Error ? error.message.split('\n').at(-1) : error}`
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

export function mountSmall(at: string, mebibytes: number): Disk {
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${mebibytes}m`, 'tmpfs', at], { stdio: 'pipe' })
  return { unmount: () => unmount(at) }
}

export function mountJournalled(at: string, mebibytes = 192): JournalledDisk {
  const image = `${at}.ext4`
  writeFileSync(image, '')
  truncateSync(image, mebibytes * MIB)
  execFileSync('mkfs.ext4', ['-q', '-F', '-J', 'size=8', image], { stdio: 'pipe' })
  // The file behind it is in the page cache of a disk that isn't cut off: what was given to the device is as good as on disk.
  const mount = (): void =>
    void execFileSync('mount', ['-o', 'loop,noatime,errors=remount-ro', image, at], { stdio: 'pipe' })
  mount()
  return {
    cutPower: () => {
      execFileSync('python3', ['-c', shutDown, at], { stdio: 'pipe' })
    },
    makeReadOnly: () => {
      const device = path.basename(execFileSync('findmnt', ['-no', 'SOURCE', at], { encoding: 'utf8' }).trim())
      writeFileSync(`/sys/fs/ext4/${device}/trigger_fs_error`, 'a test')
    },
    remount: () => {
      unmount(at)
      // The journal is read back by mount itself; errors that were noted are cleared by fsck, which ends with 1 for that.
      const { status, stderr } = spawnSync('fsck.ext4', ['-p', image], { encoding: 'utf8' })
      if (status === null || status > 1) throw new Error(`fsck.ext4 ended with ${status}: ${stderr}`)
      mount()
    },
    unmount: () => {
      unmount(at)
      rmSync(image)
    },
  }
}

/** _IOR('X', 125, __u32) with EXT4_GOING_FLAGS_NOLOGFLUSH. */
const shutDown = `
import fcntl, os, struct, sys
fcntl.ioctl(os.open(sys.argv[1], os.O_RDONLY), 0x8004587d, struct.pack('I', 2))`

function unmount(at: string): void {
  // A process that was just killed may hold its files for a moment longer.
  for (let left = 50; ; left--) {
    const { status, stderr } = spawnSync('umount', [at], { encoding: 'utf8' })
    if (status === 0) return
    if (left === 0) throw new Error(`${stderr.trim()} (${readdirSync(at).join(' ')})`)
    spawnSync('sleep', ['0.1'])
  }
}
