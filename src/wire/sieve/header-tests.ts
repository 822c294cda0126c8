/** Tests of the header and the envelope (RFC 5228 §5). */
import { flattenAddresses, parseAddresses } from '../mime/address.ts'
import {
  addressPartTags,
  type ParsedAddress,
  parsedAddress,
  quotedLocalParts,
  readAddressPart,
  splitAddress,
} from './address-part.ts'
import { readArguments } from './arguments.ts'
import { indexTags, readIndex } from './field-index.ts'
import { FIELD_NAME } from './header-view.ts'
import { matchTags, readMatch } from './match.ts'
import { SyntaxProblem } from './problem.ts'
import type { TestDefinition } from './program.ts'
import type { Run } from './run.ts'

/** RFC 5228 §5.1: the test is for fields that hold addresses; to fields of one's own there is no list. */
const ADDRESS_FIELDS = new Set(
  `from sender reply-to to cc bcc resent-from resent-sender resent-reply-to resent-to resent-cc resent-bcc
   return-path delivered-to envelope-to errors-to return-receipt-to disposition-notification-to mail-reply-to
   mail-followup-to apparently-to original-recipient`.split(/\s+/),
)

export const header: TestDefinition = {
  compile(node, compiling) {
    const given = readArguments(node, compiling, {
      tags: { ...matchTags, ...indexTags },
      positional: [
        { name: 'names of header fields', type: 'strings' },
        { name: 'keys', type: 'strings' },
      ],
    })
    const names = given.mustTexts('names of header fields')
    const pick = readIndex(given)
    const matches = readMatch(given, compiling, 'keys')
    return run => {
      // RFC 5260 §6: the fields of all names are counted together.
      const values = pick(names.of(run).flatMap(name => run.header.texts(name)))
      return matches(
        run,
        values.map(value => run.decoded(value)),
      )
    }
  },
}

export const address: TestDefinition = {
  compile(node, compiling) {
    const given = readArguments(node, compiling, {
      tags: { ...matchTags, ...addressPartTags, ...indexTags },
      positional: [
        { name: 'names of header fields', type: 'strings' },
        { name: 'keys', type: 'strings' },
      ],
    })
    const names = given.mustTexts('names of header fields')
    for (const { at, constant } of names.each)
      if (constant !== null && FIELD_NAME.test(constant) && !isAddressField(constant))
        throw new SyntaxProblem(at, `the field "${constant.slice(0, 60)}" holds no addresses: use the test "header"`)
    const pick = readIndex(given)
    const part = readAddressPart(given)
    const matches = readMatch(given, compiling, 'keys')
    return run => {
      const values: string[] = []
      for (const text of pick(names.of(run).flatMap(name => run.header.texts(name))))
        for (const found of addressesIn(run, text)) {
          const value = part(found)
          if (value !== null) values.push(value)
        }
      return matches(run, values)
    }
  },
}

function isAddressField(name: string): boolean {
  const lower = name.toLowerCase()
  return ADDRESS_FIELDS.has(lower) || lower.startsWith('x-')
}

/** Encoded words stand in names alone, which are no part of an address. */
function addressesIn(run: Run, text: string): ParsedAddress[] {
  return run.addresses(text, () => {
    const quoted = quotedLocalParts(text)
    return flattenAddresses(parseAddresses(text)).flatMap(({ mailbox, host }) =>
      mailbox === '' && host === '' ? [] : [parsedAddress(quoted, mailbox, host)],
    )
  })
}

export const exists: TestDefinition = {
  compile(node, compiling) {
    const given = readArguments(node, compiling, { positional: [{ name: 'names of header fields', type: 'strings' }] })
    const names = given.mustTexts('names of header fields')
    return run => names.of(run).every(name => run.header.texts(name).length > 0)
  },
}

export const size: TestDefinition = {
  compile(node, compiling) {
    const given = readArguments(node, compiling, {
      tags: { ':over': { group: 'size' }, ':under': { group: 'size' } },
      positional: [{ name: 'size', type: 'number' }],
    })
    const limit = given.number('size')!
    const which = given.oneOf([':over', ':under'])
    if (which === null) throw new SyntaxProblem(node.at, '"size" wants :over or :under')
    return ({ message }) => (which === ':over' ? message.size > limit : message.size < limit)
  },
}

const ENVELOPE_PARTS = ['from', 'to', 'auth']

export const envelope: TestDefinition = {
  capabilities: ['envelope'],
  compile(node, compiling) {
    const given = readArguments(node, compiling, {
      tags: { ...matchTags, ...addressPartTags },
      positional: [
        { name: 'parts of the envelope', type: 'strings' },
        { name: 'keys', type: 'strings' },
      ],
    })
    const parts = given.mustTexts('parts of the envelope')
    for (const { at, constant } of parts.each)
      if (constant !== null && !ENVELOPE_PARTS.includes(constant.toLowerCase()))
        throw new SyntaxProblem(at, `"${constant.slice(0, 60)}" is no part of the envelope: "from" and "to" are`)
    const part = readAddressPart(given)
    const matches = readMatch(given, compiling, 'keys')
    return run => {
      const values = parts.of(run).flatMap(name => {
        const value = envelopeAddress(run, name.toLowerCase())
        if (value === null) return []
        // RFC 5228 §5.4: the null reverse-path is the empty string, whatever part is asked for.
        if (value === '') return ['']
        return part(splitAddress(value)) ?? []
      })
      return matches(run, values)
    }
  },
}

function envelopeAddress({ message: { envelope } }: Run, name: string): string | null {
  switch (name) {
    case 'from':
      return envelope.from
    case 'to':
      return envelope.to
    case 'auth':
      return envelope.auth || null
    default:
      return null
  }
}
