/**
 * One connection for all look-ups of single rows: those that come in one turn are one conversation with the server. Nothing that
 * takes long goes there, since what is asked behind it waits for it.
 */
import type { Channel, ChannelSource } from './channel.ts'

export class SharedChannel implements ChannelSource {
  readonly #source: ChannelSource
  #taken: Promise<Channel> | null = null
  #channel: Channel | null = null

  constructor(source: ChannelSource) {
    this.#source = source
  }

  take(): Promise<Channel> {
    this.#taken ??= this.#source.take().then(
      channel => (this.#channel = channel),
      error => {
        this.#taken = null
        throw error
      },
    )
    return this.#taken
  }

  /** Others go on with it, but for one that is broken. */
  give(channel: Channel, isBroken: boolean): void {
    if (isBroken && channel === this.#channel) this.#giveBack(channel, true)
  }

  /** Once nobody asks any more. */
  async close(): Promise<void> {
    const channel = await this.#taken?.catch(() => null)
    if (channel && channel === this.#channel) this.#giveBack(channel, false)
  }

  #giveBack(channel: Channel, isBroken: boolean): void {
    this.#taken = this.#channel = null
    this.#source.give(channel, isBroken)
  }
}
