/** Patients who said yes at the practice, as a pasted list: each line says so, each becomes an ordinary request, nobody else is written down. */
import { members } from '#platform/access.ts'
import { audit } from '#platform/audit.ts'
import { readCsv } from '#platform/csv-read.ts'
import { notFound, Refusal } from '#platform/errors.ts'
import { checkbox, form, longText, type Value } from '#platform/fields.ts'
import { type Ctx, type Html, type Outcome, page, type Refused } from '#platform/page.ts'
import { Callout, DataTable, Disclosure, FormView, frDay, PageTitle, plural, rawOf, Stack, typo } from '#platform/ui/index.ts'
import { columns, importRequests } from '../../import/requests.ts'
import { type Departure, getDeparture, joinDeparture } from '../../store/departures.ts'
import { idOf } from '../desk/words.tsx'

/** The least that makes a request; the other columns of an import may be added. */
const LEAST = ['nom de naissance', 'prénoms', 'date de naissance', 'code commune', 'téléphone', 'ald', 'visites à domicile', 'accord']
const MAX_LINES = 200
export const agreedForm = form({
  list: longText({
    label: 'Liste',
    hint: `La première ligne dit les colonnes ; un tableau se colle tel quel. ${MAX_LINES} lignes au plus à la fois.`,
    max: 30_000,
    missing: 'Collez la liste de ceux qui ont dit oui.',
  }),
  consent: checkbox({
    label: 'Chaque personne de cette liste sait à quoi elle sert et a dit oui',
    mustBeTrue: 'Sans l’accord de chacun, rien n’est enregistré. Retirez de la liste ceux qui n’ont pas dit oui, puis cochez la case.',
  }),
})

function view(ctx: Pick<Ctx, 'key'>, d: Departure, path: string, back: { label: string; href: string }, refused?: Refused): Html {
  return (
    <Stack gap="loose">
      <PageTitle
        back={back}
        title="Ceux qui ont dit oui"
        lead={`Chaque ligne devient une demande ordinaire, à l’ancienneté de l’annonce : ${frDay(d.announcedAt, { year: true })}.`}
      />
      <Callout title="Seulement ceux qui ont donné leur accord">
        {typo(
          'La liste des patients d’un médecin est couverte par le secret professionnel. N’écrivez ici que les personnes qui vous ont dit oui, et rien d’autre que ces colonnes. Les autres reçoivent la lettre et décident.',
        )}
      </Callout>
      <FormView
        form={agreedForm}
        action={path}
        formKey={ctx.key()}
        raw={refused?.raw ?? rawOf({ list: `${LEAST.join(';')}\n` })}
        errors={refused?.errors}
        submit="Enregistrer ces demandes"
      />
      <Disclosure summary="Les colonnes possibles">
        <DataTable
          caption="Colonnes"
          captionHidden
          rows={columns.filter(c => c.header !== 'depuis le')}
          columns={[
            { key: 'header', label: 'Colonne' },
            { key: 'means', label: 'Ce qu’elle contient' },
            { key: 'required', label: 'Nécessaire', cell: c => (c.required ? 'oui' : 'non') },
          ]}
        />
      </Disclosure>
    </Stack>
  )
}

async function enter(ctx: Ctx, d: Departure, { list }: Value<typeof agreedForm>, to: string): Promise<Outcome> {
  if (d.cancelledAt) return { errors: { '': 'Ce départ est annulé : ses patients gardent leur médecin.' } }
  let report: Awaited<ReturnType<typeof importRequests>>
  try {
    const table = readCsv(new TextEncoder().encode(list))
    if (table.lines.length === 0) return { errors: { list: 'Il n’y a aucune ligne sous les titres des colonnes.' } }
    if (table.lines.length > MAX_LINES)
      return { errors: { list: `${table.lines.length} lignes : collez-en ${MAX_LINES} au plus à la fois.` } }
    report = await importRequests(ctx.tx, ctx, table, {
      partial: false,
      since: d.announcedAt,
      onEntered: id => joinDeparture(ctx.tx, ctx, d.id, id),
    })
  } catch (error) {
    // The columns are wrong: a sentence for whoever pasted them.
    if (error instanceof Refusal) return { errors: { list: error.message } }
    throw error
  }
  const [bad] = report.bad
  if (bad)
    return {
      errors: {
        list: `Ligne ${bad.line} : ${bad.reasons[0]}${report.bad.length > 1 ? ` ${plural(report.bad.length - 1, 'autre ligne est à corriger', 'autres lignes sont à corriger')}.` : ''} Rien n’a été enregistré.`,
      },
    }
  await audit(ctx.tx, ctx, {
    action: 'departure.agreed',
    subject: { kind: 'departure', id: d.id },
    detail: { entered: report.entered, suspected: report.suspected },
  })
  return {
    to,
    notice: `${plural(report.entered, 'demande enregistrée', 'demandes enregistrées')}, à l’ancienneté de l’annonce. La coordination les vérifie comme les autres${report.suspected ? ` ; ${plural(report.suspected, 'ressemble à une demande déjà là', 'ressemblent à des demandes déjà là')}` : ''}.`,
  }
}

export const agreedPage = page({
  path: '/c/:cpts/departs/:id/patients',
  title: 'Ceux qui ont dit oui',
  access: members('coordinator'),
  form: agreedForm,
  async show(ctx, refused) {
    const d = await theirs(ctx)
    const path = `${ctx.home}/departs/${d.id}`
    return view(ctx, d, `${path}/patients`, { label: d.doctorName, href: path }, refused)
  },
  async submit(ctx, input) {
    const d = await theirs(ctx)
    return enter(ctx, d, input, `${ctx.home}/departs/${d.id}`)
  },
})
async function theirs(ctx: Pick<Ctx<'/c/:cpts/departs/:id/patients'>, 'tx' | 'params'>): Promise<Departure> {
  const d = await getDeparture(ctx.tx, idOf(ctx.params.id))
  if (!d) throw notFound()
  return d
}
