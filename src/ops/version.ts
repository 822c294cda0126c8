/** The version of the package, read from where it is declared. */
import { readFileSync } from 'node:fs'

export function packageVersion(): string {
  // As far from src/ops as from dist/ops.
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))
  return version
}
