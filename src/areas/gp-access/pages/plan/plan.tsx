/** A plan: where its computation is, then its finding on the map, its proof level by level, what changed since, its lines. */

import { territoryCommunes } from '#areas/territory/index.ts'
import { members } from '#platform/access.ts'
import { audit } from '#platform/audit.ts'
import { notFound } from '#platform/errors.ts'
import { type Ctx, page } from '#platform/page.ts'
import {
  Button,
  Callout,
  ErrorSummary,
  Facts,
  frDateTime,
  frList,
  frNumber,
  frPercent,
  NBSP,
  Notice,
  PageTitle,
  plural,
  Section,
  Stat,
  Stats,
} from '#platform/ui/index.ts'
import type { KeptResult, Stability } from '../../kept.ts'
import { type Changes, changesSince, householdsIn, nothingChanged, planWays } from '../../store/plan-lines.ts'
import { getPlan, type KeptPlan, lastPlan, openPlan, planDoctors } from '../../store/plans.ts'
import { lastSending } from '../../store/sending.ts'
import { idOf, nameOf } from '../desk/words.tsx'
import { Lines, readLines, shownLines } from './lines.tsx'
import { PlanMap } from './map.tsx'
import { Ended, isOpen, Run } from './run.tsx'

/** Separated households named on the page; the others are counted. */
const SPLITS = 20

export const planPage = page({
  path: '/c/:cpts/plan/:id',
  title: 'Plan',
  access: members('coordinator'),
  islands: ['select-all', 'run'],
  async show(ctx, refused) {
    const kept = await getPlan(ctx.tx, idOf(ctx.params.id))
    if (!kept) throw notFound()
    if (isOpen(kept)) return <Run plan={kept} ctx={ctx} />
    return kept.result ? <Made kept={kept} result={kept.result} ctx={ctx} error={refused?.errors} /> : <Ended plan={kept} ctx={ctx} />
  },
})

async function Made({ kept, result, ctx, error }: { kept: KeptPlan; result: KeptResult; ctx: Ctx; error?: Record<string, string> }) {
  const { tx } = ctx
  const asked = readLines(ctx.query)
  const [lines, ways, communes, newest, open, splits, sending] = await Promise.all([
    shownLines(tx, kept.id, asked),
    planWays(tx, kept.id),
    territoryCommunes(tx),
    lastPlan(tx),
    openPlan(tx),
    splitsOf(ctx, kept.id, result),
    lastSending(tx, kept.id),
  ])
  const isLast = newest?.id === kept.id
  const changes = isLast && kept.dataAt ? await changesSince(tx, kept, ctx.now) : null
  await audit(tx, ctx, {
    action: 'plan.read',
    subject: { kind: 'plan', id: kept.id },
    detail: { view: asked.view },
    named: [...lines.rows.map(l => l.id), ...lines.names.keys(), ...splits.flatMap(s => s.ids)],
  })
  return (
    <>
      <PageTitle
        back={{ label: 'Plans', href: `${ctx.home}/plan` }}
        title={`Plan du ${frDateTime(kept.createdAt)}`}
        lead={`${plural(result.placed, 'patient a un médecin', 'patients ont un médecin')}, ${result.unplaced === 0 ? 'personne ne reste sans proposition' : `${plural(result.unplaced, 'reste', 'restent')} sans proposition`}.${kept.dataAt ? ` Il repose sur la liste et les places du ${frDateTime(kept.dataAt)}.` : ''}`}
      />
      {error && <ErrorSummary errors={error} />}
      {!isLast && newest && (
        <Notice tone="wait">
          Un plan plus récent existe : <a href={`${ctx.home}/plan/${newest.id}`}>{`celui du ${frDateTime(newest.createdAt)}`}</a>.
        </Notice>
      )}
      {open ? (
        <Notice tone="wait">
          Un autre plan est en cours de calcul : <a href={`${ctx.home}/plan/${open.id}`}>voir où il en est</a>.
        </Notice>
      ) : (
        changes && !nothingChanged(changes) && <Changed changes={changes} ctx={ctx} />
      )}
      {sending && (sending.state === 'waiting' || sending.state === 'running') && (
        <Notice tone="wait">
          L’envoi de ce plan est en cours : <a href={`${ctx.home}/plan/${kept.id}/envoi`}>voir où il en est</a>.
        </Notice>
      )}
      {kept.sentAt && (
        <Notice tone="ok">
          {`${plural(lines.counts.sent, 'proposition envoyée', 'propositions envoyées')} (${frDateTime(kept.sentAt)}). Les réponses arrivent dans la liste des demandes.`}
        </Notice>
      )}
      {result.stability && kept.previousId && (
        <Stable s={result.stability} path={`${ctx.home}/plan/${kept.id}`} before={`${ctx.home}/plan/${kept.previousId}`} />
      )}
      <Proof result={result} />
      <PlanMap result={result} ways={ways} communes={communes} />
      <Lines ctx={ctx} plan={kept} result={result} asked={asked} lines={lines} communes={ways.communes} />
      {splits.length > 0 && <Splits items={splits} count={result.splits.length} />}
    </>
  )
}

