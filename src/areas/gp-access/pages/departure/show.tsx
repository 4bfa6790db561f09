/** One departure: where it stands, its waves, who asked; send a wave, add one, call it off. */
import { members } from '#platform/access.ts'
import { audit } from '#platform/audit.ts'
import { notFound } from '#platform/errors.ts'
import { action, type Ctx, download, type Outcome, page } from '#platform/page.ts'
import { sheet, sheetLinks } from '#platform/sheet.ts'
import {
  Button,
  Cluster,
  DataTable,
  Disclosure,
  Filters,
  FormView,
  frDate,
  frDay,
  frList,
  frNumber,
  LinkButton,
  Notice,
  PageTitle,
  plural,
  Section,
  Stack,
  typo,
} from '#platform/ui/index.ts'
import { waveProblem } from '../../departure.ts'
import { stateNames } from '../../rules.ts'
import { writeChanges } from '../../simulation/index.ts'
import {
  addWave,
  cancelDeparture,
  countsOf,
  type Departure,
  getDeparture,
  groups,
  type Mover,
  movers,
  removeWave,
  type WaveRow,
  wavesOf,
} from '../../store/departures.ts'
import { doctorsWithPlaces } from '../../store/plans.ts'
import { nothing } from '../desk/forms.ts'
import { idOf, ShortState } from '../desk/words.tsx'
import { waveForm } from './fields.ts'
import { letter, letterFile, publicPath } from './letter.tsx'
import { departuresPage } from './list.tsx'
import { Calendar, Figures, Followed, finding, ProgressBars, type Standing, standingsOf, whoText } from './progress.tsx'

const access = members('coordinator')
const SHOWN = 100

async function loaded(ctx: Pick<Ctx, 'tx' | 'today'>, param: string) {
  const d = await getDeparture(ctx.tx, idOf(param))
  if (!d) throw notFound()
  const [waves, people] = await Promise.all([wavesOf(ctx.tx, d.id, ctx.today), movers(ctx.tx, d.id, ctx.today)])
  return { d, waves, people, standings: standingsOf(people, waves) }
}

