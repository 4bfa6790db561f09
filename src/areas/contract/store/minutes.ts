/** Minutes of a review: versions that never change, three signatures, and the amounts that they fix. */
import type { Decision } from '#domain/contract/index.ts'
import { type Actor, actorLabel, audit } from '#platform/audit.ts'
import { dayOf } from '#platform/clock.ts'
import { maybe, rows, run, sql, type Tx } from '#platform/db/types.ts'
import { keepBytes, sha256, sniff } from '#platform/files.ts'
import { append } from '#platform/ledger.ts'
import { decisionsOf, type Minutes, minutesFile, minutesText, type NextYear, type Party } from '../rules.ts'
import { fileProof } from './proofs.ts'
import { REVIEW_BOOK, type Review } from './review.ts'

export interface WrittenMinutes {
  no: number
  minutes: Minutes
  /** The very text that is signed. */
  words: string
  sha256: string
  at: Date
  by: string
}
export interface Signature {
  party: Party
  membershipId: string
  sha256: string
  at: Date
  by: string
}
/** The version that holds; null when none is written. */
export const minutesOf = (tx: Tx, reviewId: string): Promise<WrittenMinutes | null> =>
  maybe(
    tx,
    sql`select m.no, m.payload as minutes, m.words, m.sha256, m.at, m.by_label as by from app.contract_review r
        join app.contract_review_minutes m on m.review_id = r.id and m.no = r.minutes_no where r.id = ${reviewId}`,
  )
/** Of the version that holds. */
export const signaturesOf = (tx: Tx, reviewId: string): Promise<Signature[]> =>
  rows(
    tx,
    sql`select s.party, s.membership_id as "membershipId", s.sha256, s.at, s.by_label as by from app.contract_review r
        join app.contract_review_signature s on s.review_id = r.id and s.no = r.minutes_no where r.id = ${reviewId} order by s.at`,
  )

/** Whether the text can be kept as a file that anybody may open: no markup, nothing that runs. */
export const canBeKept = (m: Minutes): boolean => sniff(new TextEncoder().encode(minutesText(m, 1)))?.type.startsWith('text/plain') ?? false

/** Writes the next version; whoever signed the one before signs again. Null when the room is not open, or the three have signed. */
export async function writeMinutes(
  tx: Tx,
  actor: Actor,
  reviewId: string,
  minutes: Minutes,
): Promise<{ no: number; sha256: string } | null> {
  const next = await maybe<{ no: number }>(
    tx,
    sql`update app.contract_review set minutes_no = minutes_no + 1 where id = ${reviewId} and opened_at is not null and signed_at is null returning minutes_no as no`,
  )
  if (!next) return null
  const words = minutesText(minutes, next.no)
  const hash = sha256(words)
  await run(
    tx,
    sql`insert into app.contract_review_minutes (review_id, no, payload, words, sha256, at, by_label)
        values (${reviewId}, ${next.no}, ${JSON.stringify(minutes)}::jsonb, ${words}, ${hash}, ${actor.now}, ${actorLabel(actor.who)})`,
  )
  await audit(tx, actor, { action: 'review.minutes', subject: { kind: 'review', id: reviewId }, detail: { no: next.no, sha256: hash } })
  return { no: next.no, sha256: hash }
}

/**
 * Signs the minutes for a party. One statement: the text read must be the one that holds (it says its version, so its hash is of no
 * other), and the review not yet signed by the three; the row of the review is held, so that of two last signatures the second sees the
 * first. The third makes the minutes a proof, and their amounts count.
 *
 * @param hash SHA-256 of the text that was read
 * @returns `overtaken` when another version holds, or this party signed already
 */
export async function signMinutes(
  tx: Tx,
  actor: Actor,
  review: Review,
  party: Party,
  hash: string,
): Promise<'signed' | 'all-signed' | 'overtaken'> {
  const written = await run(
    tx,
    sql`with r as (select id, minutes_no from app.contract_review where id = ${review.id} and signed_at is null for update)
        insert into app.contract_review_signature (review_id, no, party, membership_id, sha256, at, by_label)
        select r.id, m.no, ${party}, ${review.signatories[party].membershipId}, m.sha256, ${actor.now}, ${review.signatories[party].name}
          from r join app.contract_review_minutes m on m.review_id = r.id and m.no = r.minutes_no and m.sha256 = ${hash}
        on conflict do nothing`,
  )
  if (written === 0) return 'overtaken'
  const { year } = review
  await append(tx, actor, REVIEW_BOOK, { kind: 'signed', review: review.id, year, party, sha256: hash }, { kind: 'review', id: review.id })
  const third = await run(
    tx,
    sql`update app.contract_review r set signed_at = ${actor.now} where r.id = ${review.id} and r.signed_at is null
        and (select count(*) from app.contract_review_signature s where s.review_id = r.id and s.no = r.minutes_no) = 3`,
  )
  if (third === 0) return 'signed'
  await proveMinutes(tx, { ...actor, label: 'Trame, à la troisième signature' }, review.id)
  return 'all-signed'
}
/** The file of the proof is the text that was signed: its hash is the one that each party signed. */
async function proveMinutes(tx: Tx, actor: Actor, reviewId: string): Promise<void> {
  const m = (await minutesOf(tx, reviewId))!
  const { year } = m.minutes
  const kept = await keepBytes(tx, actor, minutesFile(year, m.no), new TextEncoder().encode(m.words))
  if (!kept.ok) throw new Error('signed minutes that cannot be kept')
  const { id, sha256: hash, givenName: name, type, bytes } = kept.file
  const proof = await fileProof(tx, actor, {
    title: `Compte rendu signé du dialogue de gestion, année ${year}`,
    category: 'minutes',
    day: dayOf(actor.now),
    mission: null,
    indicators: [],
    reason: null,
    file: { id, sha256: hash, name, type, bytes },
  })
  await run(tx, sql`update app.contract_review set proof_id = ${proof.id} where id = ${reviewId}`)
}

interface SignedMinutes {
  no: number
  minutes: Minutes
  signedAt: Date
}
/** Minutes that the three parties signed, by year. */
const signedMinutes = (tx: Tx): Promise<SignedMinutes[]> =>
  rows(
    tx,
    sql`select m.no, m.payload as minutes, r.signed_at as "signedAt" from app.contract_review r
        join app.contract_review_minutes m on m.review_id = r.id and m.no = r.minutes_no where r.signed_at is not null order by r.year`,
  )
/** The amounts that they fix. */
export async function signedDecisions(tx: Tx): Promise<Decision[]> {
  return (await signedMinutes(tx)).flatMap(s => decisionsOf(s.minutes, dayOf(s.signedAt), minutesFile(s.minutes.year, s.no)))
}
/** What the last ones that speak of an indicator agree for the year after theirs; null when none does. */
export async function agreedFor(tx: Tx, code: string): Promise<(NextYear & { year: number }) | null> {
  const said = (await signedMinutes(tx)).flatMap(({ minutes: m }) =>
    m.next.filter(n => n.code === code).map(n => ({ ...n, year: m.year + 1 })),
  )
  return said.at(-1) ?? null
}
