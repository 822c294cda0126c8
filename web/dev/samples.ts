/** The samples every screen stands on. An area adds its own in `web/src/areas/<area>/screens.ts`. */
import type { AutoReplyAnswer } from '../../src/api/auto-reply.ts'
import type { Service, Session } from '../src/shared/api/contract.ts'
import type { Samples } from './sample-service.ts'

export const service: Service = {
  name: 'Exemple Courrier',
  logoUrl: null,
  colours: { primary: null },
  supportAddress: 'support@example.org',
  languages: ['fr', 'en'],
  servers: [],
  passwordRules: { minCharacters: 10, maxBytes: 256 },
  version: '0.1.0',
}

export function sessionOf(role: Session['principal']['role'], hasMailbox: boolean): Session {
  return {
    principal: {
      principalId: 1,
      address: 'alice@example.org',
      name: '',
      role,
      language: 'fr',
      timeZone: 'Europe/Paris',
      hasMailbox,
      domains: role === 'manager' ? ['example.org'] : [],
    },
    csrfToken: 'sample',
    mustSetUpSecondFactor: false,
    expiresAt: 4_102_444_800_000,
  }
}

const signedOut: Samples = {
  'GET /service': { body: service },
  'GET /session': {
    status: 401,
    body: { status: 401, code: 'not-signed-in', title: 'Connectez-vous pour continuer.' },
  },
}

/** Somebody for each role, and nobody. */
export const visitors = {
  nobody: signedOut,
  owner: { ...signedOut, 'GET /session': { body: sessionOf('owner', true) } },
  manager: { ...signedOut, 'GET /session': { body: sessionOf('manager', false) } },
  managerWithMailbox: { ...signedOut, 'GET /session': { body: sessionOf('manager', true) } },
  staff: { ...signedOut, 'GET /session': { body: sessionOf('staff', true) } },
} satisfies Record<string, Samples>

export type Visitor = keyof typeof visitors

export const autoReply: AutoReplyAnswer = {
  address: 'alice@example.org',
  enabled: true,
  fromDay: '2026-11-23',
  untilDay: '2026-12-04',
  timeZone: 'Europe/Paris',
  subject: 'Absente jusqu’au 4 décembre',
  text: 'Bonjour,\n\nje suis absente jusqu’au vendredi 4 décembre et je lirai votre message à mon retour.\n\nAlice',
  audience: 'everyone',
  intervalDays: 7,
  state: 'active',
  startsAt: Date.UTC(2026, 10, 22, 23),
  endsAt: Date.UTC(2026, 11, 4, 23),
  updatedAt: Date.UTC(2026, 10, 20),
}
