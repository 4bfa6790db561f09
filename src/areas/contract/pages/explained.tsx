/** Each euro explained: the steps of the calculation in sentences, what it rests on, what is missing, what is left to earn. */
import {
  type LeftToEarn,
  type Lever,
  type Line,
  merged,
  type Origin,
  partNames,
  placeOf,
  project,
  reasonNames,
  type Scenario,
  type Step,
  sayMissing,
  sayOrigin,
  sayProblem,
  sayStep,
  type YearStatement,
} from '#domain/contract/index.ts'
import type { Ctx } from '#platform/page.ts'
import { Bars, DataTable, Disclosure, Empty, frDate, frEuros, Notice, P, plural, Section, typo } from '#platform/ui/index.ts'
import { definitionOf, missionLabel, tellable } from '../rules.ts'
import type { Account } from '../store.ts'
import { headingLabel } from './annex.tsx'
import { RULES_PATH } from './rules.tsx'
import { awayText, From, mayCount } from './words.tsx'

export function Explained({ ctx, account, year }: { ctx: Ctx; account: Account; year: YearStatement }) {
  const problems = account.statement.problems
  return (
    <Section title="Chaque euro expliqué" id="explique" lead="Ouvrez une ligne : le calcul pas à pas, et d’où vient chaque montant.">
      {problems.length > 0 && (
        <Notice tone="late" title={plural(problems.length, 'point à corriger', 'points à corriger')}>
          <ul>
            {problems.map(p => (
              <li>{typo(sayProblem(p))}</li>
            ))}
          </ul>
        </Notice>
      )}
      {year.missing.length > 0 && (
        <Disclosure summary={`Ce qui manque au calcul : ${plural(year.missing.length, 'donnée', 'données')}`}>
          <ul>
            {year.missing.map(m => (
              <li>{typo(sayMissing(m))}</li>
            ))}
          </ul>
        </Disclosure>
      )}
      {year.lines.map(line => (
        <OneLine ctx={ctx} line={line} />
      ))}
    </Section>
  )
}

/** A step in words; to who pays, without the small numbers of people that a share would tell. */
function stepText(ctx: Ctx, step: Step): string {
  const { data } = step
  if (data.what === 'rate' && data.value.state === 'measured' && definitionOf(data.indicator)?.source === 'requests')
    if (!mayCount(ctx) && !tellable(data.value.ratio)) return `« ${data.name} » : petit effectif, non communiqué : ${frEuros(step.cents)}.`
  return sayStep(step)
}
function OneLine({ ctx, line }: { ctx: Ctx; line: Line }) {
  const part = line.part === 'running' ? '' : `, ${partNames[line.part]}`
  return (
    <Disclosure summary={`${headingLabel(line.heading)}${part} : ${frEuros(line.due.cents)} dus sur ${frEuros(line.envelope.cents)}`}>
      <P>
        {reasonNames[line.reason]} <From provenance={line.envelope.provenance} />
      </P>
      <ol class="steps">
        {line.steps.map(step => (
          <li>{typo(stepText(ctx, step))}</li>
        ))}
      </ol>
      {line.payments.length > 0 && (
        <ul class="steps">
          {line.payments.map(p => (
            <li>{typo(`Le ${frDate(p.day)} : ${frEuros(p.figure.cents)}. ${p.steps.map(sayStep).join(' ')}`)}</li>
          ))}
        </ul>
      )}
      <ul class="note">
        {merged(line.envelope.origins, line.due.origins).map(o => (
          <li>
            {typo(sayOrigin(o))} <RuleLink ctx={ctx} origin={o} />
          </li>
        ))}
      </ul>
    </Disclosure>
  )
}

/** To the rule that it rests on, on the page open to everybody; nothing for what was typed from a signed paper. */
function RuleLink({ ctx, origin }: { ctx: Ctx; origin: Origin }) {
  const place = placeOf(origin)
  return (
    place && (
      <a href={`${RULES_PATH}?cpts=${ctx.cpts.slug}#${place}`}>
        La règle<span class="away"> de cette ligne</span>
      </a>
    )
  )
}

