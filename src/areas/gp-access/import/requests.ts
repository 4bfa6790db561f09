/**
 * A list kept elsewhere (a spreadsheet, another tool) becomes requests. Each line is checked as the form would; a bad line says why.
 * All or nothing unless `partial`. Somebody already on the list, or twice in the file, enters as a suspected duplicate of the first.
 */

import type { Actor } from '#platform/audit.ts'
import { dayOf } from '#platform/clock.ts'
import { type BadLine, fold, type ImportColumn, placesOf, tooManyCells } from '#platform/csv-columns.ts'
import type { CsvTable } from '#platform/csv-read.ts'
import { rows, sql, type Tx } from '#platform/db/types.ts'
import { date, form, isDay, text, type Value } from '#platform/fields.ts'
import { contactForm, identityForm, problemsOf, type SituationKey, situationKeys, toSituation } from '../fields.ts'
import { type ProxyKind, proxyKinds, proxyNames } from '../rules.ts'
import { admit, enterRequest, type RequestInput } from '../store/requests.ts'

const yes = 'oui ou vide'
/** The documented columns, in the order a model file has them. */
export const columns = [
  { header: 'nom de naissance', required: true, means: 'nom de naissance' },
  { header: 'nom utilisé', required: false, means: 'nom utilisé, s’il est différent' },
  { header: 'prénoms', required: true, means: 'prénoms' },
  { header: 'date de naissance', required: true, means: 'jj/mm/aaaa' },
  { header: 'sexe', required: false, means: 'F ou M' },
  { header: 'code commune', required: true, means: 'code INSEE de la commune, cinq caractères ; elle est dans le territoire' },
  { header: 'téléphone', required: false, means: 'dix chiffres ; téléphone ou adresse électronique' },
  { header: 'adresse électronique', required: false, means: 'nom@exemple.fr' },
  { header: 'ald', required: false, means: yes },
  { header: 'traitement quotidien', required: false, means: yes },
  { header: 'suivi spécialiste', required: false, means: yes },
  { header: 'sortie hôpital', required: false, means: `${yes} ; depuis moins de trois mois` },
  { header: 'grossesse', required: false, means: yes },
  { header: 'visites à domicile', required: false, means: `${yes} ; ne peut pas se déplacer` },
  { header: 'mobilité réduite', required: false, means: `${yes} ; se déplace difficilement` },
  { header: 'isolement', required: false, means: yes },
  { header: 'c2s ou ame', required: false, means: yes },
  { header: 'médecin parti', required: false, means: yes },
  { header: 'fauteuil', required: false, means: `${yes} ; cabinet accessible nécessaire` },
  { header: 'accepte plus loin', required: false, means: yes },
  {
    header: 'demandé par',
    required: false,
    means: 'vide si le patient lui-même ; sinon proche, pharmacie, infirmier, professionnel, social, mairie ou autre',
  },
  { header: 'nom du demandeur', required: false, means: 'avec « demandé par »' },
  { header: 'contact du demandeur', required: false, means: 'avec « demandé par »' },
  { header: 'depuis le', required: false, means: 'jj/mm/aaaa, date de la première demande ; vide : le jour de l’import' },
  { header: 'recevable', required: false, means: `${yes} ; entre directement dans la liste` },
  { header: 'accord', required: true, means: 'oui : la personne sait à quoi sert la demande et l’accepte' },
] as const satisfies readonly ImportColumn[]
type Header = (typeof columns)[number]['header']

const flags: Record<SituationKey, Header> = {
  ald: 'ald',
  treatment: 'traitement quotidien',
  specialist: 'suivi spécialiste',
  hospitalExit: 'sortie hôpital',
  pregnancy: 'grossesse',
  homeVisit: 'visites à domicile',
  reducedMobility: 'mobilité réduite',
  isolation: 'isolement',
  precarity: 'c2s ou ame',
  doctorLeft: 'médecin parti',
}
const proxies: Record<string, ProxyKind> = {
  proche: 'family',
  famille: 'family',
  pharmacie: 'pharmacist',
  infirmier: 'nurse',
  infirmiere: 'nurse',
  professionnel: 'professional',
  social: 'social',
  mairie: 'town_hall',
  ccas: 'town_hall',
  autre: 'other',
  ...Object.fromEntries(proxyKinds.map(k => [fold(proxyNames[k]), k])),
}

export interface ImportReport {
  /** Lines read, the header left out. */
  lines: number
  entered: number
  /** Of these, how many look like somebody already there. */
  suspected: number
  bad: BadLine[]
}
interface Ready {
  line: number
  input: RequestInput
  since: Date
  admit: boolean
}

