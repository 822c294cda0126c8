/** Why mail did not arrive, as answers of the API say it: the catalogue of the bounces, for whoever shows it elsewhere. */
import Type, { type Static } from 'typebox'
import { explanationClasses } from '../wire/report/explanation/classes.ts'

const Text = Type.Object({
  what: Type.String({ description: 'One sentence' }),
  why: Type.String(),
  todo: Type.String({ description: 'To the sender' }),
})

export const ExplanationSchema = Type.Object({
  class: Type.Enum([...explanationClasses]),
  whoActs: Type.Enum(['sender', 'recipient', 'manager', 'provider', 'nobody'], {
    description: 'Who can do something about it; manager: of the sender’s domain; provider: this service',
  }),
  retryUseful: Type.Boolean({ description: 'Whether the same message may well arrive when it is sent again later' }),
  texts: Type.Object({ fr: Text, en: Text }),
})

export type ExplanationAnswer = Static<typeof ExplanationSchema>
