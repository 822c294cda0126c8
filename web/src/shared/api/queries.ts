/** The cache of what the service answered, for signed-in pages. Loaded with the shell, not before sign-in. */
import { QueryClient, useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { onLanguageChange } from '../texts/language.ts'
import type { Query } from './client.ts'
import type { Page } from './contract.ts'
import { type ApiProblem, asProblem } from './problem.ts'
import { api } from './session.ts'

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      // Only what may go better by itself: no answer, or an overloaded one.
      retry: (failures, error) => {
        const { status } = asProblem(error)
        return failures < 2 && (status === 0 || status === 502 || status === 503 || status === 504)
      },
    },
    mutations: { retry: false },
  },
})

// Some of what the service answers is in words: titles of settings, what became of a message.
onLanguageChange(() => void queryClient.invalidateQueries())

export interface Resource<T> {
  data: T | undefined
  loading: boolean
  problem: ApiProblem | null
  retry(): void
}

/** One resource at `path`, e.g. `useResource<Domain>('/domains/example.org')`. Its key is [path, query]. */
export function useResource<T>(
  path: string,
  query: Query = {},
  options: { refetchInterval?: number; enabled?: boolean } = {},
): Resource<T> {
  const result = useQuery({
    queryKey: [path, query],
    queryFn: ({ signal }) => api.get<T>(path, { query, signal }),
    ...options,
  })
  return {
    data: result.data,
    loading: result.isLoading,
    problem: result.error === null ? null : asProblem(result.error),
    retry: () => void result.refetch(),
  }
}

export interface Pages<T> {
  items: T[]
  loading: boolean
  problem: ApiProblem | null
  retry(): void
  /** null when everything is there. */
  more: { load(): void; busy: boolean } | null
}

/** A list read by cursor: `usePages<Mailbox>('/mailboxes', { domain, search })`. Its key is [path, query]. */
export function usePages<T>(path: string, query: Query = {}): Pages<T> {
  const result = useInfiniteQuery({
    queryKey: [path, query],
    queryFn: ({ pageParam, signal }) => api.get<Page<T>>(path, { query: { ...query, after: pageParam }, signal }),
    initialPageParam: null as string | null,
    getNextPageParam: page => page.next,
  })
  return {
    items: result.data?.pages.flatMap(page => page.items) ?? [],
    loading: result.isLoading,
    problem: result.error === null ? null : asProblem(result.error),
    retry: () => void (result.data === undefined ? result.refetch() : result.fetchNextPage()),
    more: result.hasNextPage ? { load: () => void result.fetchNextPage(), busy: result.isFetchingNextPage } : null,
  }
}

/** After a change: everything read below `path` is read again when shown. */
export function invalidate(path: string): Promise<void> {
  return queryClient.invalidateQueries({
    predicate: ({ queryKey: [key] }) => typeof key === 'string' && (key === path || key.startsWith(`${path}/`)),
  })
}
