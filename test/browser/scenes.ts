/** Where journeys start from: somebody signed in, a proposal just sent, the letter that brings it. */
import assert from 'node:assert/strict'
import type { Locator } from 'playwright-core'
import { planInput } from '#areas/gp-access/store/plans.ts'
import { propose } from '#areas/gp-access/store/proposals.ts'
import { listMembersByRole, type Member } from '#areas/people/store.ts'
import { violation } from '#domain/assignment/index.ts'
import type { Role } from '#platform/access.ts'
import type { Actor } from '#platform/audit.ts'
import { one, run, sql } from '#platform/db/types.ts'
import { hashToken, newToken } from '#platform/ids.ts'
import type { Stage } from './browser.ts'
import type { Visitor } from './visitor.ts'

export const system = (): Actor => ({ who: { kind: 'system', job: 'test' }, now: new Date(), requestId: 'test' })

/** Opens a session of the community's nth member of a role, without passing by the front page. */
export async function signIn(stage: Stage, v: Visitor, slug: string, role: Role, nth = 0): Promise<Member> {
  const c = await stage.community(slug)
  const found = (await stage.db.inTenant(c.id, tx => listMembersByRole(tx, role)))[nth]
  assert.ok(found, `${slug} has no member ${role} number ${nth}`)
  await signInAs(stage, v, slug, found.id)
  return found
}
export async function signInAs(stage: Stage, v: Visitor, slug: string, membershipId: string): Promise<void> {
  const c = await stage.community(slug)
  const token = newToken()
  await stage.db.inTenant(c.id, tx =>
    run(
      tx,
      sql`insert into platform.session (token_hash, person_id, created_at, expires_at)
          select ${hashToken(token)}, person_id, now(), now() + interval '1 hour' from app.membership where id = ${membershipId}`,
    ),
  )
  const { hostname } = new URL(stage.url)
  await v.context.addCookies([
    { name: '__Host-trame', value: token, domain: hostname, path: '/', secure: true, httpOnly: true, sameSite: 'Lax' },
  ])
}

/** Sends the first patient who can be seen to a doctor who can see him, as the desk does; the letter is the newest of the mailbox. */
export async function sendProposal(stage: Stage, slug: string): Promise<{ requestId: string; membershipId: string; proposalId: string }> {
  const c = await stage.community(slug)
  return stage.db.inTenant(c.id, async tx => {
    const { patients, doctors } = await planInput(tx, new Date())
    for (const patient of patients)
      for (const doctor of doctors)
        if (doctor.capacity.total > 0 && !violation(patient, doctor)) {
          const pair = { requestId: patient.id, membershipId: doctor.id }
          const site = { baseUrl: stage.url, home: `/c/${slug}`, cptsName: c.name }
          return { ...pair, proposalId: await propose(tx, system(), site, { ...pair, minutes: 9 }) }
        }
    return assert.fail(`nobody in ${slug} can be proposed to anybody`)
  })
}

/** The newest letter's link of a kind, in the demonstration's mailbox. */
export async function letterLink(v: Visitor, slug: string, kind: 'proposition' | 'places'): Promise<Locator> {
  await v.open(`/c/${slug}/demo/messagerie`)
  return v.page.getByRole('link', { name: new RegExp(`/c/${slug}/${kind}/`) }).first()
}

export async function stateIn(stage: Stage, slug: string, requestId: string): Promise<string> {
  const c = await stage.community(slug)
  const { state } = await stage.db.inTenant(c.id, tx =>
    one<{ state: string }>(tx, sql`select state from app.request where id = ${requestId}`),
  )
  return state
}
