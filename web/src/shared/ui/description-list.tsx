import type { ReactNode } from 'react'
import './description-list.css'

/** The facts about one thing: a name, what it is, and perhaps a button to change it. Entries that are false or null are left out. */
export function DescriptionList({
  items,
}: {
  items: readonly ({ term: string; value: ReactNode; action?: ReactNode } | false | null)[]
}) {
  return (
    <dl className="description-list">
      {items
        .filter(item => item !== false && item !== null)
        .map(({ term, value, action }) => (
          <div key={term}>
            <dt>{term}</dt>
            <dd>
              <div className="description-value">{value}</div>
              {action && <div className="description-action no-print">{action}</div>}
            </dd>
          </div>
        ))}
    </dl>
  )
}
