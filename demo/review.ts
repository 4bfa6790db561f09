/**
 * The yearly reviews of Grand Versailles, invented from end to end: last year's, closed, with the amounts that the three parties agreed; this
 * year's, open, with questions of the funders, one of them late. Everything goes through the functions of the screens.
 */
import { freeze } from '#areas/contract/frozen.ts'
import {
  type AgreedPart,
  definitionOf,
  envelopesOf,
  type IndicatorCode,
  type Minutes,
  type Mission,
  parties,
} from '#areas/contract/rules.ts'
import {
  type Account,
  accountOf,
  closeReview,
  fileProof,
  minutesOf,
  openReview,
  prepareReview,
  recordReceipt,
  reviewOf,
  signMinutes,
  writeAnswer,
  writeComment,
  writeMinutes,
} from '#areas/contract/store.ts'
import { createPerson, listMembersByRole, type Member } from '#areas/people/index.ts'
import { addDays, daysFrom } from '#domain/calendar.ts'
import { type Heading, headings } from '#domain/contract/index.ts'
import { proportion } from '#domain/money.ts'
import type { Actor } from '#platform/audit.ts'
import { dayOf } from '#platform/clock.ts'
import type { Tx } from '#platform/db/types.ts'
import { keepBytes } from '#platform/files.ts'
import { agencyOf } from './contract.ts'
import type { Territory } from './extract.ts'

const DAY = 86_400_000
/** What was done the year before, and its proof: days before the end of that year. */
const lastYear: [code: IndicatorCode, title: string, before: number][] = [
  ['case-meetings', 'Concertation pluriprofessionnelle, sept participants', 300],
  ['pathways-written', 'Protocole du parcours insuffisance cardiaque', 280],
  ['trainees', 'Accueil de trois internes, semestre d’hiver', 250],
  ['quality-groups', 'Groupe qualité : antibiotiques en ville', 230],
  ['case-meetings', 'Concertation pluriprofessionnelle, dix participants', 200],
  ['prevention-actions', 'Dépistage bucco-dentaire en école, 112 enfants', 170],
  ['prevention-actions', 'Vaccination en officine, trois journées', 120],
  ['case-meetings', 'Concertation pluriprofessionnelle, huit participants', 90],
  ['quality-groups', 'Groupe qualité : benzodiazépines', 60],
  ['pathways-written', 'Protocole plaies et cicatrisation', 40],
]
const agreed: Partial<Record<Mission, [rate: number, reason: string]>> = {
  access: [70, 'Registre des demandes commencé en cours d’année ; la permanence d’inscription est reconnue'],
  pathways: [85, 'Deux protocoles diffusés ; trois concertations ont une preuve, deux autres ont été constatées en réunion'],
  prevention: [80, 'Vaccination au-dessus de la moyenne départementale ; deux actions prouvées'],
  quality: [60, 'Deux groupes tenus sur six prévus'],
  support: [50, 'Un semestre d’accueil sur deux'],
}

const asMember = (m: Member) =>
  ({ kind: 'member', personId: m.personId, membershipId: m.id, name: m.name, roles: m.roles, rpps: m.rpps }) as const

export async function reviewLife(
  tx: Tx,
  territory: Territory,
  community: { id: string; name: string },
  coordinator: Actor['who'],
  now: Date,
): Promise<void> {
  const agency = agencyOf(territory.slug)
  if (!agency) return
  const [name, quality] = agency
  const since = dayOf(new Date(now.getTime() - 190 * DAY))
  const profession = quality.startsWith('déléguée') ? 'Déléguée de l’ARS' : 'Délégué de l’ARS'
  await createPerson(tx, { name, email: `${territory.slug}.ars@exemple.fr`, roles: ['funder'], profession, since })
  if (territory.slug !== 'grand-versailles') return
  const [fund, delegate] = await listMembersByRole(tx, 'funder')
  const [president] = await listMembersByRole(tx, 'board')
  if (!fund || !delegate || !president) return
  const people = { community: president, fund, agency: delegate }
  const at = (ago: number, who: Actor['who'] = coordinator): Actor => ({ who, now: new Date(now.getTime() - ago * DAY), requestId: 'demo' })
  await past(tx, community, people, at, dayOf(now))
  await present(tx, community, people, at, dayOf(now))
}
type People = Record<(typeof parties)[number], Member>
type At = (ago: number, who?: Actor['who']) => Actor