export const departurePage = page({
  path: '/c/:cpts/departs/:id',
  title: 'Un départ',
  access,
  form: waveForm,
  async show(ctx, refused) {
    const { d, waves, people, standings } = await loaded(ctx, ctx.params.id)
    const [counts, places, shared] = await Promise.all([countsOf(ctx.tx, d.id), doctorsWithPlaces(ctx.tx, ctx.today), groups(ctx.tx)])
    const named = linesOf(standings)
      .slice(0, SHOWN)
      .map(l => l.person.id)
    await audit(ctx.tx, ctx, { action: 'departure.read', subject: { kind: 'departure', id: d.id }, named })
    const path = `${ctx.home}/departs/${d.id}`
    const free = new Map(places.map(p => [p.doctor.id, p]))
    const followed = counts.length ? { counts } : { patients: d.patients }
    const supposed = writeChanges([{ kind: 'departure', doctor: d.membershipId, on: d.leavesOn, followed }])
    return (
      <Stack gap="loose">
        <PageTitle
          back={{ label: 'Départs', href: `${ctx.home}/departs` }}
          title={`${d.doctorName} : ${lower(finding(people))}`}
          lead={`Départ le ${frDay(d.leavesOn, { year: true })}, annoncé le ${frDate(d.announcedAt)} par ${d.announcedBy}.`}
        />
        <Cluster>
          <LinkButton href={`${path}/lettre`}>Lettre aux patients</LinkButton>
          {!d.cancelledAt && <LinkButton href={`${path}/patients`}>Saisir ceux qui ont dit oui</LinkButton>}
          <LinkButton kind="quiet" href={`${ctx.home}${publicPath(d)}`}>
            Page de ses patients
          </LinkButton>
          <LinkButton kind="quiet" href={`${ctx.home}/simulation?${supposed}`}>
            Simuler ce départ
          </LinkButton>
        </Cluster>
        {d.cancelledAt && (
          <Notice tone="stop" title="Ce départ est annulé">
            {`Par ${d.cancelledBy}, le ${frDate(d.cancelledAt)}. Les demandes déjà faites restent dans la liste ; fermez celles qui n’ont plus lieu d’être.`}
          </Notice>
        )}
        <Figures d={d} people={people} today={ctx.today} />
        <Calendar d={d} waves={waves} today={ctx.today} />
        <ProgressBars standings={standings} />
        <Section
          title="Vagues"
          count={waves.length}
          lead="Chaque patient qui a demandé est dans la première vague qui le prend. Le reste attend dans la liste, à l’ancienneté de l’annonce : personne n’est perdu."
        >
          <Filters chips={[]} exports={sheetLinks(`${path}/transition`)} />
          <Waves standings={standings} d={d} ctx={ctx} />
        </Section>
        {!d.cancelledAt && (
          <Disclosure summary="Ajouter une vague" open={Boolean(refused) || waves.length === 0}>
            <FormView
              form={waveForm}
              action={path}
              formKey={ctx.key()}
              raw={refused?.raw ?? { startsOn: [ctx.today] }}
              errors={refused?.errors}
              options={{
                groups: shared
                  .map(g => ({ g, ids: g.doctors.filter(id => id !== d.membershipId) }))
                  .filter(({ ids }) => ids.length > 0)
                  .map(({ g, ids }) => ({
                    value: g.key,
                    label: g.name,
                    hint: `${plural(ids.length, 'médecin', 'médecins')}, ${plural(
                      ids.reduce((n, id) => n + (free.get(id)?.doctor.capacity.total ?? 0), 0),
                      'place réunie',
                      'places réunies',
                    )}`,
                  })),
                doctors: places
                  .filter(p => p.doctor.id !== d.membershipId && p.doctor.capacity.total > 0)
                  .map(p => ({
                    value: p.doctor.id,
                    label: `${p.stated.doctorName}, ${p.stated.commune}`,
                    hint: plural(p.doctor.capacity.total, 'place libre', 'places libres'),
                  })),
              }}
              submit="Ajouter cette vague"
            />
          </Disclosure>
        )}
        <Section title="Ses patients, par commune">
          <Followed d={d} counts={counts} />
        </Section>
        <Disclosure summary={`Ceux qui ont demandé, par numéro (${frNumber(people.length)})`}>
          <People standings={standings} home={ctx.home} />
        </Disclosure>
        {!d.cancelledAt && (
          <Disclosure summary="Il ne part plus">
            <FormView form={nothing} action={`${path}/annuler`} formKey={ctx.key()} submit="Annuler ce départ" danger id="annuler" />
          </Disclosure>
        )}
      </Stack>
    )
  },
  async submit(ctx, { criteria, startsOn, groups: keys, doctors }): Promise<Outcome> {
    const d = await getDeparture(ctx.tx, idOf(ctx.params.id))
    if (!d) throw notFound()
    const wrong = waveProblem({ startsOn }, { announcedOn: isoDay(d.announcedAt), leavesOn: d.leavesOn })
    if (wrong) return { errors: { startsOn: wrong } }
    const [shared, places] = await Promise.all([groups(ctx.tx), doctorsWithPlaces(ctx.tx, ctx.today)])
    const known = new Set(places.map(p => p.doctor.id))
    const chosen = [
      ...shared.filter(g => keys.includes(g.key)).flatMap(g => g.doctors.map(membershipId => ({ membershipId, groupName: g.name }))),
      ...doctors.filter(id => known.has(id)).map(membershipId => ({ membershipId, groupName: null })),
    ].filter(x => x.membershipId !== d.membershipId)
    if (chosen.length === 0 && keys.length + doctors.length > 0)
      return { errors: { doctors: 'Ces médecins n’ont plus de places déclarées en cours. Choisissez-en d’autres.' } }
    await addWave(ctx.tx, ctx, d.id, { criteria, startsOn, doctors: chosen })
    return {
      to: `${ctx.home}/departs/${d.id}`,
      notice: `Vague ajoutée : ${lower(whoText(criteria))}, à partir du ${frDay(startsOn)}. Rien n’est encore proposé.`,
    }
  },
})
const lower = (text: string) => (/^[A-Z]{2}/.test(text) ? text : text.charAt(0).toLowerCase() + text.slice(1))
const isoDay = (at: Date) => at.toISOString().slice(0, 10)

