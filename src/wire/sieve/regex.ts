export class RegexProblem extends Error {}
export interface Regex {
  pattern: string
}
export function compileRegex(pattern: string, _ignoresCase: boolean): Regex {
  return { pattern }
}
export function matchRegex(
  _regex: Regex,
  _text: string,
  _spend: (units: number) => void,
  _values: boolean,
): string[] | null {
  return null
}
