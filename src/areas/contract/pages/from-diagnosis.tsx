/** The figures of the territorial diagnosis that an indicator of the contract may take, and the link it keeps to the one it took. */
import { communityFigures, type DiagnosisFigure, diagnosisFigure, type Worth } from '#areas/territory/index.ts'
import type { Ratio } from '#domain/contract/index.ts'
import type { Ctx, Refused } from '#platform/page.ts'
import { Button, Cluster, DataTable, ErrorSummary, frDate, frNumber, frPercent, Section } from '#platform/ui/index.ts'
import type { Definition } from '../rules.ts'
import { mayWrite } from './words.tsx'

/** A value alone is a share of a hundred thousand: fit for a starting point, not for a count. */
export const ratioOf = (w: Worth): Ratio | null =>
  w.kind === 'ratio'
    ? { numerator: w.numerator, denominator: w.denominator }
    : w.kind === 'alone'
      ? { numerator: w.thousandths, denominator: 100_000 }
      : null
function said(w: Worth): string {
  const ratio = ratioOf(w)
  if (!ratio) return 'Non disponible'
  const percent = frPercent(ratio.numerator / ratio.denominator, 1)
  return w.kind === 'ratio' ? `${percent} (${frNumber(w.numerator)} sur ${frNumber(w.denominator)})` : percent
}
const hrefOf = (ctx: Ctx, f: Pick<DiagnosisFigure, 'code' | 'year'>) => `${ctx.home}/diagnostic/indicateur?code=${f.code}&annee=${f.year}`

/** What the diagnosis says of the community, with a button each: the coordination takes one, as it is. */
export async function FromDiagnosis({ ctx, d, year, refused }: { ctx: Ctx; d: Definition; year: number; refused?: Refused }) {
  if (d.source !== 'import' || !mayWrite(ctx)) return null
  const known = await communityFigures(ctx.tx, d.code)
  if (known.length === 0) return null
  const take = (f: DiagnosisFigure, as: 'value' | 'baseline', label: string) => (
    <form method="post" action={`${ctx.home}/contrat/indicateur/reprendre`}>
      {Object.entries({ _key: ctx.key(), indicator: d.code, year: String(year), figure: f.id, as }).map(([name, value]) => (
        <input type="hidden" name={name} value={value} />
      ))}
      <Button kind="secondary" small label={`${label}, le chiffre de ${f.year}`}>
        {label}
      </Button>
    </form>
  )
  return (
    <Section
      title="Dans le diagnostic du territoire"
      count={known.length}
      lead="Un clic reprend le chiffre que la communauté utilise, avec sa source et sa date ; le lien reste."
    >
      <ErrorSummary errors={refused?.errors} />
      <DataTable
        caption="Chiffres du diagnostic"
        captionHidden
        rows={known}
        rowHref={k => hrefOf(ctx, k)}
        columns={[
          { key: 'year', label: 'Année', cell: k => String(k.year) },
          { key: 'value', label: 'Chiffre', cell: k => said(k.used.worth) },
          { key: 'source', label: 'Source', cell: k => `${k.used.source}, ${frDate(k.used.extractedOn)}` },
          {
            key: 'take',
            label: 'Reprendre',
            cell: k => (
              <Cluster>
                {k.used.worth.kind !== 'alone' && take(k.used, 'value', `Pour l’année ${year} du contrat`)}
                {take(k.used, 'baseline', 'Comme T0')}
              </Cluster>
            ),
          },
        ]}
      />
    </Section>
  )
}

/** « Repris du diagnostic », and whether the figure still counts there; nothing when it was not taken from it. */
export async function TakenFrom({ ctx, id }: { ctx: Ctx; id: string | null | undefined }) {
  const f = id ? await diagnosisFigure(ctx.tx, id) : null
  if (!f) return null
  return (
    <>
      <a href={hrefOf(ctx, f)}>{`Repris du diagnostic, ${f.year}`}</a>
      {f.withdrawn && ` : retiré depuis (${f.withdrawn.reason}). Reprenez un autre chiffre.`}
    </>
  )
}
