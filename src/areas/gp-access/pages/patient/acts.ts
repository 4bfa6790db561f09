/**
 * Everything a patient does on the page of his request, each act once: his page posts it, and the coordination does it for him by
 * telephone (pages/desk/telephone.tsx). An act that is not in this list exists nowhere.
 */

import { territoryCommunes } from '#areas/territory/index.ts'
import { type Actor, audit } from '#platform/audit.ts'
import { dayOf } from '#platform/clock.ts'
import type { Tx } from '#platform/db/types.ts'
import { reconcile, theirsSaid } from '#platform/edits.ts'
import type { Errors, Form, Value } from '#platform/fields.ts'
import { fromSituation, problemsOf, toSituation } from '../../fields.ts'
import { readNumber, type State } from '../../rules.ts'
import { type Changed, changeSituation, chooseLanguage, lockRequest, mayChange } from '../../store/change.ts'
import { erase } from '../../store/erasure.ts'
import { markInterim } from '../../store/interim.ts'
import { declare, leave, seen, tellWithdrawn } from '../../store/proposals.ts'
import type { Site } from '../../store/record.ts'
import { getRequest, move, type Request } from '../../store/requests.ts'
import { knowsNumber } from '../../store/tracking.ts'
import type { Say } from '../../words/index.ts'
import { changeForm, dayForm, ELSEWHERE, eraseForm, inLang, interimForm, languageForm, leaveForm, nothing } from './fields.ts'

/** Who does it, on which request, and in which language it is answered. */
export interface Doing {
  tx: Tx
  actor: Actor
  site: Site
  id: string
  say: Say
}
export type Done =
  | { errors: Errors; conflict?: true }
  /** `at`: the place of the page to come back to. */
  | { said: string; at?: string }
  /** He lives where we cannot look for a doctor: nothing was written, he decides. */
  | { moved: true }
  | { erased: true }

export interface Act<F extends Form = Form> {
  /** Last word of its address, on both sides. */
  slug: string
  /** For the coordination. */
  name: string
  submit: string
  form: F
  /** Whether it makes sense where the request stands. */
  offered(r: Pick<Request, 'state' | 'exit' | 'declaredOn'>): boolean
  do(d: Doing, input: Value<F>): Promise<Done>
}
const act = <F extends Form>(a: Act<F>): Act<F> => a

