import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { processorMsOf } from '../../../test/support/processor-time.ts'
import { xmlText } from './xml.ts'
import { readXml } from './xml-reader.ts'

const textOf = (xml: string): string | undefined => readXml(xml)?.at(-1)?.text

describe('XML from a stranger', () => {
  it('is read as elements in the order they end', () => {
    expect(
      readXml('<?xml version="1.0"?>\n<!-- a --><x:a b="1" c = \'>\'>\n <b/><c>one<d>two</d>three</c></x:a>\n'),
    ).toEqual([
      { path: ['a', 'b'], text: '' },
      { path: ['a', 'c', 'd'], text: 'two' },
      { path: ['a', 'c'], text: 'onethree' },
      { path: ['a'], text: '' },
    ])
  })

  it.each([
    ['&lt;&amp;&gt;&quot;&apos;', `<&>"'`],
    ['&#233;&#xe9;&#x1F600;', 'éé😀'],
    ['&amp;lt;', '&lt;'],
    ['<![CDATA[a<b>&amp;]]>', 'a<b>&amp;'],
    ['a<!-- <b> -->c', 'ac'],
  ])('resolves %s', (written, meant) => {
    expect(textOf(`<a>${written}</a>`)).toBe(meant)
  })

  it.each([
    ['a document type', '<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>'],
    ['entities of its own', '<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>'],
    ['an unknown entity', '<a>&x;</a>'],
    ['an ampersand alone', '<a>b & c</a>'],
    ['character 0', '<a>&#0;</a>'],
    ['a surrogate', '<a>&#xd800;</a>'],
    ['a character beyond the last', '<a>&#x110000;</a>'],
    ['a tag that closes another', '<a><b></a></b>'],
    ['an element left open', '<a><b></b>'],
    ['two roots', '<a/><b/>'],
    ['text outside', '<a/>b'],
    ['text before', 'b<a/>'],
    ['nothing', ''],
    ['an endless comment', '<a><!-- </a>'],
    ['endless CDATA', '<a><![CDATA[ </a>'],
    ['CDATA outside', '<a/><![CDATA[b]]>'],
    ['an attribute without quotes', '<a b=c/>'],
    ['an attribute with a tag in it', '<a b="<"/>'],
    ['a tag that never ends', '<a b="c"'],
    ['too much depth', `${'<a>'.repeat(17)}${'</a>'.repeat(17)}`],
  ])('is refused with %s', (_, text) => {
    expect(readXml(text)).toBeNull()
  })

  it('reads back any text that was escaped', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), text => {
        const clean = text.replace(/[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/g, '')
        expect(textOf(`<a b="${xmlText(text)}">${xmlText(text)}</a>`)).toBe(clean.trim())
      }),
    )
  })

  it('never throws', () => {
    const piece = fc.constantFrom(
      '<',
      '>',
      '/',
      '<a',
      '</a>',
      '<a>',
      '&',
      '&amp;',
      '"',
      '=',
      ' ',
      '<!--',
      '-->',
      ']]>',
      'x',
    )
    fc.assert(fc.property(fc.array(piece), pieces => void readXml(pieces.join(''))))
  })

  it.each([
    '<a '.repeat(3_000),
    `<a${' '.repeat(8_000)}`,
    `<a${' b="c"'.repeat(1_200)}`,
    '&'.repeat(8_000),
    `<${'a'.repeat(8_000)}`,
  ])('takes no time for what is made to take it (%#)', text => {
    expect(processorMsOf(() => expect(readXml(text)).toBeNull())).toBeLessThan(200)
  })
})
