/** Where a departure stands, drawn the same for the coordination and for the doctor. No name. */
import type { Profile } from '#domain/assignment/index.ts'
import {
  Bars,
  DataTable,
  Disclosure,
  frDate,
  frDay,
  frList,
  frNumber,
  P,
  plural,
  Stat,
  type Station,
  Stations,
  Stats,
} from '#platform/ui/index.ts'
import { byWave, type Progress, progressOf, stageNames, type WaveCriterion, waveNames } from '../../departure.ts'
import { profileNames } from '../../rules.ts'
import type { Counted } from '../../simulation/index.ts'
import type { Departure, Mover, WaveRow } from '../../store/departures.ts'
import { type Say, sayIn } from '../../words/index.ts'

export const whoText = (criteria: readonly WaveCriterion[]): string => {
  const text = frList(criteria.map(c => waveNames[c].toLowerCase().replace('affection de longue durée', 'ALD')))
  return text.charAt(0).toUpperCase() + text.slice(1)
}
export interface Standing {
  wave: WaveRow | null
  people: Mover[]
  progress: Progress
}
export const standingsOf = (people: readonly Mover[], waves: readonly WaveRow[]): Standing[] =>
  byWave(people, waves).map(g => ({ ...g, progress: progressOf(g.people.map(p => p.state)) }))
export const placedOf = (p: Progress): number => p.declared + p.accepted

/** « 34 patients sur 52 ont un médecin ». */
export function finding(people: readonly Mover[]): string {
  const p = progressOf(people.map(m => m.state))
  const n = placedOf(p)
  if (people.length === 0) return 'Personne n’a encore demandé'
  return `${plural(n, 'patient', 'patients')} sur ${frNumber(people.length)} ${n < 2 ? 'a' : 'ont'} un nouveau médecin`
}

export function Figures({ d, people, today }: { d: Departure; people: readonly Mover[]; today: string }) {
  const p = progressOf(people.map(m => m.state))
  const days = Math.round((Date.parse(d.leavesOn) - Date.parse(today)) / 86_400_000)
  return (
    <Stats>
      <Stat label="Patients suivis" value={d.patients} detail={`dits à l’annonce, le ${frDate(d.announcedAt)}`} />
      <Stat label="Ont demandé" value={people.length} detail="par sa lettre, ou avec leur accord" />
      <Stat label="Ont un médecin" value={placedOf(p)} detail={`dont ${plural(p.declared, 'déclaré', 'déclarés')}`} />
      <Stat label="Attendent" value={p.waiting + p.proposed} detail={`dont ${plural(p.proposed, 'proposé', 'proposés')} en ce moment`} />
      <Stat
        label={days >= 0 ? 'Avant le départ' : 'Depuis le départ'}
        value={plural(Math.abs(days), 'jour', 'jours')}
        detail={frDay(d.leavesOn, { year: true })}
      />
    </Stats>
  )
}

/** Whom a wave takes, in the words of the public rule. */
function whoIn(criteria: readonly WaveCriterion[], say: Say): string {
  if (say.lang === 'fr') return whoText(criteria)
  const words: Record<WaveCriterion, string> = {
    ald: say('criterion.ald'),
    home: say('criterion.homeVisit'),
    age75: say('criterion.age75'),
    pregnancy: say('criterion.pregnancy'),
    child: say('depart.child'),
    everybody: say('depart.everybody'),
  }
  return criteria.map(c => words[c]).join(' · ')
}
interface CalendarProps {
  d: Departure
  waves: readonly WaveRow[]
  today: string
  vertical?: boolean
  say?: Say
}
/** The announcement, each wave, the departure: one thread; `say` for his patients, in their language. */
export function Calendar({ d, waves, today, vertical, say = sayIn('fr') }: CalendarProps) {
  const steps: Station[] = [
    { label: say('depart.announced'), at: say.date(d.announcedAt), state: 'done' },
    ...waves.map(
      (w): Station => ({
        label: say('depart.wave', { number: w.position }),
        at: say('depart.from', { day: say.date(w.startsOn) }),
        detail: whoIn(w.criteria, say),
        state: w.sentAt ? 'done' : w.startsOn <= today ? 'now' : 'todo',
      }),
    ),
    { label: say('depart.leaves'), at: say.date(d.leavesOn), state: d.leavesOn <= today ? 'done' : 'todo' },
  ]
  return <Stations label={say('depart.calendar')} steps={steps} vertical={vertical} lang={say.lang} />
}

