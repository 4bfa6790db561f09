/** Giving a file of figures: the form, the format, the files given before, the model to fill in. */
import { CSV_TYPE, csv } from '#platform/csv.ts'
import { Refusal } from '#platform/errors.ts'
import { download, type Outcome, page } from '#platform/page.ts'
import { DataTable, Disclosure, FormView, frDate, PageTitle, Section, Tag, typo } from '#platform/ui/index.ts'
import { importForm } from '../../fields.ts'
import { columns } from '../../import/figures.ts'
import { indicators } from '../../rules.ts'
import { type FigureImport, figureImports, startImport } from '../../store.ts'
import { at, backToDiagnosis, cancelTo, writers } from './words.tsx'

export const importPage = page({
  path: '/c/:cpts/diagnostic/importer',
  title: 'Importer des chiffres',
  access: writers,
  form: importForm,
  async show(ctx, refused) {
    const all = await figureImports(ctx.tx)
    return (
      <>
        <PageTitle
          title="Importer des chiffres"
          back={backToDiagnosis(ctx)}
          lead="Vous verrez d’abord ce qui est nouveau, ce qui change et ce qui contredit une autre source. Le fichier devient le document de chaque chiffre."
        />
        <FormView
          form={importForm}
          action={at(ctx, '/importer')}
          submit="Lire le fichier"
          formKey={ctx.key()}
          raw={refused?.raw}
          errors={refused?.errors}
          secondary={cancelTo(at(ctx))}
        />
        <Disclosure summary="Le format du fichier">
          <p>
            {typo('Un chiffre par ligne, dans un tableur enregistré en « CSV UTF-8 ». ')}
            <a href={at(ctx, '/modele.csv')} download>
              Fichier modèle
            </a>
            {typo(
              ' : les titres des colonnes, et une ligne par indicateur à compléter. Un fichier Excel s’enregistre d’abord en CSV UTF-8.',
            )}
          </p>
          <DataTable
            caption="Colonnes"
            captionHidden
            rows={columns}
            columns={[
              { key: 'header', label: 'Colonne' },
              { key: 'means', label: 'Ce qu’elle contient' },
              { key: 'required', label: 'Nécessaire', cell: c => (c.required ? 'oui' : 'non') },
            ]}
          />
        </Disclosure>
        <Section title="Fichiers importés" count={all.length}>
          <DataTable
            caption="Fichiers importés"
            captionHidden
            rows={all}
            rowHref={i => at(ctx, `/imports/${i.id}`)}
            columns={[
              { key: 'name', label: 'Fichier', cell: i => i.file.name },
              { key: 'at', label: 'Donné le', tight: true, cell: i => frDate(i.at) },
              { key: 'by', label: 'Par' },
              { key: 'state', label: 'État', cell: i => <State of={i} /> },
              { key: 'standing', label: 'Chiffres qui comptent', numeric: true },
            ]}
            empty={{
              title: 'Aucun fichier n’a été importé',
              children: 'Prenez le fichier modèle, recopiez-y les chiffres relevés, déposez-le ici.',
            }}
          />
        </Section>
      </>
    )
  },
  async submit(ctx, input): Promise<Outcome> {
    try {
      const { id, reading } = await startImport(ctx.tx, ctx, input.file.name, new Uint8Array(await input.file.arrayBuffer()))
      if (reading.bad.length === 0 && reading.lines.every(l => l.effect === 'same'))
        return { errors: { file: 'Tous les chiffres de ce fichier sont déjà enregistrés : rien n’a été gardé.' } }
      return { to: at(ctx, `/imports/${id}`) }
    } catch (error) {
      // Not such a file: a sentence for whoever gave it.
      if (error instanceof Refusal) return { errors: { file: `Rien n’a été gardé. ${error.message}` } }
      throw error
    }
  },
})
function State({ of }: { of: FigureImport }) {
  if (!of.closed) return <Tag tone="wait">Attend une décision</Tag>
  if (of.closed.how === 'given-up') return <Tag tone="neutral">Abandonné</Tag>
  return of.standing === 0 && of.closed.written ? <Tag tone="stop">Retiré</Tag> : <Tag tone="ok">Importé</Tag>
}

/** The columns, and a line for each indicator of the community, with last year filled in. */
export const modelDownload = download({
  path: '/c/:cpts/diagnostic/modele.csv',
  title: 'Fichier modèle du diagnostic (CSV)',
  access: writers,
  respond: async ctx => ({
    name: 'modele-diagnostic.csv',
    type: CSV_TYPE,
    body: csv(
      columns.map(c => ({ label: c.header, value: (row: Record<string, string>) => row[c.header] })),
      indicators.map(i => ({ indicateur: i.name, échelle: 'communauté', année: String(Number(ctx.today.slice(0, 4)) - 1) })),
    ),
  }),
})