const towards = (w: WaveRow): string => {
  if (w.doctors.length === 0) return 'Tous les médecins qui ont des places'
  const groupNames = [...new Set(w.doctors.flatMap(x => x.groupName ?? []))]
  return frList([
    ...groupNames.map(g => `${g} (${plural(w.doctors.filter(x => x.groupName === g).length, 'médecin', 'médecins')})`),
    ...w.doctors.filter(x => !x.groupName).map(x => x.name),
  ])
}
function Waves({ standings, d, ctx }: { standings: readonly Standing[]; d: Departure; ctx: Ctx }) {
  const rows = standings.flatMap(s => (s.wave ? [{ ...s, wave: s.wave }] : []))
  return (
    <DataTable
      caption="Vagues"
      captionHidden
      rows={rows}
      columns={[
        { key: 'who', label: 'Qui', cell: s => `${s.wave.position}. ${whoText(s.wave.criteria)}` },
        { key: 'startsOn', label: 'À partir du', tight: true, cell: s => frDate(s.wave.startsOn) },
        {
          key: 'doctors',
          label: 'Vers',
          cell: s => (
            <>
              {typo(towards(s.wave))}
              {s.wave.doctors.length > 0 && (
                <div class="note">
                  {plural(
                    s.wave.doctors.reduce((n, x) => n + (x.left ?? 0), 0),
                    'place libre',
                    'places libres',
                  )}
                </div>
              )}
            </>
          ),
        },
        { key: 'people', label: 'Patients', numeric: true, cell: s => frNumber(s.people.length) },
        { key: 'waiting', label: 'En attente', numeric: true, cell: s => frNumber(s.progress.waiting) },
        { key: 'proposed', label: 'Proposés', numeric: true, cell: s => frNumber(s.progress.proposed) },
        { key: 'accepted', label: 'Acceptés', numeric: true, cell: s => frNumber(s.progress.accepted) },
        { key: 'declared', label: 'Déclarés', numeric: true, cell: s => frNumber(s.progress.declared) },
        {
          key: 'act',
          label: 'Faire',
          cell: s =>
            d.cancelledAt ? null : (
              <Cluster>
                {s.people.some(p => p.state === 'prioritised') && (
                  <LinkButton
                    small
                    href={`${ctx.home}/departs/vagues/${s.wave.id}/envoyer`}
                    label={`Préparer l’envoi de la vague ${s.wave.position}`}
                  >
                    {`Préparer (${frNumber(s.people.filter(p => p.state === 'prioritised').length)})`}
                  </LinkButton>
                )}
                <form method="post" action={`${ctx.home}/departs/vagues/${s.wave.id}/retirer`}>
                  <input type="hidden" name="_key" value={ctx.key()} />
                  <Button kind="quiet" small label={`Retirer la vague ${s.wave.position}`}>
                    Retirer
                  </Button>
                </form>
              </Cluster>
            ),
        },
      ]}
      empty={{
        title: 'Aucune vague encore',
        children: 'Commencez par les plus fragiles : ALD, visites à domicile, 75 ans ou plus, grossesses.',
      }}
    />
  )
}
interface PersonLine {
  person: Mover
  wave: WaveRow | null
}
const linesOf = (standings: readonly Standing[]): PersonLine[] => standings.flatMap(s => s.people.map(person => ({ person, wave: s.wave })))
function People({ standings, home }: { standings: readonly Standing[]; home: string }) {
  const lines = linesOf(standings)
  return (
    <>
      {lines.length > SHOWN && <p class="muted">{typo(`Les ${SHOWN} premiers ; le fichier les a tous.`)}</p>}
      <DataTable
        caption="Ceux qui ont demandé, par vague"
        captionHidden
        rows={lines.slice(0, SHOWN)}
        rowHref={l => `${home}/demandes/${l.person.id}`}
        columns={[
          { key: 'number', label: 'Demande', cell: l => l.person.number },
          { key: 'wave', label: 'Vague', cell: l => (l.wave ? `${l.wave.position}` : 'aucune') },
          { key: 'commune', label: 'Commune', cell: l => l.person.commune },
          { key: 'state', label: 'État', cell: l => <ShortState state={l.person.state} /> },
          { key: 'doctor', label: 'Nouveau médecin', cell: l => l.person.doctorName ?? '—' },
        ]}
        empty={{
          title: 'Personne n’a encore demandé',
          children: 'Le médecin envoie sa lettre ; chaque demande faite avec son code apparaît ici, à l’ancienneté de l’annonce.',
        }}
      />
    </>
  )
}

