/** Writing the minutes: what is agreed on each variable part, the next year's targets, the commitments. Written, they are frozen. */
import { proportion } from '#domain/money.ts'
import { notFound } from '#platform/errors.ts'
import type { Errors, FieldSpec, Value } from '#platform/fields.ts'
import { type Ctx, type Outcome, page } from '#platform/page.ts'
import { FormView, frEuros, LinkButton, Notice, PageTitle, plural, rawOf } from '#platform/ui/index.ts'
import { commitmentFields, minutesForm, nextFields, partFields } from '../fields.ts'
import { tellWritten } from '../letters.ts'
import {
  type AgreedPart,
  COMMITMENTS,
  type Commitment,
  decided,
  decisionProblems,
  definitionOf,
  type Envelope,
  envelopesOf,
  type Minutes,
  type Mission,
  missionLabel,
  type NextYear,
  parties,
  partyNames,
  refusalOf,
} from '../rules.ts'
import { canBeKept, minutesOf, type Review, signaturesOf, writeMinutes } from '../store.ts'
import { loadReview, reviewHref } from './review-words.tsx'
import { todayOf } from './room.tsx'
import { cancelTo, writers } from './words.tsx'

type Input = Value<typeof minutesForm>
interface Around {
  r: Review
  /** Missions whose variable part may be decided that year. */
  parts: Map<Mission, Envelope>
  /** Indicators with a weight. */
  codes: string[]
}
async function around(ctx: Ctx, id: string) {
  const r = await loadReview(ctx, id)
  const now = await todayOf(ctx, r)
  if (!now || r.openedAt === null || r.signedAt !== null) throw notFound()
  const { contract, facts } = now.account
  const parts = envelopesOf(contract, facts, r.year, ctx.today)
  const codes = contract.indicators.map(i => i.id).filter(code => definitionOf(code))
  return { now, about: { r, parts, codes } satisfies Around }
}

export const writeMinutesPage = page({
  path: '/c/:cpts/contrat/dialogues/:id/compte-rendu/ecrire',
  title: 'Écrire le compte rendu',
  access: writers,
  form: minutesForm,
  async show(ctx, refused) {
    const { about } = await around(ctx, ctx.params.id)
    const { r } = about
    const before = await minutesOf(ctx.tx, r.id)
    const signed = (await signaturesOf(ctx.tx, r.id)).length
    const to = reviewHref(ctx, r.id, '/compte-rendu')
    return (
      <>
        <PageTitle
          title="Écrire le compte rendu"
          back={{ label: 'Compte rendu', href: to }}
          lead="Enregistré, ce texte ne se modifie plus : une correction est une nouvelle version."
        />
        {signed > 0 && (
          <Notice tone="wait" title={`${plural(signed, 'partie a', 'parties ont')} déjà signé la version ${r.minutesNo}`}>
            Une nouvelle version serait à signer par les trois.
          </Notice>
        )}
        {about.parts.size === 0 && (
          <Notice tone="wait" title="Aucune part variable n’est connue pour cette année">
            {'Saisissez l’annexe et les indicateurs du contrat pour arrêter des montants. '}
            <LinkButton href={`${ctx.home}/contrat/argent?annee=${r.year}`} small>
              Argent de l’année
            </LinkButton>
          </Notice>
        )}
        <FormView
          form={{ fields: fieldsOf(about) }}
          action={reviewHref(ctx, r.id, '/compte-rendu/ecrire')}
          submit="Enregistrer le compte rendu"
          formKey={ctx.key()}
          raw={refused?.raw ?? (before ? rawOfMinutes(before.minutes) : rawOf({ held: r.day <= ctx.today ? r.day : ctx.today }))}
          errors={refused?.errors}
          groups={groupsOf(about)}
          secondary={cancelTo(to)}
        />
      </>
    )
  },
  async submit(ctx, input): Promise<Outcome> {
    const { now, about } = await around(ctx, ctx.params.id)
    const { r } = about
    const errors: Errors = {}
    if (input.held > ctx.today) errors.held = 'Cette date est dans le futur : le compte rendu s’écrit après la réunion.'
    const decisions = agreedParts(input, about, errors)
    const next = nextYear(input, about, errors)
    const commitments = commitmentsOf(input, errors)
    for (const p of decisionProblems(now.account.contract, now.account.facts, r.year, decisions, ctx.today))
      errors[partFields(p.mission)[decisions.find(d => d.mission === p.mission)?.rate == null ? 'amount' : 'rate']] = refusalOf(p)
    if (Object.keys(errors).length) return { errors }
    const { from, to } = now.year
    const minutes: Minutes = {
      ...{ community: ctx.cpts.name, year: r.year, from, to, heldOn: input.held, figures: r.figures!, said: input.said },
      signatories: Object.fromEntries(parties.map(p => [p, r.signatories[p].name])) as Minutes['signatories'],
      others: r.others,
      ...{ decisions, next, commitments },
    }
    if (!canBeKept(minutes)) return { errors: { '': 'Ce texte ressemble à une page web : retirez les signes < et recommencez.' } }
    const written = await writeMinutes(ctx.tx, ctx, r.id, minutes)
    if (!written) return { errors: { '': 'Les trois parties viennent de signer : le compte rendu ne change plus.' } }
    await tellWritten(ctx, r)
    return {
      to: reviewHref(ctx, r.id, '/compte-rendu'),
      notice: `Version ${written.no} écrite et figée. ${partyNames.community}, CPAM et ARS sont prévenues qu’elle attend leur signature.`,
    }
  },
})

