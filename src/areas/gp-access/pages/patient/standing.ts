/** Where a request stands, for the person: one sentence, what comes next, and the way up to now. */
import { frName, type Station } from '#platform/ui/index.ts'
import type { State } from '../../rules.ts'
import type { Request } from '../../store/requests.ts'
import type { DoctorContact } from '../../store/tracking.ts'
import type { Say } from '../../words/index.ts'

type Standing = Pick<Request, 'state' | 'exit' | 'appointmentOn'>
/** A doctor's name in the sentence: French asks for « le Dr Martin », the other languages for the name alone. */
const named = (name: string, form: 'le' | 'Le', say: Say) => (say.lang === 'fr' || say.lang === 'falc' ? frName(name, form) : name)
export function standing(r: Standing, doctor: Pick<DoctorContact, 'name'> | null, say: Say): { title: string; next: string } {
  switch (r.state) {
    case 'received':
      return { title: say('state.received'), next: say('state.received.next') }
    case 'incomplete':
      return { title: say('state.incomplete'), next: say('state.incomplete.next') }
    case 'admissible':
    case 'prioritised':
      return { title: say('state.waiting'), next: say('state.waiting.next') }
    case 'proposed':
      return { title: say('state.proposed'), next: say('state.proposed.next') }
    case 'accepted':
      return {
        title: say('state.accepted', { doctor: doctor ? named(doctor.name, 'Le', say) : say('doctor.one') }),
        next: say('state.accepted.next'),
      }
    case 'appointed':
      return {
        title: r.appointmentOn ? say('state.appointed', { day: say.day(r.appointmentOn) }) : say('state.appointed.undated'),
        next: say('state.appointed.next', { doctor: doctor ? named(doctor.name, 'le', say) : say('doctor.yours') }),
      }
    case 'seen':
      return { title: say('state.seen'), next: say('state.seen.next') }
    case 'declared':
    case 'closed':
      return {
        title: say('state.closed'),
        next: say('state.closed.next', { doctor: doctor ? named(doctor.name, 'Le', say) : say('doctor.yours') }),
      }
    case 'exited':
      return {
        title: say('state.exited'),
        next: r.exit === 'duplicate' ? say('state.exited.duplicate') : say('state.exited.next', { reason: say(`exit.${r.exit!}`) }),
      }
  }
}

const order = ['received', 'prioritised', 'proposed', 'accepted', 'appointed', 'seen', 'closed'] as const
const same: Partial<Record<State, (typeof order)[number]>> = { incomplete: 'received', admissible: 'prioritised', declared: 'closed' }
/** The stations of the way; none for who has left. */
export function way(state: State, say: Say): Station[] {
  if (state === 'exited') return []
  const at = order.indexOf(same[state] ?? (state as (typeof order)[number]))
  return order.map((s, i) => ({ label: say(`way.${s}`), state: i < at || state === 'closed' ? 'done' : i === at ? 'now' : 'todo' }))
}
