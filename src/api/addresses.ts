/** The addresses of the API with the methods that each takes, for requests with another (RFC 9110 §15.5.6). */
interface Known {
  pattern: RegExp
  methods: string[]
}

export class Addresses {
  readonly #known = new Map<string, Known>()

  /** `path` with parameters as `:name`. */
  add(path: string, methods: readonly string[]): void {
    const known = this.#known.get(path)
    if (known) known.methods.push(...methods)
    else this.#known.set(path, { pattern: patternOf(path), methods: [...methods] })
  }

  /** None where there is no such address. */
  methodsOf(url: string): string[] {
    const path = url.replace(/[?#].*/s, '')
    const found = [...this.#known.values()].filter(({ pattern }) => pattern.test(path))
    return [...new Set(found.flatMap(({ methods }) => methods))].toSorted()
  }
}

function patternOf(path: string): RegExp {
  const segments = path.split('/').map(segment => (segment.startsWith(':') ? '[^/]+' : RegExp.escape(segment)))
  return new RegExp(`^${segments.join('/')}/?$`)
}
