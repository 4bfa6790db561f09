/** A plan that is being computed, or that ended without an answer: where it is, how long still, the button that stops it. */
import type { Ctx } from '#platform/page.ts'
import {
  Button,
  Callout,
  Facts,
  frDateTime,
  frNumber,
  LinkButton,
  NBSP,
  Notice,
  PageTitle,
  plural,
  type Station,
  Stations,
  typo,
} from '#platform/ui/index.ts'
import { type Phase, phases } from '../../solving.ts'
import type { KeptPlan, PlanState } from '../../store/plans.ts'

/** A worker says where it is twice a second; after so long without a word it is gone, or the database was. */
const SILENT_MS = 20_000

export const stateWords: Record<PlanState, string> = {
  waiting: 'En attente',
  running: 'En cours',
  finished: 'Terminé',
  stopped: 'Arrêté',
  failed: 'Échec',
  lost: 'Interrompu',
}
const phaseWords: Record<Phase, string> = {
  read: 'Lire la liste et les places',
  pairs: 'Voir qui convient à qui',
  solve: 'Chercher le meilleur plan',
  households: 'Réunir les foyers',
  explain: 'Écrire la raison de chaque ligne',
  keep: 'Garder le plan',
}
/** How far each phase is when it begins, in hundredths: searching is nearly all of a long run. */
const begins: Record<Phase, number> = { read: 0, pairs: 4, solve: 12, households: 45, explain: 88, keep: 97 }

export const isOpen = (p: KeptPlan): boolean => p.state === 'waiting' || p.state === 'running'

/** Hundredths done, by the engine's own count or, without one, by the time comparable plans took; null when nobody knows. Pure. */
export function percentDone(p: Pick<KeptPlan, 'state' | 'phase' | 'done' | 'elapsedMs' | 'estimateMs'>): number | null {
  if (p.state === 'waiting' || !p.phase) return 0
  const from = begins[p.phase]
  const to = begins[phases[phases.indexOf(p.phase) + 1] ?? 'keep'] || 100
  if (p.done !== null) return Math.round(from + p.done * (to - from))
  if (p.phase === 'solve' || p.phase === 'households')
    return p.estimateMs ? Math.max(from, Math.min(to, Math.round((100 * (p.elapsedMs ?? 0)) / p.estimateMs))) : null
  return from
}
/** Milliseconds still to go, or null; never below one second, which nobody could read. Pure. */
export function msLeft(p: Pick<KeptPlan, 'state' | 'phase' | 'done' | 'elapsedMs' | 'estimateMs'>): number | null {
  const elapsed = p.elapsedMs ?? 0
  const percent = percentDone(p)
  // What comparable plans took; before any, what this one took for its share done.
  const left =
    p.estimateMs !== null
      ? p.estimateMs - elapsed
      : percent && p.done !== null && percent > 15
        ? (elapsed * (100 - percent)) / percent
        : null
  return left === null ? null : Math.max(1_000, left)
}
export function leftText(p: KeptPlan, now: Date): string {
  if (p.state === 'waiting') return 'Il commence dès qu’un calculateur est libre.'
  const silent = p.startedAt ? now.getTime() - p.startedAt.getTime() - (p.elapsedMs ?? 0) : 0
  if (silent > SILENT_MS) return `Le serveur qui calculait ne répond plus. Le calcul reprend de lui-même, en une minute ou deux.`
  const left = msLeft(p)
  if (left === null) return 'Durée inconnue : aucun plan de cette taille n’a encore été calculé ici.'
  const seconds = Math.ceil(left / 1000)
  return seconds < 100
    ? `Encore ${seconds}${NBSP}s environ (estimation).`
    : `Encore ${Math.round(seconds / 60)}${NBSP}min environ (estimation).`
}

const stationOf =
  (p: KeptPlan) =>
  (phase: Phase): Station => {
    const at = p.phase ? phases.indexOf(p.phase) : -1
    const mine = phases.indexOf(phase)
    return { label: phaseWords[phase], state: mine < at ? 'done' : mine > at ? 'todo' : isOpen(p) ? 'now' : 'stopped' }
  }

