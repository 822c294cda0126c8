/** An addr-spec without a name, brackets, comments (RFC 5228 §2.4.2.3). */
export function isAddress(text: string): boolean {
  return (
    text.length <= 320 &&
    /^(?:[^\s"(),:;<>@[\\\]\x00-\x1f\x7f]+|"(?:[^"\\\x00-\x1f\x7f]|\\[^\x00-\x1f\x7f])*")@(?:[a-z0-9\u0080-\uffff](?:[a-z0-9\u0080-\uffff.-]*[a-z0-9\u0080-\uffff])?|\[[^\s[\]\\]+\])$/iu.test(
      text,
    ) &&
    !/\.\.|@\.|^\.|\.@/.test(text)
  )
}

/** A phrase and what stands in angle brackets behind it; a quoted string is read in one way only. */
const NAMED = /^((?:[^"(),:;<>@[\\\]\x00-\x1f\x7f]|"(?:[^"\\\x00-\x1f\x7f]|\\[^\x00-\x1f\x7f])*")+)<(.*)>$/u

/** The addr-spec of a string for an address, with or without a name before it (RFC 5228 §2.4.2.3); null for any other. */
export function addressOf(text: string): string | null {
  if (isAddress(text)) return text
  const [, phrase = '', address = ''] = NAMED.exec(text) ?? []
  return phrase.trim() !== '' && isAddress(address) ? address : null
}
