/** Texts of many messages, each different one held once: message-ids come again in all that answers, and subjects do too. */
import { THREADED_BYTES, THREADED_BYTES_OF_MESSAGE, THREADED_ITSELF_BYTES } from './limits.ts'

/** The messages have more ids and subjects than may be held to thread them. */
export class TooMuchToThread extends Error {
  constructor() {
    super('the messages have more references and longer subjects than may be held at once')
    this.name = 'TooMuchToThread'
  }
}

export class SharedTexts {
  readonly #texts = new Map<string, string>()
  #left: number

  constructor(bytes = THREADED_BYTES) {
    this.#left = bytes
  }

  /** Those of one more message: what messages have usually is held of any number of them. */
  ofMessage<Of extends { messageId: string; references: readonly string[]; baseSubject: string }>(message: Of): Of {
    this.#left += THREADED_BYTES_OF_MESSAGE
    this.#take(8 * message.references.length)
    return {
      ...message,
      messageId: this.#once(message.messageId),
      references: message.references.map(id => this.#once(id)),
      baseSubject: this.#once(message.baseSubject),
    }
  }

  #once(text: string): string {
    const there = this.#texts.get(text)
    if (there !== undefined) return there
    this.#take(THREADED_ITSELF_BYTES + text.length)
    this.#texts.set(text, text)
    return text
  }

  #take(bytes: number): void {
    this.#left -= bytes
    if (this.#left < 0) throw new TooMuchToThread()
  }
}
