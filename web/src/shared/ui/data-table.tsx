/**
 * A list of things of one kind, read by cursor. On a narrow place each row becomes a card by itself. The whole row leads to `href` by the link in its
 * first column; other links and buttons in it keep their own meaning.
 */
import { ArrowDown, ArrowUp, ChevronsUpDown } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { Link } from 'wouter'
import type { Pages } from '../api/queries.ts'
import { en, fr } from '../texts/format.ts'
import { defineTexts, useTexts } from '../texts/texts.ts'
import { Alert } from './alert.tsx'
import { Button } from './button.tsx'
import { classNames } from './class-names.ts'
import './data-table.css'
import { Icon } from './icon.tsx'
import { Menu, type MenuItem } from './menu.tsx'
import { EmptyState, ErrorState, Skeleton } from './states.tsx'

const texts = defineTexts({
  fr: {
    actions: 'Actions',
    actionsFor: (name: string) => `Actions pour ${name}`,
    more: 'Afficher la suite',
    loading: 'Chargement…',
    empty: 'Rien à afficher',
    retry: 'Réessayer',
    found: (count: number, more: boolean) =>
      more ? `Les ${count} premières lignes` : fr.plural(count, 'ligne', 'lignes'),
    nothing: 'Aucune ligne',
  },
  en: {
    actions: 'Actions',
    actionsFor: name => `Actions for ${name}`,
    more: 'Show more',
    loading: 'Loading…',
    empty: 'Nothing to show',
    retry: 'Try again',
    found: (count, more) => (more ? `The first ${count} rows` : en.plural(count, 'row', 'rows')),
    nothing: 'No rows',
  },
})

export interface Sort {
  by: string
  direction: 'ascending' | 'descending'
}

export interface Column<T> {
  /** Unique in the table; what `onSort` is told. */
  key: string
  header: string
  cell(row: T): ReactNode
  sortable?: boolean
  /** Figures stand at the end. */
  align?: 'end'
  /** As wide as its content; the others share the rest. */
  narrow?: boolean
  /** Words, not a name: written with a capital. */
  sentence?: boolean
  /** Left out of the cards of a narrow place. */
  wideOnly?: boolean
}

export interface DataTableProps<T> {
  /** What the table lists, read aloud. */
  label: string
  columns: readonly Column<T>[]
  /** `usePages(…)`, or the rows when they are all there. */
  source: Pages<T> | readonly T[]
  rowKey(row: T): string | number
  /** What a row is called, for its menu. */
  rowName?(row: T): string
  href?(row: T): string
  actions?(row: T): readonly (MenuItem | 'separator')[]
  sort?: Sort
  onSort?(sort: Sort): void
  empty?: ReactNode
  /** Rows of the skeleton. */
  expected?: number
}

const isList = <T,>(source: Pages<T> | readonly T[]): source is readonly T[] => Array.isArray(source)

/** Its own order at first, the other way when it is chosen again. */
export function nextSort(sort: Sort | undefined, by: string): Sort {
  return { by, direction: sort?.by === by && sort.direction === 'ascending' ? 'descending' : 'ascending' }
}

export function DataTable<T>({ source, ...props }: DataTableProps<T>) {
  const pages: Pages<T> = isList(source)
    ? { items: [...source], loading: false, problem: null, retry: () => undefined, more: null }
    : source
  return (
    <>
      {!isList(source) && <Found pages={pages} />}
      <Rows {...props} pages={pages} />
    </>
  )
}

/** Tells a screen reader what a search or a filter found: it stays while the table comes and goes. Of the first load the page itself tells. */
function Found<T>({ pages: { items, loading, problem, more } }: { pages: Pages<T> }) {
  const t = useTexts(texts)
  const [isFirst, setFirst] = useState(true)
  const [wasLoading, setWasLoading] = useState(loading)
  if (loading !== wasLoading) {
    setWasLoading(loading)
    if (loading) setFirst(false)
  }
  const text =
    isFirst || problem
      ? ''
      : loading
        ? t.loading
        : items.length === 0
          ? t.nothing
          : t.found(items.length, more !== null)
  return (
    <p className="visually-hidden" role="status">
      {text}
    </p>
  )
}

