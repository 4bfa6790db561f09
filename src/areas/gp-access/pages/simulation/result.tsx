/** The effect: what changes in one glance, commune by commune on a map, by profile, then person by person. */
import {
  BeforeAfter,
  ChangeMap,
  DataTable,
  Disclosure,
  frList,
  frNumber,
  frPercent,
  NBSP,
  P,
  plural,
  Section,
  Stat,
  Stats,
  TerritoryMap,
  typo,
} from '#platform/ui/index.ts'
import { profileNames } from '../../rules.ts'
import {
  ASSUMED_SHARES,
  arrivalId,
  type Basis,
  type Both,
  type Change,
  COVERED_MINUTES,
  difference,
  type Effect,
  followedTotal,
  type Range,
  touched,
} from '../../simulation/index.ts'
import type { Numbered } from '../../store/simulation.ts'
import type { Simulated } from './work.ts'

interface Props {
  basis: Basis
  changes: readonly Change[]
  done: Simulated
  people: readonly Numbered[]
  home: string
}
/** People of each kind shown by number. */
export const SHOWN = 50
const profileOrder = ['adult', 'child', 'ald', 'home'] as const

export function Result(p: Props) {
  const { effect, ranges } = p.done
  const names = doctorNames(p)
  return (
    <>
      <Figures effect={effect} ranges={ranges} />
      <Territory basis={p.basis} changes={p.changes} effect={effect} />
      <BeforeAfter
        title={byProfileTitle(effect)}
        what="personnes sans médecin après le plan"
        rows={effect.profiles.map(g => ({ label: profileNames[g.key], ...g.left }))}
      />
      <ByCommune effect={effect} />
      {effect.orphans.patients > 0 && <Orphans {...p} names={names} />}
      <Moves {...p} names={names} />
      <How {...p} />
    </>
  )
}

function doctorNames({ basis, changes }: Pick<Props, 'basis' | 'changes'>): (id: string) => string {
  const known = new Map(basis.practising.map(d => [d.id, d.name]))
  const commune = (code: string) => basis.communes.find(c => c.code === code)?.name ?? code
  for (const [i, c] of changes.entries()) if (c.kind === 'arrival') known.set(arrivalId(i), `Nouveau médecin (${commune(c.communeCode)})`)
  return id => known.get(id) ?? 'Un médecin'
}

const was = (b: Both<number>) => `${frNumber(b.before)} aujourd’hui`
const rangeText = (r: Range) => (r.low === r.high ? 'estimation' : `entre ${frNumber(r.low)} et ${frNumber(r.high)} (estimation)`)

function Figures({ effect: e, ranges }: { effect: Effect; ranges: Simulated['ranges'] }) {
  const left = { before: e.waiting.before - e.placed.before, after: e.waiting.after - e.placed.after }
  const minutes = (t: Effect['travel']['after']) => (t ? `${t.median}${NBSP}min` : '—')
  return (
    <Stats>
      <Stat
        label="Sans médecin après le plan"
        value={left.after}
        detail={[was(left), ranges && rangeText(ranges.left)].filter(Boolean).join(' ; ')}
      />
      <Stat label="Auraient un médecin" value={e.placed.after} detail={was(e.placed)} />
      <Stat label="Points servis" value={e.points.after} detail={was(e.points)} />
      <Stat
        label="Trajet médian (estimation)"
        value={minutes(e.travel.after)}
        detail={`${minutes(e.travel.before)} aujourd’hui ; au plus ${e.travel.after?.max ?? 0}${NBSP}min, contre ${e.travel.before?.max ?? 0}`}
      />
      {e.covered.of > 0 && (
        <Stat
          label={`Habitants à ${COVERED_MINUTES} min d’une place libre`}
          value={frPercent(e.covered.after / e.covered.of)}
          detail={`${frPercent(e.covered.before / e.covered.of)} aujourd’hui (estimation)`}
        />
      )}
    </Stats>
  )
}

function Territory({ basis, changes, effect }: Pick<Props, 'basis' | 'changes'> & { effect: Effect }) {
  const place = new Map(basis.communes.map(c => [c.code, c.place]))
  const moved = touched(effect.communes)
  const gain = moved.filter(c => difference(c) < 0).length
  const lose = moved.length - gain
  const said = [
    ...(gain ? [plural(gain, 'commune y gagne', 'communes y gagnent')] : []),
    ...(lose ? [plural(lose, 'commune y perd', 'communes y perdent')] : []),
  ]
  const marks = changes.flatMap((c, i) => {
    const doctor = c.kind === 'arrival' ? null : basis.practising.find(d => d.id === c.doctor)
    const at = c.kind === 'arrival' ? place.get(c.communeCode) : doctor?.place
    const label = doctor?.name ?? doctorNames({ basis, changes })(arrivalId(i))
    return at ? [{ ...at, label, kind: c.kind === 'departure' ? ('leaves' as const) : ('arrives' as const) }] : []
  })
  return (
    <ChangeMap
      title={said.length ? frList(said) : 'Aucune commune ne change'}
      what="Personnes sans médecin après le plan"
      lessIsGain
      gains="moins de personnes sans médecin"
      loses="plus de personnes sans médecin"
      source="Personnes que le plan laisserait sans médecin : différence avec aujourd’hui."
      communes={effect.communes.flatMap(c => {
        const at = place.get(c.key)
        return at ? [{ ...at, code: c.key, name: c.name, ...c.left }] : []
      })}
      marks={marks}
    />
  )
}

