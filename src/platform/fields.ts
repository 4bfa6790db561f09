/**
 * A form is written once: label, hint, control, validation, type. Pages parse it, the ui draws it, tests fill it.
 * Values are NFC, trimmed, without control characters; every refusal is a French sentence tied to its field.
 */

import { type Language, uiWords } from './ui/words/index.ts'

export interface Option {
  value: string
  label: string
  hint?: string
}

export type Control =
  | 'text'
  | 'textarea'
  | 'email'
  | 'tel'
  | 'date'
  | 'number'
  | 'select'
  | 'radio'
  | 'checkboxes'
  | 'checkbox'
  | 'hidden'
  | 'file'

export interface FieldSpec {
  control: Control
  label: string
  hint?: string
  /** Shown as « (facultatif) » when false. */
  required: boolean
  options?: readonly Option[]
  autocomplete?: string
  inputmode?: 'numeric' | 'tel' | 'email' | 'text'
  min?: number | string
  max?: number | string
  maxLength?: number
  /** Expected length in characters: the ui sizes the box to the answer. */
  width?: number
  /** Key of a live-search endpoint (island); the field works without it. */
  suggest?: string
  /** Of a file: what the chooser proposes first. */
  accept?: string
}

export type Checked<T> = { ok: true; value: T } | { ok: false; error: string }

/** What a refusal needs to be said in a language: its sentences, the field's name in it, the field's own sentence. */
export interface Said {
  say: ReturnType<typeof uiWords>
  label: string
  /** Instead of the general sentence: nothing was answered, the box was not ticked, the shape is wrong. */
  missing?: string
  wrong?: string
}
export interface Field<T> extends FieldSpec {
  /** `said` when another language than French is read. */
  check(raw: readonly string[], said?: Said): Checked<T>
  /** Instead of `check`, for what is not text. */
  checkFiles?(given: readonly File[]): Checked<T>
}

export type Errors = Record<string, string>
/** What was typed, field by field, kept to show the form again. */
export type Raw = Record<string, string[]>
export type Parsed<T> = { ok: true; value: T; raw: Raw } | { ok: false; errors: Errors; raw: Raw }

// biome-ignore lint/suspicious/noExplicitAny: the type of each field is recovered by Value<>
type AnyFields = Record<string, Field<any>>
export interface Form<F extends AnyFields = AnyFields> {
  fields: F
  parse(data: FormData | URLSearchParams): Parsed<{ [K in keyof F]: F[K] extends Field<infer T> ? T : never }>
}
/** The type a form gives once it is valid. */
export type Value<F> = F extends Form<infer S> ? { [K in keyof S]: S[K] extends Field<infer T> ? T : never } : undefined

export function form<F extends AnyFields>(fields: F): Form<F> {
  return {
    fields,
    parse(data) {
      const raw: Raw = {}
      const errors: Errors = {}
      const value: Record<string, unknown> = {}
      for (const [name, field] of Object.entries(fields)) {
        raw[name] = data
          .getAll(name)
          .filter(v => typeof v === 'string')
          .map(clean)
        const files = () => data.getAll(name).filter((v): v is File => typeof v !== 'string' && (v.size > 0 || v.name !== ''))
        const checked = field.checkFiles ? field.checkFiles(files()) : field.check(raw[name])
        if (checked.ok) value[name] = checked.value
        else errors[name] = checked.error
      }
      return Object.keys(errors).length ? { ok: false, errors, raw } : { ok: true, value: value as never, raw }
    },
  }
}

const MAX_TEXT = 4000
/** NFC, no control characters but line breaks and tabs (U+0000 cannot be stored by PostgreSQL), no outer spaces. */
function clean(value: string): string {
  return value
    .normalize('NFC')
    .replaceAll('\r\n', '\n')
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g, '')
    .trim()
}

const ok = <T>(value: T): Checked<T> => ({ ok: true, value })
const no = (error: string): Checked<never> => ({ ok: false, error })

type Own = { label: string; missing?: string; wrong?: string; mustBeTrue?: string }
const french = (o: Own): Said => ({ say: uiWords(), label: o.label, missing: o.missing ?? o.mustBeTrue, wrong: o.wrong })

type Common = Partial<Pick<FieldSpec, 'hint' | 'autocomplete' | 'inputmode' | 'width' | 'suggest'>> & { label: string; missing?: string }
type Maybe<R, T> = R extends false ? T | null : T

/** One value or nothing; `then` checks what was typed. */
function single<T, R extends boolean>(
  spec: Omit<FieldSpec, 'required'> & { required?: R; missing?: string; wrong?: string },
  then: (text: string, said: Said) => Checked<T>,
): Field<Maybe<R, T>> {
  const required = spec.required !== false
  return {
    ...spec,
    required,
    check(raw, said = french(spec)) {
      const text = raw[0] ?? ''
      if (text === '') return required ? no(said.missing ?? said.say('field.missing', said)) : ok(null as never)
      return then(text, said) as Checked<Maybe<R, T>>
    },
  }
}

