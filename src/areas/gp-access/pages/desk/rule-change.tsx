/** A new rule, in three steps: its points, who would move, the decision that votes it. Nothing is kept before the last one. */
import type { Criterion } from '#domain/priority.ts'
import { members } from '#platform/access.ts'
import { date, type Field, form, integer, text } from '#platform/fields.ts'
import { type Outcome, page } from '#platform/page.ts'
import { DataTable, FormView, PageTitle, plural, Section, Stack, Stat, Stats, typo } from '#platform/ui/index.ts'
import { type Chosen, chosenOf, criteria, differences, FIRST, type Move, ruleFrom, whoMoves } from '../../standing.ts'
import { adoptRule, standings } from '../../store/rule-change.ts'
import { currentRule } from '../../store/settings.ts'

const SHOWN = 20
const access = members('coordinator')
const at = (ctx: { home: string }) => `${ctx.home}/regle/changer`

type PointFields = { [K in Criterion]: Field<number> } & { pointsPerMonth: Field<number>; atMost: Field<number> }
const pointFields: PointFields = {
  ...(Object.fromEntries(
    criteria.map(({ criterion, label }) => [
      criterion,
      integer(criterion === 'any' ? { label, hint: 'Au moins 1 : personne ne pèse rien.', min: 1, max: 100 } : { label, min: 0, max: 100 }),
    ]),
  ) as { [K in Criterion]: Field<number> }),
  pointsPerMonth: integer({ label: 'Points par tranche de 30 jours', min: 0, max: 20 }),
  atMost: integer({ label: 'Points d’attente, au plus', min: 0, max: 200 }),
}
export const pointsForm = form(pointFields)
/** Carried along, not typed again. */
const carried = <T,>(field: Field<T>): Field<T> => ({ ...field, control: 'hidden' })
export const voteForm = form({
  ...(Object.fromEntries(Object.entries(pointFields).map(([k, f]) => [k, carried(f)])) as unknown as PointFields),
  seen: carried(integer({ label: 'Version comparée', min: 0, max: 100_000 })),
  decision: text({ label: 'Numéro de la décision', hint: 'Celui du procès-verbal, par exemple AG 2027-03.', max: 80 }),
  decidedOn: date({ label: 'Date du vote', min: '2015-01-01' }),
})
const rawOf = (c: Chosen) => Object.fromEntries(Object.entries(c).map(([k, v]) => [k, [String(v)]]))
const queryOf = (c: Chosen) => new URLSearchParams(Object.entries(c).map(([k, v]) => [k, String(v)])).toString()

export const changeRulePage = page({
  path: '/c/:cpts/regle/changer',
  title: 'Proposer une autre règle',
  access,
  form: pointsForm,
  async show(ctx, refused) {
    const rule = await currentRule(ctx.tx)
    const asked = pointsForm.parse(ctx.query)
    return (
      <Stack gap="loose">
        <PageTitle
          back={{ label: 'Règle de priorité', href: `${ctx.home}/regle` }}
          title="Proposer une autre règle"
          lead="Changez les points ; vous verrez ensuite qui avancerait et qui reculerait. Rien n’est enregistré avant le numéro de la décision qui la vote."
        />
        <FormView
          form={pointsForm}
          action={at(ctx)}
          formKey={ctx.key()}
          raw={refused?.raw ?? rawOf(asked.ok ? asked.value : chosenOf(rule))}
          errors={refused?.errors}
          groups={[
            { legend: 'Points de chaque situation (0 : elle ne compte pas)', fields: criteria.map(c => c.criterion) },
            { legend: 'Points de l’attente', fields: ['pointsPerMonth', 'atMost'] },
          ]}
          submit="Voir qui bougerait"
        />
      </Stack>
    )
  },
  submit: async (ctx, chosen) => ({ to: `${at(ctx)}/apercu?${queryOf(chosen)}` }),
})

const moved = (m: Move) =>
  m.after < m.before ? `avance de ${m.before - m.after}` : m.after > m.before ? `recule de ${m.after - m.before}` : 'garde sa place'

