/** What the coordination writes of the diagnosis by hand: a figure, which source is used, a figure taken back. */
import { notFound } from '#platform/errors.ts'
import type { Errors } from '#platform/fields.ts'
import { keepFile } from '#platform/files.ts'
import { isUuid } from '#platform/ids.ts'
import { type Ctx, type Outcome, page } from '#platform/page.ts'
import { FormView, frDate, PageTitle, rawOf } from '#platform/ui/index.ts'
import { chooseForm, figureForm, LATEST, withdrawForm } from '../../fields.ts'
import { type Header, readLine } from '../../import/figures.ts'
import { type Cell, type Figure, type Indicator, indicatorOf, type Known, type Level, levels } from '../../rules.ts'
import { chooseSource, figureOf, territory, withdrawFigures, writeFigures } from '../../store.ts'
import {
  askedIndicator,
  at,
  backToDiagnosis,
  cancelTo,
  type Diagnosis,
  diagnosisFor,
  figureText,
  gapText,
  indicatorHref,
  writers,
} from './words.tsx'

const columnOf: Record<string, Header> = {
  indicator: 'indicateur',
  level: 'échelle',
  place: 'code',
  year: 'année',
  numerator: 'numérateur',
  denominator: 'dénominateur',
  value: 'valeur',
  unavailable: 'non disponible',
  source: 'source',
  extractedOn: 'date d’extraction',
}
/** The fields that a reason of the import speaks of, by a word of it; what speaks of the figure goes to its first field. */
const speaksOf: [RegExp, string][] = [
  [/échelle|code|commune/i, 'place'],
  [/année/i, 'year'],
  [/date|source a été lue/i, 'extractedOn'],
  [/dénominateur manque|« dénominateur »/i, 'denominator'],
  [/valeur/i, 'value'],
  [/non disponible|pas les deux/i, 'unavailable'],
]

export const figurePage = page({
  path: '/c/:cpts/diagnostic/chiffre',
  title: 'Saisir un chiffre',
  access: writers,
  form: figureForm,
  show(ctx, refused) {
    const code = ctx.query.get('code')
    const asked = { indicator: indicatorOf(code ?? '') ? code : null, level: 'community', year: Number(ctx.today.slice(0, 4)) - 1 }
    return (
      <>
        <PageTitle
          title="Saisir un chiffre"
          back={backToDiagnosis(ctx)}
          lead="Un numérateur et un dénominateur, une valeur, ou la raison pour laquelle il n’y en a pas. Rien n’est remplacé : le chiffre précédent reste dans l’historique."
        />
        <FormView
          form={figureForm}
          action={at(ctx, '/chiffre')}
          submit="Enregistrer le chiffre"
          formKey={ctx.key()}
          raw={refused?.raw ?? rawOf(asked)}
          errors={refused?.errors}
          groups={[
            { legend: 'De quoi parle le chiffre', fields: ['indicator', 'level', 'place', 'year'] },
            { legend: 'Le chiffre', fields: ['numerator', 'denominator', 'value', 'unavailable'] },
            { legend: 'D’où il vient', fields: ['source', 'extractedOn', 'proof'] },
          ]}
          secondary={cancelTo(at(ctx))}
        />
      </>
    )
  },
  async submit(ctx, input): Promise<Outcome> {
    const { proof, ...typed } = input
    const cells = new Map(Object.entries(typed).map(([name, v]) => [columnOf[name], v === null ? '' : String(v)]))
    cells.set('échelle', wordOf(input.level))
    const communes = new Set((await territory(ctx.tx)).map(c => c.code))
    const { figure, reasons } = readLine(h => cells.get(h) ?? '', { today: ctx.today, territory: communes })
    if (!figure) {
      const errors: Errors = {}
      for (const reason of reasons) {
        const field = speaksOf.find(([pattern]) => pattern.test(reason))?.[1] ?? 'numerator'
        errors[field] = errors[field] ? `${errors[field]} ${reason}` : reason
      }
      return { errors }
    }
    const kept = proof && (await keepFile(ctx.tx, ctx, proof))
    if (kept && !kept.ok) return { errors: { proof: kept.error } }
    const written = await writeFigures(ctx.tx, ctx, [figure], { fileId: kept ? kept.file.id : null, importId: null })
    if (written.length === 0) return { errors: { '': 'Ce chiffre est déjà enregistré, de la même source et de la même date.' } }
    return { to: indicatorHref(ctx, figure.code, figure.year), notice: 'Chiffre enregistré, avec sa source et sa date.' }
  },
})
const wordOf = (level: Level): string =>
  ({ community: 'communauté', commune: 'commune', department: 'département', region: 'région', country: 'France' })[level]

