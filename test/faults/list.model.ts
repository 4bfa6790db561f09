/** The waiting list on one page: what each command may do, and what it changes. Pure; the database is compared with it. */
import { type Exit, mayFollow, type State } from '#areas/gp-access/rules.ts'

export type Command =
  | { do: 'open'; person: number; monthsAgo: number }
  | { do: 'admit' | 'withdraw' | 'put back' | 'leave' | 'resume' | 'appoint' | 'see' | 'declare'; patient: number }
  | { do: 'propose'; patient: number; doctor: number }
  | { do: 'accept' | 'refuse'; proposal: number }
  | { do: 'merge'; patient: number; into: number }
  | { do: 'places'; doctor: number; total: number }
  | { do: 'expire' }
  | { do: 'wait'; hours: number }

export interface Patient {
  state: State
  exit: Exit | null
  since: number
  doctor: number | null
  declared: boolean
}
export interface Proposal {
  patient: number
  doctor: number
  state: 'pending' | 'accepted' | 'refused' | 'expired' | 'withdrawn'
  expires: number
  /** Which statement of the doctor gave the place. */
  statement: number
}
export const ANSWER_MS = 72 * 3600_000
export const EXIT: Exit = 'gave_up'

export class List {
  readonly patients: Patient[] = []
  readonly proposals: Proposal[] = []
  /** Statements of each doctor, the last in force. */
  readonly doctors: { total: number; used: number }[][] = []

  /** Null when `c`, asked at `now`, may be done; otherwise why not. */
  forbids(c: Command, now: number): string | null {
    switch (c.do) {
      case 'open':
      case 'wait':
      case 'expire':
      case 'places':
        return null
      case 'accept':
      case 'refuse': {
        const q = this.proposals[c.proposal]
        if (!q) return 'no such proposal'
        if (q.state !== 'pending' || q.expires <= now) return 'no longer waits for an answer'
        const { total, used } = this.doctors[q.doctor]!.at(-1)!
        return c.do === 'accept' && used >= total ? 'no place left' : null
      }
      default: {
        const p = this.patients[c.patient]
        if (!p) return 'no such patient'
        return this.moves(c, p) ? null : `is ${p.state}`
      }
    }
  }
  private moves(c: Extract<Command, { patient: number }>, { state, declared }: Patient): boolean {
    switch (c.do) {
      case 'admit':
        return mayFollow(state, 'admissible')
      case 'propose':
        return mayFollow(state, 'proposed')
      case 'withdraw':
        return state === 'proposed'
      case 'put back':
        return ['accepted', 'appointed', 'seen'].includes(state)
      case 'leave':
        return mayFollow(state, 'exited')
      case 'resume':
        return state === 'exited'
      case 'appoint':
        return ['accepted', 'appointed'].includes(state)
      case 'see':
        return mayFollow(state, 'seen')
      case 'declare':
        return ['accepted', 'appointed', 'seen'].includes(state) && !declared
      case 'merge':
        return (
          c.patient !== c.into && c.into < this.patients.length && ['received', 'incomplete', 'admissible', 'prioritised'].includes(state)
        )
    }
  }

  /** What is true once it is done. Who expires is told: the clock's worker leaves alone those that somebody is answering. */
  apply(c: Command, now: number, expired: readonly number[] = []): void {
    switch (c.do) {
      case 'wait':
        return
      case 'open':
        this.patients.push({ state: 'received', exit: null, since: now - c.monthsAgo * 30 * 86_400_000, doctor: null, declared: false })
        return
      case 'places':
        this.doctors[c.doctor]!.push({ total: c.total, used: 0 })
        return
      case 'expire':
        for (const i of expired) this.answer(i, 'expired')
        return
      case 'refuse':
        this.answer(c.proposal, 'refused')
        return
      case 'accept': {
        const q = this.proposals[c.proposal]!
        q.state = 'accepted'
        q.statement = this.doctors[q.doctor]!.length - 1
        this.doctors[q.doctor]!.at(-1)!.used++
        Object.assign(this.patients[q.patient]!, { state: 'accepted', doctor: q.doctor })
        return
      }
      default:
        this.step(c, this.patients[c.patient]!, now)
    }
  }
  private answer(proposal: number, state: 'refused' | 'expired'): void {
    const q = this.proposals[proposal]!
    q.state = state
    this.patients[q.patient]!.state = 'prioritised'
  }
  private step(c: Extract<Command, { patient: number }>, p: Patient, now: number): void {
    switch (c.do) {
      case 'admit':
        p.state = 'prioritised'
        return
      case 'propose':
        p.state = 'proposed'
        this.proposals.push({ patient: c.patient, doctor: c.doctor, state: 'pending', expires: now + ANSWER_MS, statement: -1 })
        return
      case 'withdraw':
      case 'put back':
        p.state = 'prioritised'
        this.free(c.patient)
        return
      case 'leave':
        Object.assign(p, { state: 'exited', exit: EXIT })
        this.free(c.patient)
        return
      case 'resume':
        Object.assign(p, { state: 'received', exit: null })
        return
      case 'appoint':
        p.state = 'appointed'
        return
      case 'see':
        p.state = p.declared ? 'closed' : 'seen'
        return
      case 'declare':
        p.declared = true
        if (p.state === 'seen') p.state = 'closed'
        return
      case 'merge': {
        const kept = this.patients[c.into]!
        Object.assign(p, { state: 'exited', exit: 'duplicate' })
        kept.since = Math.min(kept.since, p.since)
        if (kept.state === 'exited') Object.assign(kept, { state: 'received', exit: null })
      }
    }
  }
  /** The proposal of somebody who is with nobody any more; his place is given back, and nothing stays of that doctor. */
  private free(patient: number): void {
    const q = this.proposals.find(x => x.patient === patient && (x.state === 'pending' || x.state === 'accepted'))
    if (!q) return
    if (q.state === 'accepted') this.doctors[q.doctor]![q.statement]!.used--
    q.state = 'withdrawn'
    Object.assign(this.patients[patient]!, { doctor: null, declared: false })
  }
}
