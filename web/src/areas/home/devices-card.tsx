/** Who signed in last, over each protocol. */
import type { LatestSignInsAnswer } from '../../../../src/api/sign-ins.ts'
import { useResource } from '../../shared/api/queries.ts'
import { useFormat } from '../../shared/texts/format.ts'
import { useTexts } from '../../shared/texts/texts.ts'
import { ButtonLink } from '../../shared/ui/button.tsx'
import { Card } from '../../shared/ui/card.tsx'
import { Await } from '../../shared/ui/states.tsx'
import { texts } from './texts.ts'

export function DevicesCard() {
  const t = useTexts(texts)
  const f = useFormat()
  const latest = useResource<LatestSignInsAnswer>('/sign-ins/latest')
  return (
    <Card title={t.devices} footer={<ButtonLink href="/devices">{t.devicesAction}</ButtonLink>}>
      <Await resource={latest}>
        {found => {
          const seen = found.flatMap(({ protocol, ok }) => (ok ? [{ ...ok, protocol }] : []))
          const programs = seen.filter(({ protocol }) => protocol !== 'panel')
          return (
            <div className="stack">
              {programs.length === 0 && <p>{t.devicesNone}</p>}
              <ul className="list home-sign-ins">
                {seen
                  .toSorted((a, b) => b.lastAt - a.lastAt)
                  .map(({ protocol, lastAt, remoteAddress, label }) => (
                    <li key={protocol}>
                      <span>{t.protocols[protocol] ?? protocol}</span>
                      <span className="muted home-clip">
                        {[label, remoteAddress && t.from(remoteAddress)].filter(Boolean).join(', ')}
                      </span>
                      <time
                        className="muted tabular"
                        dateTime={new Date(lastAt).toISOString()}
                        title={f.dateTime(lastAt)}
                      >
                        {f.relative(lastAt)}
                      </time>
                    </li>
                  ))}
              </ul>
            </div>
          )
        }}
      </Await>
    </Card>
  )
}
