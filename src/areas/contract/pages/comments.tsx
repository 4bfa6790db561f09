/** Every comment of a review, those that wait first; the same as a file. */
import { audit } from '#platform/audit.ts'
import { page } from '#platform/page.ts'
import { sheet, sheetLinks } from '#platform/sheet.ts'
import { Count, DataTable, Filters, frDate, PageTitle } from '#platform/ui/index.ts'
import { byClock, clockState, definitionOf, missionLabel, reviewState } from '../rules.ts'
import { type Comment, comments } from '../store.ts'
import { authorText, backToReview, Clock, loadReview, reviewHref } from './review-words.tsx'
import { readers } from './words.tsx'

const filters = [
  { key: '', label: 'Tous', keep: () => true },
  { key: 'en-retard', label: 'Réponse en retard', keep: (c: Comment, today: string) => clockState(c, today) === 'late' },
  {
    key: 'attendues',
    label: 'Réponse attendue',
    keep: (c: Comment, today: string) => c.asks && c.answeredOn === null && clockState(c, today) === 'waiting',
  },
  { key: 'repondus', label: 'Répondus', keep: (c: Comment) => c.asks && c.answeredOn !== null },
  { key: 'remarques', label: 'Remarques', keep: (c: Comment) => !c.asks },
]
const filterOf = (query: URLSearchParams) => filters.find(f => f.key === (query.get('etat') ?? '')) ?? filters[0]!
const name = (c: Comment) => definitionOf(c.code)?.name ?? c.code

export const commentsPage = page({
  path: '/c/:cpts/contrat/dialogues/:id/commentaires',
  title: 'Commentaires des financeurs',
  access: readers,
  async show(ctx) {
    const r = await loadReview(ctx, ctx.params.id)
    const all = byClock(await comments(ctx.tx, r.id), ctx.today)
    const asked = filterOf(ctx.query)
    const shown = all.filter(c => asked.keep(c, ctx.today))
    const here = reviewHref(ctx, r.id, '/commentaires')
    const q = (key: string) => (key ? `?etat=${key}` : '')
    return (
      <>
        <PageTitle
          title="Commentaires des financeurs"
          count={all.length}
          back={backToReview(ctx, r)}
          lead="Les questions dont le délai est passé d’abord, puis celles qui attendent."
        />
        {all.length > 0 && (
          <Filters
            chips={filters.map(f => ({
              label: f.label,
              href: here + q(f.key),
              on: f === asked,
              count: all.filter(c => f.keep(c, ctx.today)).length,
            }))}
            exports={sheetLinks(here, q(asked.key))}
          />
        )}
        {all.length > 0 && <Count n={shown.length} of={all.length} one="commentaire" many="commentaires" />}
        <DataTable
          caption="Commentaires"
          captionHidden
          rows={shown}
          rowHref={c => reviewHref(ctx, r.id, `/indicateurs/${c.code}`)}
          columns={[
            { key: 'indicator', label: 'Indicateur', cell: name },
            { key: 'words', label: 'Commentaire' },
            { key: 'by', label: 'De', cell: authorText },
            { key: 'at', label: 'Le', tight: true, cell: c => frDate(c.at) },
            { key: 'state', label: 'Réponse', cell: c => <Clock c={c} today={ctx.today} /> },
          ]}
          empty={{
            title: all.length ? 'Aucun commentaire ne répond à ce filtre' : 'Aucun commentaire',
            children:
              reviewState(r) === 'prepared'
                ? 'La salle n’est pas encore ouverte aux financeurs.'
                : 'Les délégués commentent chaque indicateur depuis la salle.',
          }}
        />
      </>
    )
  },
})
export const commentSheets = sheet<Comment>({
  path: '/c/:cpts/contrat/dialogues/:id/commentaires',
  title: 'Commentaires des financeurs',
  access: readers,
  columns: [
    { label: 'Année du contrat', type: 'number', value: c => c.year },
    { label: 'Mission', value: c => (definitionOf(c.code) ? missionLabel(definitionOf(c.code)!.mission) : '') },
    { label: 'Indicateur', value: name },
    { label: 'Commentaire', value: c => c.words },
    { label: 'De', value: authorText },
    { label: 'Le', type: 'date', value: c => c.at },
    { label: 'Demande une réponse', value: c => (c.asks ? 'oui' : 'non') },
    { label: 'Réponse avant la fin du', type: 'date', value: c => c.dueOn },
    { label: 'Répondu le', type: 'date', value: c => c.answeredOn },
    { label: 'Réponses', value: c => c.answers.map(a => `${a.by} : ${a.words}`).join('\n') },
  ],
  async rows(ctx, format) {
    const r = await loadReview(ctx, (ctx.params as { id: string }).id)
    const asked = filterOf(ctx.query)
    const shown = byClock(await comments(ctx.tx, r.id), ctx.today).filter(c => asked.keep(c, ctx.today))
    await audit(ctx.tx, ctx, { action: 'review.export', subject: { kind: 'review', id: r.id }, detail: { format, rows: shown.length } })
    return shown
  },
})
