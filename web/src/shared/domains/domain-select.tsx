/** One of the domains one sees, all of them in the list. */
import { useQuery } from '@tanstack/react-query'
import type { DomainAnswer } from '../../../../src/api/directory-schemas.ts'
import type { Page } from '../api/contract.ts'
import { asProblem } from '../api/problem.ts'
import { api } from '../api/session.ts'
import type { Bound, FieldLook } from '../ui/field.tsx'
import { Select } from '../ui/select.tsx'
import { Await } from '../ui/states.tsx'

/** As many as the service gives at once. */
const AT_ONCE = 200

async function everyName(signal: AbortSignal): Promise<string[]> {
  const names: string[] = []
  let after: string | null = null
  do {
    const query = { limit: AT_ONCE, after }
    const page: Page<DomainAnswer> = await api.get<Page<DomainAnswer>>('/domains', { query, signal })
    names.push(...page.items.map(({ name }) => name))
    after = page.next
  } while (after !== null)
  return names
}

/** `none`: what choosing none is called. */
export function DomainSelect({ none, ...field }: Bound<string> & FieldLook & { none: string }) {
  const names = useQuery({ queryKey: ['/domains', 'names'], queryFn: ({ signal }) => everyName(signal) })
  const problem = names.error === null ? null : asProblem(names.error)
  return (
    <Await resource={{ data: names.data, problem, retry: () => void names.refetch() }}>
      {found => (
        <Select
          {...field}
          options={[{ value: '', label: none }, ...found.map(name => ({ value: name, label: name }))]}
        />
      )}
    </Await>
  )
}
