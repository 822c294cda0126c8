/** What /devices and /sign-ins/latest answer. */
export interface MailServer {
  host: string
  port: number
  security: 'tls' | 'starttls'
}

export interface MailSettings {
  userName: string
  /** Best first; an empty list is not offered. */
  imap: MailServer[]
  pop3: MailServer[]
  smtp: MailServer[]
}

export type Protocol = 'imap' | 'pop3' | 'submission' | 'panel'

export type Outcome =
  | 'ok'
  | 'wrong-password'
  | 'wrong-second-factor'
  | 'app-password-needed'
  | 'disabled'
  | 'no-password'
  | 'throttled'
  | 'protocol-not-allowed'
  | 'network-not-allowed'
  | 'expired'

export interface SignIn {
  protocol: Protocol
  outcome: Outcome
  label: string | null
  remoteAddress: string | null
  client: string | null
  lastAt: number
}

export interface LatestSignIn {
  protocol: Protocol
  any: SignIn | null
  ok: SignIn | null
}

export interface DeviceLink {
  url: string
  expiresAt: number
}
