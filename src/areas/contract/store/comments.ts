/** What the delegates write of the indicators, what the coordination answers, and the days it has for it. */
import { type Actor, actorLabel, audit } from '#platform/audit.ts'
import { dayOf } from '#platform/clock.ts'
import { maybe, rows, run, sql, type Tx } from '#platform/db/types.ts'
import { randomUUIDv7 } from '#platform/ids.ts'
import { ANSWER_DAYS, type Asked, answerBy, type Party } from '../rules.ts'

export interface Comment extends Asked {
  id: string
  reviewId: string
  /** Contract year of the review. */
  year: number
  /** Which indicator. */
  code: string
  asks: boolean
  words: string
  authorId: string
  /** Whose delegate she is in this review; null when she does not sign for anybody. */
  party: Exclude<Party, 'community'> | null
  at: Date
  by: string
  answers: { words: string; at: string; by: string }[]
}

/** Of one review, or of all of them. */
export async function comments(tx: Tx, reviewId: string | null = null): Promise<Comment[]> {
  const found = await rows<Omit<Comment, 'answeredOn'>>(
    tx,
    sql`select c.id, c.review_id as "reviewId", r.year, c.code, c.asks, c.words, c.due_on as "dueOn", c.author_id as "authorId", c.at, c.by_label as by,
          (select case c.author_id when m.fund_id then 'fund' when m.agency_id then 'agency' end from app.contract_review_meeting m
             where m.review_id = c.review_id order by m.at desc, m.id desc limit 1) as party,
          (select coalesce(jsonb_agg(jsonb_build_object('words', a.words, 'at', a.at, 'by', a.by_label) order by a.at, a.id), '[]')
             from app.contract_review_answer a where a.comment_id = c.id) as answers
        from app.contract_review_comment c join app.contract_review r on r.id = c.review_id and r.cpts_id = c.cpts_id
        where ${reviewId === null ? sql`true` : sql`c.review_id = ${reviewId}`} order by c.at, c.id`,
  )
  return found.map(c => ({ ...c, answeredOn: c.answers[0] ? dayOf(new Date(c.answers[0].at)) : null }))
}

/** Working days to answer that the community gave itself. */
export async function answerDays(tx: Tx): Promise<number> {
  const row = await maybe<{ days: number }>(tx, sql`select days from app.contract_answer_delay order by at desc, id desc limit 1`)
  return row?.days ?? ANSWER_DAYS
}
/** Holds for the questions asked from now on: a day that was promised stays promised. */
export async function setAnswerDays(tx: Tx, actor: Actor, days: number): Promise<void> {
  const id = randomUUIDv7()
  await run(
    tx,
    sql`insert into app.contract_answer_delay (id, days, at, by_label) values (${id}, ${days}, ${actor.now}, ${actorLabel(actor.who)})`,
  )
  await audit(tx, actor, { action: 'review.delay', detail: { days } })
}

/** Writes a comment while the room is open; null when it is not, or no longer. */
export async function writeComment(
  tx: Tx,
  actor: Actor & { who: { kind: 'member' } },
  c: { reviewId: string; code: string; asks: boolean; words: string },
): Promise<{ id: string; dueOn: string | null } | null> {
  const id = randomUUIDv7()
  const dueOn = c.asks ? answerBy(dayOf(actor.now), await answerDays(tx)) : null
  const written = await run(
    tx,
    sql`insert into app.contract_review_comment (id, review_id, code, asks, words, due_on, author_id, at, by_label)
        select ${id}, r.id, ${c.code}, ${c.asks}, ${c.words}, ${dueOn}::date, ${actor.who.membershipId}, ${actor.now}, ${actor.who.name}
          from app.contract_review r where r.id = ${c.reviewId} and r.opened_at is not null and r.signed_at is null for share`,
  )
  if (written === 0) return null
  await audit(tx, actor, { action: 'review.comment', subject: { kind: 'review', id: c.reviewId }, detail: { code: c.code, asks: c.asks } })
  return { id, dueOn }
}
/** Answers a comment of that review; the comment answered, or null when it does not exist or the review is closed. */
export async function writeAnswer(
  tx: Tx,
  actor: Actor,
  a: { reviewId: string; commentId: string; words: string },
): Promise<{ authorId: string; code: string } | null> {
  const answered = await maybe<{ authorId: string; code: string }>(
    tx,
    sql`with c as (select c.id, c.author_id, c.code from app.contract_review_comment c join app.contract_review r on r.id = c.review_id and r.cpts_id = c.cpts_id
                 where c.id = ${a.commentId} and c.review_id = ${a.reviewId} and r.closed_at is null),
          w as (insert into app.contract_review_answer (id, comment_id, words, at, by_label)
                select ${randomUUIDv7()}::uuid, c.id, ${a.words}, ${actor.now}::timestamptz, ${actorLabel(actor.who)} from c)
        select author_id as "authorId", code from c`,
  )
  if (answered)
    await audit(tx, actor, { action: 'review.answer', subject: { kind: 'review', id: a.reviewId }, detail: { comment: a.commentId } })
  return answered
}

/** Questions whose day has passed without an answer and of which nobody was written to yet; they are marked, once. */
export const tellLate = (tx: Tx, now: Date): Promise<{ reviewId: string; n: number }[]> =>
  rows(
    tx,
    sql`with late as (update app.contract_review_comment c set late_told_at = ${now}
            where c.due_on < ${dayOf(now)} and c.late_told_at is null and not exists (select 1 from app.contract_review_answer a where a.comment_id = c.id)
            returning c.review_id)
        select review_id as "reviewId", count(*)::int as n from late group by 1`,
  )
