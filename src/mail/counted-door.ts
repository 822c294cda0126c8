/** The door, with what goes through it counted by mailbox. */
import type { TrafficSeen } from '../accounts/traffic/recorder.ts'
import type { Door } from './accept.ts'

export function countedDoor(door: Door, traffic: TrafficSeen): Door {
  return {
    checkRecipient: (address, options) => door.checkRecipient(address, options),
    async accept(message) {
      const accepted = await door.accept(message)
      const { accountId, recipients, bytes, settles } = message
      for (const receiver of accepted.delivered) traffic.received(receiver, bytes.length)
      // What the queue hands over was counted when it was submitted.
      if (accountId !== null && !settles) traffic.sent(accountId, recipients.length, bytes.length)
      return accepted
    },
  }
}
