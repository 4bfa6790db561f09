/** What his patients open from his letter: who leaves when, who is first, one button. Small counts are hidden. */
import { THRESHOLD } from '#domain/disclosure.ts'
import { open } from '#platform/access.ts'
import { notFound } from '#platform/errors.ts'
import { page } from '#platform/page.ts'
import { Button, DataTable, Disclosure, frDay, frName, frNumber, PageTitle, Stack, typo } from '#platform/ui/index.ts'
import { type Published, publishable } from '../../departure.ts'
import { profileNames } from '../../rules.ts'
import { countsOf, departureByCode, pastCounts, wavesOf } from '../../store/departures.ts'
import { startDraft } from '../../store/drafts.ts'
import { nothing } from '../patient/fields.ts'
import { phone } from '../patient/steps.ts'
import { Calendar } from './progress.tsx'

export const publicDeparture = page({
  path: '/c/:cpts/depart/:code',
  title: 'Votre médecin part',
  access: open,
  posture: 'patient',
  phone,
  perMinute: 10,
  form: nothing,
  async show(ctx) {
    const d = await departureByCode(ctx.tx, ctx.params.code, ctx.today)
    if (!d) throw notFound()
    const [waves, counts, past] = await Promise.all([wavesOf(ctx.tx, d.id, ctx.today), countsOf(ctx.tx, d.id), pastCounts(ctx.tx, d)])
    const by = (key: 'communeCode' | 'profile') => (all: (typeof past)[number]) => {
      const sums: Record<string, number> = {}
      for (const c of all) sums[c[key]] = (sums[c[key]] ?? 0) + c.patients
      return sums
    }
    const communes = counts.length ? publishable(by('communeCode')(counts), past.map(by('communeCode'))) : null
    const profiles = counts.length ? publishable(by('profile')(counts), past.map(by('profile'))) : null
    const gone = d.leavesOn <= ctx.today
    return (
      <Stack gap="loose">
        <PageTitle
          title={`${frName(d.doctorName, 'Le')} ${gone ? 'a cessé' : 'cesse'} son activité le ${frDay(d.leavesOn, { year: true })}`}
          lead="Vous pouvez demander un nouveau médecin traitant dès maintenant. Trois minutes, sans compte."
        />
        <form method="post" action={`${ctx.home}/depart/${d.code}`}>
          <input type="hidden" name="_key" value={ctx.key()} />
          <Button>Faire ma demande</Button>
        </form>
        <ul class="listed">
          <li>
            {typo(
              `Quel que soit le jour de votre demande, votre ancienneté est celle de l’annonce : ${frDay(d.announcedAt, { year: true })}.`,
            )}
          </li>
          <li>{typo('Votre médecin ne donne votre nom à personne : vous seul décidez d’être sur la liste, et vous pouvez la quitter.')}</li>
          <li>
            {typo('L’ordre de la liste est public : ')}
            <a href={`${ctx.home}/comment-la-liste-est-ordonnee`}>comment la liste est ordonnée</a>.
          </li>
          <li>{typo('Vous pouvez continuer à chercher de votre côté. En cas d’urgence, appelez le 15.')}</li>
        </ul>
        {waves.length > 0 && <Calendar d={d} waves={waves} today={ctx.today} vertical />}
        {(communes || profiles) && (
          <Disclosure summary="Combien de patients sont concernés">
            {communes && (
              <Counts
                caption="Par commune"
                first="Commune"
                of={communes}
                name={code => counts.find(c => c.communeCode === code)?.commune ?? code}
              />
            )}
            {profiles && (
              <Counts caption="Par profil" first="Profil" of={profiles} name={p => profileNames[p as keyof typeof profileNames]} />
            )}
            <p class="muted">
              {typo(
                `Nombres arrondis à la dizaine. Une ligne de moins de ${THRESHOLD} personnes est masquée, une autre l’est parfois avec elle.`,
              )}
            </p>
          </Disclosure>
        )}
      </Stack>
    )
  },
  async submit(ctx) {
    const d = await departureByCode(ctx.tx, ctx.params.code, ctx.today)
    if (!d) throw notFound()
    const token = await startDraft(ctx.tx, ctx.now, { departure: [d.code], hasDoctor: [d.leavesOn <= ctx.today ? 'left' : 'leaving'] })
    return { to: `${ctx.home}/demande/${token}/qui` }
  },
})

function Counts({ caption, first, of, name }: { caption: string; first: string; of: Published; name: (key: string) => string }) {
  return (
    <DataTable
      caption={`${caption}, environ ${frNumber(of.total)} patients`}
      rows={of.rows.toSorted((a, b) => (b.patients ?? 0) - (a.patients ?? 0))}
      columns={[
        { key: 'key', label: first, cell: r => name(r.key) },
        {
          key: 'patients',
          label: 'Patients',
          numeric: true,
          cell: r => (r.patients === null ? 'masqué' : `environ ${frNumber(r.patients)}`),
        },
      ]}
    />
  )
}