export interface ImportOptions {
  partial: boolean
  signal?: AbortSignal
  /** Their common seniority, whatever the lines say: the patients of a doctor who leaves. */
  since?: Date
  /** Told of each request entered, in the same transaction. */
  onEntered?(requestId: string): Promise<void>
}
/** Checks the whole file, then writes the good lines, or nothing when one is bad and `partial` is not asked. */
export async function importRequests(tx: Tx, actor: Actor, table: CsvTable, o: ImportOptions): Promise<ImportReport> {
  const places = placesOf(columns, table.header, 'import requests --columns')
  const territory = new Set(
    (await rows<{ code: string }>(tx, sql`select commune_code as code from app.territory_commune`)).map(c => c.code),
  )
  const ready: Ready[] = []
  const bad: BadLine[] = []
  for (const { line, cells } of table.lines) {
    const checked = readLine(h => cells[places.get(h) ?? -1] ?? '', { now: actor.now, territory })
    if (tooManyCells(cells, table.header)) checked.reasons.push('Il y a plus de cellules que de colonnes.')
    if (checked.reasons.length || !checked.ready) bad.push({ line, reasons: checked.reasons })
    else ready.push({ line, ...checked.ready })
  }
  const report: ImportReport = { lines: table.lines.length, entered: 0, suspected: 0, bad }
  if (bad.length && !o.partial) return report
  // The oldest first: of two lines about one person, the second is the suspected one.
  for (const r of ready.toSorted((a, b) => a.since.getTime() - b.since.getTime() || a.line - b.line)) {
    // Thrown inside the transaction: nothing stays of a file given up half-way.
    o.signal?.throwIfAborted()
    const entered = await enterRequest(tx, actor, r.input, 'import', o.since ?? r.since)
    await o.onEntered?.(entered.id)
    report.entered++
    if (entered.duplicateOf) report.suspected++
    else if (r.admit) await admit(tx, actor, entered.id)
  }
  return report
}

const lineForm = form({
  ...identityForm.fields,
  phone: contactForm.fields.phone,
  email: contactForm.fields.email,
  communeCode: text({ label: 'Code commune', pattern: /^\d[\dAB]\d{3}$/, wrong: '« Code commune » est un code INSEE de cinq caractères.' }),
  proxyName: text({ label: 'Nom du demandeur', max: 120, required: false }),
  proxyContact: text({ label: 'Contact du demandeur', max: 120, required: false }),
  since: date({ label: 'Depuis le', required: false, min: '2000-01-01' }),
})
const cellsOf: Record<keyof typeof lineForm.fields, Header> = {
  birthName: 'nom de naissance',
  usedName: 'nom utilisé',
  givenNames: 'prénoms',
  birthDate: 'date de naissance',
  sex: 'sexe',
  phone: 'téléphone',
  email: 'adresse électronique',
  communeCode: 'code commune',
  proxyName: 'nom du demandeur',
  proxyContact: 'contact du demandeur',
  since: 'depuis le',
}

function readLine(
  cell: (h: Header) => string,
  o: { now: Date; territory: ReadonlySet<string> },
): { ready?: Omit<Ready, 'line'>; reasons: string[] } {
  const today = dayOf(o.now)
  const reasons: string[] = []
  const data = new URLSearchParams()
  for (const [name, header] of Object.entries(cellsOf)) data.set(name, name === 'sex' ? cell(header).toUpperCase() : cell(header))
  const parsed = lineForm.parse(data)
  if (!parsed.ok) reasons.push(...Object.values(parsed.errors))
  const flag = (header: Header): boolean => {
    const word = fold(cell(header))
    if (!['', 'oui', 'non', 'o', 'n', 'x', '1', '0'].includes(word)) reasons.push(`« ${header} » est oui, non ou vide.`)
    return ['oui', 'o', 'x', '1'].includes(word)
  }
  const ticked = situationKeys.filter(k => flag(flags[k]))
  const [wheelchair, farther, admissible, consent] = [flag('fauteuil'), flag('accepte plus loin'), flag('recevable'), flag('accord')]
  if (!consent) reasons.push('Sans l’accord de la personne, sa demande ne peut pas entrer dans la liste.')
  const by = fold(cell('demandé par'))
  const kind = by && by !== 'patient' ? proxies[by] : null
  if (kind === undefined) reasons.push('« Demandé par » est proche, pharmacie, infirmier, professionnel, social, mairie ou autre.')
  if (!parsed.ok) return { reasons }
  const v: Value<typeof lineForm> = parsed.value
  if (kind && !(v.proxyName && v.proxyContact)) reasons.push('« Demandé par » demande aussi le nom et le contact du demandeur.')
  if (!v.phone && !v.email && !kind) reasons.push('Il faut un téléphone ou une adresse électronique.')
  const preferredContact = v.phone ? 'phone' : v.email ? 'email' : 'proxy'
  reasons.push(...Object.values(problemsOf({ birthDate: v.birthDate }, { today, hasProxy: Boolean(kind) })))
  if (v.since && v.since > today) reasons.push('« Depuis le » ne peut pas être dans l’avenir.')
  if (!o.territory.has(v.communeCode)) reasons.push(`La commune ${v.communeCode} n’est pas dans le territoire.`)
  if (reasons.length) return { reasons }
  const { since, proxyName, proxyContact, ...person } = v
  return {
    reasons,
    ready: {
      // Noon in Paris: the day is the same everywhere.
      since: since && isDay(since) && since < today ? new Date(`${since}T11:00:00Z`) : o.now,
      admit: admissible,
      input: {
        ...person,
        ...toSituation(ticked),
        preferredContact,
        languages: [],
        wheelchair,
        farther,
        proxy: kind ? { kind, name: proxyName!, contact: proxyContact! } : null,
        consentBy: kind ? 'proxy' : 'patient',
        householdOf: null,
      },
    },
  }
}
