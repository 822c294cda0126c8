/** What the command line asks of the scripts for a domain and for the whole service. */
import { commandLine } from '../accounts/actor.ts'
import type { CommonScriptState, CommonScripts } from '../mail/rules/common-scripts.ts'

type Define<A, R> = { args: A; result: R }
/** null: the whole service. */
type Scope = { domain: string | null }

export interface ScriptCommands {
  'script.list': Define<Record<never, never>, Awaited<ReturnType<CommonScripts['list']>>>
  'script.get': Define<Scope, CommonScriptState>
  /** `revision`: of the script it takes the place of, null: none; left out: whatever is there now. */
  'script.put': Define<Scope & { source: string; revision?: number | null; isActive?: boolean }, CommonScriptState>
  'script.activate': Define<Scope & { isActive: boolean }, CommonScriptState>
  'script.remove': Define<Scope, void>
}

export interface ScriptControlServices {
  commonScripts: CommonScripts
}

type Handlers = {
  [K in keyof ScriptCommands]: (args: ScriptCommands[K]['args']) => Promise<ScriptCommands[K]['result']>
}

export function scriptHandlers({ commonScripts }: ScriptControlServices): Handlers {
  const actor = commandLine
  const revisionOf = async (domain: string | null): Promise<number | null> =>
    (await commonScripts.get(actor, domain)).script?.revision ?? null
  return {
    'script.list': () => commonScripts.list(actor),
    'script.get': ({ domain }) => commonScripts.get(actor, domain),
    'script.put': async ({ domain, source, revision, isActive }) => {
      const seen = revision === undefined ? await revisionOf(domain) : revision
      return commonScripts.put(actor, domain, { source, revision: seen, ...(isActive !== undefined && { isActive }) })
    },
    // Where there is none, whatever is named is not it.
    'script.activate': async ({ domain, isActive }) =>
      commonScripts.activate(actor, domain, isActive, (await revisionOf(domain)) ?? 0),
    'script.remove': async ({ domain }) => commonScripts.remove(actor, domain, (await revisionOf(domain)) ?? 0),
  }
}
