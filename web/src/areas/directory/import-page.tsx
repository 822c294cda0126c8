/** Many mailboxes at once, from a spreadsheet: choose, check, create, and take the links away. */
import { FileUp } from 'lucide-react'
import { type ReactNode, useEffect, useLayoutEffect, useRef, useState } from 'react'
import { asProblem } from '../../shared/api/problem.ts'
import { invalidate } from '../../shared/api/queries.ts'
import { api } from '../../shared/api/session.ts'
import { useAction } from '../../shared/api/use-action.ts'
import { useFormat } from '../../shared/texts/format.ts'
import { useTexts } from '../../shared/texts/texts.ts'
import { Alert } from '../../shared/ui/alert.tsx'
import { Button } from '../../shared/ui/button.tsx'
import { Card } from '../../shared/ui/card.tsx'
import { DataTable } from '../../shared/ui/data-table.tsx'
import { ConfirmDialog } from '../../shared/ui/dialog.tsx'
import { Progress } from '../../shared/ui/meter.tsx'
import { Page } from '../../shared/ui/page.tsx'
import { TextArea } from '../../shared/ui/text-field.tsx'
import { useUnsavedChanges } from '../../shared/ui/unsaved-changes.ts'
import type { CreatedMailbox, ListPreview } from './contract.ts'
import './directory.css'
import { csvOf, type ImportResult, saveText } from './import-result.ts'
import { importTexts } from './import-texts.ts'

type PreviewRow = ListPreview['rows'][number]

const base64Of = (bytes: Uint8Array): string => {
  let binary = ''
  for (const byte of bytes) binary += String.fromCharCode(byte)
  return btoa(binary)
}

export default function ImportPage() {
  const t = useTexts(importTexts)
  const [preview, setPreview] = useState<ListPreview | null>(null)
  const [results, setResults] = useState<ImportResult[] | null>(null)
  /** Kept here: whoever is told of a wrong line corrects that one. */
  const [pasted, setPasted] = useState('')
  const [isBack, setBack] = useState(false)
  const choose = (): void => {
    setResults(null)
    setPreview(null)
    setBack(true)
  }
  const again = (): void => {
    setPasted('')
    choose()
  }
  useUnsavedChanges(pasted.trim() !== '' && results === null)
  return (
    <Page title={t.title} description={t.description} breadcrumbs={[{ label: t.mailboxes, href: '/mailboxes' }]}>
      {results ? (
        <Results results={results} again={again} />
      ) : preview ? (
        <Preview
          preview={preview}
          back={{ label: pasted.trim() === '' ? t.back : t.correct, go: choose }}
          done={setResults}
        />
      ) : (
        <Choose text={pasted} setText={setPasted} takesFocus={isBack} onPreview={setPreview} />
      )}
    </Page>
  )
}

/** What comes in the place of the button that was pressed takes the focus, which would be lost with it. */
function Arrival({ children }: { children: ReactNode }) {
  const element = useRef<HTMLDivElement>(null)
  useLayoutEffect(() => element.current?.focus(), [])
  return (
    <div ref={element} tabIndex={-1}>
      {children}
    </div>
  )
}

function Choose({
  text,
  setText,
  takesFocus,
  onPreview,
}: {
  text: string
  setText(text: string): void
  takesFocus: boolean
  onPreview(preview: ListPreview): void
}) {
  const t = useTexts(importTexts)
  const file = useRef<HTMLInputElement>(null)
  const read = useAction(async (bytes: Uint8Array, pasted: string) => {
    const preview = await api.post<ListPreview>('/mailboxes/preview', { data: base64Of(bytes) })
    setText(pasted)
    onPreview(preview)
  })
  return (
    <Card title={t.choose} description={t.columns}>
      <div className="stack">
        {read.problem && (
          <Alert kind="danger" live>
            {read.problem.message}
          </Alert>
        )}
        <div>
          <input
            ref={file}
            type="file"
            hidden
            aria-label={t.file}
            accept=".csv,.txt,.tsv,text/csv,text/plain"
            onChange={event => {
              const chosen = event.currentTarget.files?.[0]
              if (chosen) void chosen.arrayBuffer().then(buffer => read.run(new Uint8Array(buffer), ''))
              event.currentTarget.value = ''
            }}
          />
          <Button icon={FileUp} busy={read.busy} onClick={() => file.current?.click()}>
            {t.file}
          </Button>
        </div>
        <TextArea
          name="list"
          label={t.paste}
          hint={t.pasteHint}
          rows={6}
          value={text}
          onChange={setText}
          autoFocus={takesFocus}
        />
        <div>
          <Button
            kind="primary"
            busy={read.busy}
            disabled={text.trim() === ''}
            onClick={() => void read.run(new TextEncoder().encode(text), text)}
          >
            {t.check}
          </Button>
        </div>
      </div>
    </Card>
  )
}

