/** The plan before it exists: what it would rest on, one button, the plans made so far. */
import { members } from '#platform/access.ts'
import { type Outcome, page } from '#platform/page.ts'
import {
  Callout,
  DataTable,
  FormView,
  frDateTime,
  frNumber,
  LinkButton,
  Notice,
  PageTitle,
  plural,
  Section,
  Stat,
  Stats,
  Tag,
  type Tone,
} from '#platform/ui/index.ts'
import { countWaiting } from '../../store/plan-lines.ts'
import { askPlan } from '../../store/plan-runs.ts'
import { doctorsWithPlaces, lastPlans, openPlan, type PlanState, type PlanSummary } from '../../store/plans.ts'
import { currentRule } from '../../store/settings.ts'
import { nothing } from '../desk/forms.ts'
import { stateWords } from './run.tsx'

const tones: Record<PlanState, Tone> = {
  waiting: 'wait',
  running: 'wait',
  finished: 'ok',
  stopped: 'neutral',
  failed: 'stop',
  lost: 'stop',
}
const proof = (p: PlanSummary) => (p.gap === null ? '' : p.gap === 0 ? 'Optimal, prouvé' : 'Meilleur plan trouvé')

export const startPage = page({
  path: '/c/:cpts/plan',
  title: 'Plan',
  access: members('coordinator'),
  form: nothing,
  async show(ctx, refused) {
    const [patients, doctors, rule, plans, open] = await Promise.all([
      countWaiting(ctx.tx),
      doctorsWithPlaces(ctx.tx, ctx.today),
      currentRule(ctx.tx),
      lastPlans(ctx.tx),
      openPlan(ctx.tx),
    ])
    const free = doctors.map(d => d.doctor).filter(d => d.capacity.total > 0)
    const places = free.reduce((sum, d) => sum + d.capacity.total, 0)
    const path = `${ctx.home}/plan`
    return (
      <>
        <PageTitle
          title="Plan"
          lead="Toute la liste et toutes les places, d’un coup : le plus de points servis, puis le moins de foyers séparés, puis le moins de trajet."
          actions={<LinkButton href={`${ctx.home}/simulation`}>Simuler un départ, une arrivée, des places</LinkButton>}
        />
        <Stats>
          <Stat label="Patients en attente" value={patients} href={`${ctx.home}/demandes?etat=en-attente`} />
          <Stat
            label="Places libres"
            value={places}
            detail={`chez ${plural(free.length, 'médecin', 'médecins')}`}
            href={`${ctx.home}/medecins`}
          />
          <Stat label="Règle" value={rule.version === 0 ? 'provisoire' : `n° ${rule.version}`} href={`${ctx.home}/regle`} />
        </Stats>
        {open ? (
          <Callout
            title="Un plan est en cours de calcul."
            action={
              <LinkButton kind="primary" href={`${path}/${open.id}`}>
                Voir où il en est
              </LinkButton>
            }
          >
            {`Demandé ${frDateTime(open.createdAt)}${open.createdLabel ? `, ${open.createdLabel}` : ''}. Un seul calcul à la fois : le suivant commence quand il est terminé, ou arrêté.`}
          </Callout>
        ) : patients === 0 || places === 0 ? (
          <Notice tone="wait">
            {patients === 0
              ? 'Personne n’attend de médecin pour le moment : déclarez d’abord des demandes recevables.'
              : 'Aucun médecin n’a de place libre pour le moment : redemandez-leur leurs places.'}
          </Notice>
        ) : (
          <Callout title="Rien ne part tant que vous n’avez pas relu.">
            <FormView form={nothing} action={path} submit="Calculer le plan" formKey={ctx.key()} errors={refused?.errors} />
          </Callout>
        )}
        {plans.length > 0 && (
          <Section title="Plans demandés" lead={plans.length === 20 ? 'Les vingt derniers.' : undefined}>
            <DataTable
              caption="Plans demandés"
              captionHidden
              rows={plans}
              rowHref={p => `${path}/${p.id}`}
              columns={[
                { key: 'at', label: 'Demandé', tight: true, cell: p => frDateTime(p.createdAt) },
                { key: 'by', label: 'Par', cell: p => p.createdLabel ?? '' },
                { key: 'state', label: 'Calcul', cell: p => <Tag tone={tones[p.state]}>{stateWords[p.state]}</Tag> },
                { key: 'patients', label: 'Patients', numeric: true, cell: p => frNumber(p.patients) },
                { key: 'placed', label: 'Ont un médecin', numeric: true, cell: p => (p.placed === null ? '' : frNumber(p.placed)) },
                { key: 'gap', label: 'Preuve', cell: proof },
                {
                  key: 'sent',
                  label: 'Propositions',
                  cell: p =>
                    p.sentAt ? <Tag tone="ok">{`Envoyées le ${frDateTime(p.sentAt)}`}</Tag> : p.state === 'finished' ? 'Pas envoyées' : '',
                },
              ]}
            />
          </Section>
        )}
        <p class="muted">
          <LinkButton kind="quiet" href={`${ctx.home}/demandes`}>
            Revenir aux demandes
          </LinkButton>
        </p>
      </>
    )
  },
  async submit(ctx): Promise<Outcome> {
    const [patients, doctors, rule] = await Promise.all([countWaiting(ctx.tx), doctorsWithPlaces(ctx.tx, ctx.today), currentRule(ctx.tx)])
    if (patients === 0 || !doctors.some(d => d.doctor.capacity.total > 0))
      return { errors: { '': 'Il faut au moins un patient en attente et une place libre pour calculer un plan.' } }
    const { id, mine } = await askPlan(ctx.tx, ctx, { patients, doctors: doctors.length, ruleVersion: rule.version })
    return { to: `${ctx.home}/plan/${id}`, ...(!mine && { notice: 'Un calcul était déjà demandé : le voici.' }) }
  },
})
