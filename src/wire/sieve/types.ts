/** What the Sieve engine takes and gives: values alone. Who delivers carries the actions out. */
import type { Sliced } from './slices.ts'

/** Both count from 1; the column in characters. */
export interface Position {
  line: number
  column: number
}

export interface ScriptProblem extends Position {
  message: string
}

/** A problem met while a script ran. `script`: the included one it lies in, null for the script itself. */
export interface RunProblem extends ScriptProblem {
  script: string | null
}

/** The message as a script sees it. Texts are unfolded, encoded words kept. */
export interface SieveMessage {
  /** In bytes. */
  size: number
  /** The texts of all fields of that name (any case), in the order of the header. */
  header(name: string): readonly string[]
  /** All fields, in their order. */
  fields(): readonly HeaderText[]
  /** `from` is empty for a bounce; `auth` is who signed in to send it. */
  envelope: { from: string; to: string; auth?: string | null }
  /** Not of one that is a header alone. */
  hasBody(): boolean
  /** The leaves and the multiparts themselves, in their order; texts are made when asked for. */
  parts(): readonly SievePart[]
  /** The body as it came, undecoded; null where the header is all there is. */
  rawBody(): string | null
}

export interface HeaderText {
  name: string
  value: string
}

export interface SievePart {
  /** `text/plain`, in lower case. */
  type: string
  /** Decoded: the content, the header of a message inside, what stands before and behind the parts of a multipart (RFC 5173 §5.2). */
  texts(): Sliced<readonly string[]>
  /** Without the tags of HTML, for people (RFC 5173 §5.3); none where it is none to read. */
  readable(): Sliced<readonly string[]>
}

/** What a script may ask about the world it runs in. */
export interface World {
  /** Milliseconds since 1970. */
  now: number
  /** Of the account's owner, as in the IANA database. */
  timeZone: string
  mailboxExists(name: string): Promise<boolean>
  /** The mailbox of that use, as `\Junk`; null where there is none. */
  specialUseMailbox(use: string): Promise<string | null>
  /** Whether that was remembered before (RFC 7352). */
  isDuplicate(handle: string, id: string): Promise<boolean>
  /** RFC 5183 §4.1; null where the item is unknown. */
  environment(name: string): string | null
  /** 0 (no spam) to 100 (spam for sure); null where nobody looked. */
  spamPercent: number | null
  /** RFC 5235 §3.2: 0 (nobody looked), 1 (clean) to 5 (a virus for sure). */
  virusLevel: number
  /** Lets others have their turn; called now and then by what takes long. */
  pause?(): Promise<void> | undefined
}

/** System flags with their backslash, keywords without. */
export type FlagNames = string[]

/** `edits`: how many of the outcome's header edits were made by then; the action is about the message as those left it (RFC 5293 §6). */
export type Action =
  | { kind: 'keep'; flags: FlagNames; edits: number }
  | {
      kind: 'fileinto'
      mailbox: string
      flags: FlagNames
      create: boolean
      copy: boolean
      /** RFC 8579: the use of the mailbox to be created, where there is none of it. */
      specialUse: string | null
      edits: number
    }
  | { kind: 'redirect'; address: string; copy: boolean; edits: number }
  | { kind: 'discard' }
  | { kind: 'reject' | 'ereject'; reason: string }
  | {
      kind: 'vacation'
      /** What tells this reply from others of the account. */
      handle: string
      /** A sender is answered once in so many. */
      seconds: number
      subject: string | null
      from: string | null
      /** Further addresses of the owner. */
      addresses: string[]
      /** Whether the reason is a MIME entity with its own Content fields. */
      mime: boolean
      reason: string
      edits: number
    }
  | {
      kind: 'notify'
      /** A URI; `parseMailto` reads it. */
      method: string
      from: string | null
      options: string[]
      message: string | null
      importance: 1 | 2 | 3
      /** Who was told of the message before, in lower case: not to be told again. */
      told: string[]
      edits: number
    }
  /** `prolongs`: it was known already (RFC 7352 §3.2 `:last`). */
  | { kind: 'rememberDuplicate'; handle: string; id: string; seconds: number; prolongs: boolean }

/** `positions`: in the list of fields as it is when it is this edit's turn. */
export type HeaderEdit =
  | { kind: 'add'; name: string; value: string; last: boolean }
  | { kind: 'delete'; positions: number[] }

/** `script`: the included one it lies in, null for the script itself. */
export interface ActionOrigin {
  script: string | null
  line: number
}

/** What a command did to the message that is no action: flags put on it, fields of its header added or removed. */
export interface Change extends ActionOrigin {
  kind: 'flags' | 'header'
  /** Flags, or the field. */
  names: readonly string[]
  /** How many of the outcome's actions were decided by then. */
  before: number
}

export interface Outcome {
  /** In the order of the script; each place and each address once. */
  actions: Action[]
  /** Of each action, where it stands. */
  origins: ActionOrigin[]
  /** The first ones, for people to read. */
  changes: Change[]
  /** `applyHeaderEdits` makes them. */
  headerEdits: HeaderEdit[]
  /** Whether the message stays in the inbox though no action says so. */
  implicitKeep: boolean
  /** Those of the implicit keep. */
  flags: FlagNames
  /**
   * Then the message is kept as it came, with the flags it came with, unless `keep` was among the actions: those are
   * what was done before (RFC 5228 §2.10.6).
   */
  error?: RunProblem
}
