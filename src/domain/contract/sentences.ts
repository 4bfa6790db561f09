/** In French, every code of the contract: one sentence each. Ordinary spaces before signs: the screen puts them right. */
import { addDays, type Day } from '../calendar.ts'
import { formatEuros } from '../money.ts'
import { sources } from './sources.ts'
import type {
  Figure,
  Heading,
  LineReason,
  Missing,
  Mission,
  Origin,
  Part,
  Payment,
  Problem,
  Provenance,
  Ratio,
  Step,
  Terms,
  TextId,
  Value,
} from './types.ts'

export const missionNames: Readonly<Record<Mission, string>> = {
  access: 'Accès aux soins',
  pathways: 'Parcours pluriprofessionnels',
  prevention: 'Prévention',
  crisis: 'Réponse aux crises sanitaires',
  quality: 'Qualité et pertinence des soins',
  support: 'Accompagnement des professionnels',
}
export const headingNames: Readonly<Record<Heading, string>> = { running: 'Fonctionnement', ...missionNames }
export const partNames: Readonly<Record<Part, string>> = {
  running: 'fonctionnement',
  fixed: 'part fixe',
  variable: 'part variable',
  compensation: 'compensation des soins non programmés',
  plan: 'plan de crise',
  occurrence: 'participation à une crise',
}
export const textNames: Readonly<Record<TextId, string>> = { 'aci-2019': 'accord de 2019', 'avenant-2': 'avenant 2' }
/** The label that goes with every amount on screen. */
export const provenanceNames: Readonly<Record<Provenance, string>> = {
  contract: 'au contrat',
  sourced: 'publié',
  derived: 'déduit',
  assumed: 'supposé',
}
export const paymentNames: Readonly<Record<Payment['kind'], string>> = {
  full: 'versement à la signature',
  advance: 'avance',
  balance: 'solde',
  repayment: 'somme à rendre',
}
const termNames: Readonly<Record<keyof Terms, string>> = {
  text: 'le texte',
  size: 'la taille',
  population: 'la population',
  missions: 'les missions',
  compensation: 'la compensation des soins non programmés',
  annex: 'les montants de l’annexe',
}
/** « 17/06/2021 » */
export const sayDay = (day: Day): string => `${day.slice(8)}/${day.slice(5, 7)}/${day.slice(0, 4)}`
const number = (n: number) => new Intl.NumberFormat('fr-FR', { maximumFractionDigits: 2 }).format(n)
export const sayRatio = ({ numerator, denominator }: Ratio): string =>
  denominator === 1 ? number(numerator) : `${number(numerator)} sur ${number(denominator)}`
const percent = ({ numerator, denominator }: Ratio) => `${number((100 * numerator) / denominator)} %`
export const sayValue = (v: Value): string =>
  v.state === 'measured' ? sayRatio(v.ratio) : v.state === 'done' ? (v.done ? 'fait' : 'pas fait') : `non disponible : ${v.reason}`
/** « 12 500 € (supposé) »: the amount never goes without its label. */
export const sayFigure = (f: Figure): string => `${formatEuros(f.cents)} (${provenanceNames[f.provenance]})`

/** Whether the article that an amount or a rule rests on was read in the text itself. What was typed rests on a signed paper, and has none to read. */
export function articleState(o: Origin): 'read' | 'unread' | 'none' | 'typed' {
  if (o.of === 'typed') return 'typed'
  const text = o.sources.some(id => sources[id]?.text)
  return o.article === null ? (text ? 'none' : 'unread') : text ? 'read' : 'unread'
}
/** « ACI 2019, art. 9.1 », « ACI 2019, art. 8 : article non lu »; an empty text for what was typed without one. */
export function sayArticle(o: Origin): string {
  switch (articleState(o)) {
    case 'read':
      return o.article ?? ''
    case 'unread':
      return o.article === null ? 'article non lu' : `${o.article} : article non lu`
    case 'none':
      return 'aucun article lu ne le règle'
    case 'typed':
      return o.article ?? ''
  }
}
/** Where an amount or a rule comes from. */
export function sayOrigin(o: Origin): string {
  const typed = o.typed
    ? `saisi par ${o.typed.by} le ${sayDay(o.typed.at)}${o.typed.file ? `, d’après ${o.typed.file}` : ', sans le document signé'}`
    : null
  const read = o.sources.map(id => sources[id]?.title ?? id).join(' ; ')
  return [provenanceNames[o.provenance], sayArticle(o), typed, read || null, o.note].filter(Boolean).join('. ')
}
/** A span is said with its last day. */
const sayFrom = (from: Day, to: Day) => `du ${sayDay(from)} au ${sayDay(addDays(to, -1))}`
const span = (from: Day, to: Day, days: number, of: number) => `${sayFrom(from, to)} (${days} jours sur ${of})`

