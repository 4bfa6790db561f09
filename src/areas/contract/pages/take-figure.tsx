/** A figure of the territorial diagnosis becomes a figure of the contract, as it is, and the link to it stays. */
import { diagnosisFigure } from '#areas/territory/index.ts'
import { oneAtATime } from '#platform/edits.ts'
import { notFound } from '#platform/errors.ts'
import { isUuid } from '#platform/ids.ts'
import { action, type Outcome } from '#platform/page.ts'
import { takeForm } from '../fields.ts'
import { definitionOf } from '../rules.ts'
import { accountOf, chooseIndicator, chosenIndicators, enterFigure } from '../store.ts'
import { ratioOf } from './from-diagnosis.tsx'
import { hrefOf, indicatorPage } from './indicators.tsx'
import { writers } from './words.tsx'

/** One click: the figure of the diagnosis becomes the figure of the year, or the starting point, and the link to it stays. */
export const takeFigureAction = action({
  path: '/c/:cpts/contrat/indicateur/reprendre',
  access: writers,
  form: takeForm,
  from: indicatorPage,
  async submit(ctx, input): Promise<Outcome> {
    const d = definitionOf(input.indicator)
    if (!d) throw notFound()
    const account = await accountOf(ctx.tx, ctx.cpts.id, ctx.today)
    const year = account?.spans.find(s => String(s.year) === input.year && s.from <= ctx.today)?.year
    if (!account || !year) throw notFound()
    const f = isUuid(input.figure) ? await diagnosisFigure(ctx.tx, input.figure) : null
    if (!f || f.code !== d.code || f.level !== 'community' || d.source !== 'import') throw notFound()
    if (f.withdrawn) return { errors: { '': 'Ce chiffre vient d’être retiré du diagnostic. Choisissez-en un autre.' } }
    const [ratio, missing] = [ratioOf(f.worth), f.worth.kind === 'missing' ? f.worth.reason : null]
    const origin = `${f.source}, chiffre de ${f.year}`
    if (input.as === 'value') {
      if (f.worth.kind === 'alone')
        return { errors: { '': 'Cette source ne donne qu’un pourcentage : l’année du contrat demande un numérateur et un dénominateur.' } }
      if (account.evidence.get(year)?.(d.code).imported?.diagnosisFigureId === f.id)
        return { errors: { '': `L’année ${year} a déjà ce chiffre.` } }
      const figure = { code: d.code, year, ratio, unavailable: missing, source: origin, extractedOn: f.extractedOn, fileId: null }
      await enterFigure(ctx.tx, ctx, { ...figure, diagnosisFigureId: f.id })
      return {
        to: hrefOf(ctx, d.code, year),
        notice: `Le chiffre de ${f.year} est repris pour l’année ${year} ; la part variable est recalculée.`,
      }
    }
    await oneAtATime(ctx.tx, `indicators ${d.mission}`)
    const now = (await chosenIndicators(ctx.tx)).find(c => c.code === d.code)
    if (!now) return { errors: { '': 'Donnez d’abord le poids et la cible de cet indicateur : « Poids, cible, T0 ».' } }
    const { code, weight, target } = now
    await chooseIndicator(ctx.tx, ctx, { code, weight, target, baseline: ratio, baselineMissing: missing }, f.id)
    return { to: hrefOf(ctx, d.code, year), notice: `Le chiffre de ${f.year} est le point de départ.` }
  },
})
