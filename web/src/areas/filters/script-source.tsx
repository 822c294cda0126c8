/** A script that is shown and can't be changed here. */
import './filters.css'

export function ScriptSource({ source }: { source: string }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must get to it.
    <pre className="filter-source" tabIndex={0}>
      {source}
    </pre>
  )
}
