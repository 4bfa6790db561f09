/** The plan before it exists: what it would rest on, one button, the plans made so far. */
import { toInstance } from '#domain/assignment/index.ts'
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
} from '#platform/ui/index.ts'
import { fingerprint, type InTenant, solveAside, solveLater } from '../../solving.ts'
import { finishPlan, keepPlan, lastPlans, planInput, startPlan } from '../../store/plans.ts'
import { nothing } from '../desk/forms.ts'

/** With `inTenant` the solve waits for the commit and holds no transaction; without (a bare test), it is done on the spot. */
export const startPage = (inTenant?: InTenant) =>
  page({
    path: '/c/:cpts/plan',
    title: 'Plan',
    access: members('coordinator'),
    form: nothing,
    async show(ctx, refused) {
      const [{ patients, doctors, rule }, plans] = await Promise.all([planInput(ctx.tx, ctx.now), lastPlans(ctx.tx)])
      const places = doctors.reduce((sum, d) => sum + d.capacity.total, 0)
      const path = `${ctx.home}/plan`
      return (
        <>
          <PageTitle
            title="Plan"
            lead="Toute la liste et toutes les places, d’un coup : le plus de points servis, puis le moins de foyers séparés, puis le moins de trajet."
          />
          <Stats>
            <Stat label="Patients en attente" value={patients.length} href={`${ctx.home}/demandes?etat=en-attente`} />
            <Stat
              label="Places libres"
              value={places}
              detail={`chez ${plural(doctors.filter(d => d.capacity.total > 0).length, 'médecin', 'médecins')}`}
              href={`${ctx.home}/medecins`}
            />
            <Stat label="Règle" value={rule.version === 0 ? 'provisoire' : `n° ${rule.version}`} href={`${ctx.home}/regle`} />
          </Stats>
          {patients.length === 0 || places === 0 ? (
            <Notice tone="wait">
              {patients.length === 0
                ? 'Personne n’attend de médecin pour le moment : déclarez d’abord des demandes recevables.'
                : 'Aucun médecin n’a de place libre pour le moment : redemandez-leur leurs places.'}
            </Notice>
          ) : (
            <Callout title="Rien ne part tant que vous n’avez pas relu.">
              <FormView form={nothing} action={path} submit="Calculer le plan" formKey={ctx.key()} errors={refused?.errors} />
            </Callout>
          )}
          {plans.length > 0 && (
            <Section title="Plans calculés">
              <DataTable
                caption="Plans calculés"
                captionHidden
                rows={plans}
                rowHref={p => `${path}/${p.id}`}
                columns={[
                  { key: 'at', label: 'Calculé', tight: true, cell: p => frDateTime(p.createdAt) },
                  { key: 'patients', label: 'Patients', numeric: true, cell: p => frNumber(p.patients) },
                  { key: 'pairs', label: 'Ont un médecin', numeric: true, cell: p => (p.pairs === null ? '' : frNumber(p.pairs)) },
                  {
                    key: 'gap',
                    label: 'Preuve',
                    cell: p => (p.gap === null ? 'En cours' : p.gap === 0 ? 'Optimal, prouvé' : 'Meilleur plan trouvé'),
                  },
                  {
                    key: 'sent',
                    label: 'Propositions',
                    cell: p => (p.sentAt ? <Tag tone="ok">{`Envoyées le ${frDateTime(p.sentAt)}`}</Tag> : 'Pas envoyées'),
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
      const { patients, doctors, rule } = await planInput(ctx.tx, ctx.now)
      if (patients.length === 0 || !doctors.some(d => d.capacity.total > 0))
        return { errors: { '': 'Il faut au moins un patient en attente et une place libre pour calculer un plan.' } }
      const instance = toInstance(patients, doctors)
      const rests = fingerprint(patients, doctors)
      const counts = { patients: patients.length, doctors: doctors.length, rule }
      if (!inTenant) {
        const id = await keepPlan(ctx.tx, ctx, { ...counts, result: { ...(await solveAside(instance)), rests } })
        return { to: `${ctx.home}/plan/${id}` }
      }
      const id = await startPlan(ctx.tx, ctx, counts)
      const actor = { who: ctx.who, now: ctx.now, requestId: ctx.requestId }
      solveLater(id, instance, plan => inTenant(ctx.cpts.id, tx => finishPlan(tx, actor, id, { ...plan, rests })))
      return { to: `${ctx.home}/plan/${id}` }
    },
  })
