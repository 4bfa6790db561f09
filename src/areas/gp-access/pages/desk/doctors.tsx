/** Doctors' places: what each said he can take, what is left, until when; ask again, or write down what he says by phone. */

import { territoryCommunes } from '#areas/territory/index.ts'
import { members } from '#platform/access.ts'
import { audit } from '#platform/audit.ts'
import { conflict, notFound } from '#platform/errors.ts'
import { action, type Outcome, page, type Route } from '#platform/page.ts'
import { sheet, sheetLinks } from '#platform/sheet.ts'
import {
  Button,
  Cluster,
  DataTable,
  Empty,
  Filters,
  FormView,
  frDate,
  frName,
  frNumber,
  LinkButton,
  PageTitle,
  plural,
  rawOf,
  Stat,
  Stats,
  Tag,
  typo,
} from '#platform/ui/index.ts'
import { closedWords } from '../../departure.ts'
import { type DoctorPlaces, doctorsPlaces, stateCapacity } from '../../store/capacities.ts'
import { settings } from '../../store/settings.ts'
import { patience } from '../../store/worklist.ts'
import { askCapacity } from '../doctor/capacity.tsx'
import { capacityForm } from '../doctor/fields.ts'
import { nothing } from './forms.ts'
import { idOf } from './words.tsx'

const dayAfter = (day: string, n: number) => new Date(Date.parse(`${day}T00:00:00Z`) + n * 86_400_000).toISOString().slice(0, 10)
const leftOf = (d: DoctorPlaces, today: string): number =>
  d.capacity && d.capacity.until >= today && !(d.leavesOn && d.leavesOn < d.capacity.until)
    ? Math.max(0, d.capacity.total - d.capacity.used - d.capacity.pending)
    : 0

function Until({ d, today }: { d: DoctorPlaces; today: string }) {
  if (d.leavesOn)
    return d.leavesOn < today ? <Tag>{`A cessé le ${frDate(d.leavesOn)}`}</Tag> : <Tag tone="wait">{`Part le ${frDate(d.leavesOn)}`}</Tag>
  const asked = d.askedAt && <div class="note">{`Redemandé le ${frDate(d.askedAt)}`}</div>
  if (!d.capacity)
    return (
      <>
        <Tag tone="wait">Rien déclaré</Tag>
        {asked}
      </>
    )
  const { until } = d.capacity
  return (
    <>
      {until < today ? (
        <Tag tone="late">{`Périmé depuis le ${frDate(until)}`}</Tag>
      ) : until < dayAfter(today, patience.statementDays) ? (
        <Tag tone="wait">{frDate(until)}</Tag>
      ) : (
        frDate(until)
      )}
      {asked}
    </>
  )
}

/** Doctors' names and numbers of places, for the coordination alone: the list stays inside the community. */
const doctorsSheets = sheet<{ d: DoctorPlaces; left: number }>({
  path: '/c/:cpts/medecins',
  title: 'Places des médecins',
  access: members('coordinator'),
  columns: [
    { label: 'Médecin', value: r => r.d.name },
    { label: 'Commune', value: r => r.d.capacity?.commune ?? null },
    { label: 'Déclarées', value: r => r.d.capacity?.total ?? null, type: 'number' },
    { label: 'Prises', value: r => r.d.capacity?.used ?? null, type: 'number' },
    { label: 'En attente', value: r => r.d.capacity?.pending ?? null, type: 'number' },
    { label: 'Restent', value: r => r.left, type: 'number' },
    { label: 'Valable jusqu’au', value: r => r.d.capacity?.until ?? null, type: 'date' },
    { label: 'Part le', value: r => r.d.leavesOn, type: 'date' },
  ],
  async rows(ctx, format) {
    const all = await doctorsPlaces(ctx.tx, ctx.now)
    await audit(ctx.tx, ctx, { action: 'capacity.export', detail: { format, rows: all.length } })
    return all.map(d => ({ d, left: leftOf(d, ctx.today) }))
  },
})

export const doctorsPage = page({
  path: '/c/:cpts/medecins',
  title: 'Places des médecins',
  access: members('coordinator'),
  async show(ctx) {
    const all = await doctorsPlaces(ctx.tx, ctx.now)
    const left = all.reduce((sum, d) => sum + leftOf(d, ctx.today), 0)
    const staying = all.filter(d => !d.leavesOn)
    const current = staying.filter(d => d.capacity && d.capacity.until >= ctx.today)
    const path = `${ctx.home}/medecins`
    return (
      <>
        <PageTitle
          title="Places des médecins"
          count={all.length}
          lead="Ces chiffres restent entre la coordination et chaque médecin. Le plan ne compte que les déclarations en cours."
          actions={
            <>
              <LinkButton href={`${ctx.home}/simulation`}>Simuler</LinkButton>
              <LinkButton href={`${ctx.home}/departs`}>Départs annoncés</LinkButton>
            </>
          }
        />
        <Stats>
          <Stat label="Places restantes" value={left} detail="propositions en attente déduites" />
          <Stat label="Déclarations en cours" value={current.length} detail={`sur ${plural(staying.length, 'médecin', 'médecins')}`} />
          <Stat
            label="À redemander"
            value={staying.length - current.filter(d => d.capacity!.until >= dayAfter(ctx.today, patience.statementDays)).length}
            detail={`périmées, absentes, ou à moins de ${patience.statementDays} jours`}
          />
        </Stats>
        <Filters chips={[]} exports={sheetLinks(path)} />
        <DataTable
          caption="Médecins"
          captionHidden
          rows={all}
          columns={[
            {
              key: 'name',
              label: 'Médecin',
              cell: d => (
                <>
                  {d.name}
                  <div class="note">{d.capacity?.commune}</div>
                </>
              ),
            },
            { key: 'total', label: 'Déclarées', numeric: true, cell: d => d.capacity && frNumber(d.capacity.total) },
            { key: 'used', label: 'Prises', numeric: true, cell: d => d.capacity && frNumber(d.capacity.used) },
            { key: 'pending', label: 'En attente', numeric: true, cell: d => d.capacity && frNumber(d.capacity.pending) },
            { key: 'left', label: 'Restent', numeric: true, cell: d => <strong>{frNumber(leftOf(d, ctx.today))}</strong> },
            { key: 'until', label: 'Valable jusqu’au', cell: d => <Until d={d} today={ctx.today} /> },
            {
              key: 'act',
              label: 'Mettre à jour',
              cell: d => (
                <Cluster>
                  {d.email && !d.leavesOn && (
                    <form method="post" action={`${path}/${d.membershipId}/redemander`}>
                      <input type="hidden" name="_key" value={ctx.key()} />
                      <Button kind="secondary" small label={`Redemander ${frName(d.name, 'à')}`}>
                        Redemander
                      </Button>
                    </form>
                  )}
                  <LinkButton
                    kind="quiet"
                    small
                    href={`${path}/${d.membershipId}/places`}
                    label={`Saisir les places ${frName(d.name, 'de')}, par téléphone`}
                  >
                    Par téléphone
                  </LinkButton>
                </Cluster>
              ),
            },
          ]}
          empty={{
            title: 'Aucun médecin membre',
            children: 'Ajoutez les médecins parmi les membres ; ils pourront alors déclarer leurs places.',
          }}
        />
      </>
    )
  },
})

