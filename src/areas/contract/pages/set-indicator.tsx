/** What the coordination writes of an indicator: weight, target and starting point of the contract; a figure from outside. */
import type { Ratio } from '#domain/contract/index.ts'
import { isRatio } from '#domain/contract/index.ts'
import { oneAtATime, rawShown, reconcile, theirsSaid } from '#platform/edits.ts'
import { notFound } from '#platform/errors.ts'
import { keepFile } from '#platform/files.ts'
import { type Ctx, type Outcome, page } from '#platform/page.ts'
import { FormView, frDate, Notice, PageTitle, rawOf } from '#platform/ui/index.ts'
import { figureForm, indicatorForm } from '../fields.ts'
import { type Definition, definitionOf, nextText } from '../rules.ts'
import { accountOf, agreedFor, chooseIndicator, chosenIndicators, enterFigure } from '../store.ts'
import { askedDefinition } from './indicators.tsx'
import { cancelTo, writers } from './words.tsx'

const home = (ctx: Ctx, d: Definition, year?: number | string) =>
  `${ctx.home}/contrat/indicateur?code=${d.code}${year ? `&annee=${year}` : ''}`
const named = (code: string): Definition => {
  const d = definitionOf(code)
  if (!d) throw notFound()
  return d
}
/** After a refusal the address has lost its query: the form's hidden field knows. */
const shown = (ctx: Ctx, raw?: Record<string, string[]>): Definition =>
  raw?.indicator?.[0] ? named(raw.indicator[0]) : askedDefinition(ctx)

/** As the form shows it: a whole percentage, or a number. */
const plain = (d: Definition, r: Ratio | null | undefined): number | null =>
  r ? (d.measure === 'share' ? Math.round((100 * r.numerator) / r.denominator) : r.numerator) : null

/** As the form says it. */
async function stored(ctx: Ctx, d: Definition) {
  const now = (await chosenIndicators(ctx.tx)).find(c => c.code === d.code)
  return {
    indicator: d.code,
    weight: now ? now.weight / 100 : null,
    target: plain(d, now?.target),
    baseline: plain(d, now?.baseline),
    missing: now?.baselineMissing ?? null,
  }
}

export const setIndicatorPage = page({
  path: '/c/:cpts/contrat/indicateur/regler',
  title: 'Poids, cible, point de départ',
  access: writers,
  form: indicatorForm,
  async show(ctx, refused) {
    const d = shown(ctx, refused?.raw)
    const agreed = await agreedFor(ctx.tx, d.code)
    return (
      <>
        <PageTitle
          title="Poids, cible, point de départ"
          back={{ label: d.name, href: home(ctx, d) }}
          lead={`${d.name}. Recopiez ce que dit le contrat${d.measure === 'share' ? ' ; la cible et le départ sont des pourcentages' : ''}.`}
        />
        {agreed && <Notice title={`Convenu au dialogue de gestion pour l’année ${agreed.year}`}>{nextText(agreed)}</Notice>}
        <FormView
          form={indicatorForm}
          action={`${ctx.home}/contrat/indicateur/regler`}
          submit="Enregistrer"
          formKey={ctx.key()}
          raw={rawShown(indicatorForm, await stored(ctx, d), refused?.raw)}
          errors={refused?.errors}
          secondary={cancelTo(home(ctx, d))}
        />
      </>
    )
  },
  async submit(ctx, typed): Promise<Outcome> {
    const d = named(typed.indicator)
    // One mission at a time: the sum of its weights is read below.
    await oneAtATime(ctx.tx, `indicators ${d.mission}`)
    const merged = reconcile(indicatorForm, typed, await stored(ctx, d))
    if ('errors' in merged) return merged
    const input = merged.value
    if (input.weight > 0 && input.target === null && d.measure !== 'done')
      return { errors: { target: 'Écrivez la cible : sans elle, rien ne peut être gagné.' } }
    if (d.measure === 'share' && (input.target ?? 0) > 100) return { errors: { target: 'Une part va de 0 à 100 %.' } }
    if (d.measure === 'share' && (input.baseline ?? 0) > 100) return { errors: { baseline: 'Une part va de 0 à 100 %.' } }
    if (input.baseline !== null && input.missing) return { errors: { missing: 'Le point de départ est écrit : laissez ce champ vide.' } }
    const ratio = (n: number | null): Ratio | null => (n === null ? null : { numerator: n, denominator: d.measure === 'share' ? 100 : 1 })
    const all = await chosenIndicators(ctx.tx)
    const now = all.find(c => c.code === d.code)
    // A starting point left as it was shown stays exact, with its link: the form shows it rounded.
    const kept = now && plain(d, now.baseline) === input.baseline && now.baselineMissing === input.missing ? now : null
    const others = all.filter(c => c.code !== d.code && definitionOf(c.code)?.mission === d.mission)
    const sum = others.reduce((n, c) => n + c.weight, 0) + input.weight * 100
    if (sum > 10_000)
      return {
        errors: { weight: `Avec les autres indicateurs de la mission, les poids feraient ${sum / 100} % : ils font 100 % au plus.` },
      }
    await chooseIndicator(
      ctx.tx,
      ctx,
      {
        code: d.code,
        weight: input.weight * 100,
        target: ratio(input.target),
        baseline: kept ? kept.baseline : ratio(input.baseline),
        baselineMissing: input.missing,
      },
      kept?.baselineFigureId ?? null,
    )
    return {
      to: home(ctx, d),
      notice: `Enregistré. Les poids de la mission font ${sum / 100} %${sum === 10_000 ? '.' : ' : le reste ne rapporte rien tant qu’il n’est pas réparti.'}${theirsSaid(merged.theirs)}`,
    }
  },
})

