/** The header as a script sees it: the message's own, with what the script has changed by then (RFC 5293 §3). */
import type { HeaderEdit, HeaderText, SieveMessage } from './types.ts'

export class HeaderView {
  readonly edits: HeaderEdit[] = []
  readonly #message: SieveMessage
  /** null until something is changed. */
  #fields: HeaderText[] | null = null

  constructor(message: SieveMessage) {
    this.#message = message
  }

  /** Raw and unfolded, in their order. */
  texts(name: string): readonly string[] {
    if (this.#fields === null) return this.#message.header(name)
    const lower = name.toLowerCase()
    return this.#fields.flatMap(field => (field.name.toLowerCase() === lower ? [field.value] : []))
  }

  fields(): readonly HeaderText[] {
    return this.#fields ?? this.#message.fields()
  }

  edit(edit: HeaderEdit): void {
    this.#fields = editFields([...this.fields()], edit, ({ name, value }) => ({ name, value }))
    this.edits.push(edit)
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