/** Prepared and opened so many days ago. */
async function opened(
  tx: Tx,
  community: { id: string; name: string },
  people: People,
  at: At,
  o: { year: number; ago: number; meeting: string },
) {
  const signatories = { community: people.community.id, fund: people.fund.id, agency: people.agency.id }
  const others = 'Claire Montreuil, coordination de la CPTS\nDr Étienne Vasseur, médecin-conseil'
  const id = await prepareReview(tx, at(o.ago + 6), o.year, { day: o.meeting, signatories, others })
  const actor = at(o.ago)
  const on = dayOf(actor.now)
  const account = (await accountOf(tx, community.id, on))!
  await openReview(tx, actor, id, freeze(account, account.statement.years.find(y => y.year === o.year)!, community.name, on))
  return { id, account }
}

async function past(tx: Tx, community: { id: string; name: string }, people: People, at: At, today: string): Promise<void> {
  const before = (await accountOf(tx, community.id, today))!
  const span = before.spans.filter(s => s.from <= today).at(-2)
  if (!span) return
  for (const [code, title, days] of lastYear) await prove(tx, at(188), code, title, addDays(span.to, -days))
  // A few weeks after the year has ended, if there is time enough since; the demonstration itself begins two hundred days ago.
  const ago = Math.max(40, Math.min(185, daysFrom(span.to, today) - 35))
  const held = dayOf(at(ago - 21).now)
  const { id, account } = await opened(tx, community, people, at, { year: span.year, ago, meeting: held })
  const ask = (days: number, who: Member, code: IndicatorCode, words: string) =>
    writeComment(tx, { ...at(days), who: asMember(who) }, { reviewId: id, code, asks: true, words })
  const asked = await ask(ago - 3, people.fund, 'quality-groups', 'Six réunions étaient prévues. Qu’est-ce qui a manqué ?')
  const words = 'Le pharmacien animateur est parti en mars ; un binôme a repris les groupes à l’automne.'
  if (asked) await writeAnswer(tx, at(ago - 9), { reviewId: id, commentId: asked.id, words })
  await writeMinutes(tx, at(ago - 24), id, await agreedMinutes(tx, account, community.name, id, people, held, today))
  const read = (await minutesOf(tx, id))!.sha256
  const review = (await reviewOf(tx, id))!
  for (const [i, party] of parties.entries()) await signMinutes(tx, at(ago - 27 - i, asMember(people[party])), review, party, read)
  await closeReview(tx, at(ago - 31), id)
  await paid(tx, before, (await accountOf(tx, community.id, today))!, at(ago - 38), span.year)
}
async function prove(tx: Tx, actor: Actor, code: IndicatorCode, title: string, day: string): Promise<void> {
  const words = `Document de démonstration\n\n${title}\nLe ${day}\n`
  const kept = await keepBytes(tx, actor, `${code}-${day}.txt`, new TextEncoder().encode(words))
  if (!kept.ok) return
  const { id, sha256, givenName: name, type, bytes } = kept.file
  const said = { title, category: 'minutes', day, mission: definitionOf(code)!.mission, reason: null } as const
  await fileProof(tx, actor, { ...said, indicators: [code], file: { id, sha256, name, type, bytes } })
}
async function agreedMinutes(
  tx: Tx,
  account: Account,
  community: string,
  id: string,
  people: People,
  heldOn: string,
  today: string,
): Promise<Minutes> {
  const { year, figures } = (await reviewOf(tx, id))!
  const { from, to } = account.spans.find(s => s.year === year)!
  const envelopes = envelopesOf(account.contract, account.facts, year, today)
  const decisions = [...envelopes].flatMap(([mission, { envelope, computed }]): AgreedPart[] => {
    const [rate, reason] = agreed[mission] ?? [0, '']
    return reason ? [{ mission, cents: proportion(envelope, rate, 100), rate, computed, envelope, reason }] : []
  })
  return {
    ...{ community, year, from, to, heldOn, figures: figures!, decisions },
    signatories: { community: people.community.name, fund: people.fund.name, agency: people.agency.name },
    others: ['Claire Montreuil, coordination de la CPTS', 'Dr Étienne Vasseur, médecin-conseil'],
    said: 'La part de la population sans médecin traitant recule pour la deuxième année. Les trois parties conviennent de regarder les preuves au fil de l’année, sans attendre le bilan.',
    next: [
      { code: 'case-meetings', target: { numerator: 8, denominator: 1 }, weight: 6000 },
      { code: 'pathways-written', target: { numerator: 3, denominator: 1 }, weight: 4000 },
    ],
    commitments: [
      { what: 'Déposer chaque feuille d’émargement dans le mois', owner: 'Coordination de la CPTS', by: addDays(heldOn, 30) },
      { what: 'Transmettre le fichier annuel dès sa parution', owner: 'CPAM', by: addDays(heldOn, 260) },
      { what: 'Recevoir le groupe qualité pour le choix des thèmes', owner: 'ARS, délégation départementale', by: addDays(heldOn, 90) },
    ],
  }
}
/** What the minutes changed of what had been paid comes as one more transfer for each mission. */
async function paid(tx: Tx, before: Account, after: Account, actor: Actor, year: number): Promise<void> {
  const owed = (a: Account, heading: Heading) =>
    a.statement.payments
      .filter(p => p.heading === heading && p.year === year && p.part === 'variable')
      .reduce((n, p) => n + p.figure.cents, 0)
  for (const heading of headings) {
    const cents = owed(after, heading) - owed(before, heading)
    const note = `Virement CPAM, année ${year}, après le dialogue de gestion (démonstration)`
    if (cents !== 0) await recordReceipt(tx, actor, { day: dayOf(actor.now), heading, cents, note })
  }
}