/** A figure of this community that still counts. Throws 404 otherwise. */
async function standing(ctx: Pick<Ctx, 'tx'>, id: string): Promise<Figure> {
  const found = isUuid(id) ? await figureOf(ctx.tx, id) : null
  if (!found || found.withdrawn) throw notFound()
  return found
}
export const withdrawFigurePage = page({
  path: '/c/:cpts/diagnostic/chiffres/:id/retirer',
  title: 'Retirer un chiffre',
  access: writers,
  form: withdrawForm,
  async show(ctx, refused) {
    const f = await standing(ctx, ctx.params.id)
    const i = askedIndicator(ctx, f.code)
    return (
      <>
        <PageTitle
          title="Retirer un chiffre"
          back={{ label: i.name, href: indicatorHref(ctx, f.code, f.year) }}
          lead={`${i.name}, ${f.year} : ${figureText(i, f.worth, true, true)}, ${f.source} du ${frDate(f.extractedOn)}. Il ne comptera plus et restera dans l’historique, avec votre nom et la raison.`}
        />
        <FormView
          form={withdrawForm}
          action={at(ctx, `/chiffres/${f.id}/retirer`)}
          submit="Retirer ce chiffre"
          danger
          formKey={ctx.key()}
          raw={refused?.raw}
          errors={refused?.errors}
          secondary={cancelTo(indicatorHref(ctx, f.code, f.year))}
        />
      </>
    )
  },
  async submit(ctx, input) {
    const f = await standing(ctx, ctx.params.id)
    if (!(await withdrawFigures(ctx.tx, ctx, { id: f.id }, input.why))) throw notFound()
    return {
      to: indicatorHref(ctx, f.code, f.year),
      notice: 'Le chiffre est retiré. Le précédent de cette source, s’il existe, sert de nouveau.',
    }
  },
})

/** What the address or the form names; 404 when no source says anything of it. */
async function asked(ctx: Ctx, get: (name: string) => string): Promise<{ i: Indicator; d: Diagnosis; k: Known }> {
  const i = askedIndicator(ctx, get('code'))
  const d = await diagnosisFor(ctx, { code: i.code })
  const level = levels.find(l => l === get('level'))
  const k = level && d.find({ code: i.code, level, place: get('place'), year: Number(get('year')) } satisfies Cell)
  if (!k) throw notFound()
  return { i, d, k }
}
export const chooseHref = (ctx: Pick<Ctx, 'home'>, k: Cell) =>
  at(ctx, `/source?${new URLSearchParams({ code: k.code, level: k.level, place: k.place, year: String(k.year) })}`)

export const choosePage = page({
  path: '/c/:cpts/diagnostic/source',
  title: 'Choisir la source',
  access: writers,
  form: chooseForm,
  async show(ctx, refused) {
    const raw = refused?.raw
    const { i, d, k } = await asked(ctx, name => raw?.[name]?.[0] ?? ctx.query.get(name) ?? '')
    const { code, level, place, year } = k
    return (
      <>
        <PageTitle
          title="Choisir la source"
          back={{ label: i.name, href: indicatorHref(ctx, code, year) }}
          lead={`${i.name}, ${d.name(k)}, ${year}. ${k.gap === null ? '' : `Les sources sont à ${gapText(i, k.gap)} d’écart. `}Toutes restent affichées ; la communauté en utilise une.`}
        />
        <FormView
          form={chooseForm}
          action={at(ctx, '/source')}
          submit="Enregistrer ce choix"
          formKey={ctx.key()}
          raw={raw ?? rawOf({ code, level, place, year, source: k.choice?.source ?? LATEST })}
          errors={refused?.errors}
          options={{
            source: [
              ...k.sources.map(f => ({
                value: f.source,
                label: f.source,
                hint: `${figureText(i, f.worth, true, true)}, extrait le ${frDate(f.extractedOn)}`,
              })),
              { value: LATEST, label: 'L’extraction la plus récente', hint: 'Annule un choix précédent, qui reste dans l’historique.' },
            ],
          }}
          secondary={cancelTo(indicatorHref(ctx, code, year))}
        />
      </>
    )
  },
  async submit(ctx, input): Promise<Outcome> {
    const { k } = await asked(ctx, name => String((input as unknown as Record<string, string | null>)[name] ?? ''))
    if (input.source !== LATEST && !k.sources.some(f => f.source === input.source))
      return { errors: { source: 'Choisissez une des sources proposées.' } }
    const { code, level, place, year } = k
    const source = input.source === LATEST ? null : input.source
    await chooseSource(ctx.tx, ctx, { code, level, place, year, source, reason: input.why })
    return {
      to: indicatorHref(ctx, code, year),
      notice: source ? `La communauté utilise maintenant « ${source} » pour ce chiffre.` : 'L’extraction la plus récente sert de nouveau.',
    }
  },
})
