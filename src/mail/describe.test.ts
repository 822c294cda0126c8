import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { withoutExtensions } from '../wire/imap/body-structure.ts'
import { describeEmail } from './describe.ts'

const corpus = path.resolve(import.meta.dirname, '../../test/corpus/mime')
const messages = readdirSync(corpus).filter(name => name.endsWith('.eml'))

describe('describeEmail', () => {
  it.each(messages)('describes %s as written beside it', async name => {
    const bytes = readFileSync(path.join(corpus, name))
    const { envelope, bodyStructure, preview, sizeBytes, index } = describeEmail(bytes)
    expect(sizeBytes).toBe(bytes.length)
    const sections = {
      ENVELOPE: envelope,
      BODYSTRUCTURE: bodyStructure,
      BODY: withoutExtensions(bodyStructure),
      PREVIEW: preview,
      INDEX: JSON.stringify(index, null, 2),
    }
    const text = Object.entries(sections).map(([title, value]) => `${title}\n${value}\n`)
    await expect(text.join('\n')).toMatchFileSnapshot(path.join(corpus, name.replace(/eml$/, 'txt')))
  })
})