const underWay = (state: State) => !['seen', 'declared', 'closed', 'exited'].includes(state)
export const leaving = act({
  slug: 'quitter',
  name: 'Il quitte la liste',
  submit: 'Noter qu’il quitte la liste',
  form: leaveForm,
  offered: r => underWay(r.state),
  async do({ tx, actor, site, id, say }, { why }) {
    await tellWithdrawn(tx, actor, site, await leave(tx, actor, id, why, 'patient'))
    return { said: say(why === 'out_of_territory' ? 'done.moved' : 'done.left') }
  },
})
export const comingBack = act({
  slug: 'revenir',
  name: 'Il revient dans la liste',
  submit: 'Le remettre dans la liste, à sa place',
  form: nothing,
  // Merged, out of the territory, deceased: only the coordination undoes that, from the record.
  offered: r => r.state === 'exited' && (r.exit === 'gave_up' || r.exit === 'has_doctor'),
  async do({ tx, actor, id, say }) {
    const r = await getRequest(tx, actor, id)
    if (!comingBack.offered(r)) return { said: '' }
    await move(tx, actor, id, { to: 'received', from: ['exited'], reason: 'patient' })
    return { said: say('done.back') }
  },
})
export const visited = act({
  slug: 'vu',
  name: 'Il a vu le médecin',
  submit: 'Noter la consultation',
  form: dayForm,
  offered: r => r.state === 'accepted' || r.state === 'appointed',
  async do({ tx, actor, id, say }, { day }) {
    if (day > dayOf(actor.now)) return { errors: { day: say('wrong.day') } }
    await seen(tx, actor, id, day)
    return { said: say('done.seen') }
  },
})
export const declared = act({
  slug: 'declare',
  name: 'La déclaration est faite',
  submit: 'Noter la déclaration',
  form: nothing,
  offered: r => ['accepted', 'appointed', 'seen'].includes(r.state) && !r.declaredOn,
  async do({ tx, actor, id, say }) {
    await declare(tx, actor, id, dayOf(actor.now), 'patient')
    return { said: say('done.declared') }
  },
})
export const usedInterim = act({
  slug: 'relais',
  name: 'Il a utilisé un relais',
  submit: 'Noter le relais',
  form: interimForm,
  offered: r => ['received', 'incomplete', 'admissible', 'prioritised', 'proposed'].includes(r.state),
  async do({ tx, actor, id, say }, { route, used }) {
    await getRequest(tx, actor, id)
    await markInterim(tx, actor, id, route, used === 'yes')
    return { said: say(used === 'yes' ? 'done.interim' : 'done.interimUndone'), at: 'en-attendant' }
  },
})
/** His answers as they are kept. */
export const answersNow = (r: Request) => ({ ...r, situation: fromSituation(r), householdOf: '' })
export const changing = act({
  slug: 'situation',
  name: 'Sa situation a changé',
  submit: 'Enregistrer ce qui a changé',
  form: changeForm,
  offered: r => mayChange(r.state),
  async do({ tx, actor, site, id, say }, typed) {
    if (typed.communeCode === ELSEWHERE) return { moved: true }
    // He on his page, the coordination on the telephone: the second sees what the first one changed.
    await lockRequest(tx, id)
    const r = await getRequest(tx, actor, id, 'request.edit')
    const merged = reconcile(inLang(changeForm, say.lang) as typeof changeForm, typed, answersNow(r), say.lang)
    if ('errors' in merged) return merged
    const { shown: _shown, ...input } = merged.value
    const errors = problemsOf(input, { today: dayOf(actor.now), hasProxy: r.proxyName !== null }, say)
    const communes = await territoryCommunes(tx)
    if (input.communeCode !== r.communeCode && !communes.some(c => c.code === input.communeCode)) errors.communeCode = say('wrong.commune')
    const householdOf = input.householdOf ? readNumber(input.householdOf) : null
    if (householdOf && !(await knowsNumber(tx, householdOf))) errors.householdOf = say('wrong.householdUnknown')
    if (Object.keys(errors).length) return { errors }
    const { situation, householdOf: _, ...rest } = input
    const done = await changeSituation(tx, actor, site, id, { ...rest, ...toSituation(situation), householdOf })
    return { said: whatChanged(done, say) + theirsSaid(merged.theirs, say.lang) }
  },
})
/** « C’est noté. Votre priorité passe de 12 à 18 points… » */
export function whatChanged(c: Changed, say: Say): string {
  if (c.fields.length === 0) return say('change.none')
  const points = (n: number) => say('points', { n })
  return [
    say('change.done'),
    c.before === c.after
      ? say('change.same', { points: points(c.after) })
      : say('change.points', { before: say.number(c.before), after: points(c.after) }),
    say('change.since'),
    ...(c.proposal === 'none' ? [] : [say(c.proposal === 'withdrawn' ? 'change.withdrawn' : 'change.stands')]),
  ].join(' ')
}
export const speaking = act({
  slug: 'langue',
  name: 'Langue de nos messages et de la lettre',
  submit: 'Choisir cette langue',
  form: languageForm,
  offered: r => r.state !== 'closed' && r.state !== 'exited',
  async do({ tx, actor, id, say }, { language }) {
    await chooseLanguage(tx, actor, id, language)
    return { said: say('done.language') }
  },
})
export const erasing = act({
  slug: 'effacer',
  name: 'Il efface sa demande',
  submit: 'Effacer pour toujours',
  form: eraseForm,
  offered: () => true,
  async do({ tx, actor, site, id }) {
    await erase(tx, actor, site, id)
    return { erased: true }
  },
})
// biome-ignore lint/suspicious/noExplicitAny: each act has its own form
export const patientActs: readonly Act<any>[] = [changing, usedInterim, visited, declared, speaking, leaving, comingBack, erasing]

/** Somebody who answers for the patient: his name stays with what he does, and the agreement he heard. */
export async function forThePatient(tx: Tx, actor: Actor, id: string, slug: string): Promise<void> {
  await audit(tx, actor, { action: 'telephone.act', subject: { kind: 'request', id }, detail: { act: slug, consent: true } })
}