/** One step of a calculation. */
export function sayStep({ data: d, cents, origin }: Step): string {
  const gives = formatEuros(cents)
  switch (d.what) {
    case 'amount': {
      const by = origin.of === 'typed' ? 'annexe du contrat' : `${textNames[d.text]}, taille ${d.size}`
      return `${headingNames[d.heading]}, ${partNames[d.part]} : ${gives} par an au plus (${by}, ${provenanceNames[origin.provenance]}).`
    }
    case 'prorata':
      return `${formatEuros(d.base)} ${span(d.from, d.to, d.days, d.of)} : ${gives}.`
    case 'share':
      return `« ${d.name} » porte ${number(d.weight / 100)} % de ${formatEuros(d.base)} : ${gives}.`
    case 'rate': {
      const limited = d.limited === 'cap' ? ', au plafond' : d.limited === 'floor' ? ', sous le seuil du contrat' : ''
      const target = d.target ? ` pour un objectif de ${sayRatio(d.target)}` : ''
      return `« ${d.name} » : ${sayValue(d.value)}${target}, soit ${percent(d.rate)}${limited} de ${formatEuros(d.base)} : ${gives}.`
    }
    case 'limit':
      return `Les indicateurs donnent ${formatEuros(d.base)} ; l’enveloppe s’arrête à ${formatEuros(d.limit)}.`
    case 'event':
      return `${d.part === 'plan' ? 'Plan écrit ou mis à jour' : 'Crise'} le ${sayDay(d.day)} : ${gives}.`
    case 'decision':
      return `Arrêté au dialogue de gestion à ${gives} (calcul : ${formatEuros(d.computed)}), noté par ${d.by} le ${sayDay(d.at)} : ${d.reason}.`
    case 'advance':
      return d.days === d.of
        ? `Avance de ${d.percent} % de ${formatEuros(d.base)} : ${gives}.`
        : `Avance de ${d.percent} % de ${formatEuros(d.base)}, ${span(d.from, d.to, d.days, d.of)} : ${gives}.`
    case 'full':
      return `Versé en entier à la signature : ${gives}.`
    case 'balance':
      return cents < 0
        ? `Dû ${formatEuros(d.due)}, déjà versé ${formatEuros(d.paid)} : ${formatEuros(-cents)} à rendre.`
        : `Dû ${formatEuros(d.due)}, déjà versé ${formatEuros(d.paid)} : solde de ${gives}.`
  }
}
export const reasonNames: Readonly<Record<LineReason, string>> = {
  'whole-year': 'Toute l’année.',
  'part-of-year': 'Une partie de l’année, au prorata des jours.',
  'not-started': 'La mission n’a pas commencé.',
  indicators: 'Selon les indicateurs.',
  'indicators-open': 'Des indicateurs restent à mesurer : leur part n’est ni gagnée ni perdue.',
  decided: 'Arrêté au dialogue de gestion.',
  'event-done': 'Fait dans l’année.',
  'event-not-done': 'Pas encore fait.',
  'no-mission-started': 'Aucune mission n’a commencé : le fonctionnement attend.',
}
/** What is missing, and what to do. */
export function sayMissing(m: Missing): string {
  switch (m.code) {
    case 'amount-unknown':
      return `Aucune source lue ne donne ${headingNames[m.heading].toLowerCase()}, ${partNames[m.part]}, pour la taille ${m.size} (${textNames[m.text]}). Saisissez le montant de l’annexe de votre contrat.`
    case 'size-unknown':
      return `La taille n’est pas connue ${sayFrom(m.from, m.to)}. Indiquez la population ou la taille du contrat.`
    case 'no-indicators':
      return `La part variable de la mission ${missionNames[m.mission]} (${formatEuros(m.cents)}) n’a pas d’indicateur. Saisissez ceux du contrat.`
    case 'value-missing':
      return m.reason === null
        ? `« ${m.name} » n’est pas mesuré : ${formatEuros(m.cents)} en dépendent.`
        : `« ${m.name} » n’est pas disponible (${m.reason}) : ${formatEuros(m.cents)} en dépendent.`
  }
}
/** What is wrong, where, and what to do. */
export function sayProblem(p: Problem): string {
  switch (p.code) {
    case 'numerator-above-denominator':
      return `« ${p.name} », année ${p.year} : le numérateur (${number(p.ratio.numerator)}) dépasse le dénominateur (${number(p.ratio.denominator)}). Corrigez l’un des deux ; en attendant, l’indicateur n’est pas compté.`
    case 'not-a-ratio':
      return `« ${p.name} », année ${p.year} : ${p.ratio.numerator} sur ${p.ratio.denominator} ne se calcule pas. Écrivez deux nombres entiers, le second au-dessus de zéro.`
    case 'wrong-kind-of-value':
      return `« ${p.name} », année ${p.year} : la valeur n’est pas de la sorte attendue (un nombre, ou fait et pas fait).`
    case 'two-values':
      return `« ${p.name} », année ${p.year} : ${p.count} valeurs données. La dernière est comptée ; gardez celle qui vaut.`
    case 'unknown-indicator':
      return `L’année ${p.year} a une valeur pour un indicateur qui n’est pas au contrat (${p.indicator}). Elle est gardée et n’est pas comptée.`
    case 'value-outside-contract':
      return `« ${p.name} » a une valeur pour l’année ${p.year}, où il ne compte pas. Elle est gardée et n’est pas comptée.`
    case 'no-target':
      return `« ${p.name} », année ${p.year} : il manque l’objectif (ou le point de départ) écrit au contrat.`
    case 'target-against-direction':
      return `« ${p.name} », année ${p.year} : l’objectif va à l’opposé du sens voulu. Vérifiez l’objectif, le point de départ et le sens.`
    case 'weights':
      return `${missionNames[p.mission]}, année ${p.year} : les poids des indicateurs font ${number(p.sum / 100)} % au lieu de 100 %.`
    case 'no-population':
      return `Ni population ni taille ${sayFrom(p.from, p.to)} : les montants de cette période ne se calculent pas. Indiquez l’une ou l’autre.`
    case 'mission-before-signature':
      return `${missionNames[p.mission]} a commencé le ${sayDay(p.started)}, avant la signature du ${sayDay(p.signed)}. Elle compte à partir de la signature.`
    case 'mission-after-end':
      return `${missionNames[p.mission]} commence le ${sayDay(p.started)}, après la fin du contrat (${sayDay(p.end)}).`
    case 'mission-not-in-contract':
      return `${missionNames[p.mission]} a commencé le ${sayDay(p.started)}, mais n’est pas au contrat. Ajoutez l’avenant qui la prévoit.`
    case 'mission-not-in-text':
      return `${missionNames[p.mission]} n’existe pas dans le texte du contrat (${textNames[p.text]}) au ${sayDay(p.from)}.`
    case 'deployed-before-start':
      return p.started === null
        ? `${missionNames[p.mission]} est déployée le ${sayDay(p.deployed)} sans date de début.`
        : `${missionNames[p.mission]} est déployée le ${sayDay(p.deployed)}, avant son début du ${sayDay(p.started)}.`
    case 'amendments-overlap':
      return `Deux avenants (${p.first}, ${p.second}) changent ${p.what.map(w => termNames[w]).join(' et ')} ${sayFrom(p.from, p.to)}. Le plus récent l’emporte ; corrigez leurs dates.`
    case 'amendment-outside-contract':
      return `L’avenant ${p.amendment} prend effet le ${sayDay(p.from)}, hors du contrat (${sayFrom(p.signed, p.end)}).`
    case 'renewal-not-at-end':
      return `Le renouvellement part du ${sayDay(p.from)}, le contrat finit le ${sayDay(p.end)}.`
    case 'termination-outside-contract':
      return `La rupture est datée du ${sayDay(p.on)}, hors du contrat (${sayFrom(p.signed, p.end)}).`
    case 'text-before-in-force':
      return `Le contrat suit ${textNames[p.text]} au ${sayDay(p.from)}, avant son entrée en vigueur (${sayDay(p.inForce)}).`
    case 'newer-text':
      return `Le contrat suit ${textNames[p.text]} ; ${textNames[p.newer]} est en vigueur depuis le ${sayDay(p.inForce)}. Si un avenant l’a repris, ajoutez-le.`
    case 'decision-above-envelope':
      return `${missionNames[p.mission]}, année ${p.year} : ${formatEuros(p.decided)} arrêtés, au-dessus de l’enveloppe de ${formatEuros(p.envelope)}. La somme arrêtée est gardée ; vérifiez le compte rendu.`
    case 'decision-without-mission':
      return `${missionNames[p.mission]}, année ${p.year} : ${formatEuros(p.decided)} arrêtés, mais le contrat n’a pas de part variable connue pour cette mission cette année-là. La somme est gardée ; vérifiez l’année et la mission.`
  }
}
