import { expect, it } from 'vitest'
import type { Outcome } from '../../wire/sieve/types.ts'
import { type ActionParts, carryOut, type Decided } from './script-actions.ts'

it('of two scripts that file into one mailbox, the flags of the later count (RFC 5232 §3)', async () => {
  const verdict: Decided['verdict'] = { places: [], sends: [], refusal: null, memories: [], rules: [] }
  const decided = { verdict, isKept: true, bytes: null, flags: [] } as unknown as Decided
  for (const flag of ['\\Seen', '\\Flagged']) {
    const outcome: Outcome = {
      actions: [
        { kind: 'fileinto', mailbox: 'Lists', flags: [flag], create: true, copy: true, specialUse: null, edits: 0 },
      ],
      origins: [],
      changes: [],
      headerEdits: [],
      implicitKeep: true,
      flags: [],
    }
    await carryOut({} as ActionParts, decided, outcome, {
      bytesAfter: () => null,
      ruleOf: () => ({ kind: 'script', name: '', line: 1 }),
    })
  }
  expect(verdict.places).toMatchObject([{ mailbox: 'Lists', flags: { system: 4, keywords: [] } }])
})
