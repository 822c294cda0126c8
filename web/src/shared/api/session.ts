/**
 * Who is signed in. `api` is the client of the whole application; it lives here because it needs the session's token and the session needs it.
 * Where the password is needed again the tree stays as it is: `asks` shows a dialog, and the requests wait for its answer.
 */
import { createStore, useStore } from '../store.ts'
import { setTimeZone } from '../texts/format.ts'
import { currentLanguage, isLanguage, setLanguage } from '../texts/language.ts'
import { type Client, createClient } from './client.ts'
import type { SecondFactorNeeded, Session } from './contract.ts'
import { asProblem } from './problem.ts'

export type SessionState =
  | { status: 'unknown' }
  | { status: 'signed-out' }
  | { status: 'signed-in'; session: Session; asks: Asks }

/** Why the password is asked for over the page: the session has ended, or what is wanted needs it once more. */
export type Asks = 'nothing' | 'sign-in' | 'confirmation'

const store = createStore<SessionState>({ status: 'unknown' })
let waiting: ((answered: boolean) => void)[] = []

function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join('')
}

function csrfToken(): string | null {
  const state = store.get()
  return state.status === 'signed-in' ? state.session.csrfToken : null
}

export const api: Client = createClient({
  fetch: (...request) => fetch(...request),
  language: currentLanguage,
  csrfToken,
  sessionEnded: () => ask('sign-in'),
  confirm: () => ask('confirmation'),
  renewToken,
  // The session says so by now, and the shell leads there. Where it can't be asked, the next refusal asks again.
  secondFactorToSetUp: () => void loadSession().catch(() => undefined),
  newKey,
})

/** Other tabs of the same browser: what they show is of whoever has signed out, or of somebody else by now. Told: who is signed in. */
const tabs = typeof document === 'undefined' ? null : new BroadcastChannel('session')
tabs?.addEventListener('message', ({ data }) => {
  const state = store.get()
  if (state.status === 'signed-in' && state.session.principal.principalId !== data) forgetSession()
})

export const onSessionChange = store.subscribe
export const sessionState = store.get

function ask(what: Asks): Promise<boolean> {
  const state = store.get()
  if (state.status !== 'signed-in') return Promise.resolve(false)
  // A session that has ended is asked about first: signing in is a confirmation as well.
  if (state.asks !== 'sign-in') store.set({ ...state, asks: what })
  return new Promise(resolve => waiting.push(resolve))
}

/** The dialog is answered, or given up: the requests that wait for it go on, or fail. */
export function answered(well: boolean): void {
  const state = store.get()
  if (state.status === 'signed-in') store.set({ ...state, asks: 'nothing' })
  const resolvers = waiting
  waiting = []
  for (const resolve of resolvers) resolve(well)
}

/** A session the service has just given, by whichever way of signing in. Another person than before starts on a fresh page. */
export function acceptSession(session: Session): void {
  const before = store.get()
  const { principal } = session
  if (before.status === 'signed-in' && before.session.principal.principalId !== principal.principalId) {
    forgetSession()
    return
  }
  if (isLanguage(principal.language)) setLanguage(principal.language, true)
  setTimeZone(principal.timeZone ?? undefined)
  store.set({ status: 'signed-in', session, asks: 'nothing' })
  tabs?.postMessage(principal.principalId)
  answered(true)
}

/** The cookie is of another session than this tab's, which another tab has opened. Somebody else's is refused: `acceptSession` starts over. */
async function renewToken(): Promise<boolean> {
  const before = csrfToken()
  try {
    acceptSession(await api.get<Session>('/session', { anonymous: true }))
  } catch {
    return false
  }
  return csrfToken() !== before
}

/** Asks the service who is signed in. Throws an ApiProblem when it can't be asked. */
export async function loadSession(): Promise<void> {
  try {
    acceptSession(await api.get<Session>('/session', { anonymous: true }))
  } catch (error) {
    if (asProblem(error).status !== 401) throw error
    store.set({ status: 'signed-out' })
  }
}

/** What the account says of itself has changed: name, language, time zone. The page follows. */
export function updatePrincipal(changes: Partial<Session['principal']>): void {
  const state = store.get()
  if (state.status !== 'signed-in') return
  const { session } = state
  const principal = { ...session.principal, ...changes }
  if (isLanguage(principal.language)) setLanguage(principal.language, true)
  setTimeZone(principal.timeZone ?? undefined)
  store.set({ ...state, session: { ...session, principal } })
}

export interface Credentials {
  address: string
  password: string
  remember: boolean
}

/** Signs in; resolves to what else is needed, or to null when the session is open. */
export async function signIn(credentials: Credentials): Promise<SecondFactorNeeded['secondFactor'] | null> {
  const answer = await api.post<Session | SecondFactorNeeded>('/session', credentials, { anonymous: true })
  if ('secondFactor' in answer) return answer.secondFactor
  acceptSession(answer)
  return null
}

export async function signOut(): Promise<void> {
  try {
    await api.delete('/session', { anonymous: true })
  } catch (error) {
    if (asProblem(error).status !== 401) throw error
  }
  tabs?.postMessage(null)
  forgetSession()
}

/** Leaves everything the page holds: a reload is the only way to be sure. */
export function forgetSession(): void {
  location.assign('/')
}

export function useSessionState(): SessionState {
  return useStore(store)
}

/** The open session; only for what the shell shows, which has one. */
export function useSession(): Session {
  const state = useStore(store)
  if (state.status !== 'signed-in') throw new Error('nobody is signed in')
  return state.session
}