export const figurePage = page({
  path: '/c/:cpts/contrat/indicateur/chiffre',
  title: 'Saisir un chiffre',
  access: writers,
  form: figureForm,
  async show(ctx, refused) {
    const d = shown(ctx, refused?.raw)
    const account = await accountOf(ctx.tx, ctx.cpts.id, ctx.today)
    const years = (account?.spans ?? []).filter(s => s.from <= ctx.today)
    return (
      <>
        <PageTitle
          title="Saisir un chiffre"
          back={{ label: d.name, href: home(ctx, d) }}
          lead={`${d.name}. Un chiffre de la CPAM ou de l’ARS, avec sa date et son document ; le précédent reste dans l’historique.`}
        />
        <FormView
          form={figureForm}
          action={`${ctx.home}/contrat/indicateur/chiffre`}
          submit="Enregistrer le chiffre"
          formKey={ctx.key()}
          raw={refused?.raw ?? rawOf({ indicator: d.code, year: ctx.query.get('annee') ?? years.at(-1)?.year })}
          errors={refused?.errors}
          options={{ year: years.map(y => ({ value: String(y.year), label: `Année ${y.year}, du ${frDate(y.from)} au ${frDate(y.to)}` })) }}
          secondary={cancelTo(home(ctx, d))}
        />
      </>
    )
  },
  async submit(ctx, input): Promise<Outcome> {
    const d = named(input.indicator)
    const account = await accountOf(ctx.tx, ctx.cpts.id, ctx.today)
    const year = account?.spans.find(s => String(s.year) === input.year && s.from <= ctx.today)
    if (!year) return { errors: { year: 'Choisissez une année du contrat déjà commencée.' } }
    if (d.source !== 'import') return { errors: { '': 'Ce chiffre est compté par Trame : il ne se saisit pas.' } }
    if (input.extractedOn > ctx.today) return { errors: { extractedOn: 'Cette date est dans le futur.' } }
    const { numerator, denominator, unavailable } = input
    if (unavailable && (numerator !== null || denominator !== null))
      return { errors: { unavailable: 'Écrivez le chiffre ou la raison, pas les deux.' } }
    if (!unavailable && numerator === null) return { errors: { numerator: 'Écrivez le numérateur, ou la raison pour laquelle il manque.' } }
    if (!unavailable && denominator === null) return { errors: { denominator: 'Écrivez le dénominateur.' } }
    const ratio = numerator !== null && denominator !== null ? { numerator, denominator } : null
    if (ratio && d.measure === 'share' && ratio.numerator > ratio.denominator)
      return {
        errors: {
          numerator: `Le numérateur (${ratio.numerator}) dépasse le dénominateur (${ratio.denominator}) : une part ne dépasse pas le tout.`,
        },
      }
    if (ratio && !isRatio(ratio)) return { errors: { numerator: 'Ce nombre n’est pas possible.' } }
    const kept = input.proof && (await keepFile(ctx.tx, ctx, input.proof))
    if (kept && !kept.ok) return { errors: { proof: kept.error } }
    await enterFigure(ctx.tx, ctx, {
      code: d.code,
      year: year.year,
      ratio,
      unavailable,
      source: input.source,
      extractedOn: input.extractedOn,
      fileId: kept ? kept.file.id : null,
    })
    return { to: home(ctx, d, year.year), notice: 'Chiffre enregistré ; la part variable est recalculée.' }
  },
})
