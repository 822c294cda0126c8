/** Every class in both languages, to the letter: a golden file that is read before it is kept. */
import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { explanationClasses } from './classes.ts'
import { allTexts, explain } from './explain.ts'

const facts = { address: 'bob@there.test', domain: 'there.test' }

/** FACTEUR_GOLDEN=write makes it anew. */
function golden(name: string, text: string): void {
  const file = path.join(import.meta.dirname, 'golden', name)
  if (process.env.FACTEUR_GOLDEN === 'write') writeFileSync(file, text)
  expect(text).toBe(readFileSync(file, 'utf8'))
}

describe.each(['fr', 'en'] as const)('%s', language => {
  it('says for each class what happened, why, and what to do', () => {
    const sections = explanationClasses.map(name => {
      const { whoActs, retryUseful, text, waiting } = allTexts[name]
      const { what, why, todo } = text[language](facts)
      const lines = [`# ${name} (${whoActs}${retryUseful ? ', again later' : ''})`, what, why, todo]
      return [...lines, ...(waiting ? [`While it is tried: ${waiting[language]}`] : [])].join('\n')
    })
    golden(`${language}.txt`, `${sections.join('\n\n')}\n`)
  })

  it.each(explanationClasses)('%s is written as its language is', name => {
    const { text, waiting } = allTexts[name]
    for (const sentence of [...Object.values(text[language](facts)), waiting?.[language] ?? 'A.']) {
      expect(sentence).toMatch(/^[\p{Lu}«“b].*\.$/su)
      expect(sentence).not.toMatch(/ {2}|\t|\n|'|"|undefined/)
      if (language === 'fr') {
        expect(sentence).not.toMatch(/[^\u00a0][:;!?»]/)
        expect(sentence).not.toMatch(/«[^\u00a0]/)
      } else expect(sentence).not.toMatch(/ [:;!?]|[«»]/)
    }
  })
})

describe('an explanation', () => {
  const full = { status: '4.2.2', text: '452 4.2.2 Mailbox full', address: 'bob@there.test', isRemote: true }

  it('says who can act, and whether the same message may be sent again', () => {
    expect(explain({ ...full, action: 'failed' })).toMatchObject({
      class: 'mailbox-full',
      whoActs: 'recipient',
      retryUseful: true,
      texts: {
        en: { what: 'The mailbox bob@there.test is full.' },
        fr: { what: 'La boîte bob@there.test est pleine.' },
      },
    })
  })

  it('of a delay tells nobody to send it again', () => {
    const delayed = explain({ ...full, action: 'delayed' })
    expect(delayed.texts.en.todo).toContain('Do not send it again')
    const unreachable = { ...full, status: '4.4.1', text: 'connection refused', action: 'delayed' as const }
    expect(explain(unreachable)).toMatchObject({ class: 'unreachable', whoActs: 'recipient' })
    expect(explain(unreachable).texts.en.todo).toContain('There is nothing for you to do')
    expect(explain({ ...full, status: '4.7.1', text: '450 4.7.1 Greylisted', action: 'delayed' }).whoActs).toBe(
      'nobody',
    )
  })

  it('takes addresses that are none, and what would turn the text around them', () => {
    const { texts } = explain({ ...full, action: 'failed', address: 'bob\u202e\r\n\u200b' })
    expect(texts.en.what).toBe('The mailbox bob is full.')
  })
})
