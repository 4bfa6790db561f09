/** How the list is ordered: written from the very rule that the list and the plan use. */
import type { PriorityRule } from '#domain/priority.ts'
import { anyMember, hasRole, open } from '#platform/access.ts'
import { page } from '#platform/page.ts'
import {
  Callout,
  DataTable,
  frDate,
  frDay,
  frPhone,
  LinkButton,
  Notice,
  PageTitle,
  plural,
  Section,
  Stack,
  THIN,
  typo,
} from '#platform/ui/index.ts'
import { differences } from '../../standing.ts'
import { ruleHistory } from '../../store/rule-change.ts'
import { currentRule, settings } from '../../store/settings.ts'

const monthly = (rule: PriorityRule) =>
  `${plural(rule.seniority.pointsPerMonth, 'point', 'points')} par tranche de 30 jours, jusqu’à ${plural(rule.seniority.atMost, 'point', 'points')}`

function Lines({ rule }: { rule: PriorityRule }) {
  const lines = [...rule.lines].toSorted((a, b) => b.points - a.points)
  return (
    <DataTable
      caption="Points de chaque situation"
      captionHidden
      rows={[...lines.map(l => ({ label: l.label, points: `+${THIN}${l.points}` })), { label: 'Attente', points: monthly(rule) }]}
      columns={[
        { key: 'label', label: 'Situation' },
        { key: 'points', label: 'Points' },
      ]}
    />
  )
}
function Vote({ rule }: { rule: PriorityRule }) {
  return rule.version === 0 ? (
    <Notice tone="wait" title="Règle provisoire">
      La communauté ne l’a pas encore votée. Ces points sont un point de départ.
    </Notice>
  ) : (
    <Notice tone="ok">{`Règle n° ${rule.version}, décision ${rule.decision}, votée ${frDay(rule.decidedOn, { year: true })}.`}</Notice>
  )
}
const Rules = ({ rule, minutes, far, hours }: { rule: PriorityRule; minutes: number; far: number; hours: number }) => (
  <Stack gap="loose">
    <Vote rule={rule} />
    <Section title="Les points" lead="Les points s’ajoutent. À points égaux, la demande la plus ancienne passe devant.">
      <Lines rule={rule} />
    </Section>
    <Section title="Ce que la règle garantit">
      <ul class="listed">
        {[
          `On ne propose pas de médecin à plus de ${minutes} minutes (estimation), sauf à qui l’accepte ; alors, pas à plus de ${far} minutes.`,
          `Un médecin a ${hours} heures pour répondre. Après un refus ou un silence, le patient retrouve exactement sa place.`,
          'L’ancienneté ne recule jamais, même si la demande est modifiée.',
          'Les personnes d’un même foyer sont proposées au même médecin quand c’est possible.',
          'Quand la règle ne voit pas une situation, un infirmier ou la coordination peut changer des points à la main : le motif est écrit, gardé, et la personne le lit sur sa page.',
          'Changer un point de la règle demande un vote ; les anciennes règles restent lisibles.',
        ].map(l => (
          <li>{typo(l)}</li>
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
  title: 'Comment la liste est ordonnée',
  access: open,
  posture: 'site',
  async show(ctx) {
    const [rule, s] = await Promise.all([currentRule(ctx.tx), settings(ctx.tx)])
    return (
      <>
        <PageTitle
          title="Comment la liste est ordonnée"
          lead="Chaque demande reçoit des points selon ce que la personne a dit d’elle, et selon le temps passé à attendre."
        />
        <Rules rule={rule} minutes={s.travelMinutes} far={s.farMinutes} hours={s.proposalHours} />
        <p>
          <a href={`${ctx.home}/delais`}>Combien de temps on attend un médecin</a>
        </p>
        <Callout title="Votre situation a changé ?" action={<LinkButton href={`${ctx.home}/suivi`}>Suivre ma demande</LinkButton>}>
          {`Dites-le à la coordination${s.phone ? `, au ${frPhone(s.phone)}` : ''} : vos points sont recalculés, et votre ancienneté reste la même.`}
        </Callout>
      </>
    )
  },
})
