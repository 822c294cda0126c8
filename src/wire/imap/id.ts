/** ID (RFC 2971). */
import type { CommandBody } from './command.ts'
import type { Decoder } from './decoder.ts'
import { ID_FIELD_BYTES, ID_PAIRS, ID_VALUE_BYTES } from './limits.ts'

export function parseId(decoder: Decoder): CommandBody {
  decoder.space('the parameters, or NIL')
  if (!decoder.sees('(')) {
    if (!decoder.takesText('NIL')) decoder.fail('the parameters in parentheses, or NIL')
    return { name: 'ID', parameters: null }
  }
  return { name: 'ID', parameters: decoder.list('the parameters', () => pair(decoder), ID_PAIRS) }
}

function pair(decoder: Decoder): [string, string | null] {
  const field = decoder.string('the name of a parameter')
  if (field.length > ID_FIELD_BYTES) decoder.refuse(`the name of a parameter has more than ${ID_FIELD_BYTES} octets`)
  decoder.space('the value of a parameter')
  const value = decoder.nstring('the value of a parameter')
  if (value !== null && value.length > ID_VALUE_BYTES)
    decoder.refuse(`the value of a parameter has more than ${ID_VALUE_BYTES} octets`)
  return [field, value]
}
