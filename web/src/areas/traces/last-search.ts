/** The last search of this visit: the way up from a message leads back to it. */
type Path = '/traces' | '/mailbox/traces'

const searches = new Map<Path, string>()

export const keepSearch = (path: Path, search: string): void => void searches.set(path, search)

export function pathOfSearch(path: Path): string {
  const search = searches.get(path) ?? ''
  return search === '' ? path : `${path}?${search}`
}
