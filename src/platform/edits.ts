/**
 * Two people correct the same thing at once. A form carries what it showed; when it comes back, what somebody else changed meanwhile
 * is kept, what both changed is shown to the second and nothing of it is written: he sees the difference and decides.
 */
import { run, sql, type Tx } from './db/types.ts'
import { type Errors, type Field, type FieldSpec, type Form, hidden, type Raw } from './fields.ts'
import { type Language, rawOf, uiWords } from './ui/index.ts'

/** The hidden field that carries what was shown. Without it (an old page) the form counts as read just now. */
export const shownField: Field<string> = { ...hidden({ required: false, max: 60_000 }) }
/** For the hidden field: the form's own fields and nothing else of the row. */
const shownOf = (form: { fields: Record<string, FieldSpec> }, raw: Raw): string[] => [
  JSON.stringify(Object.fromEntries(Object.entries(raw).filter(([name]) => name in form.fields))),
]

/**
 * What a form shows, first or again after a refusal: what was typed stays, but where nobody typed anything, what somebody else saved
 * meanwhile is shown, so that saving again does not undo it unseen. `current` is what is stored, `drawn` the same as the form draws it.
 */
// biome-ignore lint/suspicious/noExplicitAny: the fields of any form
export function rawShown(form: Form<any>, current: Record<string, unknown>, refused: Raw | undefined, drawn: Raw = rawOf(current)): Raw {
  const now = rawOf(current)
  const raw: Raw = { ...(refused ?? drawn), shown: shownOf(form, now) }
  const base = refused && read(refused.shown?.[0] ?? '')
  if (!base) return raw
  for (const [name, field] of Object.entries(form.fields as Record<string, Field<unknown>>)) {
    if (name === 'shown') continue
    const checked = field.check(refused[name] ?? [])
    const typed = checked.ok ? rawOf({ [name]: checked.value })[name] : refused[name]
    if (plain(typed) === plain(base[name])) raw[name] = drawn[name] ?? []
  }
  return raw
}

/** Whoever saves this first; the next one waits, then sees what was saved. Ends with the transaction. */
export const oneAtATime = (tx: Tx, what: string): Promise<number> =>
  run(tx, sql`select pg_advisory_xact_lock(hashtextextended(app.cpts_id()::text || ${what}, 0))`)

const plain = (raw: readonly string[] | undefined): string => JSON.stringify((raw ?? []).filter(v => v !== '').toSorted())
function read(shown: string): Raw | null {
  try {
    const raw = JSON.parse(shown) as Raw
    return raw && typeof raw === 'object' && Object.values(raw).every(v => Array.isArray(v) && v.every(x => typeof x === 'string'))
      ? raw
      : null
  } catch {
    return null
  }
}
/** A value in words. */
function said(field: FieldSpec, raw: readonly string[] | undefined, lang: Language): string {
  const say = uiWords(lang)
  const given = (raw ?? []).filter(v => v !== '')
  if (field.control === 'checkbox') return say(given.length ? 'edit.ticked' : 'edit.unticked')
  if (given.length === 0) return say('edit.empty')
  const words = given.map(
    v => field.options?.find(o => o.value === v)?.label ?? (field.control === 'date' ? v.split('-').reverse().join('/') : v),
  )
  return say('edit.value', { value: words.join(', ') })
}

type Typed<F> = F extends Form<infer S> ? { [K in keyof S]: S[K] extends Field<infer T> ? T : never } : never
/**
 * `input` against what is stored (`current`, read under a lock) and what the form showed. Answers what to save, and the labels of what
 * somebody else had changed and stays; or what both changed, both versions in each error (409). `form` in the language of `lang`.
 */
// biome-ignore lint/suspicious/noExplicitAny: the fields of any form
export function reconcile<F extends Form<any>>(
  form: F,
  input: Typed<F> & { shown: string },
  current: Record<string, unknown>,
  lang: Language = 'fr',
): { value: Typed<F>; theirs: string[] } | { errors: Errors; conflict?: true } {
  const { shown, ...typed } = input
  const base = read(shown)
  const [mine, now] = [rawOf(typed), rawOf(current)]
  const merged = new URLSearchParams({ shown })
  const theirs: string[] = []
  const errors: Errors = {}
  for (const [name, field] of Object.entries(form.fields as Record<string, FieldSpec>)) {
    if (name === 'shown') continue
    const before = base ? base[name] : now[name]
    const changed = plain(now[name]) !== plain(before)
    const kept = changed && plain(mine[name]) === plain(before)
    if (kept) theirs.push(field.label)
    else if (changed && plain(mine[name]) !== plain(now[name]))
      errors[name] = uiWords(lang)('edit.changed', { before: said(field, before, lang), now: said(field, now[name], lang) })
    for (const v of (kept ? now : mine)[name] ?? []) merged.append(name, v)
  }
  if (Object.keys(errors).length) return { errors, conflict: true }
  const parsed = form.parse(merged)
  return parsed.ok ? { value: parsed.value as Typed<F>, theirs } : { errors: parsed.errors }
}
/** For the notice: « Quelqu’un d’autre avait changé entre-temps, et c’est gardé : Téléphone. » */
export const theirsSaid = (theirs: readonly string[], lang: Language = 'fr'): string =>
  theirs.length ? ` ${uiWords(lang)('edit.kept', { fields: theirs.join(', ') })}` : ''
