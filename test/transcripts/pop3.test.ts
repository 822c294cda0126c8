import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, it } from 'vitest'
import { pop3World } from './pop3-world.ts'
import { replay } from './replay.ts'

const folder = path.join(import.meta.dirname, 'pop3')

describe('POP3', () => {
  it.each(readdirSync(folder).filter(name => name.endsWith('.txt')))('%s', async name => {
    const transcript = readFileSync(path.join(folder, name), 'utf8')
    const world = await pop3World()
    try {
      await replay(transcript, { ...world, secure: !/^# without TLS/m.test(transcript) })
    } finally {
      await world.close()
    }
  })
})
