/**
 * Delivered-To (RFC 9228): who sends a message on puts it above, and knows it again by that when it comes back. Programs
 * agree on the address alone, without brackets.
 */
export const DELIVERED_TO = 'Delivered-To'

export const deliveredToField = (address: string): string => `${DELIVERED_TO}: ${address}\r\n`

/** `fields`: the texts of all such fields. `address` in lower case. */
export const wasSentOnBy = (address: string, fields: readonly string[]): boolean =>
  fields.some(text => text.toLowerCase() === address)
