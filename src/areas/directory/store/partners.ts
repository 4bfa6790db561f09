/** Partners that the national directory does not have. */
import { type Actor, actorLabel, audit } from '#platform/audit.ts'
import { maybe, rows, run, sql, type Tx } from '#platform/db/types.ts'
import { isUuid, randomUUIDv7 } from '#platform/ids.ts'
import type { PartnerKind } from '../rules.ts'

export interface PartnerFacts {
  kind: PartnerKind
  name: string
  commune: string | null
  address: string | null
  phone: string | null
  email: string | null
  ambulances: number | null
  vsl: number | null
  source: string
  verifiedAt: string
}
export interface Partner extends PartnerFacts {
  id: string
  communeName: string | null
  verifiedBy: string
  removedAt: Date | null
}
const columns = sql`r.id, r.kind, r.name, r.commune_code as commune, c.name as "communeName", r.address, r.phone, r.email, r.ambulances, r.vsl,
  r.source, r.verified_at as "verifiedAt", r.verified_by as "verifiedBy", r.removed_at as "removedAt"`

export function partners(tx: Tx): Promise<Partner[]> {
  return rows(
    tx,
    sql`select ${columns} from app.partner r left join ref.commune c on c.code = r.commune_code where r.removed_at is null order by r.search, r.id`,
  )
}
export async function partner(tx: Tx, id: string): Promise<Partner | null> {
  if (!isUuid(id)) return null
  return maybe(tx, sql`select ${columns} from app.partner r left join ref.commune c on c.code = r.commune_code where r.id = ${id}`)
}
export async function addPartner(tx: Tx, actor: Actor, p: PartnerFacts): Promise<string> {
  const id = randomUUIDv7()
  await run(
    tx,
    sql`insert into app.partner (id, kind, name, commune_code, address, phone, email, ambulances, vsl, source, verified_at, verified_by, created_at)
        values (${id}, ${p.kind}, ${p.name}, ${p.commune}, ${p.address}, ${p.phone}, ${p.email}, ${p.ambulances}, ${p.vsl}, ${p.source}, ${p.verifiedAt},
          ${actorLabel(actor.who)}, ${actor.now})`,
  )
  await audit(tx, actor, { action: 'partner.add', subject: { kind: 'partner', id }, detail: { kind: p.kind } })
  return id
}
export async function changePartner(tx: Tx, actor: Actor, id: string, p: PartnerFacts): Promise<boolean> {
  const done = await run(
    tx,
    sql`update app.partner set kind = ${p.kind}, name = ${p.name}, commune_code = ${p.commune}, address = ${p.address}, phone = ${p.phone}, email = ${p.email},
          ambulances = ${p.ambulances}, vsl = ${p.vsl}, source = ${p.source}, verified_at = ${p.verifiedAt}, verified_by = ${actorLabel(actor.who)}
        where id = ${id} and removed_at is null`,
  )
  if (done) await audit(tx, actor, { action: 'partner.change', subject: { kind: 'partner', id }, detail: { kind: p.kind } })
  return done === 1
}
/** Takes a partner out of the directory, or puts it back. The row stays. */
export async function setRemoved(tx: Tx, actor: Actor, id: string, removed: boolean): Promise<boolean> {
  const done = await run(
    tx,
    sql`update app.partner set removed_at = ${removed ? actor.now : null} where id = ${id} and (removed_at is null) = ${removed}`,
  )
  if (done) await audit(tx, actor, { action: removed ? 'partner.remove' : 'partner.restore', subject: { kind: 'partner', id } })
  return done === 1
}
