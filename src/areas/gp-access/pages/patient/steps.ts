/** The pages of the public form: which ones, in which order, and what each must find right. */
import { Problem } from '#platform/errors.ts'
import type { Errors, Form, Raw, Value } from '#platform/fields.ts'
import type { Ctx } from '#platform/page.ts'
import { problemsOf } from '../../fields.ts'
import { readDraft } from '../../store/drafts.ts'
import { settings } from '../../store/settings.ts'
import { type Say, sayIn } from '../../words/index.ts'
import { identityForm, needsForm, proxyForm, reachForm, situationForm, whoForm } from './fields.ts'

export const phone = async (ctx: Pick<Ctx, 'tx'>) => {
  const { phone: number } = await settings(ctx.tx)
  return number ? { number } : null
}
export type DraftCtx = Omit<Ctx, 'params'> & { params: { token: string } }
export const draftId = (ctx: Pick<Ctx, 'who'>) => (ctx.who.kind === 'link' ? ctx.who.subjectId : '')
export async function draftOf(ctx: Pick<Ctx, 'tx' | 'who'>): Promise<Raw> {
  const draft = await readDraft(ctx.tx, draftId(ctx))
  if (!draft)
    throw new Problem(
      410,
      'Demande déjà envoyée',
      'Cette demande est déjà partie, ou a été effacée. Suivez-la avec son numéro, ou recommencez.',
    )
  return draft
}
/** What was answered, in the form's own types; null while a page is missing or no longer valid. */
export function answers<F extends Form>(form: F, raw: Raw): Value<F> | null {
  const data = new URLSearchParams()
  for (const name of Object.keys(form.fields)) for (const v of raw[name] ?? []) data.append(name, v)
  const parsed = form.parse(data)
  return parsed.ok ? (parsed.value as Value<F>) : null
}

export interface Step {
  slug: 'qui' | 'aidant' | 'identite' | 'situation' | 'besoins' | 'contact'
  // biome-ignore lint/suspicious/noExplicitAny: each step has its own form
  form: Form<any>
  /** Left out for who it does not concern. */
  when?: (raw: Raw) => boolean
  check?: (ctx: DraftCtx, value: never, raw: Raw) => Errors
}
export const forOther = (raw: Raw) => raw.forWhom?.[0] === 'other'

export const steps: readonly Step[] = [
  { slug: 'qui', form: whoForm },
  { slug: 'aidant', form: proxyForm, when: forOther },
  {
    slug: 'identite',
    form: identityForm,
    check: (ctx, value: Value<typeof identityForm>) => problemsOf({ birthDate: value.birthDate }, known(ctx), sayIn(ctx.lang)),
  },
  { slug: 'situation', form: situationForm },
  {
    slug: 'besoins',
    form: needsForm,
    check: (ctx, value: Value<typeof needsForm>) => problemsOf({ householdOf: value.householdOf }, known(ctx), sayIn(ctx.lang)),
  },
  {
    slug: 'contact',
    form: reachForm,
    check: (ctx, value: Value<typeof reachForm>, raw) => problemsOf(value, { today: ctx.today, hasProxy: forOther(raw) }, sayIn(ctx.lang)),
  },
]
const known = (ctx: DraftCtx) => ({ today: ctx.today, hasProxy: true })
/** Its title, said of himself or of somebody else. */
export function titleOf(slug: Step['slug'], other: boolean, say: Say): string {
  if (!other || slug === 'qui' || slug === 'aidant') return say(`step.${slug}`)
  return say(`step.${slug}.other`)
}
/** What is said under it; to who answers for somebody else, that the sentences speak of that person. */
export function leadOf(slug: Step['slug'], other: boolean, say: Say): string | undefined {
  if (slug === 'qui') return undefined
  const lead = say(`step.${slug}.lead`)
  return other && slug !== 'aidant' ? `${lead}${say.lang === 'falc' ? '\n' : ' '}${say('step.other')}` : lead
}
export const active = (raw: Raw) => steps.filter(s => s.when?.(raw) ?? true)
/** Where a page of the form is; in a redirection the language follows by itself, in a link `say.to` carries it. */
export const url = (ctx: DraftCtx, slug: string) => `${ctx.home}/demande/${ctx.params.token}/${slug}`
export const after = (raw: Raw, slug: string) => {
  const list = active(raw)
  return list[list.findIndex(s => s.slug === slug) + 1]?.slug ?? 'verifier'
}
export const before = (raw: Raw, slug: string) => {
  const list = [...active(raw).map(s => s.slug), 'verifier']
  return list[list.indexOf(slug) - 1]
}
