/**
 * The state of a form: values, errors by field, what the service answered. A page writes
 *   const form = useForm({ initial: { address: '' }, check: v => ({ address: v.address ? undefined : t.required }), submit: save })
 *   <Form form={form} submit={t.save}><AddressField {...form.field('address')} label={t.address} /></Form>
 * `submit` throws an ApiProblem when it fails: its errors go to the fields of the same name, the rest above the form.
 */
import { useCallback, useRef, useState } from 'react'
import { type ApiProblem, asProblem } from '../api/problem.ts'
import type { Bound } from './field.tsx'

export type FieldErrors<V> = { [K in keyof V]?: string | undefined }

export interface FormState<V extends object> {
  values: V
  errors: FieldErrors<V>
  problem: ApiProblem | null
  busy: boolean
  /** Something differs from `initial`, or from what was last sent. */
  dirty: boolean
  /** How often sending was refused by `check` or by the service: the form moves the focus each time. */
  refusals: number
  field<K extends keyof V & string>(name: K): Bound<V[K]>
  set(changes: Partial<V>): void
  send(): Promise<void>
  /** Back to `initial`, or to these values, which are the new starting point. */
  reset(values?: V): void
}

interface Settings<V extends object> {
  initial: V
  check?(values: V): FieldErrors<V>
  submit(values: V): Promise<unknown>
}

export function useForm<V extends object>(settings: Settings<V>): FormState<V> {
  const [start, setStart] = useState(settings.initial)
  const [values, setValues] = useState(settings.initial)
  const [errors, setErrors] = useState<FieldErrors<V>>({})
  const [problem, setProblem] = useState<ApiProblem | null>(null)
  const [busy, setBusy] = useState(false)
  const [refusals, setRefusals] = useState(0)
  const running = useRef(false)
  const resets = useRef(0)
  const latest = useRef({ settings, values })
  latest.current.settings = settings

  const set = useCallback((changes: Partial<V>) => {
    // Several fields may change in one event: each builds on the last.
    latest.current.values = { ...latest.current.values, ...changes }
    setValues(latest.current.values)
    setErrors(before => {
      const after = { ...before }
      for (const key of Object.keys(changes) as (keyof V)[]) delete after[key]
      return after
    })
  }, [])

  const send = useCallback(async () => {
    if (running.current) return
    const { settings: now, values: sent } = latest.current
    const found = now.check?.(sent) ?? {}
    setProblem(null)
    setErrors(found)
    if (Object.values(found).some(Boolean)) {
      setRefusals(count => count + 1)
      return
    }
    running.current = true
    setBusy(true)
    try {
      const before = resets.current
      await now.submit(sent)
      // What was taken is what there is; unless `submit` said better.
      if (resets.current === before) setStart(sent)
    } catch (error) {
      const refused = asProblem(error)
      if (refused.code === 'unexpected') console.error(error)
      const known: FieldErrors<V> = {}
      let unknown = refused.fields.length === 0
      for (const { field, text } of refused.fields) {
        if (field in sent) known[field as keyof V] = text
        else unknown = true
      }
      setErrors(known)
      if (unknown) setProblem(refused)
      setRefusals(count => count + 1)
    } finally {
      running.current = false
      setBusy(false)
    }
  }, [])

  const reset = useCallback((next?: V) => {
    const to = next ?? latest.current.settings.initial
    resets.current++
    latest.current.values = to
    setStart(to)
    setValues(to)
    setErrors({})
    setProblem(null)
  }, [])

  const keys = Object.keys(values) as (keyof V)[]
  return {
    values,
    errors,
    problem,
    busy,
    refusals,
    dirty: keys.some(key => !isSame(values[key], start[key])),
    field: name => ({
      name,
      value: values[name],
      error: errors[name],
      onChange: value => set({ [name]: value } as unknown as Partial<V>),
    }),
    set,
    send,
    reset,
  }
}

/** Values of fields are plain: texts, switches, and lists and groups of such. */
const isSame = (a: unknown, b: unknown): boolean =>
  Object.is(a, b) || (typeof a === 'object' && JSON.stringify(a) === JSON.stringify(b))
