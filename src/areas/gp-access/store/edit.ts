/** Correcting a request: contact details, situation, needs. The points follow, and what changed is on record by name. */
import { type Actor, audit } from '#platform/audit.ts'
import { one, run, sql, type Tx } from '#platform/db/types.ts'
import { offerInterim } from './interim.ts'
import { getRequest, type Request, type RequestInput, record, rescore } from './requests.ts'

/** What may be corrected: everything the form asks, but who entered it, the consent and the household. */
export type Correction = Omit<RequestInput, 'proxy' | 'consentBy' | 'householdOf' | 'language'>
const keys = [
  'birthName',
  'usedName',
  'givenNames',
  'birthDate',
  'sex',
  'phone',
  'email',
  'communeCode',
  'preferredContact',
  'ald',
  'treatment',
  'specialist',
  'pregnancy',
  'reducedMobility',
  'homeVisit',
  'precarity',
  'isolation',
  'doctorLeft',
  'hospitalExit',
  'languages',
  'wheelchair',
  'farther',
] as const satisfies readonly (keyof Correction & keyof Request)[]

/** Names of the fields that changed, none when nothing did. */
export async function correct(tx: Tx, actor: Actor, id: string, c: Correction): Promise<{ changed: string[]; points: number }> {
  const before = await getRequest(tx, actor, id, 'request.edit')
  const changed = keys.filter(k => JSON.stringify(before[k]) !== JSON.stringify(c[k]))
  if (changed.length === 0) return { changed, points: before.points }
  await run(
    tx,
    sql`update app.request set birth_name = ${c.birthName}, used_name = ${c.usedName}, given_names = ${c.givenNames}, birth_date = ${c.birthDate}::date, sex = ${c.sex},
          phone = ${c.phone}, email = ${c.email}, commune_code = ${c.communeCode}, preferred_contact = ${c.preferredContact}, ald = ${c.ald}, treatment = ${c.treatment},
          specialist = ${c.specialist}, pregnancy = ${c.pregnancy}, reduced_mobility = ${c.reducedMobility}, home_visit = ${c.homeVisit}, precarity = ${c.precarity},
          isolation = ${c.isolation}, doctor_left = ${c.doctorLeft}, hospital_exit = ${c.hospitalExit}, languages = ${c.languages}::text[], wheelchair = ${c.wheelchair}, farther = ${c.farther},
          match_key = ref.fold(${c.birthName}) || '|' || ref.fold(split_part(${c.givenNames}, ' ', 1)) || '|' || ${c.birthDate}
        where id = ${id}`,
  )
  await rescore(tx, actor, [id])
  await offerInterim(tx, actor.now, [{ id, ...c }])
  await record(tx, actor, id, { kind: 'edit', reason: `changed:${changed.join(',')}` })
  await audit(tx, actor, { action: 'request.correct', subject: { kind: 'request', id }, detail: { fields: [...changed] } })
  const { points } = await one<{ points: number }>(tx, sql`select points from app.request where id = ${id}`)
  return { changed: [...changed], points }
}