interface TextOptions<R> extends Common {
  required?: R
  max?: number
  pattern?: RegExp
  wrong?: string
}
export function text<R extends boolean = true>(o: TextOptions<R>): Field<Maybe<R, string>> {
  const max = o.max ?? 200
  return single({ control: 'text', maxLength: max, ...o, max: undefined } as never, (t, said) => {
    if (t.length > max) return no(tooLong(said, t, max))
    if (/\n/.test(t)) return no(said.say('field.oneLine', said))
    if (o.pattern && !o.pattern.test(t)) return no(said.wrong ?? said.say('field.shape', said))
    return ok(t)
  })
}
export function longText<R extends boolean = true>(o: TextOptions<R>): Field<Maybe<R, string>> {
  const max = o.max ?? MAX_TEXT
  return single({ control: 'textarea', maxLength: max, ...o, max: undefined } as never, (t, said) =>
    t.length > max ? no(tooLong(said, t, max)) : ok(t),
  )
}
const tooLong = (said: Said, t: string, max: number) => said.say('field.tooLong', { label: said.label, length: t.length, max })
export function email<R extends boolean = true>(o: Common & { required?: R }): Field<Maybe<R, string>> {
  return single({ control: 'email', autocomplete: 'email', inputmode: 'email', maxLength: 254, ...o } as never, (t, said) =>
    t.length <= 254 && /^[^\s@<>"(),;:\\[\]]{1,64}@[^\s@<>"(),;:\\[\]]+\.[^\s@.<>"(),;:\\[\]]{2,}$/.test(t)
      ? ok(t.toLowerCase())
      : no(said.say('field.email')),
  )
}
/** French number, stored as +33…; written by pairs or not, with or without the prefix. */
export function phone<R extends boolean = true>(o: Common & { required?: R }): Field<Maybe<R, string>> {
  return single({ control: 'tel', autocomplete: 'tel', inputmode: 'tel', maxLength: 30, width: 16, ...o } as never, (t, said) => {
    const digits = t.replace(/[\s.\-()\u00a0\u202f]/g, '').replace(/^(\+33|0033)0?/, '0')
    return /^0[1-9]\d{8}$/.test(digits) ? ok(`+33${digits.slice(1)}`) : no(said.say('field.phone'))
  })
}
interface DateOptions<R> extends Common {
  required?: R
  /** ISO bounds, inclusive. */
  min?: string
  max?: string
  before?: string
}
/** A day as `YYYY-MM-DD`; also reads jj/mm/aaaa, which browsers without a date control send. */
export function date<R extends boolean = true>(o: DateOptions<R>): Field<Maybe<R, string>> {
  return single({ control: 'date', width: 12, ...o } as never, (t, said) => {
    const fr = /^(\d{1,2})[/.\s-](\d{1,2})[/.\s-](\d{4})$/.exec(t)
    const iso = fr ? `${fr[3]}-${fr[2]!.padStart(2, '0')}-${fr[1]!.padStart(2, '0')}` : t
    if (!isDay(iso)) return no(said.say('field.date', said))
    if (o.min && iso < o.min) return no(said.say('field.before', { label: said.label, day: frDay(o.min) }))
    if (o.max && iso > o.max) return no(said.say('field.after', { label: said.label, day: frDay(o.max) }))
    return ok(iso)
  })
}
export function isDay(iso: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(iso)) return false
  const d = new Date(`${iso}T00:00:00Z`)
  return !Number.isNaN(d.getTime()) && d.toISOString().slice(0, 10) === iso
}
const frDay = (iso: string) => iso.split('-').reverse().join('/')

