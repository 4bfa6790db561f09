/** What the pages of the diagnosis share: who may, how a figure is written, what somebody is told. */
import { anyMember, hasRole, members } from '#platform/access.ts'
import { notFound } from '#platform/errors.ts'
import type { Ctx } from '#platform/page.ts'
import { frNumber, LinkButton, THIN } from '#platform/ui/index.ts'
import {
  beside,
  type Cell,
  type Figure,
  type Indicator,
  indicatorOf,
  inUnit,
  type Known,
  known,
  type PlaceOf,
  placeName,
  type TerritoryCommune,
  untold,
  type Worth,
} from '../../rules.ts'
import { choices, figures, territory } from '../../store.ts'

export const readers = anyMember
export const writers = members('coordinator')
export const mayWrite = (ctx: Pick<Ctx, 'who'>): boolean => hasRole(ctx.who, 'coordinator')
/** Small numbers of people stay with them (R63); the documents, which hold them, too. */
export const counters = members('coordinator', 'board')
export const mayCount = (ctx: Pick<Ctx, 'who'>): boolean => hasRole(ctx.who, 'coordinator', 'board')

export const at = (ctx: Pick<Ctx, 'home'>, path = '') => `${ctx.home}/diagnostic${path}`
export const backToDiagnosis = (ctx: Pick<Ctx, 'home'>) => ({ label: 'Diagnostic', href: at(ctx) })
export const indicatorHref = (ctx: Pick<Ctx, 'home'>, code: string, year?: number) =>
  at(ctx, `/indicateur?code=${code}${year ? `&annee=${year}` : ''}`)
export const cancelTo = (href: string) => (
  <LinkButton href={href} kind="quiet">
    Annuler
  </LinkButton>
)

/** « 12,3 % », « 8,7 », « 132 000 »: a value in its unit, the unit left out where a heading says it. */
export function valueText(i: Pick<Indicator, 'measure'>, value: number): string {
  if (i.measure === 'count') return frNumber(value)
  return i.measure === 'share' ? `${frNumber(value, 1)}${THIN}%` : frNumber(value, i.measure === 'mean' ? 2 : 1)
}
export const unitText = (i: Indicator): string => (i.measure === 'share' || i.measure === 'count' ? '' : i.unit)
/** A gap or a difference, in points for a share. */
export const gapText = (i: Indicator, gap: number): string =>
  i.measure === 'share' ? `${frNumber(gap, 1)} ${gap >= 1.95 ? 'points' : 'point'}` : valueText(i, gap)
/** What stands for each place beside the community, on every drawing. */
export const LETTERS = { department: 'D', region: 'R', country: 'F' } as const
export const HIDDEN = 'Petit effectif'
export const MISSING = 'Non disponible'
/** What a figure says to who asks: its value with its counts, or that it is not told, or not there. */
export function figureText(i: Indicator, w: Worth, told: boolean, counts = false): string {
  if (w.kind === 'missing') return MISSING
  if (!told) return HIDDEN
  const text = valueText(i, inUnit(i, w) as number)
  return counts && w.kind === 'ratio' ? `${text} (${frNumber(w.numerator)} sur ${frNumber(w.denominator)})` : text
}

/** Everything the pages read, once: the figures, what holds of them, where they are about, what who asks may be told. */
export interface Diagnosis {
  all: Figure[]
  known: Known[]
  communes: TerritoryCommune[]
  others: PlaceOf[]
  name(p: PlaceOf): string
  told(f: Figure): boolean
  find(cell: Cell): Known | undefined
}
export async function diagnosisFor(
  ctx: Pick<Ctx, 'tx' | 'who' | 'cpts'>,
  o: { code?: string; source?: string | null; wide?: boolean } = {},
): Promise<Diagnosis> {
  const all = await figures(ctx.tx, o)
  const communes = await territory(ctx.tx)
  const wanted = o.source ? all.filter(f => f.source === o.source) : all
  const held = known(wanted, await choices(ctx.tx))
  const hidden = mayCount(ctx) ? new Set<string>() : untold(all)
  const names = new Map(communes.map(c => [c.code, c.name]))
  const byKey = new Map(held.map(k => [`${k.code}|${k.level}|${k.place}|${k.year}`, k]))
  return {
    all,
    known: held,
    communes,
    others: beside(
      all.filter(f => !f.withdrawn),
      communes,
    ),
    name: p => placeName(p, names, ctx.cpts.name),
    told: f => !hidden.has(f.id),
    find: c => byKey.get(`${c.code}|${c.level}|${c.place}|${c.year}`),
  }
}
/** The number to draw; null when there is none or it is not told. */
export const drawn = (d: Diagnosis, i: Indicator, k: Known | undefined): number | null =>
  k && d.told(k.used) ? inUnit(i, k.used.worth) : null
export const textOf = (d: Diagnosis, i: Indicator, k: Known | undefined): string => (k ? figureText(i, k.used.worth, d.told(k.used)) : '')

/** The indicator that the address names. Throws 404 when there is none of that code. */
export function askedIndicator(ctx: Pick<Ctx, 'query'>, code = ctx.query.get('code') ?? ''): Indicator {
  const i = indicatorOf(code)
  if (!i) throw notFound()
  return i
}