export const previewPage = page({
  path: '/c/:cpts/regle/changer/apercu',
  title: 'Qui bougerait',
  access,
  form: voteForm,
  async show(ctx, refused) {
    const rule = await currentRule(ctx.tx)
    const given = pointsForm.parse(refused ? asParams(refused.raw) : ctx.query)
    // Without points in the address, the rule in force compared with itself: nobody moves.
    const chosen = given.ok ? given.value : chosenOf(rule)
    const next = ruleFrom(chosen, rule)
    const changes = differences(rule, next)
    const m = whoMoves(await standings(ctx.tx, ctx.now), rule, { ...rule, ...next }, ctx.now)
    return (
      <Stack gap="loose">
        <PageTitle
          back={{ label: 'Changer les points', href: `${at(ctx)}?${queryOf(chosen)}` }}
          title={
            m.earlier + m.later === 0
              ? 'Personne ne bougerait'
              : `${plural(m.earlier + m.later, 'personne bougerait', 'personnes bougeraient')} sur ${m.total}`
          }
          lead="Les rangs d’aujourd’hui, avec la règle en vigueur et avec celle que vous proposez. Rien n’est encore changé."
        />
        <Stats>
          <Stat label="Avanceraient" value={String(m.earlier)} />
          <Stat label="Reculeraient" value={String(m.later)} />
          <Stat label="Garderaient leur place" value={String(m.same)} />
          <Stat label={`Nouveaux dans les ${FIRST} premiers`} value={String(m.newInFirst)} />
        </Stats>
        <Section title="Ce qui change dans la règle">
          <DataTable
            caption="Points changés"
            captionHidden
            rows={changes}
            columns={[
              { key: 'label', label: 'Situation' },
              { key: 'before', label: 'En vigueur', numeric: true },
              { key: 'after', label: 'Proposé', numeric: true },
            ]}
            empty={{ title: 'La règle proposée est celle en vigueur' }}
          />
        </Section>
        {m.earlier + m.later > 0 && (
          <Section title="Ceux qui bougeraient le plus">
            <DataTable
              caption={typo(`Par numéro de suivi, ${Math.min(SHOWN, m.earlier + m.later)} sur ${m.earlier + m.later}`)}
              rows={m.moves.filter(x => x.after !== x.before).slice(0, SHOWN)}
              rowHref={x => `${ctx.home}/demandes/${x.id}`}
              columns={[
                { key: 'number', label: 'Demande' },
                { key: 'before', label: 'Rang aujourd’hui', numeric: true },
                { key: 'after', label: 'Rang proposé', numeric: true },
                { key: 'moved', label: 'Mouvement', cell: moved },
                { key: 'pointsBefore', label: 'Points aujourd’hui', numeric: true },
                { key: 'pointsAfter', label: 'Points proposés', numeric: true },
              ]}
            />
          </Section>
        )}
        {changes.length > 0 && (
          <Section
            title="Voter cette règle"
            lead="Elle devient celle de la liste, du plan et de la page publique à l’instant où vous l’enregistrez."
          >
            <FormView
              form={voteForm}
              action={`${at(ctx)}/apercu`}
              formKey={ctx.key()}
              raw={{ decision: [], decidedOn: [ctx.today], ...refused?.raw, ...rawOf(chosen), seen: [String(rule.version)] }}
              errors={refused?.errors}
              submit="Enregistrer la règle votée"
            />
          </Section>
        )}
      </Stack>
    )
  },
  async submit(ctx, { decision, decidedOn, seen, ...chosen }): Promise<Outcome> {
    if (decidedOn > ctx.today) return { errors: { decidedOn: 'Le vote ne peut pas être dans l’avenir.' } }
    const rule = await currentRule(ctx.tx)
    const next = ruleFrom(chosen, rule)
    if (differences(rule, next).length === 0) return { errors: { '': 'La règle proposée est celle en vigueur : il n’y a rien à voter.' } }
    const { version, rescored } = await adoptRule(ctx.tx, ctx, { rule: next, seen, decision, decidedOn })
    return {
      to: `${ctx.home}/regle`,
      notice: `Règle n° ${version} en vigueur. ${plural(rescored, 'demande a changé de points', 'demandes ont changé de points')}.`,
    }
  },
})
const asParams = (raw: Record<string, string[]>) => new URLSearchParams(Object.entries(raw).flatMap(([k, vs]) => vs.map(v => [k, v])))
export const ruleChangeRoutes = [changeRulePage, previewPage] as const
