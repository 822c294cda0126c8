/** The domains one sees, all of them: for lists to choose from, where one that is missing can't be chosen. */
import { useQuery } from '@tanstack/react-query'
import type { DomainAnswer } from '../../../../src/api/directory-schemas.ts'
import type { Page } from '../api/contract.ts'
import { asProblem } from '../api/problem.ts'
import type { Resource } from '../api/queries.ts'
import { api } from '../api/session.ts'

/** As many as the service gives at once. */
const AT_ONCE = 200

async function everyDomain(signal: AbortSignal): Promise<DomainAnswer[]> {
  const domains: DomainAnswer[] = []
  let after: string | null = null
  do {
    const query = { limit: AT_ONCE, after }
    const page: Page<DomainAnswer> = await api.get<Page<DomainAnswer>>('/domains', { query, signal })
    domains.push(...page.items)
    after = page.next
  } while (after !== null)
  return domains
}

/** By name. */
export function useEveryDomain(): Resource<DomainAnswer[]> {
  const result = useQuery({ queryKey: ['/domains', 'every'], queryFn: ({ signal }) => everyDomain(signal) })
  return {
    data: result.data,
    loading: result.isLoading,
    problem: result.error === null ? null : asProblem(result.error),
    retry: () => void result.refetch(),
  }
}
