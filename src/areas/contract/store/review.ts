/** The yearly review in the database: prepared, opened with its figures frozen, closed. */
import { type Actor, actorLabel, audit } from '#platform/audit.ts'
import { maybe, rows, run, sql, type Tx } from '#platform/db/types.ts'
import { conflict } from '#platform/errors.ts'
import { sha256 } from '#platform/files.ts'
import { randomUUIDv7 } from '#platform/ids.ts'
import { append } from '#platform/ledger.ts'
import type { Frozen, Party, ReviewMarks } from '../rules.ts'

/** Openings and signatures are lines of this book: none can be put in or taken out unseen. */
export const REVIEW_BOOK = 'reviews'

export interface Signing {
  membershipId: string
  name: string
  /** Her function, when it is known. */
  profession: string | null
}
export interface Review extends ReviewMarks {
  id: string
  /** Contract year. */
  year: number
  at: Date
  by: string
  openedBy: string | null
  closedBy: string | null
  /** The minutes as a proof, once signed. */
  proofId: string | null
  /** Day of the meeting. */
  day: string
  signatories: Record<Party, Signing>
  /** Name, function. */
  others: string[]
  /** Hash of the frozen figures. */
  figures: string | null
}
type Row = Omit<Review, 'others'> & { others: string | null }

const signing = (column: 'community_id' | 'fund_id' | 'agency_id') =>
  sql`(select jsonb_build_object('membershipId', b.id, 'name', p.name, 'profession', b.profession) from app.membership b join platform.person p on p.id = b.person_id
        where b.id = m.${sql.ref(column)} and b.cpts_id = m.cpts_id)`
const columns = sql`r.id, r.year, r.at, r.by_label as by, r.opened_at as "openedAt", r.opened_label as "openedBy", r.minutes_no as "minutesNo", r.signed_at as "signedAt",
  r.proof_id as "proofId", r.closed_at as "closedAt", r.closed_label as "closedBy", m.day, m.others, s.sha256 as figures,
  jsonb_build_object('community', ${signing('community_id')}, 'fund', ${signing('fund_id')}, 'agency', ${signing('agency_id')}) as signatories`
const from = sql`app.contract_review r
  join lateral (select * from app.contract_review_meeting x where x.review_id = r.id and x.cpts_id = r.cpts_id order by x.at desc, x.id desc limit 1) m on true
  left join app.contract_review_snapshot s on s.review_id = r.id and s.cpts_id = r.cpts_id`
const read = (r: Row): Review => ({ ...r, others: r.others?.split('\n').filter(Boolean) ?? [] })

/** Every review, the latest year first. */
export async function reviews(tx: Tx): Promise<Review[]> {
  return (await rows<Row>(tx, sql`select ${columns} from ${from} order by r.year desc`)).map(read)
}
export async function reviewOf(tx: Tx, id: string): Promise<Review | null> {
  const row = await maybe<Row>(tx, sql`select ${columns} from ${from} where r.id = ${id}`)
  return row && read(row)
}

export interface MeetingInput {
  day: string
  signatories: Record<Party, string>
  others: string | null
}
/** Prepares the review of a year. The index refuses a second one, whoever was faster. */
export async function prepareReview(tx: Tx, actor: Actor, year: number, meeting: MeetingInput): Promise<string> {
  const id = randomUUIDv7()
  const written = await run(
    tx,
    sql`insert into app.contract_review (id, year, at, by_label) values (${id}, ${year}, ${actor.now}, ${actorLabel(actor.who)}) on conflict do nothing`,
  )
  if (written === 0)
    throw conflict('Le dialogue de gestion de cette année vient d’être préparé par quelqu’un d’autre. Ouvrez-le dans la liste.')
  await writeMeeting(tx, actor, id, meeting)
  await audit(tx, actor, { action: 'review.prepare', subject: { kind: 'review', id }, detail: { year } })
  return id
}
/** Another day, other participants: the last written hold. False once a party signed, for what was signed names them. */
export async function changeMeeting(tx: Tx, actor: Actor, id: string, meeting: MeetingInput): Promise<boolean> {
  const open = await maybe(
    tx,
    sql`select 1 from app.contract_review r where r.id = ${id} and r.signed_at is null
        and not exists (select 1 from app.contract_review_signature s where s.review_id = r.id and s.no = r.minutes_no) for update`,
  )
  if (!open) return false
  await writeMeeting(tx, actor, id, meeting)
  await audit(tx, actor, { action: 'review.meeting', subject: { kind: 'review', id }, detail: { day: meeting.day } })
  return true
}
const writeMeeting = (tx: Tx, actor: Actor, reviewId: string, m: MeetingInput) =>
  run(
    tx,
    sql`insert into app.contract_review_meeting (id, review_id, day, community_id, fund_id, agency_id, others, at, by_label)
        values (${randomUUIDv7()}, ${reviewId}, ${m.day}, ${m.signatories.community}, ${m.signatories.fund}, ${m.signatories.agency}, ${m.others}, ${actor.now}, ${actorLabel(actor.who)})`,
  )

/** Opens the room: these figures are frozen with their hash. False when it was already open. */
export async function openReview(tx: Tx, actor: Actor, id: string, frozen: Frozen): Promise<boolean> {
  const opened = await run(
    tx,
    sql`update app.contract_review set opened_at = ${actor.now}, opened_label = ${actorLabel(actor.who)} where id = ${id} and opened_at is null`,
  )
  if (opened === 0) return false
  const payload = JSON.stringify(frozen)
  const hash = sha256(payload)
  await run(
    tx,
    sql`insert into app.contract_review_snapshot (review_id, payload, sha256, at) values (${id}, ${payload}, ${hash}, ${actor.now})`,
  )
  await append(tx, actor, REVIEW_BOOK, { kind: 'opened', review: id, year: frozen.year, sha256: hash }, { kind: 'review', id })
  return true
}
/** The figures as they were shown, byte for byte what was hashed; null before the room opens. */
export async function figuresText(tx: Tx, id: string): Promise<string | null> {
  const row = await maybe<{ payload: string }>(tx, sql`select payload from app.contract_review_snapshot where review_id = ${id}`)
  return row?.payload ?? null
}
export async function frozenOf(tx: Tx, id: string): Promise<Frozen | null> {
  const text = await figuresText(tx, id)
  return text === null ? null : (JSON.parse(text) as Frozen)
}

/** Closes a signed review; false when it is not signed, or was closed already. */
export async function closeReview(tx: Tx, actor: Actor, id: string): Promise<boolean> {
  const done = await run(
    tx,
    sql`update app.contract_review set closed_at = ${actor.now}, closed_label = ${actorLabel(actor.who)}
        where id = ${id} and signed_at is not null and closed_at is null`,
  )
  if (done) await audit(tx, actor, { action: 'review.close', subject: { kind: 'review', id } })
  return done > 0
}
