/** How much a report tells. */

/** Of a subject: what an inbox shows of it. */
export const SUBJECT_CHARACTERS = 100

/** Recipients that are explained each; of the others the addresses are listed. */
export const EXPLAINED_RECIPIENTS = 50

/** Of one answer, as it is quoted. The queue keeps no more of it. */
export const QUOTED_CHARACTERS = 2_000