function Preview({
  preview,
  back,
  done,
}: {
  preview: ListPreview
  back: { label: string; go(): void }
  done(results: ImportResult[]): void
}) {
  const t = useTexts(importTexts)
  const f = useFormat()
  const [at, setAt] = useState<number | null>(null)
  const stopped = useRef(false)
  // Whoever leaves meanwhile has said so: nothing more is made whose link nobody sees.
  useEffect(
    () => () => {
      stopped.current = true
    },
    [],
  )
  useUnsavedChanges(at !== null)
  // Of this list: what is sent again after a lost answer is done once.
  const [run] = useState(() => crypto.randomUUID())
  const spaceOf = ({ plan, quotaBytes, errors }: PreviewRow): string => {
    if (plan) return t.byPlan(plan.name)
    // What is wrong with it stands beside it.
    if (quotaBytes === undefined)
      return errors.some(({ column }) => column === 'quota' || column === 'plan') ? '–' : t.byDomain
    return quotaBytes === null ? t.unlimited : f.size(quotaBytes)
  }
  const ready = preview.rows.filter(({ errors }) => errors.length === 0)
  const create = async (): Promise<void> => {
    const results: ImportResult[] = []
    for (const [index, row] of ready.entries()) {
      if (stopped.current) break
      setAt(index)
      results.push(await createOne(row, `${run}-${row.line}`))
    }
    await Promise.all([invalidate('/mailboxes'), invalidate('/domains')])
    done(results)
  }
  if (at !== null)
    return (
      <Arrival>
        <Card title={t.creating}>
          <div className="stack">
            <Progress
              label={ready[at]?.address ?? ''}
              value={at}
              max={ready.length}
              text={t.progress(f.number(at), f.number(ready.length))}
            />
            <div>
              <Button onClick={() => (stopped.current = true)}>{t.stop}</Button>
            </div>
          </div>
        </Card>
      </Arrival>
    )
  const wrong = preview.rows.length - preview.ready
  return (
    <div className="stack">
      <Arrival>
        {wrong > 0 ? (
          <Alert kind="warning">{t.someWrong(wrong)}</Alert>
        ) : (
          <Alert kind="success">{t.allReady(preview.ready)}</Alert>
        )}
      </Arrival>
      <Card flush>
        <DataTable
          label={t.preview}
          source={preview.rows}
          rowKey={({ line }) => line}
          columns={[
            { key: 'address', header: t.address, cell: row => <span className="nowrap">{row.address}</span> },
            { key: 'line', header: t.line, align: 'end', narrow: true, cell: ({ line }) => f.number(line) },
            { key: 'name', header: t.name, cell: ({ name }) => <span className="nowrap">{name}</span> },
            {
              key: 'quota',
              header: t.quota,
              align: 'end',
              cell: row => spaceOf(row),
            },
            { key: 'sendTo', header: t.sendTo, wideOnly: true, cell: ({ sendTo }) => sendTo },
            {
              key: 'errors',
              header: t.check2,
              cell: row =>
                row.errors.length === 0 ? (
                  t.ok
                ) : (
                  <ul className="directory-targets directory-wrong">
                    {row.errors.map(({ column, code, message }) => (
                      <li key={`${column} ${code}`}>{t.wrong(t.columnNames[column], message)}</li>
                    ))}
                  </ul>
                ),
            },
          ]}
        />
      </Card>
      <div className="row">
        <Button kind="primary" disabled={ready.length === 0} onClick={() => void create()}>
          {t.create(ready.length)}
        </Button>
        <Button onClick={back.go}>{back.label}</Button>
      </div>
    </div>
  )
}

async function createOne(row: PreviewRow, key: string): Promise<ImportResult> {
  const { address, name, sendTo, quotaBytes, plan } = row
  try {
    const space = plan ? { planId: plan.planId } : quotaBytes === undefined ? {} : { quotaBytes }
    const body = { address, name, ...space, link: { sendTo: sendTo.trim() === '' ? null : sendTo.trim() } }
    const { link } = await api.post<CreatedMailbox>('/mailboxes', body, { idempotencyKey: key })
    return { address, name, link: link?.url ?? '', sentTo: link?.sentTo ?? '', problem: '', isCreated: true }
  } catch (error) {
    return { address, name, link: '', sentTo: '', problem: asProblem(error).message, isCreated: false }
  }
}

function Results({ results, again }: { results: readonly ImportResult[]; again(): void }) {
  const t = useTexts(importTexts)
  const [isSaved, setSaved] = useState(false)
  const [asks, setAsks] = useState(false)
  const created = results.filter(({ isCreated }) => isCreated).length
  const isLost = !isSaved && results.some(({ link, sentTo }) => link !== '' && sentTo === '')
  useUnsavedChanges(isLost)
  return (
    <div className="stack">
      <Arrival>
        <Alert kind={created === results.length ? 'success' : 'warning'} title={t.created(created, results.length)}>
          {created > 0 && t.linksOnce}
        </Alert>
      </Arrival>
      <Card flush>
        <DataTable
          label={t.results}
          source={results}
          rowKey={({ address }) => address}
          columns={[
            { key: 'address', header: t.address, cell: ({ address }) => address },
            {
              key: 'link',
              header: t.link,
              cell: row => <span className="directory-who">{row.link || row.problem}</span>,
            },
            { key: 'sentTo', header: t.sentTo, cell: ({ sentTo }) => sentTo },
          ]}
        />
      </Card>
      <div className="row">
        <Button
          kind="primary"
          onClick={() => {
            saveText(t.fileName, csvOf([t.address, t.name, t.link, t.sentTo, t.problem], results))
            setSaved(true)
          }}
        >
          {t.download}
        </Button>
        <Button onClick={() => (isLost ? setAsks(true) : again())}>{t.another}</Button>
      </div>
      <ConfirmDialog
        open={asks}
        onClose={() => setAsks(false)}
        title={t.another}
        confirm={t.forget}
        danger
        onConfirm={again}
      >
        {t.notSaved}
      </ConfirmDialog>
    </div>
  )
}
