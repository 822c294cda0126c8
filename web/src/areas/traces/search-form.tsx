/** What is looked for. An owner says it as a sentence: “I sent a message to … around …”. */
import { Search } from 'lucide-react'
import { useTexts } from '../../shared/texts/texts.ts'
import { Button } from '../../shared/ui/button.tsx'
import { Select } from '../../shared/ui/select.tsx'
import { AddressField, DateField, TextField } from '../../shared/ui/text-field.tsx'
import { useForm } from '../../shared/ui/use-form.ts'
import { texts } from './texts.ts'
import { margins, statuses, type Wish, ways } from './wish.ts'

export function SearchForm({ own, wish, onSearch }: { own: boolean; wish: Wish; onSearch(wish: Wish): void }) {
  const t = useTexts(texts)
  const form = useForm({ initial: wish, submit: async values => onSearch(values) })
  const { field } = form
  return (
    <form
      className="stack"
      noValidate
      onSubmit={event => {
        event.preventDefault()
        void form.send()
      }}
    >
      <div className="filters">
        {own ? (
          <>
            <Select
              {...field('way')}
              label={t.mine}
              className="trace-way"
              options={ways.map(value => ({ value, label: t.ways[value] }))}
            />
            <AddressField {...field('other')} label={t.other} autoComplete="off" maxLength={320} />
          </>
        ) : (
          <>
            <Select
              {...field('way')}
              label={t.way}
              options={ways.map(value => ({ value, label: t.managedWays[value] }))}
            />
            <AddressField {...field('sender')} label={t.sender} autoComplete="off" maxLength={320} />
            <AddressField {...field('recipient')} label={t.recipient} autoComplete="off" maxLength={320} />
            <TextField {...field('id')} label={t.id} autoComplete="off" spellCheck={false} maxLength={320} />
          </>
        )}
        <DateField {...field('day')} label={t.day} />
        <TextField {...field('time')} label={t.time} type="time" />
        <Select
          {...field('margin')}
          label={t.margin}
          options={margins.map(value => ({ value, label: t.margins[value] }))}
        />
        <Select
          {...field('status')}
          label={t.status}
          options={statuses.map(value => ({ value, label: t.statuses[value] }))}
        />
      </div>
      <div className="row">
        <Button type="submit" kind="primary" icon={Search} busy={form.busy}>
          {t.search}
        </Button>
        <small className="muted">{own ? t.hint : t.idHint}</small>
      </div>
    </form>
  )
}
