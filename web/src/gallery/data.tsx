import { Inbox } from 'lucide-react'
import { useState } from 'react'
import { useFormat } from '../shared/texts/format.ts'
import { Badge, StatusDot } from '../shared/ui/badge.tsx'
import { Button } from '../shared/ui/button.tsx'
import { Card } from '../shared/ui/card.tsx'
import { CopyField } from '../shared/ui/copy.tsx'
import { type Column, DataTable, type Sort } from '../shared/ui/data-table.tsx'
import { DescriptionList } from '../shared/ui/description-list.tsx'
import { Meter, Progress } from '../shared/ui/meter.tsx'
import { Plot } from '../shared/ui/plot.tsx'
import { QrCode } from '../shared/ui/qr-code.tsx'

interface Row {
  address: string
  used: number
  quota: number
  lastSignIn: number
  state: 'active' | 'receiveOnly'
}

const GB = 1024 ** 3
const now = Date.UTC(2026, 10, 26, 9)
const rows: Row[] = [
  { address: 'alice@example.org', used: 1.2 * GB, quota: 5 * GB, lastSignIn: now - 240_000, state: 'active' },
  { address: 'bob@example.org', used: 4.2 * GB, quota: 5 * GB, lastSignIn: now - 86_400_000, state: 'active' },
  { address: 'accounting@example.org', used: 9.7 * GB, quota: 10 * GB, lastSignIn: now - 9e8, state: 'receiveOnly' },
]
const days = Array.from({ length: 30 }, (_, day) => now - (29 - day) * 86_400_000)
const received = days.map((_, day) => Math.round(180 + 90 * Math.sin(day / 2.2) + ((day * 37) % 41)))
const sent = days.map((_, day) => Math.round(90 + 40 * Math.sin(day / 3 + 1) + ((day * 17) % 23)))

export function Data() {
  const f = useFormat()
  const [sort, setSort] = useState<Sort>({ by: 'address', direction: 'ascending' })
  const columns: Column<Row>[] = [
    { key: 'address', header: 'Adresse', cell: row => row.address, sortable: true },
    {
      key: 'used',
      header: 'Espace',
      cell: row => <Meter compact label="Espace utilisé" used={row.used} total={row.quota} />,
      sortable: true,
    },
    {
      key: 'seen',
      header: 'Dernière connexion',
      cell: row => f.relative(row.lastSignIn, now),
      sortable: true,
      narrow: true,
    },
    { key: 'quota', header: 'Formule', cell: row => f.size(row.quota), align: 'end', narrow: true, wideOnly: true },
    {
      key: 'state',
      header: 'État',
      cell: row =>
        row.state === 'active' ? (
          <StatusDot tone="success">Active</StatusDot>
        ) : (
          <StatusDot tone="warning">Réception seule</StatusDot>
        ),
      narrow: true,
    },
  ]
  const table = { label: 'Boîtes', columns, rowKey: (row: Row) => row.address, rowName: (row: Row) => row.address }
  const still = { items: [], loading: true, problem: null, retry: () => undefined, more: null }
  return (
    <>
      <Card title="Tableau" actions={<Button small>Exporter</Button>} flush>
        <DataTable
          {...table}
          source={{ ...still, items: rows, loading: false, more: { load: () => undefined, busy: false } }}
          href={row => `/_ui/?${row.address}`}
          actions={() => [{ label: 'Modifier' }, 'separator', { label: 'Supprimer', danger: true }]}
          sort={sort}
          onSort={setSort}
        />
      </Card>
      <div className="tiles">
        <Card title="Tableau en attente" flush>
          <DataTable {...table} source={still} expected={2} />
        </Card>
        <Card title="Tableau vide" flush>
          <DataTable {...table} source={[]} />
        </Card>
      </div>
      <div className="tiles">
        <Card title="Espace" footer={<Button small>Vider la corbeille</Button>}>
          <div className="stack">
            <Meter label="Boîte" used={1.2 * GB} total={5 * GB} />
            <Meter label="À surveiller" used={4.2 * GB} total={5 * GB} />
            <Meter label="Presque pleine" used={9.7 * GB} total={10 * GB} />
            <Meter label="Envois de l’heure" used={42} total={null} format={f.number} />
          </div>
        </Card>
        <Card title="Travaux longs">
          <div className="stack">
            <Progress label="Création des boîtes" value={34} max={120} text="34 sur 120" />
            <Progress label="Vérification du DNS" />
          </div>
        </Card>
        <Card title="États">
          <div className="row">
            <Badge>Brouillon</Badge>
            <Badge tone="success">Actif</Badge>
            <Badge tone="warning">Expire bientôt</Badge>
            <Badge tone="danger">Bloqué</Badge>
            <Badge tone="info" icon={Inbox}>
              Nouveau
            </Badge>
            <StatusDot tone="danger">MX absent</StatusDot>
            <StatusDot>Inconnu</StatusDot>
          </div>
        </Card>
      </div>
      <Card title="Messages" description="Les 30 derniers jours">
        <Plot
          title="Reçus et envoyés"
          times={days}
          series={[
            { label: 'Reçus', values: received },
            { label: 'Envoyés', values: sent },
          ]}
        />
      </Card>
      <Card>
        <Plot
          title="Limites atteintes"
          kind="bars"
          times={days.slice(-14)}
          series={[{ label: 'Limites', values: sent.slice(-14) }]}
        />
      </Card>
      <div className="tiles">
        <Card title="Réglages IMAP">
          <div className="stack">
            <CopyField label="Serveur" value="mail.example.org" />
            <CopyField label="Port" value="993" />
            <CopyField
              label="Enregistrement SPF"
              value="v=spf1 mx include:_spf.example.org ip4:192.0.2.10 ip6:2001:db8::10 -all"
            />
          </div>
        </Card>
        <Card title="Sur le téléphone">
          <QrCode text="https://mail.example.org/setup" label="Ouvrir la page de réglages sur le téléphone" />
        </Card>
        <Card title="Domaine" className="wide">
          <DescriptionList
            items={[
              { term: 'Nom', value: 'example.org' },
              { term: 'Boîtes', value: '12 sur 50', action: <Button small>Modifier</Button> },
              { term: 'Créé le', value: f.date(now) },
              { term: 'Prix', value: f.money(1250, 'EUR') },
            ]}
          />
        </Card>
      </div>
    </>
  )
}
