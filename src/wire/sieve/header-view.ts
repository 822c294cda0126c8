/** The header as a script sees it: the message's own, with what the script has changed by then (RFC 5293 §3). */
import type { HeaderEdit, HeaderText, SieveMessage } from './types.ts'

/** RFC 5322 §2.2: printable ASCII without the colon. */
export const FIELD_NAME = /^[!-9;-~]+$/

export class HeaderView {
  readonly edits: HeaderEdit[] = []
  readonly #message: SieveMessage
  /** null until they are asked for. */
  #fields: readonly HeaderText[] | null = null
  /** By name in lower case; what was asked for before anything changed, all of them behind a change. */
  #texts = new Map<string, readonly string[]>()

  constructor(message: SieveMessage) {
    this.#message = message
  }

  /** Raw and unfolded, in their order; read once, since many rules look at the same fields. No field has a wrong name (RFC 5228 §2.4.2.2). */
  texts(name: string): readonly string[] {
    if (!FIELD_NAME.test(name)) return []
    const lower = name.toLowerCase()
    const known = this.#texts.get(lower)
    if (known !== undefined || this.edits.length > 0) return known ?? []
    const texts = this.#message.header(lower)
    this.#texts.set(lower, texts)
    return texts
  }

  fields(): readonly HeaderText[] {
    return (this.#fields ??= this.#message.fields())
  }

  edit(edit: HeaderEdit): void {
    this.#fields = editFields(this.fields(), edit, ({ name, value }) => ({ name, value }))
    this.edits.push(edit)
    const texts = new Map<string, string[]>()
    for (const { name, value } of this.#fields) {
      const same = texts.get(name.toLowerCase())
      if (same) same.push(value)
      else texts.set(name.toLowerCase(), [value])
    }
    this.#texts = texts
  }
}

/** The list of fields after an edit; `make` gives an added field the form that the list has. */
export function editFields<Field>(
  fields: readonly Field[],
  edit: HeaderEdit,
  make: (field: HeaderText) => Field,
): Field[] {
  if (edit.kind === 'delete') {
    const gone = new Set(edit.positions)
    return fields.filter((_, position) => !gone.has(position))
  }
  const added = make(edit)
  return edit.last ? [...fields, added] : [added, ...fields]
}
