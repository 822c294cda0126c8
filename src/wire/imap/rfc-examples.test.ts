import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { receiveAll } from '../../../test/support/imap-receive.ts'

const corpus = new URL('../../../test/corpus/imap/rfc-examples.txt', import.meta.url)
const examples = readFileSync(corpus, 'utf8')
  .split('\n')
  .filter(line => /^\d/.test(line))
  .map(line => ({ rfc: line.slice(0, 4), line: line.slice(5) }))

describe('examples of the RFCs', () => {
  it('are there', () => {
    expect(examples.length).toBeGreaterThan(170)
  })

  it.each(examples)('RFC $rfc: $line', ({ line }) => {
    const [, tag = '', name = ''] = /^(\S+) (?:UID )?(\S+)/i.exec(line) ?? []
    const body = { name: name.toUpperCase().replace('LSUB', 'LIST') }
    expect(receiveAll(`${line}\r\n`)).toMatchObject([{ kind: 'command', command: { tag, body } }])
  })
})