/** « 3 demandes de plus, 1 partie ; 2 places de plus », each only when there is one. */
export function changesText(c: Changes): string {
  const people = [
    ...(c.arrivals ? [plural(c.arrivals, 'demande de plus', 'demandes de plus')] : []),
    ...(c.returned ? [plural(c.returned, 'patient revenu après une proposition', 'patients revenus après une proposition')] : []),
    ...(c.departures ? [plural(c.departures, 'demande partie ou proposée autrement', 'demandes parties ou proposées autrement')] : []),
    ...(c.corrected ? [plural(c.corrected, 'demande corrigée', 'demandes corrigées')] : []),
  ]
  const places = [
    ...(c.places ? [plural(Math.abs(c.places), 'place', 'places') + (c.places > 0 ? ' de plus' : ' de moins')] : []),
    ...(c.newDoctors ? [plural(c.newDoctors, 'médecin de plus', 'médecins de plus')] : []),
    ...(c.goneDoctors ? [plural(c.goneDoctors, 'médecin de moins', 'médecins de moins')] : []),
    ...(c.restated ? [plural(c.restated, 'médecin a redit ses places', 'médecins ont redit leurs places')] : []),
  ]
  return `${[people, places]
    .filter(list => list.length > 0)
    .map(list => frList(list))
    .join(' ; ')}.`
}
function Changed({ changes, ctx }: { changes: Changes; ctx: Ctx }) {
  return (
    <Callout
      title="La liste ou les places ont changé depuis ce plan"
      action={
        <form method="post" action={`${ctx.home}/plan`}>
          <input type="hidden" name="_key" value={ctx.key()} />
          <Button kind="secondary">Recalculer</Button>
        </form>
      }
    >
      {`${changesText(changes)} Ce qui tient encore peut partir ; le reste sera signalé.`}
    </Callout>
  )
}
function Stable({ s, path, before }: { s: Stability; path: string; before: string }) {
  const found = [
    ...(s.gained ? [plural(s.gained, 'en a un maintenant', 'en ont un maintenant')] : []),
    ...(s.lost ? [plural(s.lost, 'n’en a plus', 'n’en ont plus')] : []),
  ]
  return (
    <Notice
      title={`${s.moved === 0 ? 'Personne ne change de médecin' : plural(s.moved, 'personne change de médecin', 'personnes changent de médecin')}, ${plural(s.kept, 'garde le sien', 'gardent le leur')}`}
    >
      Par rapport au <a href={before}>plan précédent</a>
      {found.length > 0 && ` ; de ceux qui y étaient, ${frList(found)}`}.{' '}
      {s.moved > 0 && <a href={`${path}?etat=changent#propositions`}>Qui change, et pourquoi</a>}
    </Notice>
  )
}

function Proof({ result: { objective, bound, gap, placed, proof } }: { result: KeptResult }) {
  const best = (value: number, limit: number) => (value === limit ? 'on ne peut pas faire mieux' : `au mieux ${frNumber(limit)}`)
  return (
    <Stats>
      <Stat label="Points servis" value={objective.priority} detail={best(objective.priority, bound.priority)} />
      <Stat
        label="Foyers séparés"
        value={objective.splits}
        detail={objective.splits === 0 ? 'chaque foyer a un seul médecin' : best(objective.splits, bound.splits)}
      />
      <Stat
        label="Trajet en tout (estimation)"
        value={objective.minutes}
        unit="min"
        detail={`${placed ? Math.round(objective.minutes / placed) : 0}${NBSP}min en moyenne ; ${best(objective.minutes, bound.minutes)}`}
      />
      <Stat
        label="Preuve"
        value={gap === 0 ? 'Optimal' : frPercent(gap, 1)}
        detail={
          gap === 0
            ? 'Optimal, prouvé : aucun autre plan ne fait mieux'
            : `à ${frPercent(gap, 1)} au plus du meilleur plan possible${proof.exhausted ? ', recherche arrêtée à son budget' : ''}`
        }
      />
    </Stats>
  )
}

interface Split {
  ids: string[]
  people: string
  doctors: string
}
async function splitsOf(ctx: Ctx, planId: string, { splits }: KeptResult): Promise<Split[]> {
  const shown = splits.slice(0, SPLITS)
  if (shown.length === 0) return []
  const [people, doctors] = await Promise.all([
    householdsIn(
      ctx.tx,
      planId,
      shown.map(s => s.household),
    ),
    planDoctors(ctx.tx, [...new Set(shown.flatMap(s => s.doctors))]),
  ])
  return shown.map(s => {
    const together = people.filter(p => p.householdId === s.household)
    return {
      ids: together.map(p => p.id),
      people: together.map(nameOf).join(', '),
      doctors: s.doctors.map(id => doctors.find(d => d.id === id)?.name ?? 'un médecin').join(', '),
    }
  })
}
function Splits({ items, count }: { items: Split[]; count: number }) {
  return (
    <Section
      title="Foyers séparés"
      count={count}
      lead="Aucun médecin n’a assez de places pour tout le foyer sans priver quelqu’un de plus prioritaire."
    >
      <Facts items={items.map(s => ({ label: s.people, value: s.doctors }))} />
      {count > items.length && <p class="muted">{`Les ${frNumber(items.length)} premiers sont montrés ; tous sont dans le tableur.`}</p>}
    </Section>
  )
}