function byProfileTitle({ profiles }: Effect): string {
  const [first] = touched(profiles)
  if (!first) return 'Aucun profil n’attendrait plus, aucun n’attendrait moins'
  const n = difference(first)
  return `${profileNames[first.key]} : ${n > 0 ? plural(n, 'personne de plus attendrait', 'personnes de plus attendraient') : plural(-n, 'personne de moins attendrait', 'personnes de moins attendraient')}`
}

function ByCommune({ effect }: { effect: Effect }) {
  const minutes = (n: number | null) => (n === null ? '—' : `${n}${NBSP}min`)
  return (
    <Disclosure summary="Commune par commune">
      <DataTable
        caption="Effet par commune"
        captionHidden
        rows={effect.communes.toSorted((a, b) => Math.abs(difference(b)) - Math.abs(difference(a)) || a.name.localeCompare(b.name, 'fr'))}
        columns={[
          { key: 'name', label: 'Commune' },
          { key: 'waiting', label: 'En attente', numeric: true, cell: c => arrow(c.waiting) },
          { key: 'left', label: 'Sans médecin après le plan', numeric: true, cell: c => arrow(c.left) },
          {
            key: 'nearest',
            label: 'Place libre la plus proche (estimation)',
            numeric: true,
            cell: c =>
              c.nearest.before === c.nearest.after
                ? minutes(c.nearest.after)
                : `${minutes(c.nearest.before)} puis ${minutes(c.nearest.after)}`,
          },
        ]}
      />
    </Disclosure>
  )
}
const arrow = (b: Both<number>) => (b.before === b.after ? frNumber(b.after) : `${frNumber(b.before)} puis ${frNumber(b.after)}`)

function Orphans({ basis, changes, done, names }: Props & { names: (id: string) => string }) {
  const { patients, placed, flows } = done.effect.orphans
  const range = done.ranges && rangeText(done.ranges.orphansPlaced)
  const place = new Map(basis.communes.map(c => [c.code, c]))
  const doctors = new Map(basis.practising.map(d => [d.id, d.place]))
  for (const [i, c] of changes.entries()) if (c.kind === 'arrival') doctors.set(arrivalId(i), place.get(c.communeCode)?.place ?? null)
  const demand = sumBy(flows, f => f.communeCode)
  const threads = sumBy(
    flows.filter(f => f.doctor !== null),
    f => `${f.communeCode} ${f.doctor}`,
  )
  const going = sumBy(flows, f => f.doctor ?? '')
  return (
    <Section
      title="Où iraient ses patients"
      lead={`Sur ${plural(patients, 'patient', 'patients')}, ${frNumber(placed)} ${placed < 2 ? 'trouverait' : 'trouveraient'} une place aujourd’hui${range ? `, ${range}` : ''}. Les autres attendraient dans la liste, à l’ancienneté de l’annonce.`}
    >
      <TerritoryMap
        title={`${frNumber(placed)} sur ${frNumber(patients)} ${placed < 2 ? 'trouverait' : 'trouveraient'} un autre médecin`}
        communes={basis.communes.flatMap(c =>
          c.place ? [{ ...c.place, code: c.code, name: c.name, ...(c.population && { population: c.population }) }] : [],
        )}
        demand={[...demand].map(([code, count]) => ({ code, count }))}
        doctors={[...going.keys()].flatMap(id => {
          const at = doctors.get(id)
          return at ? [{ ...at, id, label: names(id) }] : []
        })}
        threads={[...threads].flatMap(([key, count]) => {
          const [code = '', doctor = ''] = key.split(' ')
          const [from, to] = [place.get(code), doctors.get(doctor)]
          return from?.place && to && (from.place.lon !== to.lon || from.place.lat !== to.lat)
            ? [{ from: from.place, to, count, label: `${from.name} vers ${names(doctor)} : ${plural(count, 'patient', 'patients')}` }]
            : []
        })}
        unit={['patient à reprendre', 'patients à reprendre']}
        source="Trajets estimés entre centres de communes, en voiture."
      />
      <Disclosure summary="Par médecin, commune et profil">
        <DataTable
          caption="Où iraient ses patients"
          captionHidden
          rows={flows.toSorted((a, b) => b.patients - a.patients)}
          columns={[
            { key: 'doctor', label: 'Médecin', cell: f => (f.doctor ? names(f.doctor) : 'Personne pour le moment') },
            { key: 'commune', label: 'Commune', cell: f => place.get(f.communeCode)?.name ?? f.communeCode },
            { key: 'profile', label: 'Profil', cell: f => profileNames[f.profile] },
            {
              key: 'minutes',
              label: 'Trajet (estimation)',
              numeric: true,
              cell: f => (f.minutes === null ? '' : `${f.minutes}${NBSP}min`),
            },
            { key: 'patients', label: 'Patients', numeric: true, cell: f => frNumber(f.patients) },
          ]}
        />
      </Disclosure>
    </Section>
  )
}
function sumBy<T extends { patients: number }>(all: readonly T[], key: (t: T) => string): Map<string, number> {
  const sums = new Map<string, number>()
  for (const t of all) sums.set(key(t), (sums.get(key(t)) ?? 0) + t.patients)
  return sums
}