export const askAct = action({
  path: '/c/:cpts/medecins/:id/redemander',
  access: members('coordinator'),
  form: nothing,
  from: doctorsPage,
  async submit(ctx) {
    const id = idOf(ctx.params.id)
    const doctor = (await doctorsPlaces(ctx.tx, ctx.now)).find(d => d.membershipId === id)
    if (!doctor) throw notFound()
    if (doctor.leavesOn && doctor.leavesOn < ctx.today) throw conflict(typo(closedWords(doctor.leavesOn, ctx.today, true)))
    const sent = await askCapacity(ctx, id)
    return {
      to: `${ctx.home}/medecins`,
      notice: sent
        ? `Un lien part ${frName(doctor.name, 'à')}. Une touche lui suffit pour répondre.`
        : `${frName(doctor.name, 'Le')} n’a pas d’adresse électronique : appelez-le.`,
    }
  },
})

export const onBehalfPage = page({
  path: '/c/:cpts/medecins/:id/places',
  title: 'Places, par téléphone',
  access: members('coordinator'),
  form: capacityForm,
  async show(ctx, refused) {
    const id = idOf(ctx.params.id)
    const doctor = (await doctorsPlaces(ctx.tx, ctx.now)).find(d => d.membershipId === id)
    if (!doctor) throw notFound()
    const [communes, { capacityDays }] = await Promise.all([territoryCommunes(ctx.tx), settings(ctx.tx)])
    const path = `${ctx.home}/medecins`
    const until = dayAfter(ctx.today, capacityDays)
    return (
      <>
        <PageTitle
          back={{ label: 'Places des médecins', href: path }}
          title={`Places ${frName(doctor.name, 'de')}`}
          lead="Ce qu’il vous dit au téléphone remplace sa déclaration précédente. Les patients déjà acceptés ne comptent plus."
        />
        {communes.length === 0 ? (
          <Empty
            title="Le territoire n’a pas encore de commune"
            action={<LinkButton href={`${ctx.home}/territoire`}>Choisir les communes</LinkButton>}
          />
        ) : (
          <FormView
            form={capacityForm}
            action={`${path}/${id}/places`}
            submit="Enregistrer ses places"
            formKey={ctx.key()}
            raw={refused?.raw ?? (doctor.capacity ? rawOf({ ...doctor.capacity, total: null, until }) : rawOf({ until }))}
            errors={refused?.errors}
            options={{ communeCode: communes.filter(c => c.known).map(c => ({ value: c.code, label: c.name })) }}
            secondary={
              <LinkButton kind="quiet" href={path}>
                Annuler
              </LinkButton>
            }
          />
        )}
      </>
    )
  },
  async submit(ctx, input): Promise<Outcome> {
    const id = idOf(ctx.params.id)
    const doctor = (await doctorsPlaces(ctx.tx, ctx.now)).find(d => d.membershipId === id)
    if (!doctor) throw notFound()
    if (!(await territoryCommunes(ctx.tx)).some(c => c.code === input.communeCode && c.known))
      return { errors: { communeCode: 'Choisissez une commune du territoire.' } }
    if (input.until < ctx.today) return { errors: { until: 'Cette date est passée : choisissez une date à venir.' } }
    if (input.minAge !== null && input.maxAge !== null && input.minAge > input.maxAge)
      return { errors: { maxAge: 'L’âge le plus élevé est plus petit que l’âge le plus jeune.' } }
    const done = await stateCapacity(ctx.tx, ctx, id, { ...input, communes: doctor.capacity?.communes ?? [] }, 'coordinator')
    if ('leavesOn' in done) return { errors: { until: closedWords(done.leavesOn, ctx.today, true) } }
    return {
      to: `${ctx.home}/medecins`,
      notice: `${doctor.name} : ${plural(input.total, 'place', 'places')} jusqu’au ${frDate(input.until)}. Le prochain plan en tient compte.`,
    }
  },
})
export const doctorsRoutes: readonly Route[] = [...doctorsSheets, doctorsPage, askAct, onBehalfPage]