/** What was typed under a name; the form has more names than its type can tell. */
const typed = <T extends number | string>(input: Input, name: string): T | null => (input as Record<string, unknown>)[name] as T | null

function agreedParts(input: Input, { parts }: Around, errors: Errors): AgreedPart[] {
  return decided.flatMap((mission): AgreedPart[] => {
    const f = partFields(mission)
    const [amount, rate, reason] = [typed<number>(input, f.amount), typed<number>(input, f.rate), typed<string>(input, f.reason)]
    if (amount === null && rate === null) {
      if (reason) errors[f.amount] = 'Écrivez le montant ou le taux arrêté, ou retirez le motif.'
      return []
    }
    if (amount !== null && rate !== null) errors[f.rate] = 'Écrivez un montant ou un taux, pas les deux.'
    if (!reason) errors[f.reason] = 'Dites pourquoi : le motif se lit à côté du montant.'
    const known = parts.get(mission)
    const envelope = known?.envelope ?? 0
    return [
      {
        mission,
        cents: amount ?? proportion(envelope, rate!, 100),
        rate: amount === null ? rate : null,
        computed: known?.computed ?? 0,
        envelope,
        reason: reason ?? '',
      },
    ]
  })
}
function nextYear(input: Input, { codes }: Around, errors: Errors): NextYear[] {
  const all = codes.flatMap((code): NextYear[] => {
    const d = definitionOf(code)!
    const f = nextFields(code)
    const [target, weight] = [typed<number>(input, f.target), typed<number>(input, f.weight)]
    if (target !== null && d.measure === 'share' && target > 100) errors[f.target] = 'Une part va de 0 à 100 %.'
    if (target !== null && d.measure === 'done') errors[f.target] = 'Cet indicateur est fait ou non : il n’a pas de cible.'
    if (target === null && weight === null) return []
    const ratio = target === null ? null : { numerator: target, denominator: d.measure === 'share' ? 100 : 1 }
    return [{ code, target: ratio, weight: weight === null ? null : weight * 100 }]
  })
  for (const mission of decided) {
    const own = all.filter(n => n.weight !== null && definitionOf(n.code)!.mission === mission)
    const sum = own.reduce((n, x) => n + x.weight!, 0)
    const others = codes.filter(c => definitionOf(c)!.mission === mission && !own.some(o => o.code === c))
    if (own.length && (sum > 10_000 || (others.length === 0 && sum !== 10_000)))
      errors[nextFields(own[0]!.code).weight] =
        `Les poids de la mission « ${missionLabel(mission)} » font ${sum / 100} % : ils font 100 % ensemble.`
  }
  return all
}
function commitmentsOf(input: Input, errors: Errors): Commitment[] {
  return Array.from({ length: COMMITMENTS }, (_, i) => commitmentFields(i + 1)).flatMap((f): Commitment[] => {
    const [what, owner, by] = [typed<string>(input, f.what), typed<string>(input, f.owner), typed<string>(input, f.by)]
    if (!what && !owner && !by) return []
    if (!what) errors[f.what] = 'Écrivez l’engagement, ou retirez la personne et la date.'
    if (!owner) errors[f.owner] = 'Dites qui s’en charge.'
    if (!by) errors[f.by] = 'Donnez une date.'
    return [{ what: what ?? '', owner: owner ?? '', by: by ?? '' }]
  })
}

function fieldsOf({ parts, codes }: Around): Record<string, FieldSpec> {
  const all = minutesForm.fields as Record<string, FieldSpec>
  const names = [
    'held',
    'said',
    ...decided.filter(m => parts.has(m)).flatMap(m => Object.values(partFields(m))),
    ...codes.flatMap(c => (definitionOf(c)!.measure === 'done' ? [nextFields(c).weight] : Object.values(nextFields(c)))),
    ...Array.from({ length: COMMITMENTS }, (_, i) => Object.values(commitmentFields(i + 1))).flat(),
  ]
  return Object.fromEntries(names.map(n => [n, all[n]!]))
}
function groupsOf({ parts, codes }: Around) {
  return [
    ...[...parts].map(([m, e]) => ({
      legend: `Part variable : ${missionLabel(m)}`,
      lead: `Enveloppe ${frEuros(e.envelope)} ; le calcul des indicateurs donne ${frEuros(e.computed)}. Laissez vide pour garder le calcul.`,
      fields: Object.values(partFields(m)) as string[],
    })),
    {
      legend: 'Cibles et poids de l’année suivante',
      lead: 'Seulement ce qui change. Une part s’écrit en pourcentage.',
      fields: codes.flatMap(c => Object.values(nextFields(c)) as string[]),
    },
    {
      legend: 'Engagements',
      lead: 'Qui fait quoi, avant quand.',
      fields: Array.from({ length: COMMITMENTS }, (_, i) => Object.values(commitmentFields(i + 1)) as string[]).flat(),
    },
  ]
}
/** The version before, as the form shows it. */
function rawOfMinutes(m: Minutes) {
  const values: Record<string, unknown> = { held: m.heldOn, said: m.said }
  for (const d of m.decisions) {
    const f = partFields(d.mission)
    values[d.rate === null ? f.amount : f.rate] = d.rate ?? String(d.cents / 100).replace('.', ',')
    values[f.reason] = d.reason
  }
  for (const n of m.next) {
    values[nextFields(n.code).target] = n.target?.numerator
    values[nextFields(n.code).weight] = n.weight === null ? null : n.weight / 100
  }
  for (const [i, c] of m.commitments.entries()) {
    const f = commitmentFields(i + 1)
    Object.assign(values, { [f.what]: c.what, [f.owner]: c.owner, [f.by]: c.by })
  }
  return rawOf(values)
}
