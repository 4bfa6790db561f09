/** Two coordinators, two browsers, one patient: one proposes, the other learns who was faster. */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { planInput } from '#areas/gp-access/store/plans.ts'
import { proposalsOf } from '#areas/gp-access/store/proposals.ts'
import { openStage, type Stage } from './browser.ts'
import { signIn } from './scenes.ts'
import { type Visitor, visitor } from './visitor.ts'

const SLUG = 'sud-allier'
let stage: Stage
let one: Visitor
let two: Visitor
before(async () => {
  stage = await openStage()
  one = await visitor(stage)
  two = await visitor(stage)
})
after(async () => {
  await one?.close()
  await two?.close()
  await stage?.close()
})

describe('the same patient proposed twice', () => {
  it('leaves once, and the second coordinator is told by whom', async () => {
    const first = await signIn(stage, one, SLUG, 'coordinator', 0)
    await signIn(stage, two, SLUG, 'coordinator', 1)
    const c = await stage.community(SLUG)
    const { patients } = await stage.db.inTenant(c.id, tx => planInput(tx, new Date()))
    const send = (v: Visitor) => v.page.getByRole('button', { name: 'Envoyer la proposition' })
    let path = ''
    for (const { id } of patients) {
      path = `/c/${SLUG}/demandes/${id}`
      await one.open(`${path}/proposer`)
      if (await send(one).isVisible()) break
    }
    await two.open(`${path}/proposer`)
    await one.check()
    await one.follow(send(one))
    await one.says(/La proposition est partie/)
    const answer = two.page.waitForResponse(r => r.request().method() === 'POST')
    await two.follow(send(two))
    assert.equal((await answer).status(), 409)
    await two.says(new RegExp(`Proposée.*par ${first.name}`))
    await two.check()
    const sent = await stage.db.inTenant(c.id, tx => proposalsOf(tx, path.split('/').at(-1)!))
    assert.equal(sent.filter(p => p.state === 'pending').length, 1)
  })
})
