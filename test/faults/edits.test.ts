/** Two people correct the same thing (F26): the second sees what the first wrote, and nothing is lost without a word. */
import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, it } from 'node:test'
import { Desk } from '#areas/gp-access/desk.fixture.ts'
import { aWaiting } from '#areas/gp-access/gp-access.fixture.ts'
import type { Person, Reply } from '../app.ts'
import { assertSound } from '../invariants.ts'

let desk: Desk
let other: Person
before(async () => {
  desk = await Desk.open()
})
after(() => desk?.t.close())
beforeEach(async () => {
  await desk.fresh()
  other = await desk.t.person(desk.c, ['coordinator'], { name: 'Nadia Lopez' })
})

const decoded = (text: string) =>
  text.replaceAll('&quot;', '"').replaceAll('&#39;', "'").replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&')
/** The form as a browser would send it back untouched. */
function fieldsOf(page: Reply, action: string): Record<string, string | string[]> {
  const form = new RegExp(`<form[^>]*action="${action}"[\\s\\S]*?</form>`).exec(page.html)![0]
  const fields: Record<string, string[]> = {}
  const add = (name: string, value: string) => {
    fields[name] = [...(fields[name] ?? []), decoded(value)]
  }
  for (const [tag] of form.matchAll(/<input[^>]*>/g)) {
    const name = /name="([^"]*)"/.exec(tag)?.[1]
    const type = /type="([^"]*)"/.exec(tag)?.[1]
    if (!name || ((type === 'checkbox' || type === 'radio') && !/ checked/.test(tag))) continue
    add(name, /value="([^"]*)"/.exec(tag)?.[1] ?? '')
  }
  for (const m of form.matchAll(/<textarea[^>]*name="([^"]*)"[^>]*>([\s\S]*?)<\/textarea>/g)) add(m[1]!, m[2]!)
  for (const m of form.matchAll(/<select[^>]*name="([^"]*)"[^>]*>([\s\S]*?)<\/select>/g))
    add(m[1]!, /<option value="([^"]*)" selected/.exec(m[2]!)?.[1] ?? '')
  return fields
}
/** Two open the same page; each changes something and saves, one after the other. */
async function both(path: string, first: Record<string, string>, second: Record<string, string>) {
  const [a, b] = [fieldsOf(await desk.t.get(path, desk.me), path), fieldsOf(await desk.t.get(path, other), path)]
  const saved = await desk.t.post(path, { ...a, ...first }, desk.me)
  assert.equal(saved.status, 303, saved.text)
  return { answer: await desk.t.post(path, { ...b, ...second }, other), typed: { ...b, ...second } }
}
const settings = async () =>
  (
    await desk.t.owner('select proposal_hours as hours, travel_minutes as travel, phone from app.gp_settings where cpts_id = $1', [
      desk.c.id,
    ])
  )[0]

describe('two coordinators', () => {
  it('change different things: both are kept, and the second is told', async () => {
    const path = `/c/${desk.c.slug}/reglages`
    const { answer } = await both(path, { proposalHours: '48' }, { travelMinutes: '25' })
    assert.equal(answer.status, 303)
    assert.match((await desk.t.get(answer.location!, other)).text, /gardé : Heures qu’a un médecin pour répondre/)
    assert.deepEqual({ ...(await settings()) }, { hours: 48, travel: 25, phone: null })
  })
  it('change the same thing: the second sees both values, writes nothing, then decides', async () => {
    const path = `/c/${desk.c.slug}/reglages`
    const { answer } = await both(path, { proposalHours: '48', phone: '01 69 00 00 01' }, { proposalHours: '96' })
    assert.equal(answer.status, 422)
    assert.match(answer.text, /« 72 » est devenu « 48 »/)
    assert.deepEqual({ ...(await settings()) }, { hours: 48, travel: 30, phone: '+33169000001' })
    const again = fieldsOf(answer, path)
    assert.deepEqual([again.proposalHours].flat(), ['96'], 'his own answer is still there')
    const decided = await desk.t.post(path, again, other)
    assert.equal(decided.status, 303)
    // The telephone that the first gave in the meantime was not on the second's page: it is not undone by his empty box.
    assert.deepEqual({ ...(await settings()) }, { hours: 96, travel: 30, phone: '+33169000001' })
  })
  it('a request: the telephone of one and the commune of the other; then the same box', async () => {
    const { id } = await aWaiting(desk.t, desk.c, { birthName: 'Ferrand', ald: false })
    const path = desk.url(`/${id}/modifier`)
    const row = async () =>
      (await desk.t.owner('select phone, ald, commune_code as commune, used_name as used from app.request where id = $1', [id]))[0]!
    const one = await both(path, { phone: '06 39 98 00 09', situation: 'ald' }, { communeCode: '91477' })
    assert.equal(one.answer.status, 303)
    assert.deepEqual({ ...(await row()) }, { phone: '+33639980009', ald: true, commune: '91477', used: null })
    const two = await both(path, { usedName: 'Petit' }, { usedName: 'Grand' })
    assert.equal(two.answer.status, 422)
    assert.match(two.answer.text, /vide est devenu « Petit »/)
    assert.equal((await row()).used, 'Petit')
    await assertSound(desk.t, desk.c.id)
  })
  it('the community’s own words for who waits', async () => {
    const path = `/c/${desk.c.slug}/en-attendant`
    const { answer } = await both(path, { text_slots: 'Appelez le 1.' }, { text_slots: 'Appelez le 2.', phone_slots: '01 69 00 00 02' })
    assert.equal(answer.status, 422)
    assert.match(answer.text, /vide est devenu « Appelez le 1\. »/)
    const [kept] = await desk.t.owner(`select text, phone from app.interim_text where cpts_id = $1`, [desk.c.id])
    assert.deepEqual({ ...kept }, { text: 'Appelez le 1.', phone: null })
  })
  it('at the very same instant: one saves, the other is told', async () => {
    const path = `/c/${desk.c.slug}/reglages`
    for (let trial = 0; trial < 5; trial++) {
      const shown = fieldsOf(await desk.t.get(path, desk.me), path)
      const post = (as: Person, hours: number) =>
        desk.t.post(path, { ...shown, _key: crypto.randomUUID(), proposalHours: String(hours) }, as)
      const answers = await Promise.all([post(desk.me, 100 + trial), post(other, 200 + trial)])
      assert.deepEqual(answers.map(a => a.status).sort(), [303, 422])
      const winner = answers[0]!.status === 303 ? 100 + trial : 200 + trial
      assert.equal((await settings())!.hours, winner)
    }
  })
  it('an old page without what it showed, or with anything in its place, is read as opened just now', async () => {
    const path = `/c/${desk.c.slug}/reglages`
    for (const shown of ['', '{', '[1]', '{"proposalHours":7}', 'null', '99999999999999999999']) {
      const fields = { ...fieldsOf(await desk.t.get(path, desk.me), path), shown }
      assert.equal((await desk.t.post(path, fields, desk.me)).status, 303, shown)
    }
  })
})