function Rows<T>({
  pages: { items, loading, problem, retry, more },
  ...props
}: Omit<DataTableProps<T>, 'source'> & { pages: Pages<T> }) {
  const { label, columns, rowKey, rowName, href, actions, empty, expected = 5 } = props
  const t = useTexts(texts)

  if (problem && items.length === 0) return <ErrorState problem={problem} retry={retry} />
  if (!loading && items.length === 0) return empty ?? <EmptyState title={t.empty} />
  return (
    <div className={classNames('table-place', columns.length + (actions ? 1 : 0) <= 2 && 'short')}>
      <table className="table" aria-label={label} aria-busy={loading}>
        <thead>
          <tr>
            {columns.map(column => (
              <HeaderCell key={column.key} column={column} sort={props.sort} onSort={props.onSort} />
            ))}
            {actions && (
              <th scope="col" className="narrow">
                <span className="visually-hidden">{t.actions}</span>
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          {loading
            ? Array.from({ length: expected }, (_, row) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: place-holders have no identity, and don't move.
                <tr key={row}>
                  {columns.map((column, index) => (
                    <td key={column.key} className={cellClass(column, index)}>
                      {index > 0 && <CellLabel>{column.header}</CellLabel>}
                      <Skeleton width={column.narrow ? '3.5rem' : `${[62, 48, 74, 55][(row + index) % 4]}%`} />
                    </td>
                  ))}
                  {actions && <td className="row-actions" />}
                </tr>
              ))
            : items.map(row => (
                <tr key={rowKey(row)} className={href && 'leads'}>
                  {columns.map((column, index) => {
                    const cell = column.cell(row)
                    return (
                      <td key={column.key} className={cellClass(column, index, cell)}>
                        {index > 0 && <CellLabel>{column.header}</CellLabel>}
                        {index === 0 && href ? (
                          <Link href={href(row)} className="row-link">
                            {breakable(cell)}
                          </Link>
                        ) : (
                          <div className="cell-value">{breakable(cell)}</div>
                        )}
                      </td>
                    )
                  })}
                  {actions && (
                    <td className="row-actions">
                      <RowMenu items={actions(row)} label={rowName ? t.actionsFor(rowName(row)) : t.actions} />
                    </td>
                  )}
                </tr>
              ))}
        </tbody>
      </table>
      {problem && (
        <div className="table-foot">
          <Alert
            kind="danger"
            live
            action={
              <Button small onClick={retry}>
                {t.retry}
              </Button>
            }
          >
            {problem.message}
          </Alert>
        </div>
      )}
      {more && !problem && (
        <div className="table-foot no-print">
          <Button busy={more.busy} onClick={more.load}>
            {t.more}
          </Button>
        </div>
      )}
    </div>
  )
}

/** An address that has to be broken is broken after its @; a sentence with one has better places. */
export function breakable(node: ReactNode): ReactNode {
  if (typeof node !== 'string' || /\s/.test(node)) return node
  const at = node.indexOf('@') + 1
  if (at === 0) return node
  return (
    <>
      {node.slice(0, at)}
      <wbr />
      {node.slice(at)}
    </>
  )
}

function cellClass<T>(column: Column<T>, index: number, cell?: ReactNode): string {
  return classNames(
    index === 0 && 'first',
    column.align === 'end' && 'end tabular',
    column.narrow && 'narrow',
    column.sentence && 'sentence',
    // In the card of a narrow place, which has a label for each.
    (column.wideOnly || cell === '') && 'wide-only',
  )
}

/** What the column's header says, for the cards of a narrow place; a screen reader has it from the header. */
function CellLabel({ children }: { children: string }) {
  return (
    <span className="cell-label" aria-hidden="true">
      {children}
    </span>
  )
}

function RowMenu({ items, label }: { items: readonly (MenuItem | 'separator')[]; label: string }) {
  return items.length > 0 ? <Menu items={items} label={label} /> : null
}

function HeaderCell<T>({
  column,
  sort,
  onSort,
}: {
  column: Column<T>
  sort: Sort | undefined
  onSort: ((sort: Sort) => void) | undefined
}) {
  const direction = sort?.by === column.key ? sort.direction : undefined
  const icon = direction === undefined ? ChevronsUpDown : direction === 'ascending' ? ArrowUp : ArrowDown
  return (
    <th
      scope="col"
      aria-sort={column.sortable ? (direction ?? 'none') : undefined}
      className={classNames(column.align === 'end' && 'end', column.narrow && 'narrow')}
    >
      {column.sortable && onSort ? (
        <button type="button" className="sort" onClick={() => onSort(nextSort(sort, column.key))}>
          {column.header}
          <Icon of={icon} size={13} />
        </button>
      ) : (
        column.header
      )}
    </th>
  )
}
