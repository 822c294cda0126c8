/** What a part's Content-* fields say of it (RFC 2045, RFC 2183, RFC 1864, RFC 3282, RFC 2557), with the defaults where they say nothing. */
import { withoutComments } from './comments.ts'
import { exactFieldText, fieldText } from './header.ts'
import { BOUNDARY_BYTES, TEXT_FIELD_BYTES } from './limits.ts'
import { parseParameterised } from './parameters.ts'
import type { HeaderField, MimePart } from './types.ts'

export type ContentFields = Pick<
  MimePart,
  | 'type'
  | 'subtype'
  | 'parameters'
  | 'encoding'
  | 'id'
  | 'description'
  | 'md5'
  | 'disposition'
  | 'language'
  | 'location'
>

/** token of RFC 2045 §5.1, 8-bit bytes tolerated. No controls: BODYSTRUCTURE leaves them out, and would name another type than this. */
const TYPE = /^([^\s\x00-\x1f\x7f()<>@,;:\\"/[\]?=]+)\/([^\s\x00-\x1f\x7f()<>@,;:\\"/[\]?=]+)$/

/** Of two fields of one name the first counts. */
export function readContentFields(
  bytes: Buffer,
  fields: HeaderField[],
  defaultType: 'TEXT/PLAIN' | 'MESSAGE/RFC822',
): ContentFields {
  const content: ContentFields = {
    type: '',
    subtype: '',
    parameters: [],
    encoding: '',
    id: null,
    description: null,
    md5: null,
    disposition: null,
    language: [],
    location: null,
  }
  const text = (field: HeaderField): string => fieldText(bytes, field, TEXT_FIELD_BYTES)
  // Spaces of a file's name may stand behind a fold.
  const exact = (field: HeaderField): string => exactFieldText(bytes, field, TEXT_FIELD_BYTES)
  for (const field of fields) {
    const { name } = field
    // All names here begin with "Content-": most fields need no lower-casing.
    if (name.length < 10 || name[7] !== '-') continue
    switch (name.toLowerCase()) {
      case 'content-type':
        if (content.type === '') readType(content, exact(field))
        break
      case 'content-transfer-encoding':
        if (content.encoding === '') content.encoding = firstToken(text(field)).toUpperCase()
        break
      case 'content-id':
        content.id ??= text(field)
        break
      case 'content-description':
        content.description ??= text(field)
        break
      case 'content-md5':
        content.md5 ??= text(field)
        break
      case 'content-disposition':
        content.disposition ??= readDisposition(exact(field))
        break
      case 'content-language':
        if (content.language.length === 0) content.language = readLanguages(text(field))
        break
      case 'content-location':
        content.location ??= text(field).replace(/\s+/g, '')
        break
    }
  }
  if (content.encoding === '') content.encoding = '7BIT'
  if (content.type === '') {
    const [type = '', subtype = ''] = defaultType.split('/')
    // RFC 2045 §5.2: what has no Content-Type is plain US-ASCII text.
    Object.assign(content, { type, subtype, parameters: type === 'TEXT' ? [['CHARSET', 'US-ASCII']] : [] })
  }
  return content
}

/** Leaves the type empty, for the default, where the syntax is wrong (RFC 2045 §5.2) or a multipart has no usable boundary. */
function readType(content: ContentFields, text: string): void {
  const { value, parameters } = parseParameterised(text)
  const match = TYPE.exec(value)
  if (match === null) return
  const type = match[1]!.toUpperCase()
  if (type === 'MULTIPART') {
    const boundary = parameters.find(([name]) => name === 'BOUNDARY')
    if (boundary === undefined) return
    boundary[1] = boundary[1].trimEnd()
    if (boundary[1] === '' || Buffer.byteLength(boundary[1]) > BOUNDARY_BYTES) return
  }
  content.type = type
  content.subtype = match[2]!.toUpperCase()
  content.parameters = parameters
}

function readDisposition(text: string): MimePart['disposition'] {
  const type = firstToken(text)
  return type === '' ? null : { type: type.toUpperCase(), parameters: parseParameterised(text).parameters }
}

/** Some programs put spaces between them, or quotes around them. */
function readLanguages(text: string): string[] {
  return withoutComments(text)
    .split(/[\s,"]+/)
    .filter(tag => tag !== '')
}

/** The word at the beginning, quotes and comments around it left out. */
function firstToken(text: string): string {
  return /^[\s"]*([^\s\x00-\x1f;"]*)/.exec(withoutComments(text))![1]!
}
