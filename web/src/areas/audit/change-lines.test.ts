import { describe, expect, it } from 'vitest'
import type { AuditEntryAnswer } from '../../../../src/api/audit.ts'
import { en, fr } from '../../shared/texts/format.ts'
import { actionText, actionTexts } from './action-texts.ts'
import { changeLines } from './change-lines.ts'
import { fieldTexts } from './field-texts.ts'

const inFrench = (before: AuditEntryAnswer['before'], after: AuditEntryAnswer['after']): string[] =>
  changeLines({ before, after }, fieldTexts.fr, fr).map(({ label, was, is }) =>
    [label, [was, is].filter(side => side !== undefined).join(' → ')].join(' ').replaceAll(/[\u00a0\u202f]/g, ' '),
  )

describe('what changed', () => {
  it('is a price with its currency', () => {
    const plan = { planId: 'pro', planName: 'Pro', currency: 'EUR', storageBytes: 1024 ** 3 }
    expect(inFrench({ ...plan, monthlyPrice: 300 }, { ...plan, monthlyPrice: 350 })).toEqual([
      'prix par mois : 3,00 € → 3,50 €',
    ])
    expect(inFrench({ monthlyPrice: 300, currency: 'EUR' }, { monthlyPrice: 300, currency: 'CHF' })).toEqual([
      'prix par mois : 3,00 € → 3,00 CHF',
    ])
    // As it was written once.
    expect(inFrench({ monthlyPrice: 300 }, { monthlyPrice: 350 })).toEqual(['prix par mois : 3 → 3,5'])
  })

  it('is a forward and other servers in words', () => {
    expect(
      inFrench({ forward: null }, { forward: { targets: ['a@b.example', 'c@d.example'], keepCopy: false } }),
    ).toEqual(['transfert : aucun → a@b.example, c@d.example (sans copie)'])
    const server = { name: 'Ancien', url: 'https://old.example', domains: ['b.example'] }
    expect(inFrench({ servers: [] }, { servers: [server] })).toEqual([
      'autres serveurs : aucun → Ancien (https://old.example, b.example)',
    ])
  })

  it('leaves out what did not change', () => {
    expect(inFrench({ name: '', targets: ['a@b.example'] }, { name: '', targets: ['c@d.example'] })).toEqual([
      'destinataires : a@b.example → c@d.example',
    ])
    expect(inFrench({ name: null }, { name: '' })).toEqual([])
  })

  it('tells of one side where there is no other', () => {
    const gone = { kind: 'shared', usedBytes: 2048, messages: 3, quotaBytes: null }
    expect(inFrench(gone, null)).toEqual(['genre : partagée', 'espace occupé : 2 Ko', 'messages : 3', 'espace : aucun'])
  })

  it('is told in English too', () => {
    const raise = { limit: 500, until: Date.UTC(1970, 5, 15), by: 'x' }
    const [line] = changeLines({ before: null, after: { raise } }, fieldTexts.en, en)
    expect(line?.label).toBe('raised to:')
    expect(line?.is).toMatch(/^500 an hour until .*1970/)
  })
})

describe('what was done', () => {
  it('has a text, and one of its own where the verb means something else', () => {
    expect(actionText('device-link.create', actionTexts.fr)).toBe('Lien pour un appareil\u00a0: création')
    expect(actionText('webhook.secret', actionTexts.fr)).toBe('Webhook\u00a0: nouveau secret')
    expect(actionText('sending.drop', actionTexts.fr)).toBe('Limite d’envoi\u00a0: envois retenus supprimés')
    expect(actionText('queue.drop', actionTexts.en)).toBe('Queue: given up')
  })
})