export function Run({ plan: p, ctx }: { plan: KeptPlan; ctx: Ctx }) {
  const path = `${ctx.home}/plan/${p.id}`
  const percent = percentDone(p)
  return (
    <>
      <PageTitle
        back={{ label: 'Plans', href: `${ctx.home}/plan` }}
        title="Le calcul est en cours"
        lead={`${plural(p.patients, 'patient', 'patients')}, ${plural(p.doctors, 'médecin', 'médecins')}. Vous pouvez quitter cette page : le plan vous attendra dans la liste des plans.`}
      />
      <div class="run" data-run data-run-href={`${path}/vivant`}>
        {p.attempts > 1 && <Notice tone="wait">Le serveur s’était arrêté pendant ce calcul : il a été repris du début.</Notice>}
        <label for="avancement">Avancement</label>
        <progress id="avancement" max="100" value={percent ?? undefined} data-percent>
          {percent === null ? '' : `${percent} %`}
        </progress>
        <p role="status" data-left>
          {typo(leftText(p, ctx.now))}
        </p>
        <Stations label="Étapes du calcul" steps={phases.map(stationOf(p))} vertical />
      </div>
      <div class="cluster run-acts">
        <form method="post" action={`${path}/arreter`}>
          <input type="hidden" name="_key" value={ctx.key()} />
          <Button kind="secondary">Arrêter le calcul</Button>
        </form>
        <LinkButton kind="quiet" href={path}>
          Voir où il en est
        </LinkButton>
      </div>
      <Asked plan={p} />
    </>
  )
}
const Asked = ({ plan: p }: { plan: KeptPlan }) => (
  <Facts
    items={[
      { label: 'Demandé', value: `${frDateTime(p.createdAt)}${p.createdLabel ? `, ${p.createdLabel}` : ''}` },
      ...(p.dataAt && !isOpen(p) ? [{ label: 'Liste et places lues', value: frDateTime(p.dataAt) }] : []),
      ...(p.endedAt ? [{ label: stateWords[p.state], value: `${frDateTime(p.endedAt)}${p.endedLabel ? `, ${p.endedLabel}` : ''}` }] : []),
      ...(p.elapsedMs && !isOpen(p) ? [{ label: 'Temps passé', value: `${frNumber(Math.ceil(p.elapsedMs / 1000))}${NBSP}s` }] : []),
    ]}
  />
)

const endings: Record<'stopped' | 'failed' | 'lost', [title: string, callout: string, words: string]> = {
  stopped: [
    'Le calcul a été arrêté',
    'Ce plan n’a pas été calculé jusqu’au bout.',
    'Rien n’est parti. Vous pouvez le relancer quand vous voulez.',
  ],
  failed: [
    'Le calcul a échoué',
    'Ce plan n’a pas abouti.',
    'Rien n’est parti, et la liste est intacte. Relancez ; si cela recommence, prévenez la personne qui tient votre serveur : l’heure ci-dessous lui suffit.',
  ],
  lost: [
    'Le calcul a été interrompu',
    'Le serveur s’est arrêté deux fois pendant ce calcul.',
    'Rien n’est parti, et la liste est intacte. Relancez ; si cela recommence, la liste est peut-être trop grande pour la mémoire de votre serveur.',
  ],
}
export function Ended({ plan: p, ctx }: { plan: KeptPlan; ctx: Ctx }) {
  const [title, callout, words] = endings[p.state as keyof typeof endings]
  return (
    <>
      <PageTitle back={{ label: 'Plans', href: `${ctx.home}/plan` }} title={title} />
      <Callout
        title={callout}
        action={
          <form method="post" action={`${ctx.home}/plan`}>
            <input type="hidden" name="_key" value={ctx.key()} />
            <Button>Recommencer</Button>
          </form>
        }
      >
        {words}
      </Callout>
      <Asked plan={p} />
    </>
  )
}
