/** One of the domains one sees, all of them in the list. */
import type { Bound, FieldLook } from '../ui/field.tsx'
import { Select } from '../ui/select.tsx'
import { Await } from '../ui/states.tsx'
import { useEveryDomain } from './every-domain.ts'

/** `none`: what choosing none is called. */
export function DomainSelect({ none, ...field }: Bound<string> & FieldLook & { none: string }) {
  const domains = useEveryDomain()
  return (
    <Await resource={domains}>
      {found => (
        <Select
          {...field}
          options={[{ value: '', label: none }, ...found.map(({ name }) => ({ value: name, label: name }))]}
        />
      )}
    </Await>
  )
}