function Moves({ done: { effect }, people, home, names }: Props & { names: (id: string) => string }) {
  const person = new Map(people.map(p => [p.id, p]))
  const table = (caption: string, rows: Effect['found']) => (
    <DataTable
      caption={`${caption}${rows.length > SHOWN ? ` (les ${SHOWN} premières)` : ''}`}
      captionHidden
      rows={rows.slice(0, SHOWN)}
      rowHref={r => `${home}/demandes/${r.patient}`}
      columns={[
        { key: 'number', label: 'Demande', cell: r => person.get(r.patient)?.number },
        { key: 'commune', label: 'Commune', cell: r => person.get(r.patient)?.commune },
        { key: 'doctor', label: 'Médecin', cell: r => names(r.doctor) },
        { key: 'minutes', label: 'Trajet (estimation)', numeric: true, cell: r => `${r.minutes}${NBSP}min` },
      ]}
    />
  )
  return (
    <Section title="Qui, dans la liste d’aujourd’hui">
      <P>
        {[
          effect.found.length
            ? plural(effect.found.length, 'personne trouverait un médecin.', 'personnes trouveraient un médecin.')
            : 'Personne de la liste ne trouverait un médecin de plus.',
          effect.lost.length ? plural(effect.lost.length, 'personne ne le trouverait plus.', 'personnes ne le trouveraient plus.') : '',
          effect.moved
            ? plural(
                effect.moved,
                'irait chez un autre médecin que celui du plan d’aujourd’hui.',
                'iraient chez un autre médecin que celui du plan d’aujourd’hui.',
              )
            : '',
        ].join(' ')}
      </P>
      {effect.found.length > 0 && (
        <Disclosure summary={`Trouveraient un médecin (${frNumber(effect.found.length)})`}>
          {table('Trouveraient un médecin', effect.found)}
        </Disclosure>
      )}
      {effect.lost.length > 0 && (
        <Disclosure summary={`Ne le trouveraient plus (${frNumber(effect.lost.length)})`}>
          {table('Médecin du plan d’aujourd’hui', effect.lost)}
        </Disclosure>
      )}
    </Section>
  )
}

function How({ basis, changes }: Props) {
  const departures = changes.filter(c => c.kind === 'departure')
  const freed = departures.reduce((n, c) => n + (basis.freed.get(c.doctor)?.length ?? 0), 0)
  const guessed = departures.some(c => 'patients' in c.followed)
  const lines = [
    'Les deux plans sont calculés par le même programme que le plan de la liste, sur la liste et les places de cet instant.',
    'Les trajets sont estimés entre centres de communes, en voiture.',
    ...(departures.length
      ? [
          `Chacun des ${frNumber(departures.reduce((n, c) => n + followedTotal(c.followed), 0))} patients est supposé chercher par la liste : certains trouveront seuls, c’est donc un plafond.`,
          'Ils entrent dans la liste aujourd’hui. Leur âge et leurs soins sont supposés d’après leur profil, leur médecin est parti : la règle en vigueur leur donne leurs points.',
          guessed
            ? `Là où seul un nombre est donné, leurs communes suivent la population et la distance, leurs profils des parts supposées (${profileOrder.map(p => `${profileNames[p].toLowerCase().replace('ald', 'ALD')} ${frPercent(ASSUMED_SHARES[p])}`).join(', ')}). La fourchette va de « tous tout près » à « comme tout le territoire ».`
            : 'La fourchette va de ce qui est sûr de chacun (son profil, son médecin parti) à des soins plus lourds (traitement quotidien, suivi par un spécialiste).',
        ]
      : []),
    ...(freed
      ? [
          `${plural(freed, 'personne qui attendait sa réponse, ou son premier rendez-vous, revient', 'personnes qui attendaient sa réponse, ou leur premier rendez-vous, reviennent')} dans la liste.`,
        ]
      : []),
  ]
  return (
    <Disclosure summary="Comment ces chiffres sont calculés, et ce qui est supposé">
      <ul class="listed">
        {lines.map(line => (
          <li>{typo(line)}</li>
        ))}
      </ul>
    </Disclosure>
  )
}
