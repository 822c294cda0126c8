/** One program: the shortest way for it, then its settings and the test. */
import { BookOpen } from 'lucide-react'
import { useParams } from 'wouter'
import { useResource } from '../../shared/api/queries.ts'
import { useTexts } from '../../shared/texts/texts.ts'
import { Alert } from '../../shared/ui/alert.tsx'
import { ButtonLink } from '../../shared/ui/button.tsx'
import { Card } from '../../shared/ui/card.tsx'
import { Page } from '../../shared/ui/page.tsx'
import { Await } from '../../shared/ui/states.tsx'
import { NotFoundPage } from '../../shell/not-found-page.tsx'
import type { MailSettings } from './contract.ts'
import './devices.css'
import { DownloadProfile, isApplePhone, OpenOnPhone, ScanProfile } from './profile-card.tsx'
import { guides, isProgram, type Program, programTexts } from './programs.ts'
import { SettingsCard } from './settings-card.tsx'
import { TestCard } from './test-card.tsx'
import { texts } from './texts.ts'

export default function ProgramPage() {
  const { program } = useParams<{ program: string }>()
  return isProgram(program) ? <OfProgram program={program} /> : <NotFoundPage />
}

function OfProgram({ program }: { program: Program }) {
  const t = useTexts(texts)
  const p = useTexts(programTexts)
  const settings = useResource<MailSettings>('/devices/settings')
  return (
    <Page
      title={t.programTitle(p.names[program])}
      breadcrumbs={[{ href: '/devices', label: t.title }]}
      actions={
        <ButtonLink icon={BookOpen} href={`/help/${guides[program]}`}>
          {t.guide}
        </ButtonLink>
      }
    >
      {program === 'outlook' && <Alert kind="warning">{p.beware.outlook}</Alert>}
      {program === 'iphone' ? <Iphone /> : <Steps program={program} />}
      <Await resource={settings}>
        {data => (
          <>
            <SettingsCard settings={data} />
            <TestCard settings={data} />
          </>
        )}
      </Await>
      {program === 'android' && !/Android/.test(navigator.userAgent) && <OpenOnPhone path="/devices/android" />}
    </Page>
  )
}

function Iphone() {
  const t = useTexts(texts)
  if (!isApplePhone()) return <ScanProfile />
  return (
    <Card title={t.here} description={t.hereText}>
      <DownloadProfile primary />
    </Card>
  )
}

function Steps({ program }: { program: Exclude<Program, 'iphone'> }) {
  const t = useTexts(texts)
  const p = useTexts(programTexts)
  return (
    <Card title={t.steps}>
      <div className="stack">
        {program === 'mac' && <DownloadProfile primary />}
        <ol className="devices-steps">
          {p.steps[program].split('\n').map(step => (
            <li key={step}>{step}</li>
          ))}
        </ol>
      </div>
    </Card>
  )
}
