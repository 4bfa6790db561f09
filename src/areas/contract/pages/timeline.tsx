/** The contract as lines of time: each mission with its two limits, and the table of the same dates. */
import type { Day } from '#domain/calendar.ts'
import { DataTable, frDate, type Lane, Lanes, plural, Tag, type Tone } from '#platform/ui/index.ts'
import { alertsOf, type Life, type MissionLife, missionLabel, missionRules } from '../rules.ts'

export function missionState(m: MissionLife, today: Day): { tone: Tone; words: string } {
  if (m.deployed) return { tone: 'ok', words: m.deployedBy && m.deployed > m.deployedBy ? 'Déployée après la date limite' : 'Déployée' }
  if (m.started)
    return m.deployedBy && m.deployedBy < today
      ? { tone: 'late', words: 'Déploiement en retard' }
      : { tone: 'wait', words: 'En déploiement' }
  return m.startBy && m.startBy < today ? { tone: 'late', words: 'Démarrage en retard' } : { tone: 'neutral', words: 'À démarrer' }
}

function laneOf(m: MissionLife, end: Day, today: Day): Lane {
  const started = m.started ?? (m.startBy && m.startBy > today ? m.startBy : today)
  const spans: Lane['spans'] = [{ from: m.since, to: started, look: 'hatch', label: `Avant le démarrage, depuis le ${frDate(m.since)}` }]
  if (m.started)
    spans.push({ from: m.started, to: m.deployed ?? today, look: 'light', label: `En déploiement depuis le ${frDate(m.started)}` })
  if (m.deployed) spans.push({ from: m.deployed, to: end, look: 'solid', label: `Déployée depuis le ${frDate(m.deployed)}` })
  const limit = (by: Day | null, met: Day | null, words: string): NonNullable<Lane['marks']> =>
    by ? [{ day: by, shape: (met ?? today) > by ? 'late' : 'limit', label: `${words} au plus tard le ${frDate(by)}` }] : []
  return {
    label: missionLabel(m.mission),
    note: missionState(m, today).words,
    spans,
    marks: [...limit(m.startBy, m.started, 'Démarrage'), ...limit(m.deployedBy, m.deployed, 'Déploiement')],
  }
}

/** « 4 missions sur 6 sont déployées ; prochaine date limite le 17/12/2026 ». */
function finding(life: Life, today: Day): string {
  const done = life.missions.filter(m => m.deployed).length
  const all = life.missions.length
  const said =
    done === all
      ? `Les ${all} missions sont déployées`
      : `${plural(done, 'mission', 'missions')} sur ${all} ${done > 1 ? 'sont déployées' : 'est déployée'}`
  const alerts = alertsOf(life, today).filter(a => a.mission)
  const late = alerts.filter(a => a.left < 0).length
  const next = alerts.find(a => a.left >= 0)
  if (late) return `${said} ; ${late === 1 ? 'une date limite est dépassée' : `${late} dates limites sont dépassées`}`
  return next ? `${said} ; prochaine date limite le ${frDate(next.day)}` : `${said} ; aucune date limite ne court`
}

export function ContractTimeline({ life, first, today }: { life: Life; first: Day; today: Day }) {
  const [begin] = life.periods
  const last = life.periods.at(-1)
  if (!begin || !last || !life.period) return null
  const to = today > last.to ? today : last.to
  const lanes: Lane[] = [
    {
      label: 'Contrat',
      note: `${life.period.to <= today ? 'Échu le' : 'Jusqu’au'} ${frDate(life.period.to)}`,
      spans: life.periods.map((p, i) => ({
        from: p.from,
        to: p.to,
        look: 'frame',
        label: `${i === 0 ? 'Contrat' : 'Renouvellement'} du ${frDate(p.from)} au ${frDate(p.to)}`,
      })),
      marks: life.periods.map((p, i) => ({
        day: p.from,
        shape: 'event',
        label: `${i === 0 ? 'Contrat' : 'Renouvellement'}, ${frDate(p.from)}`,
      })),
    },
    ...life.missions.map(m => laneOf(m, last.to, today)),
  ]
  return (
    <Lanes
      title={finding(life, today)}
      source="Dates limites comptées depuis l’entrée de la mission dans le contrat : 6 et 18 mois, ou 12 et 24 mois."
      from={first < begin.from ? first : begin.from}
      to={to}
      today={today}
      lanes={lanes}
      words={{
        hatch: 'avant le démarrage',
        light: 'en déploiement',
        solid: 'déployée',
        limit: 'date limite',
        late: 'date limite dépassée',
        event: 'début du contrat, renouvellement',
      }}
    >
      <MissionTable life={life} today={today} />
    </Lanes>
  )
}

function MissionTable({ life, today }: { life: Life; today: Day }) {
  const cell = (met: Day | null, by: Day | null) =>
    met ? `${frDate(met)}${by ? ` (limite ${frDate(by)})` : ''}` : by ? `avant le ${frDate(by)}` : 'date libre'
  return (
    <DataTable
      caption="Missions du contrat et leurs dates"
      captionHidden
      rows={life.missions}
      columns={[
        {
          key: 'mission',
          label: 'Mission',
          cell: m => (
            <>
              {missionLabel(m.mission)}
              <div class="note">{missionRules[m.mission].kind === 'core' ? 'Socle' : 'Optionnelle'}</div>
            </>
          ),
        },
        { key: 'since', label: 'Au contrat depuis', tight: true, cell: m => frDate(m.since) },
        { key: 'start', label: 'Démarrage', cell: m => cell(m.started, m.startBy) },
        { key: 'deployed', label: 'Déploiement', cell: m => cell(m.deployed, m.deployedBy) },
        {
          key: 'state',
          label: 'État',
          cell: m => {
            const s = missionState(m, today)
            return <Tag tone={s.tone}>{s.words}</Tag>
          },
        },
      ]}
    />
  )
}