export function ProgressBars({ standings }: { standings: readonly Standing[] }) {
  const shown = standings.filter(s => s.people.length > 0)
  if (shown.length === 0) return null
  const placed = standings.reduce((n, s) => n + placedOf(s.progress), 0)
  const all = standings.reduce((n, s) => n + s.people.length - s.progress.left, 0)
  return (
    <Bars
      title={`${frNumber(placed)} sur ${frNumber(all)} ${placed < 2 ? 'a' : 'ont'} un médecin, vague par vague`}
      parts={['Ont un médecin', stageNames.proposed, stageNames.waiting]}
      unit="patients"
      rows={shown.map(s => ({
        label: s.wave ? `Vague ${s.wave.position}` : 'Sans vague',
        note: s.wave ? whoText(s.wave.criteria) : 'Ils attendent dans la liste, à l’ancienneté de l’annonce.',
        values: [placedOf(s.progress), s.progress.proposed, s.progress.waiting],
      }))}
    />
  )
}

/** Communes drawn one by one; the table has them all. */
const DRAWN = 8
const order: readonly Profile[] = ['adult', 'child', 'ald', 'home']
/** His patients, by commune and profile, as he told them. */
export function Followed({ d, counts }: { d: Departure; counts: readonly (Counted & { commune: string })[] }) {
  if (counts.length === 0)
    return (
      <P
        muted
      >{`Seul leur nombre est connu : ${plural(d.patients, 'patient', 'patients')}. La répartition par commune n’a pas été donnée.`}</P>
    )
  const communes = [...new Set(counts.map(c => c.commune))]
  const of = (commune: string, profile: Profile) => counts.find(c => c.commune === commune && c.profile === profile)?.patients ?? 0
  const rows = communes
    .map(commune => ({ commune, values: order.map(p => of(commune, p)) }))
    .map(r => ({ ...r, sum: r.values.reduce((a, b) => a + b, 0) }))
    .sort((a, b) => b.sum - a.sum)
  const first = rows[0]!
  const busiest = rows.slice(0, DRAWN)
  const others = rows.slice(DRAWN)
  return (
    <>
      <Bars
        title={`${plural(first.sum, 'patient', 'patients')} sur ${frNumber(d.patients)} ${first.sum < 2 ? 'habite' : 'habitent'} ${first.commune}`}
        parts={order.map(p => profileNames[p])}
        unit="patients"
        rows={[
          ...busiest.map(r => ({ label: r.commune, values: r.values })),
          ...(others.length
            ? [
                {
                  label: plural(others.length, 'autre commune', 'autres communes'),
                  values: order.map((_, i) => others.reduce((n, r) => n + r.values[i]!, 0)),
                },
              ]
            : []),
        ]}
      />
      <Disclosure summary="Par commune et profil, en chiffres">
        <DataTable
          caption="Patients par commune et profil"
          captionHidden
          rows={rows}
          columns={[
            { key: 'commune', label: 'Commune' },
            ...order.map((p, i) => ({
              key: p,
              label: profileNames[p],
              numeric: true,
              cell: (r: (typeof rows)[number]) => frNumber(r.values[i]!),
            })),
            { key: 'sum', label: 'Ensemble', numeric: true, cell: r => frNumber(r.sum) },
          ]}
        />
      </Disclosure>
    </>
  )
}