/** The transition plan as a file: by number, no name. */
export const transitionSheets = sheet<PersonLine>({
  path: '/c/:cpts/departs/:id/transition',
  title: 'Plan de transition',
  access,
  columns: [
    { label: 'Vague', value: l => l.wave?.position ?? null, type: 'number' },
    { label: 'Qui', value: l => (l.wave ? whoText(l.wave.criteria) : 'Sans vague') },
    { label: 'À partir du', value: l => l.wave?.startsOn ?? null, type: 'date' },
    { label: 'Vers', value: l => (l.wave ? towards(l.wave) : 'La liste') },
    { label: 'Demande', value: l => l.person.number },
    { label: 'Commune', value: l => l.person.commune },
    { label: 'État', value: l => stateNames[l.person.state] },
    { label: 'État depuis', value: l => l.person.stateAt, type: 'date' },
    { label: 'Nouveau médecin', value: l => l.person.doctorName },
  ],
  async rows(ctx, format) {
    const { d, standings } = await loaded(ctx, (ctx.params as { id: string }).id)
    const lines = linesOf(standings)
    await audit(ctx.tx, ctx, {
      action: 'departure.export',
      subject: { kind: 'departure', id: d.id },
      detail: { format },
      named: lines.map(l => l.person.id),
    })
    return lines
  },
})

export const departureLetter = page({
  path: '/c/:cpts/departs/:id/lettre',
  title: 'Lettre aux patients',
  access,
  async show(ctx) {
    const d = await getDeparture(ctx.tx, idOf(ctx.params.id))
    if (!d) throw notFound()
    const here = `${ctx.home}/departs/${d.id}`
    return letter(ctx, d, { label: d.doctorName, href: here }, `${here}/lettre.pdf`)
  },
})
export const departureLetterFile = download({
  path: '/c/:cpts/departs/:id/lettre.pdf',
  title: 'Lettre aux patients (PDF)',
  access,
  spoken: true,
  async respond(ctx) {
    const d = await getDeparture(ctx.tx, idOf(ctx.params.id))
    if (!d) throw notFound()
    return letterFile(ctx, d)
  },
})
export const cancelAct = action({
  path: '/c/:cpts/departs/:id/annuler',
  access,
  form: nothing,
  from: departurePage,
  async submit(ctx) {
    const id = idOf(ctx.params.id)
    await cancelDeparture(ctx.tx, ctx, id)
    return { to: `${ctx.home}/departs/${id}`, notice: 'Départ annulé. Redemandez ses places au médecin : elles étaient fermées.' }
  },
})
export const removeWaveAct = action({
  path: '/c/:cpts/departs/vagues/:wave/retirer',
  access,
  form: nothing,
  from: departuresPage,
  async submit(ctx) {
    const id = await removeWave(ctx.tx, ctx, idOf(ctx.params.wave))
    return {
      to: `${ctx.home}/departs/${id}`,
      notice: 'Vague retirée. Ses patients sont dans la suivante qui les prend, ou attendent dans la liste.',
    }
  },
})
