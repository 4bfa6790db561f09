/** A community with a past: people who waited so many days until a doctor accepted, and people who still wait. */

import { sql, type Tx } from '#platform/db/types.ts'
import type { Community, Person, TestApp } from '../../../test/app.ts'
import { aPatient, system } from './gp-access.fixture.ts'
import { admit, enterRequest, move, type RequestInput } from './store/requests.ts'

export const DAY = 86_400_000
/** Asked `ago` days before now, accepted `served` days after asking (whole days), or waiting still. */
export interface Past extends Partial<RequestInput> {
  ago: number
  served?: number
}
export async function aPast(tx: Tx, t: TestApp, doctor: Person, { ago, served, ...input }: Past): Promise<{ id: string; number: string }> {
  const asked = t.now.getTime() - ago * DAY
  const at = (days: number) => ({ ...system(t), now: new Date(asked + days * DAY) })
  const entered = await enterRequest(tx, at(0), aPatient(input), 'patient')
  await admit(tx, at(0), entered.id)
  if (served !== undefined) {
    await move(tx, at(served), entered.id, { to: 'proposed' })
    await move(tx, at(served), entered.id, { to: 'accepted', set: sql`doctor_membership_id = ${doctor.membershipId}` })
  }
  return entered
}
export async function pasts(t: TestApp, c: Community, doctor: Person, list: readonly Past[]): Promise<string[]> {
  return t.within(c, async tx => {
    const ids: string[] = []
    for (const p of list) ids.push((await aPast(tx, t, doctor, p)).id)
    return ids
  })
}
