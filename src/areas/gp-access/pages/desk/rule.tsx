/** How the list is ordered: written from the very rule that the list and the plan use. */
import type { PriorityRule } from '#domain/priority.ts'
import { anyMember, hasRole, open } from '#platform/access.ts'
import { page } from '#platform/page.ts'
import {
  Callout,
  DataTable,
  frDate,
  frPhone,
  isFrench,
  isolate,
  LinkButton,
  Notice,
  PageTitle,
  Section,
  Stack,
  THIN,
} from '#platform/ui/index.ts'
import { differences } from '../../standing.ts'
import { ruleHistory } from '../../store/rule-change.ts'
import { currentRule, settings } from '../../store/settings.ts'
import { type Say, sayIn, titled } from '../../words/index.ts'

/** The same page for members and for everybody; a voted label is read as it was voted, in another language by its criterion. */
const fr = sayIn('fr')
const monthly = (rule: PriorityRule, say: Say) =>
  say('rule.monthly', { points: say('points', { n: rule.seniority.pointsPerMonth }), most: say('points', { n: rule.seniority.atMost }) })

function Lines({ rule, say }: { rule: PriorityRule; say: Say }) {
  const lines = [...rule.lines].toSorted((a, b) => b.points - a.points)
  return (
    <DataTable
      caption={say('rule.caption')}
      captionHidden
      rows={[
        ...lines.map(l => ({
          label: say.lang === 'fr' ? l.label : say(`criterion.${l.criterion}`),
          points: isFrench(say.lang) ? `+${THIN}${l.points}` : isolate(`+${l.points}`, say.lang),
        })),
        { label: say('rule.waiting'), points: monthly(rule, say) },
      ]}
      columns={[
        { key: 'label', label: say('rule.situation') },
        { key: 'points', label: say('rule.column') },
      ]}
    />
  )
}
function Vote({ rule, say }: { rule: PriorityRule; say: Say }) {
  return rule.version === 0 ? (
    <Notice tone="wait" title={say('rule.provisional')}>
      {say('rule.provisional.text')}
    </Notice>
  ) : (
    <Notice tone="ok">
      {say('rule.voted', { version: rule.version, decision: rule.decision, day: say.day(rule.decidedOn, { year: true }) })}
    </Notice>
  )
}
interface RulesProps {
  rule: PriorityRule
  minutes: number
  far: number
  hours: number
  say?: Say
}
const Rules = ({ rule, minutes, far, hours, say = fr }: RulesProps) => (
  <Stack gap="loose">
    <Vote rule={rule} say={say} />
    <Section title={say('rule.points')} lead={say('rule.points.lead')} id="points">
      <Lines rule={rule} say={say} />
    </Section>
    <Section title={say('rule.guarantees')} id="garanties">
      <ul class="listed">
        {[
          say('rule.far', { minutes, far }),
          say('rule.hours', { hours }),
          say('rule.seniority'),
          say('rule.household'),
          say('rule.hand'),
          say('rule.vote'),
        ].map(l => (
          <li>{l}</li>
        ))}
      </ul>
    </Section>
  </Stack>
)

/** Every version that was voted: past plans are read with the one of their day. */
const Votes = ({ history }: { history: Awaited<ReturnType<typeof ruleHistory>> }) =>
  history.length === 0 ? null : (
    <Section title="Les votes" lead="Un plan passé se relit avec la règle de son jour.">
      <DataTable
        caption="Versions votées"
        captionHidden
        rows={history.map((v, i) => ({ ...v, changed: history[i + 1] ? differences(history[i + 1]!.rule, v.rule) : [] }))}
        columns={[
          { key: 'version', label: 'Règle', cell: v => `n° ${v.version}` },
          { key: 'decision', label: 'Décision' },
          { key: 'decidedOn', label: 'Votée le', cell: v => frDate(v.decidedOn) },
          {
            key: 'changed',
            label: 'Ce qu’elle a changé',
            cell: v => v.changed.map(d => `${d.label} : ${d.after} au lieu de ${d.before}`).join(' ; ') || 'Première règle',
          },
        ]}
      />
    </Section>
  )

export const rulePage = page({
  path: '/c/:cpts/regle',
  title: 'Règle de priorité',
  access: anyMember,
  async show(ctx) {
    const [rule, s, history] = await Promise.all([currentRule(ctx.tx), settings(ctx.tx), ruleHistory(ctx.tx)])
    return (
      <>
        <PageTitle
          title="Règle de priorité"
          lead="La liste, le plan et la page publique lisent cette même règle."
          actions={
            <>
              <LinkButton href={`${ctx.home}/comment-la-liste-est-ordonnee`}>Page publique</LinkButton>
              {hasRole(ctx.who, 'coordinator') && <LinkButton href={`${ctx.home}/regle/changer`}>Proposer une autre règle</LinkButton>}
            </>
          }
        />
        <Rules rule={rule} minutes={s.travelMinutes} far={s.farMinutes} hours={s.proposalHours} />
        <Votes history={history} />
      </>
    )
  },
})
export const publicRulePage = page({
  path: '/c/:cpts/comment-la-liste-est-ordonnee',
  ...titled('rule.title'),
  access: open,
  posture: 'site',
  spoken: 'open',
  async show(ctx) {
    const say = sayIn(ctx.lang)
    const [rule, s] = await Promise.all([currentRule(ctx.tx), settings(ctx.tx)])
    return (
      <>
        <PageTitle title={say('rule.title')} lead={say('rule.lead')} />
        <Rules rule={rule} minutes={s.travelMinutes} far={s.farMinutes} hours={s.proposalHours} say={say} />
        <p>
          <a href={say.to(`${ctx.home}/delais`)}>{say('rule.delays')}</a>
        </p>
        <Callout title={say('rule.changed')} action={<LinkButton href={say.to(`${ctx.home}/suivi`)}>{say('find.title')}</LinkButton>}>
          {s.phone ? say('rule.changed.phone', { phone: frPhone(s.phone) }) : say('rule.changed.text')}
        </Callout>
      </>
    )
  },
})
