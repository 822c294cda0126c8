/** An independent reader of what goes out over IMAP: atoms, numbers, NIL, quoted strings and lists (RFC 9051 §4). */

export type ImapValue = string | number | null | ImapValue[]

/** The whole text as one value; throws where it is none, with where. */
export function readImapValue(text: string): ImapValue {
  let at = 0
  const fail = (wanted: string): never => {
    throw new Error(`expected ${wanted} at ${at}: ${JSON.stringify(text.slice(Math.max(0, at - 20), at + 20))}`)
  }
  // Without recursion: a message may be nested as deep as it is allowed.
  const open: ImapValue[][] = [[]]
  do {
    const list = open.at(-1)!
    const character = text[at]
    if (character === '(') {
      at++
      open.push([])
      continue
    }
    if (character === ')') {
      at++
      if (open.length < 2) fail('a list')
      open.pop()
      open.at(-1)!.push(list)
    } else if (character === '"') {
      const end = /"((?:[^"\\\r\n\0\x80-\xff]|\\["\\])*)"/y
      end.lastIndex = at
      const match = end.exec(text) ?? fail('the end of a string of ASCII')
      list.push(match[1]!.replace(/\\(.)/g, '$1'))
      at += match[0].length
    } else {
      const atom = /(?:NIL|\d+)(?=[ )]|$)/y
      atom.lastIndex = at
      const match = atom.exec(text) ?? fail('a value')
      list.push(match[0] === 'NIL' ? null : Number(match[0]))
      at += match[0].length
    }
    if (text[at] === ' ') at++
    else if (at < text.length && text[at] !== ')' && !(text[at] === '(' && text[at - 1] === ')')) fail('a space')
  } while (at < text.length)
  if (open.length !== 1 || open[0]!.length !== 1) fail('one value')
  return open[0]![0]!
}

/** Throws where it is no body (RFC 9051 §9, body; RFC 3501 §9 without `globals`). Returns how many parts it has, itself among them. */
export function checkBody(body: ImapValue | undefined, extended: boolean, globals = true): number {
  if (!Array.isArray(body)) throw new Error('a body is no list')
  if (Array.isArray(body[0])) {
    const parts = body.findIndex(each => !Array.isArray(each))
    if (typeof body[parts] !== 'string') throw new Error('a multipart without a subtype')
    if (body.length !== parts + (extended ? 5 : 1)) throw new Error(`a multipart of ${body.length - parts} fields`)
    return body.slice(0, parts).reduce<number>((sum, part) => sum + checkBody(part, extended, globals), 1)
  }
  const [type, subtype, parameters, id, description, encoding, octets] = body
  const isText = type === 'TEXT'
  const isMessage = type === 'MESSAGE' && (subtype === 'RFC822' || (globals && subtype === 'GLOBAL'))
  for (const text of [type, subtype, encoding])
    if (typeof text !== 'string') throw new Error('a field that is no string')
  for (const text of [id, description])
    if (text !== null && typeof text !== 'string') throw new Error('a field that is neither a string nor NIL')
  if (typeof octets !== 'number') throw new Error('a size that is no number')
  checkParameters(parameters)
  const basic = isText ? 8 : isMessage ? 10 : 7
  if (body.length !== basic + (extended ? 4 : 0)) throw new Error(`a body of ${body.length} fields: ${type}/${subtype}`)
  if (isText && typeof body[7] !== 'number') throw new Error('lines that are no number')
  if (!isMessage) return 1
  checkEnvelope(body[7])
  if (typeof body[9] !== 'number') throw new Error('lines that are no number')
  return 1 + checkBody(body[8], extended, globals)
}

function checkParameters(list: ImapValue | undefined): void {
  if (list === null) return
  if (!Array.isArray(list) || list.length === 0 || list.length % 2 !== 0)
    throw new Error('parameters that are no pairs')
  for (const each of list) if (typeof each !== 'string') throw new Error('a parameter that is no string')
}

/** Throws where it is none (RFC 9051 §9, envelope). */
export function checkEnvelope(envelope: ImapValue | undefined): void {
  if (!Array.isArray(envelope) || envelope.length !== 10) throw new Error('an envelope without its ten fields')
  for (const [index, field] of envelope.entries())
    if (index < 2 || index > 7) {
      if (field !== null && typeof field !== 'string') throw new Error(`field ${index} of an envelope is no string`)
    } else if (field !== null) {
      if (!Array.isArray(field) || field.length === 0) throw new Error(`field ${index} of an envelope has no addresses`)
      for (const address of field)
        if (!Array.isArray(address) || address.length !== 4 || address.some(each => Array.isArray(each)))
          throw new Error('an address without its four fields')
    }
}
