/** The header as a script sees it: the message's own, with what the script has changed by then (RFC 5293 §3). */
import type { HeaderEdit, HeaderText, SieveMessage } from './types.ts'

export class HeaderView {
  readonly edits: HeaderEdit[] = []
  readonly #message: SieveMessage
  /** null until something is changed. */
  #fields: HeaderText[] | null = null
  /** Of the changed header, by name. */
  #texts: Map<string, string[]> = new Map()

  constructor(message: SieveMessage) {
    this.#message = message
  }

  /** Raw and unfolded, in their order. */
  texts(name: string): readonly string[] {
    if (this.#fields === null) return this.#message.header(name)
    return this.#texts.get(name.toLowerCase()) ?? []
  }

  fields(): readonly HeaderText[] {
    return this.#fields ?? this.#message.fields()
  }

  edit(edit: HeaderEdit): void {
    this.#fields = editFields([...this.fields()], edit, ({ name, value }) => ({ name, value }))
    this.edits.push(edit)
    this.#texts = new Map()
    for (const { name, value } of this.#fields) {
      const same = this.#texts.get(name.toLowerCase())
      if (same) same.push(value)
      else this.#texts.set(name.toLowerCase(), [value])
    }
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
