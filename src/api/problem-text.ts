/** One problem in words: its status, its title and, where it helps, what to do, in both languages. */
export interface ProblemText {
  status: number
  fr: readonly [title: string, detail?: string]
  en: readonly [title: string, detail?: string]
}

export const problemText = (
  status: number,
  [title, detail]: readonly [title: string, detail?: string],
  en: readonly [title: string, detail?: string],
): ProblemText => ({ status, fr: detail === undefined ? [unbroken(title)] : [unbroken(title), unbroken(detail)], en })

/** The spaces that French has before its signs and inside its quotes, such that no line ends there; narrow ones where it has those. */
export const unbroken = (text: string): string =>
  text
    .replace(/[ \u00a0]([!?;])/g, '\u202f$1')
    .replace(/ ([:»])/g, '\u00a0$1')
    .replace(/« /g, '«\u00a0')
