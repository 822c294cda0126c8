/** What can be wrong with asking what became of a message. */
import type { TraceErrorCode } from '../accounts/trace-error-codes.ts'
import { type ProblemText, problemText as t } from './problem-text.ts'

export const traceTexts: Record<TraceErrorCode, ProblemText> = {
  'trace-not-found': t(
    404,
    ['Il n’y a pas de suivi de ce message.', 'Le suivi est effacé au bout d’un certain temps.'],
    ['There is no trace of this message.', 'Traces are forgotten after a while.'],
  ),
  'trace-not-queued': t(
    409,
    ['Ce message n’attend plus dans la file d’envoi.', 'Rechargez la page pour voir ce qu’il est devenu.'],
    ['This message no longer waits in the queue.', 'Reload the page to see what became of it.'],
  ),
  'sending-not-held': t(
    409,
    ['Les envois de cette boîte mail ne sont pas retenus.', 'Quelqu’un a peut-être déjà décidé : rechargez la page.'],
    ['Mail of this mailbox is not held.', 'Somebody may have decided already: reload the page.'],
  ),
  'trace-link-gone': t(
    404,
    ['Ce lien n’est plus valable.', 'Demandez un nouveau lien à la personne qui vous l’a envoyé.'],
    ['This link is no longer valid.', 'Ask whoever sent it to you for a new one.'],
  ),
}
