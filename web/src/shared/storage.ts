/** What this browser remembers. Where storage is forbidden (private windows, policies) it remembers nothing, and that is fine. */
const prefix = 'facteur.'
const browser = typeof document !== 'undefined'

export function recall(key: string): string | null {
  if (!browser) return null
  try {
    return localStorage.getItem(prefix + key)
  } catch {
    return null
  }
}

export function remember(key: string, value: string | null): void {
  try {
    if (value === null) localStorage.removeItem(prefix + key)
    else localStorage.setItem(prefix + key, value)
  } catch {
    // Nothing is lost but the preference.
  }
}
