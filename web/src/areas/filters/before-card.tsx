/** What is applied before the filters of a mailbox, for whoever has or manages it. */
import type { FiltersAnswer } from '../../../../src/api/filters.ts'
import { useTexts } from '../../shared/texts/texts.ts'
import { Card } from '../../shared/ui/card.tsx'
import './filters.css'
import { commonTexts } from './common-texts.ts'
import { ruleSummary } from './rule-summary.ts'
import { ScriptSource } from './script-source.tsx'
import { texts } from './texts.ts'

export function BeforeCard({ before: { service, domain } }: { before: FiltersAnswer['before'] }) {
  const t = useTexts(commonTexts)
  const words = useTexts(texts)
  if (!service && !domain) return null
  const rules = domain?.rules?.filter(({ isEnabled }) => isEnabled)
  return (
    <Card title={t.before} description={t.beforeText}>
      <div className="stack">
        {service && <p>{t.beforeService}</p>}
        {domain && (
          <details>
            <summary>{t.beforeDomain(domain.name)}</summary>
            {rules ? (
              <ol>
                {rules.map((rule, at) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: rules have no identity but their place.
                  <li key={at}>
                    <strong>{rule.name}</strong>
                    <br />
                    {ruleSummary(rule, words)}
                  </li>
                ))}
              </ol>
            ) : (
              <ScriptSource source={domain.source} />
            )}
          </details>
        )}
      </div>
    </Card>
  )
}
