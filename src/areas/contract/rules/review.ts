/** The yearly review: where it stands, who takes part, and the clock of what the funders ask. */
import { addWorkingDays, type Day, workingDaysBetween } from '#domain/calendar.ts'

export const parties = ['community', 'fund', 'agency'] as const
export type Party = (typeof parties)[number]

/** Working days to answer, when the community decided nothing else. */
export const ANSWER_DAYS = 15

export interface ReviewMarks {
  openedAt: Date | null
  minutesNo: number
  signedAt: Date | null
  closedAt: Date | null
}
export const reviewStates = ['prepared', 'open', 'written', 'signed', 'closed'] as const
export type ReviewState = (typeof reviewStates)[number]
/** Worked out from what happened; nothing stores it. */
export const reviewState = (r: ReviewMarks): ReviewState =>
  r.closedAt ? 'closed' : r.signedAt ? 'signed' : r.minutesNo > 0 ? 'written' : r.openedAt ? 'open' : 'prepared'

/** The three people who sign are three: nobody signs for two parties. @returns a refusal by field, empty when there is none */
export function signatoryErrors(who: Record<Party, string>): Record<string, string> {
  const twice = parties.find((p, i) => parties.slice(0, i).some(q => who[q] === who[p]))
  return twice ? { [twice]: 'Cette personne signe déjà pour une autre partie : chaque partie a son signataire.' } : {}
}

export interface Asked {
  /** Null when nothing was asked. */
  dueOn: Day | null
  /** Day of the first answer. */
  answeredOn: Day | null
}
export type ClockState = 'remark' | 'answered' | 'answered-late' | 'waiting' | 'late'
/** The last day to answer a question asked that day: working days, the first one being the day after. */
export const answerBy = (asked: Day, days: number): Day => addWorkingDays(asked, days)
/** The whole last day may still be used. */
export function clockState({ dueOn, answeredOn }: Asked, today: Day): ClockState {
  if (dueOn === null) return 'remark'
  if (answeredOn !== null) return answeredOn <= dueOn ? 'answered' : 'answered-late'
  return today <= dueOn ? 'waiting' : 'late'
}
/** Working days left, negative once late. */
export const daysToAnswer = (dueOn: Day, today: Day): number =>
  today <= dueOn ? workingDaysBetween(today, dueOn) : -workingDaysBetween(dueOn, today)

const rank: Record<ClockState, number> = { late: 0, waiting: 1, 'answered-late': 2, answered: 2, remark: 2 }
/** What waits first, the oldest deadline first; then the rest, the newest first. */
export function byClock<C extends Asked & { at: Date }>(comments: readonly C[], today: Day): C[] {
  return [...comments].sort((a, b) => {
    const [ra, rb] = [rank[clockState(a, today)], rank[clockState(b, today)]]
    if (ra !== rb) return ra - rb
    if (ra < 2 && a.dueOn !== b.dueOn) return a.dueOn! < b.dueOn! ? -1 : 1
    return b.at.getTime() - a.at.getTime()
  })
}
