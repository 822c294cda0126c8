/** Random tokens and ids. A token is known to whom it was given; here its hash is kept, which 128 random bits make enough. */
import { createHash, randomBytes } from 'node:crypto'

/** 256 random bits, as text that stands in URLs and cookies. */
export const newToken = (): string => randomBytes(32).toString('base64url')

/** The name of a row: 96 random bits. */
export const newId = (): string => randomBytes(12).toString('base64url')

export const hashToken = (token: string): string => createHash('sha256').update(token).digest('hex')