async function present(tx: Tx, community: { id: string; name: string }, people: People, at: At, today: string): Promise<void> {
  const account = (await accountOf(tx, community.id, today))!
  const year = account.spans.filter(s => s.from <= today).at(-1)!.year
  const { id } = await opened(tx, community, people, at, { year, ago: 36, meeting: addDays(today, 17) })
  // After the figures were frozen: the room says what changed since.
  await prove(tx, at(9), 'case-meetings', 'Concertation pluriprofessionnelle, douze participants', addDays(today, -10))
  const write = (ago: number, who: Member, code: IndicatorCode, asks: boolean, words: string) =>
    writeComment(tx, { ...at(ago), who: asMember(who) }, { reviewId: id, code, asks, words })
  await write(33, people.fund, 'flu', true, 'La saison n’est pas finie : quel chiffre proposez-vous de retenir pour le dialogue ?')
  const answered = await write(
    29,
    people.agency,
    'pathways-written',
    true,
    'Le protocole de sortie d’hospitalisation est-il signé par l’hôpital ?',
  )
  const words = 'Oui, par la direction des soins. La page signée est jointe à la preuve.'
  if (answered) await writeAnswer(tx, at(22), { reviewId: id, commentId: answered.id, words })
  await write(
    12,
    people.agency,
    'prevention-actions',
    false,
    'La journée de dépistage a touché un quartier prioritaire : à faire figurer au bilan.',
  )
  await write(5, people.fund, 'case-meetings', true, 'Deux réunions n’ont pas de feuille d’émargement. Pouvez-vous les retrouver ?')
}
