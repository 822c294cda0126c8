/** What can go wrong with setting up devices, and with asking for help. Texts: `api/client-problem-texts.ts`. */
export type ClientErrorCode =
  | 'protocol-not-offered'
  | 'device-link-gone'
  | 'no-support-address'
  | 'too-many-requests'
  | 'request-not-sent'
