/** Choose a program; below, what every program asks for, and whether it works. */
import { ChevronRight } from 'lucide-react'
import { Link } from 'wouter'
import { useResource } from '../../shared/api/queries.ts'
import { useTexts } from '../../shared/texts/texts.ts'
import { Icon } from '../../shared/ui/icon.tsx'
import { Page } from '../../shared/ui/page.tsx'
import { Await } from '../../shared/ui/states.tsx'
import type { MailSettings } from './contract.ts'
import './devices.css'
import { icons, programs, programTexts } from './programs.ts'
import { SettingsCard } from './settings-card.tsx'
import { TestCard } from './test-card.tsx'
import { texts } from './texts.ts'

export default function DevicesPage() {
  const t = useTexts(texts)
  const p = useTexts(programTexts)
  const settings = useResource<MailSettings>('/devices/settings')
  return (
    <Page title={t.title} description={t.description}>
      <ul className="list tiles devices-programs">
        {programs.map(program => (
          <li key={program}>
            <Link href={`/devices/${program}`}>
              <Icon of={icons[program]} size={22} />
              <span>
                <strong>{p.names[program]}</strong>
                <span className="muted">{p.hints[program]}</span>
              </span>
              <Icon of={ChevronRight} size={16} />
            </Link>
          </li>
        ))}
      </ul>
      <Await resource={settings}>
        {data => (
          <>
            <TestCard settings={data} />
            <SettingsCard settings={data} />
          </>
        )}
      </Await>
    </Page>
  )
}
