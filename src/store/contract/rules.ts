/** Operations and queries on scripts, what they remember, and what is added to what an account sends. */
import type {
  CommonScriptRow,
  RuleMemory,
  RuleMemoryKind,
  ScriptFailure,
  ScriptFailureNews,
  ScriptRow,
  ScriptSubject,
  SendingRulesRow,
} from '../types/rules.ts'
import type { AccountId } from '../types.ts'
import type { Define } from './define.ts'

/** `domain`: empty for the service. `replaces`: the revision it takes the place of; null: none is there; left out: any. */
type OfCommonScript = { domain: string; replaces?: number | null; at: number }
type OfScript = { accountId: AccountId; name: string }

export interface RulesOperations {
  /**
   * Adds or replaces. `too-many`: the account would have more than `maxScripts`. `conflict`: its rules are others by now than
   * those of the revision that `replaces` names; left out: whichever they are.
   */
  'script.put': Define<
    OfScript & { source: string; maxScripts: number; activate: boolean; replaces?: number; at: number },
    void
  >
  /** The one script that runs; null: none. `not-found`. */
  'script.activate': Define<{ accountId: AccountId; name: string | null; at: number }, void>
  /** `not-found`, `already-exists`. */
  'script.rename': Define<OfScript & { newName: string; at: number }, void>
  /** `not-found`; `not-allowed` for the one that runs. */
  'script.remove': Define<OfScript & { at: number }, void>
  /** `not-found`: no such domain; `conflict`: another is there than `replaces` says. */
  'commonScript.set': Define<OfCommonScript & { source: string; isActive: boolean }, void>
  /** `conflict`. */
  'commonScript.remove': Define<OfCommonScript, void>
  /**
   * A script stopped at an error. Passed over where it was changed since: `revision`, of the account's rules or of the script of
   * a domain, is another. It is news once in `quietMs`.
   */
  'script.failed': Define<{ subject: ScriptSubject; revision: number; failure: ScriptFailure; quietMs: number }, void>
  /** The news of it is out. */
  'script.failureTold': Define<{ subject: ScriptSubject; at: number }, void>
  /**
   * `conflict` where one of them that doesn't prolong is remembered already at `at`, so that of two messages that come at
   * once one alone is answered, or taken for the first.
   */
  'ruleMemory.add': Define<{ accountId: AccountId; memories: RuleMemory[]; at: number }, void>
  /** Whether there is more to forget. */
  'ruleMemory.sweep': Define<{ at: number; limit: number }, boolean>
  'sendingRules.set': Define<SendingRulesRow, void>
}

export interface RulesQueries {
  /** By name. */
  'script.list': Define<{ accountId: AccountId }, ScriptRow[]>
  'script.get': Define<OfScript, (ScriptRow & { source: string }) | null>
  /** All of an account, the active one among them: what it may include (RFC 6609). */
  'script.sources': Define<{ accountId: AccountId }, { name: string; source: string; isActive: boolean }[]>
  'commonScript.get': Define<{ domain: string }, CommonScriptRow | null>
  /** By domain, the service's first. */
  'commonScript.list': Define<
    Record<never, never>,
    (Omit<CommonScriptRow, 'source'> & { domain: string; sizeBytes: number })[]
  >
  /** null where it has not stopped since it was changed. */
  'script.failure': Define<{ subject: ScriptSubject }, ScriptFailure | null>
  /** What is still to be told, in no order. */
  'script.failureNews': Define<{ limit: number }, ScriptFailureNews[]>
  /** Whether it is remembered at `at`. */
  'ruleMemory.has': Define<{ accountId: AccountId; kind: RuleMemoryKind; hash: Uint8Array; at: number }, boolean>
  /** How many are remembered at `at`; counted up to `limit`. */
  'ruleMemory.count': Define<{ accountId: AccountId; kind: RuleMemoryKind; at: number; limit: number }, number>
  /** null where none were ever set. */
  'sendingRules.get': Define<{ accountId: AccountId }, SendingRulesRow | null>
}