export function integer<R extends boolean = true>(o: Common & { required?: R; min?: number; max?: number }): Field<Maybe<R, number>> {
  const min = o.min ?? 0
  const max = o.max ?? 1_000_000
  return single({ control: 'number', inputmode: 'numeric', width: String(max).length + 2, ...o, min, max } as never, t => {
    const plain = t.replace(/[\s\u00a0\u202f]/g, '')
    if (!/^-?\d{1,12}$/.test(plain)) return no(`« ${o.label} » est un nombre entier.`)
    const n = Number(plain)
    return n < min || n > max ? no(`« ${o.label} » va de ${min} à ${max}.`) : ok(n)
  })
}
/** An amount in euros as people write it (« 1 234,50 € »), given as whole cents. */
export function euros<R extends boolean = true>(o: Common & { required?: R; max?: number }): Field<Maybe<R, number>> {
  const max = o.max ?? 1_000_000_000
  return single({ control: 'number', inputmode: 'text', width: 14, ...o, max: undefined } as never, t => {
    const plain = t.replace(/[\s\u00a0\u202f€]/g, '').replace(',', '.')
    if (!/^\d{1,9}(\.\d{1,2})?$/.test(plain)) return no(`Écrivez « ${o.label} » en euros, par exemple 35 000 ou 35 000,50.`)
    const [whole = '0', rest = ''] = plain.split('.')
    const cents = Number(whole) * 100 + Number(rest.padEnd(2, '0'))
    return cents > max * 100 ? no(`« ${o.label} » dépasse ce qui est possible.`) : ok(cents)
  })
}
/** One of the options. Without `options` the list comes from the database: the page passes it to the ui and checks it in its store. */
export function choice<const O extends readonly Option[] | undefined = undefined, R extends boolean = true>(
  o: Common & { options?: O; required?: R; control?: 'radio' | 'select' },
): Field<Maybe<R, O extends readonly Option[] ? O[number]['value'] : string>> {
  const control = o.control ?? ((o.options?.length ?? 99) <= 6 ? 'radio' : 'select')
  const field = single<never, R>({ ...o, control } as never, (t, said) => {
    if (o.options && !o.options.some(x => x.value === t)) return no(said.say('field.offered', said))
    return t.length > 200 ? no(said.say('field.notListed')) : ok(t as never)
  })
  const check = (raw: readonly string[], said = french(o)) =>
    field.check(raw, { ...said, missing: said.missing ?? said.say('field.choose', said) })
  return { ...field, check } as never
}
/** Any number of the options. */
export function choices<const O extends readonly Option[]>(o: Common & { options: O; required?: boolean }): Field<O[number]['value'][]> {
  return {
    ...o,
    control: 'checkboxes',
    required: o.required ?? false,
    check(raw, said = french(o)) {
      const given = raw.filter(v => v !== '')
      if (given.some(v => !o.options.some(x => x.value === v))) return no(said.say('field.among', said))
      if (o.required && given.length === 0) return no(said.missing ?? said.say('field.atLeastOne', said))
      return ok([...new Set(given)] as O[number]['value'][])
    },
  }
}
/** A box. `mustBeTrue` is the sentence shown when it has to be ticked and is not. */
export function checkbox(o: Common & { mustBeTrue?: string }): Field<boolean> {
  return {
    ...o,
    control: 'checkbox',
    required: Boolean(o.mustBeTrue),
    check: (raw, said = french(o)) => {
      const on = raw[0] === 'on' || raw[0] === 'true'
      return o.mustBeTrue && !on ? no(said.missing ?? o.mustBeTrue) : ok(on)
    },
  }
}
/** One file. What it is is read from its bytes when it is kept (files.ts), never from its name or its announced type. */
export function file<R extends boolean = true>(o: Common & { required?: R; accept?: string; maxBytes?: number }): Field<Maybe<R, File>> {
  const required = o.required !== false
  const max = o.maxBytes ?? 10 * 1024 * 1024
  return {
    ...o,
    control: 'file',
    required,
    check: () => (required ? no(o.missing ?? `Choisissez un fichier pour « ${o.label} ».`) : ok(null as never)),
    checkFiles([given, second]) {
      if (!given) return this.check([])
      if (second) return no(`Choisissez un seul fichier pour « ${o.label} ».`)
      if (given.size === 0) return no('Ce fichier est vide. Choisissez-en un autre.')
      if (given.size > max) return no(`Ce fichier dépasse ${Math.floor(max / 1_048_576)} mégaoctets. Réduisez-le puis recommencez.`)
      return ok(given as never)
    },
  }
}
export function hidden(o: { required?: boolean; max?: number } = {}): Field<string> {
  return {
    control: 'hidden',
    label: '',
    required: o.required ?? true,
    check: (raw, said = french({ label: '' })) => {
      const t = raw[0] ?? ''
      if (t === '' && o.required !== false) return no(said.say('field.expired'))
      return t.length > (o.max ?? 200) ? no(said.say('field.expired')) : ok(t)
    },
  }
}
export const yesNo = [
  { value: 'yes', label: 'Oui' },
  { value: 'no', label: 'Non' },
] as const satisfies readonly Option[]

/** What a language says of one field. Options by value; `hints` are those of the options. */
export interface FieldWords {
  label: string
  hint?: string
  missing?: string
  options?: Record<string, string>
  hints?: Record<string, string>
}
/** The same form read in another language: same names, same values, other words, refusals included. */
export function inWords<F extends AnyFields>(of: Form<F>, lang: Language, words: (name: string, field: FieldSpec) => FieldWords): Form<F> {
  const say = uiWords(lang)
  const fields = Object.fromEntries(
    Object.entries(of.fields).map(([name, field]) => {
      if (field.control === 'hidden') return [name, field]
      const w = words(name, field)
      const options = field.options?.map(o => ({ ...o, label: w.options?.[o.value] ?? o.label, hint: w.hints?.[o.value] }))
      const said: Said = { say, label: w.label, missing: w.missing }
      return [name, { ...field, label: w.label, hint: w.hint, options, check: (raw: readonly string[]) => field.check(raw, said) }]
    }),
  )
  return form(fields) as unknown as Form<F>
}
