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
