/** One SMTP reply: reply code (RFC 5321 §4.2), enhanced status code (RFC 3463) and text. */
export interface Reply {
  code: number
  /** As `5.1.1`. */
  status: string
  /** Line feeds part the lines of a longer one. */
  text: string
}

/** What a codec gives for a line that does not obey its grammar: the answer to send. */
export interface Refused {
  ok: false
  reply: Reply
}

export const refused = (code: number, status: string, text: string): Refused => ({
  ok: false,
  reply: { code, status, text },
})
