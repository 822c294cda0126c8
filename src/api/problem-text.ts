/** One problem in words: its status, its title and, where it helps, what to do, in both languages. */
export interface ProblemText {
  status: number
  fr: readonly [title: string, detail?: string]
  en: readonly [title: string, detail?: string]
}

export const problemText = (
  status: number,
  fr: readonly [title: string, detail?: string],
  en: readonly [title: string, detail?: string],
): ProblemText => ({ status, fr, en })
