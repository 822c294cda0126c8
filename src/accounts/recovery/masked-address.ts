/** `m•••@gmail.com`: who owns the address knows it, who looks over his shoulder does not. */
export function maskedAddress(address: string): string {
  const at = address.lastIndexOf('@')
  const [first] = new Intl.Segmenter().segment(address.slice(0, at))
  return `${first?.segment ?? ''}•••${address.slice(at)}`
}
