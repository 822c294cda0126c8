/**
 * Mails that the service writes itself, as the services that have them sent see them: a kind with its values, and a
 * reader. Texts and composition are in `mail/notices`.
 */
import type { Language, Role } from '../store/types/principals.ts'
import type { ScriptFailure } from '../store/types/rules.ts'
import type { HoldReason } from '../store/types/sending.ts'
import type { SignInCredential, SignInProtocol, SignInResult } from '../store/types/sign-in.ts'
import type { ExplanationText } from '../wire/report/explanation/classes.ts'

export interface NoticeReader {
  /** Where it goes, here or elsewhere. */
  address: string
  /** null: the service's first language. */
  language: Language | null
  /** IANA name, for the times in it; null: UTC. */
  timeZone: string | null
  /** The domain whose brand it wears; null: the service's own. */
  domain: string | null
  /** Where answers go instead of to the support address. */
  replyTo?: string
}

export type SecurityChange =
  | { kind: 'password-changed' }
  | { kind: 'codes-added' | 'codes-removed' }
  | { kind: 'passkey-added' | 'passkey-removed'; label: string }
  | { kind: 'recovery-codes-renewed' }
  | { kind: 'recovery-code-used'; left: number }
  /** By whoever administers the principal. */
  | { kind: 'second-factor-reset' }
  | { kind: 'app-password-added'; label: string; mailbox: string }
  /** Someone knows the password, and tried many codes. */
  | { kind: 'codes-guessed' }

/** One refusal of what a mailbox wanted to send, and how often it was the same. */
export interface RefusedSending {
  at: number
  count: number
  /** null where it is about the whole message. */
  recipient: string | null
  answer: string
  texts: Record<Language, ExplanationText>
}

/** A sign-in for sending, as staff are told of it. */
export interface SendingSignIn {
  remoteAddress: string
  credential: SignInCredential
  /** Of the app password; else empty. */
  label: string
  lastAt: number
}

/** Each kind with what its text names. Links are whole, made by `PublicUrl`. */
export interface NoticeKinds {
  /** A single-use link to the sign-in data of a mailbox, mailed to someone elsewhere. */
  'credential-link': { address: string; url: string; expiresAt: number; needsCode: boolean }
  /** To the external address: prove that it is read. */
  'recovery-address-check': { address: string; url: string; expiresAt: number }
  /** To the mailbox: which address may set its password anew from now on, masked; null: none any more. */
  'recovery-address-changed': { address: string; recoveryAddress: string | null; at: number; remoteAddress: string }
  /** To the external address. */
  'password-reset-link': { address: string; url: string; expiresAt: number }
  /** To the mailbox and the external address. */
  'password-reset-done': { address: string; at: number; remoteAddress: string; securityUrl: string }
  /** To the mailbox, or the address that is signed in with, and the external address. */
  'security-changed': {
    address: string
    change: SecurityChange
    at: number
    remoteAddress: string
    securityUrl: string
  }
  /** To who manages the mailbox: its owner asks for a larger plan. Prices in the currency's smallest unit. */
  'plan-request': {
    address: string
    planName: string
    storageBytes: number
    monthlyPrice: number
    currency: string
    usedBytes: number
    quotaBytes: number | null
    message: string
    url: string
  }
  /** To who manages the webhook: nothing is sent to it any more. */
  'webhook-disabled': {
    /** The host alone: the rest of an address can be a secret. */
    host: string
    domain: string | null
    reason: 'failing' | 'gone'
    problem: string
    url: string
  }
  /** To the second address of a mailbox that a program sends from; `count` of all, of which `refusals` names some. */
  'sending-refused': { address: string; count: number; refusals: readonly RefusedSending[] }
  /** To the owner: the last day is over. `untilDay`: as 2026-12-04. */
  'auto-reply-ended': { address: string; untilDay: string; url: string }
  /** To who wrote a script that stopped at an error: the owner, the managers of the domain, or staff. */
  'script-failed': ScriptFailure & {
    scope: 'mailbox' | 'domain' | 'service'
    /** The mailbox, the domain; empty for the service. */
    name: string
    url: string
  }
  /** To staff: a mailbox or a domain may not send for now. */
  'sending-blocked': {
    /** The mailbox's address, or the domain. */
    name: string
    sender: string
    limit: number
    used: number
    recipients: number
    sample: readonly string[]
    at: number
    blockedUntil: number
    signIns: readonly SendingSignIn[]
    url: string
  }
  /** To the owner, and to who manages it: a mailbox is nearly full. The largest folders first. */
  'space-warning': {
    address: string
    percent: number
    usedBytes: number
    quotaBytes: number
    folders: readonly { name: string; sizeBytes: number }[]
    isOwner: boolean
    url: string
  }
  /** To the owner, or the managers of the domain: little is left in the hour. */
  'sending-warning': { name: string; used: number; limit: number; url: string }
  /** To staff: a mailbox sends as it never did; what it sends from now on waits for them. */
  'sending-held': {
    address: string
    reason: HoldReason
    /** What was counted, and what is usual at most. */
    count: number
    usual: number
    sample: readonly string[]
    /** Of a new place: from where, and which country (ISO 3166) or network that is. */
    remoteAddress: string | null
    place: string | null
    at: number
    signIns: readonly SendingSignIn[]
    url: string
  }
  /** To its owner, also at the external address. */
  'sending-held-owner': { address: string; reason: HoldReason; at: number; url: string }
  /** To its owner: what staff decided on what was held. */
  'sending-decided': {
    address: string
    decision: 'released' | 'dropped'
    messages: number
    recipients: number
    url: string
  }
  /** To the support address: what somebody who is signed in asks, and what helps to answer it. */
  'support-request': {
    address: string
    role: Role
    subject: string
    /** In lines, as it was typed. */
    message: string
    /** Path of the page it was written on. */
    page: string
    userAgent: string
    remoteAddress: string
    version: string
    lastFailure: { protocol: SignInProtocol; outcome: SignInResult; at: number; remoteAddress: string } | null
  }
}
export type NoticeKind = keyof NoticeKinds

export interface Notices {
  /**
   * True once the mail is durable, or refused by a rule of its reader. False, and logged, where it can't be kept now: a mail tells of a change that is already
   * made and stays.
   */
  send<K extends NoticeKind>(kind: K, reader: NoticeReader, values: NoticeKinds[K]): Promise<boolean>
}
