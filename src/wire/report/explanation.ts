/** What an enhanced status code (RFC 3463, RFC 5248, RFC 7505) means to the person who wrote the message. */

export interface Explanation {
  meaning: string
  advice: string
}

const retype = 'Check the address for typing errors, or ask the recipient for the right one another way.'
const later = 'Send the message again later. If that fails too, show this report to your postmaster.'

/** By subject and detail; the class (4 or 5) says only whether it was tried again. */
const explanations: Record<string, Explanation> = {
  '1.1': { meaning: 'There is no mailbox of that name.', advice: retype },
  '1.2': { meaning: "The address's domain does not exist.", advice: 'Check the part behind the @ for typing errors.' },
  '1.3': { meaning: 'The address is not written as an address must be.', advice: retype },
  '1.6': {
    meaning: 'The mailbox has moved and left no new address.',
    advice: 'Ask the recipient for the new address.',
  },
  '1.10': { meaning: "The address's domain says that it accepts no mail.", advice: retype },
  '2.0': { meaning: 'The mailbox does not accept mail.', advice: 'Reach the recipient another way.' },
  '2.1': {
    meaning: 'The mailbox is switched off and accepts no mail.',
    advice: 'Reach the recipient another way.',
  },
  '2.2': {
    meaning: "The recipient's mailbox is full.",
    advice: 'Tell the recipient another way, and send the message again when there is room.',
  },
  '2.3': {
    meaning: "The message is larger than the recipient's mailbox accepts.",
    advice: 'Make it smaller, or share large files by a link.',
  },
  '3.4': {
    meaning: "The message is larger than the recipient's server accepts.",
    advice: 'Make it smaller, or share large files by a link.',
  },
  '4.1': { meaning: "The recipient's server did not answer.", advice: later },
  '4.2': { meaning: "The connection to the recipient's server broke off.", advice: later },
  '4.3': { meaning: "The name servers of the recipient's domain gave no answer.", advice: later },
  '4.4': {
    meaning: "The address's domain has no mail server.",
    advice: 'Check the part behind the @ for typing errors.',
  },
  '4.6': {
    meaning: "The recipient's domain is set up to send its mail back to this server, which does not host it.",
    advice: "Tell the domain's administrator to correct its MX records.",
  },
  '5.3': { meaning: 'The message has too many recipients.', advice: 'Send it to fewer recipients at a time.' },
  '6.7': {
    meaning: "An address or header with letters outside of ASCII is not accepted by the recipient's server.",
    advice: 'Ask the recipient for an address in ASCII letters.',
  },
  '7.1': {
    meaning: "The recipient's server does not accept this message from you.",
    advice: 'Its answer above may say why; show this report to your postmaster.',
  },
}

/** By subject alone, where the detail says nothing more. */
const bySubject: Record<string, Explanation> = {
  '1': { meaning: 'There is something wrong with the address.', advice: retype },
  '2': {
    meaning: "There is something wrong with the recipient's mailbox.",
    advice: 'Reach the recipient another way.',
  },
  '3': { meaning: "The recipient's server has a problem with the message or with itself.", advice: later },
  '4': { meaning: "The recipient's server could not be reached.", advice: later },
  '5': { meaning: "The recipient's server and this one did not understand each other.", advice: later },
  '6': {
    meaning: "The recipient's server does not accept the message's content or form.",
    advice: 'Its answer above may say why.',
  },
  '7': {
    meaning: "The recipient's server refuses the message by its rules or as unwanted mail.",
    advice: 'Its answer above may say why; show this report to your postmaster.',
  },
}

const unknown: Explanation = {
  meaning: "The recipient's server did not accept the message.",
  advice: 'Its answer above may say why; show this report to your postmaster.',
}

export function explain(status: string): Explanation {
  const [, subject = '', detail = ''] = status.split('.')
  return explanations[`${subject}.${detail}`] ?? bySubject[subject] ?? unknown
}
