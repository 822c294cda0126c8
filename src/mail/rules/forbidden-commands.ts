/**
 * What a script for a whole domain may not do: make mail of others leave without their knowing. Who manages a domain does not
 * read its mail, and a script of his must not do it for him. Staff, who answer for the service, may in the service's own.
 */
const LEAVES = 'a script for a whole domain sends nobody’s mail, nor a part of it, elsewhere'

const forbiddenInDomains: ReadonlyMap<string, string> = new Map([
  ['redirect', `"redirect" is not allowed here: ${LEAVES}`],
  ['notify', `"notify" is not allowed here: ${LEAVES}`],
])

/**
 * What a script may not do for whoever was let in to read mail alone: it would send in his stead, or run another that does,
 * now or later. A refusal is told to the sender's server.
 */
export const forbiddenToReaders: ReadonlyMap<string, string> = new Map(
  ['redirect', 'vacation', 'notify', 'include'].map(name => [
    name,
    `"${name}" is not allowed here: this app password is not for sending mail`,
  ]),
)

const nothing: ReadonlyMap<string, string> = new Map()

/** `domain`: null for the script of the service. By the command, with why. */
export const forbiddenIn = (domain: string | null): ReadonlyMap<string, string> =>
  domain === null ? nothing : forbiddenInDomains
