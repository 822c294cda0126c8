import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, it } from 'vitest'
import { imapWorld } from './imap-world.ts'
import { replay } from './replay.ts'

const folder = path.join(import.meta.dirname, 'imap')

describe('IMAP', () => {
  it.each(readdirSync(folder).filter(name => name.endsWith('.txt')))('%s', async name => {
    const transcript = readFileSync(path.join(folder, name), 'utf8')
    const world = await imapWorld({ plainTextAllowed: name.includes('plain-text') })
    try {
      await replay(transcript, { ...world, secure: !/^# without TLS/m.test(transcript) })
    } finally {
      await world.close()
    }
  })
})
