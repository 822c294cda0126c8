/** The records of a domain as they should be, beside what DNS has at this moment. */
import { RotateCw } from 'lucide-react'
import { Link, useParams } from 'wouter'
import { invalidate, useResource } from '../../shared/api/queries.ts'
import { useAction } from '../../shared/api/use-action.ts'
import { useFormat } from '../../shared/texts/format.ts'
import { useTexts } from '../../shared/texts/texts.ts'
import { Alert, type AlertKind } from '../../shared/ui/alert.tsx'
import { Badge, type Tone } from '../../shared/ui/badge.tsx'
import { Button } from '../../shared/ui/button.tsx'
import { Card } from '../../shared/ui/card.tsx'
import { CopyButton } from '../../shared/ui/copy.tsx'
import { type Column, DataTable } from '../../shared/ui/data-table.tsx'
import { Page } from '../../shared/ui/page.tsx'
import { Await } from '../../shared/ui/states.tsx'
import './domain-dns.css'
import { texts } from './texts.ts'

type Need = 'required' | 'recommended' | 'optional'
type State = 'found' | 'different' | 'missing' | 'unknown'
type Purpose = keyof (typeof texts)['fr']['purposes']

interface DnsRecord {
  name: string
  type: 'MX' | 'SRV' | 'CNAME'
  purpose: Purpose
  need: Need
  /** As a zone file has it. */
  expected: string
  state: State
  found: string[]
}

interface CheckedDomain {
  domain: string
  checkedAt: number
  records: DnsRecord[]
}

const needs: readonly Need[] = ['required', 'recommended', 'optional']

export default function DomainDnsPage() {
  const t = useTexts(texts)
  const f = useFormat()
  const { domain = '' } = useParams<{ domain: string }>()
  const path = `/domains/${encodeURIComponent(domain)}`
  const checked = useResource<CheckedDomain>(`${path}/dns`)
  const again = useAction(() => invalidate(`${path}/dns`))
  return (
    <Page
      title={t.title(domain)}
      description={t.description}
      breadcrumbs={[
        { href: '/domains', label: t.domains },
        { href: path, label: domain },
      ]}
      actions={
        <Button icon={RotateCw} busy={again.busy} onClick={() => void again.run()}>
          {t.again}
        </Button>
      }
    >
      <Await resource={checked}>
        {({ records, checkedAt }) => (
          <>
            <Summary records={records} />
            {needs.map(need => (
              <Records key={need} need={need} records={records.filter(record => record.need === need)} />
            ))}
            <p className="row muted no-print">
              <span>{t.checked(f.time(checkedAt))}</span>
              <Link href="/help/domain-dns">{t.help}</Link>
              <Link href="/help/spf">{t.spf}</Link>
            </p>
          </>
        )}
      </Await>
    </Page>
  )
}

const kinds: Record<State, AlertKind> = {
  found: 'success',
  different: 'warning',
  missing: 'danger',
  unknown: 'warning',
}

function Summary({ records }: { records: readonly DnsRecord[] }) {
  const t = useTexts(texts)
  const state = records.find(({ purpose }) => purpose === 'mail')?.state ?? 'unknown'
  const words: Record<State, readonly [string, string]> = {
    found: [t.good, t.goodText],
    different: [t.different, t.differentText],
    missing: [t.missing, t.missingText],
    unknown: [t.unknown, t.unknownText],
  }
  const [title, text] = words[state]
  const wanting = records.filter(record => record.state === 'missing' && record.need !== 'optional')
  const zone = wanting.map(({ name, type, expected }) => `${name}. 3600 IN ${type} ${expected}`).join('\n')
  return (
    <Alert
      kind={kinds[state]}
      title={title}
      live
      action={
        wanting.length > 0 && (
          <CopyButton text={`${zone}\n`} label={t.zone} small>
            {t.copyZone}
          </CopyButton>
        )
      }
    >
      {text}
    </Alert>
  )
}

const tones: Record<State, Tone> = { found: 'success', different: 'warning', missing: 'warning', unknown: 'warning' }
/** What is missing weighs as much as it was needed. */
const missing: Record<Need, Tone> = { required: 'danger', recommended: 'warning', optional: 'neutral' }

function Records({ need, records }: { need: Need; records: readonly DnsRecord[] }) {
  const t = useTexts(texts)
  const columns: Column<DnsRecord>[] = [
    {
      key: 'record',
      header: t.record,
      cell: ({ purpose, name }) => (
        <span className="dns-record">
          <span>{t.purposes[purpose]}</span>
          <span className="dns-value">
            <code>{name}</code>
            <CopyButton text={name} label={t.copyName(name)} small />
          </span>
        </span>
      ),
    },
    { key: 'type', header: t.type, narrow: true, cell: ({ type }) => type },
    {
      key: 'expected',
      header: t.expected,
      cell: ({ expected }) => (
        <span className="dns-value">
          <code>{expected}</code>
          <CopyButton text={expected} label={expected} small />
          {expected === '0 0 0 .' && <span className="muted">{t.notOffered}</span>}
        </span>
      ),
    },
    {
      key: 'state',
      header: t.state,
      cell: ({ state, found }) => (
        <span className="dns-record">
          <Badge tone={state === 'missing' ? missing[need] : tones[state]}>{t.states[state]}</Badge>
          {state === 'different' && (
            <span className="dns-found">
              {t.found}
              {found.map(value => (
                <code key={value}>{value}</code>
              ))}
            </span>
          )}
        </span>
      ),
    },
  ]
  return (
    <Card title={t.needs[need]} description={t.needTexts[need]} flush>
      <DataTable
        label={t.needs[need]}
        columns={columns}
        source={records}
        rowKey={({ name, type }) => `${name} ${type}`}
      />
    </Card>
  )
}