const scenarioWords: Record<Scenario, [name: string, says: string]> = {
  pessimistic: ['Au plus bas', 'rien de plus que ce qui est mesuré aujourd’hui'],
  trend: ['Au rythme actuel', 'les nombres grandissent au même pas jusqu’à la fin de l’année'],
  plan: ['Avec le plan d’actions', 'les actions encore possibles donnent ce qu’elles annoncent'],
}
/** How the year may end, three ways; each is a recalculation of the whole year. */
export function Endings({ account, levers, today }: { account: Account; levers: readonly Lever[]; today: string }) {
  const all = (['pessimistic', 'trend', 'plan'] as const).flatMap(s => project(account.contract, account.facts, levers, s, today) ?? [])
  const plan = all.at(-1)
  if (!plan) return null
  return (
    <Bars
      title={`Avec le plan d’actions, l’année finirait à ${frEuros(plan.year.due.cents)}`}
      source="Simulation : rien n’est enregistré."
      parts={['Dû', 'Encore à décider', 'Non atteint']}
      unit="euros"
      format={n => frEuros(n)}
      rows={all.map(p => ({
        label: `${scenarioWords[p.scenario][0]} : ${frEuros(p.year.due.cents)}`,
        values: [p.year.due.cents, p.year.open.cents, p.year.lost.cents],
        note: (
          <>
            {scenarioWords[p.scenario][1]} <From provenance={p.year.due.provenance} />
          </>
        ),
      }))}
    />
  )
}

/** What the running year may still bring, by when, with which action; the best euro per hour first. */
export function Left({ left, actionsHref }: { left: LeftToEarn; actionsHref?: string }) {
  return (
    <Section
      title={`Ce qu’il manque : ${frEuros(left.remaining.cents)} encore possibles cette année`}
      lead="Le gain est celui de l’action seule ; deux actions sur un même indicateur peuvent rapporter moins ensemble."
      id="manque"
    >
      {left.opportunities.length === 0 ? (
        <Empty title="Rien ne peut plus être gagné cette année">Tout ce qui dépend de vous est acquis.</Empty>
      ) : (
        <DataTable
          caption="Ce qui peut encore être gagné"
          captionHidden
          rows={left.opportunities}
          columns={[
            { key: 'name', label: 'À faire', cell: o => opportunityText(o) },
            { key: 'mission', label: 'Mission', cell: o => missionLabel(o.mission) },
            { key: 'by', label: 'Avant le', tight: true, cell: o => `${frDate(o.by)}, ${awayText(o.daysLeft)}` },
            { key: 'gain', label: 'Gain', numeric: true, cell: o => frEuros(o.gain.cents) },
            { key: 'from', label: 'Montant', cell: o => <From provenance={o.gain.provenance} /> },
            { key: 'hour', label: 'Par heure', numeric: true, cell: o => (o.perHour === null ? 'heures inconnues' : frEuros(o.perHour)) },
          ]}
        />
      )}
      {actionsHref && (
        <p>
          <a href={actionsHref}>Plan d’actions</a>
        </p>
      )}
    </Section>
  )
}
function opportunityText(o: LeftToEarn['opportunities'][number]): string {
  const missing = o.unitsMissing === null ? '' : ` (il en manque ${o.unitsMissing})`
  switch (o.kind) {
    case 'action':
      return `${o.name}${missing}`
    case 'no-action':
      return `Atteindre la cible de « ${o.name} »${missing} : aucune action n’y travaille`
    case 'measure':
      return `Donner un chiffre à « ${o.name} », et atteindre sa cible`
    case 'start-mission':
      return `Démarrer la mission « ${missionLabel(o.mission)} »`
    case 'crisis-plan':
      return 'Écrire ou mettre à jour le plan de crise'
  }
}
