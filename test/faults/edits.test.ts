/** Two people correct the same thing (F26): the second sees what the first wrote, and nothing is lost without a word. */
import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, it } from 'node:test'
import { Desk } from '#areas/gp-access/desk.fixture.ts'
import { aWaiting } from '#areas/gp-access/gp-access.fixture.ts'
import { openTracking } from '#areas/gp-access/store/tracking.ts'
import type { FieldSpec } from '#platform/fields.ts'
import { type Person, type Reply, type TestApp, testApp } from '../app.ts'
import { assertSound } from '../invariants.ts'
import { type Ask, appOn, calls, fill, query, sample } from '../manifest.ts'
import { type Side, world } from '../world.ts'

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
function fieldsOf(page: Pick<Reply, 'html'>, action: string): Record<string, string | string[]> {
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
  const action = path.split('?')[0]!
  const [a, b] = [fieldsOf(await desk.t.get(path, desk.me), action), fieldsOf(await desk.t.get(path, other), action)]
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
    assert.equal(answer.status, 409)
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
    assert.equal(two.answer.status, 409)
    assert.match(two.answer.text, /vide est devenu « Petit »/)
    assert.equal((await row()).used, 'Petit')
    await assertSound(desk.t, desk.c.id)
  })
  it('the community’s own words for who waits', async () => {
    const path = `/c/${desk.c.slug}/en-attendant`
    const { answer } = await both(path, { text_slots: 'Appelez le 1.' }, { text_slots: 'Appelez le 2.', phone_slots: '01 69 00 00 02' })
    assert.equal(answer.status, 409)
    assert.match(answer.text, /vide est devenu « Appelez le 1\. »/)
    const [kept] = await desk.t.owner(`select text, phone from app.interim_text where cpts_id = $1`, [desk.c.id])
    assert.deepEqual({ ...kept }, { text: 'Appelez le 1.', phone: null })
  })
  it('the patient on his page, in his language, and the coordination on the telephone with him', async () => {
    const { id } = await aWaiting(desk.t, desk.c, { ald: false, phone: '+33199000001', email: null, preferredContact: 'phone' })
    const token = await desk.t.within(desk.c, tx => openTracking(tx, id, desk.t.now))
    const page = `/c/${desk.c.slug}/suivi/${token}/situation`
    const mine = fieldsOf(await desk.t.get(`${page}?lang=ar`), `${page}\\?lang=ar`)
    const record = desk.url(`/${id}/telephone`)
    const theirs = fieldsOf(await desk.t.get(record, desk.me), `${record}/situation`)
    const said = await desk.t.post(`${record}/situation`, { ...theirs, phone: '01 99 00 00 02', agreed: 'on' }, desk.me)
    assert.equal(said.status, 303, said.text)
    const answer = await desk.t.post(`${page}?lang=ar`, { ...mine, phone: '01 99 00 00 03' })
    assert.equal(answer.status, 409)
    assert.match(answer.text, /غيّره شخص آخر/)
    const kept = await desk.t.post(`${page}?lang=ar`, { ...mine, situation: 'ald' })
    assert.equal(kept.status, 303)
    assert.match((await desk.t.get(kept.location!)).text, /غيّر شخص آخر/)
    const [row] = await desk.t.owner('select phone, ald from app.request where id = $1', [id])
    assert.deepEqual({ ...row }, { phone: '+33199000002', ald: true })
  })
  it('at the very same instant: one saves, the other is told', async () => {
    const path = `/c/${desk.c.slug}/reglages`
    for (let trial = 0; trial < 5; trial++) {
      const shown = fieldsOf(await desk.t.get(path, desk.me), path)
      const post = (as: Person, hours: number) =>
        desk.t.post(path, { ...shown, _key: crypto.randomUUID(), proposalHours: String(hours) }, as)
      const answers = await Promise.all([post(desk.me, 100 + trial), post(other, 200 + trial)])
      assert.deepEqual(answers.map(a => a.status).sort(), [303, 409])
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

describe('every form that edits something', () => {
  let t: TestApp
  let a: Side
  let ask: Ask
  before(async () => {
    t = await testApp([], { demo: true })
    ;({ a } = await world(t))
    ask = appOn(t)
  })
  after(() => t?.close())
  /** Forms filled in with what was said last that overwrite nothing of somebody else's, and why. */
  const adds: Record<string, string> = {
    '/c/:cpts/mes-places/precis': 'a statement; the newest is in force, the former ones stay (app.capacity)',
    '/c/:cpts/medecins/:id/places': 'the same, by telephone',
    '/c/:cpts/places/:token/precis': 'the same, from the link',
    '/c/:cpts/contrat/termes': 'a step of the contract; each stays in its history, withdrawn with a reason',
    '/c/:cpts/demande/:token/aidant': 'somebody’s own form, not sent yet',
    '/c/:cpts/demande/:token/contact': 'the same',
    '/c/:cpts/demande/:token/identite': 'the same',
    '/c/:cpts/regle/changer': 'writes nothing: the rule supposed is in the address, its vote names the version it replaces',
    '/c/:cpts/territoire/taille': 'a decision; each stays with its date',
    '/c/:cpts/contrat/dialogues/:id/compte-rendu/ecrire': 'a version of the minutes; each stays, and signatures are for one of them',
  }
  const plain = (v: unknown) => String([v].flat().join()).replace(/[\s\u00a0\u202f]/g, '')
  it('carries what it showed, so that the second of two is told; or adds a record, and is named here', async () => {
    const forms: string[] = []
    const unversioned: string[] = []
    for (const call of calls().filter(c => c.method === 'POST' && c.path.startsWith('/c/:cpts'))) {
      const boxes = Object.entries((call.form?.fields ?? {}) as Record<string, FieldSpec>)
        .filter(([, f]) => ['text', 'textarea', 'tel', 'email', 'number'].includes(f.control))
        .map(([name]) => name)
      if (boxes.length === 0) continue
      const { access } = call
      const as = access.kind === 'member' ? a.people[access.roles.includes('coordinator') ? 'coordinator' : access.roles[0]!] : null
      const action = fill(call.path, a)
      const sent = sample(call, a)
      // A number of its own: two forms may edit one thing.
      for (const name of boxes)
        if (call.form!.fields[name]!.control === 'tel' && sent[name]) sent[name] = `01 69 00 01 ${10 + forms.length}`
      t.now = new Date(t.now.getTime() + 61_000)
      const page = fill(call.shown, a) + query(call.path, a)
      const first = await ask('GET', page, { as })
      const before = first.html.includes(`action="${action}"`) ? fieldsOf(first, action) : {}
      if ((await ask('POST', action, { as, fields: sent })).status >= 400) continue
      const again = await ask('GET', page, { as })
      if (again.status !== 200 || !again.html.includes(`action="${action}"`)) continue
      const shown = fieldsOf(again, action)
      // Filled in with what was just sent: the form edits what is there.
      const same = (fields: typeof shown, name: string) => fields[name] !== undefined && plain(fields[name]) === plain(sent[name])
      if (!boxes.some(name => sent[name] && same(shown, name) && !same(before, name))) continue
      forms.push(call.path)
      if (!('shown' in shown) && !adds[call.path]) unversioned.push(call.path)
    }
    assert.deepEqual(unversioned, [])
    for (const path of [
      '/reglages',
      '/en-attendant',
      '/demandes/:id/modifier',
      '/partenaires/:id',
      '/contrat/indicateur/regler',
      '/suivi/:token/situation',
    ])
      assert.ok(forms.includes(`/c/:cpts${path}`), `${path} is not seen to edit: the walk sees nothing`)
  })
  it('a partner: the address of one and the telephone of the other; then the same name', async () => {
    const path = `/c/${a.slug}/partenaires/${a.partner}`
    const as = a.people.coordinator
    const two = async (first: Record<string, string>, second: Record<string, string>) => {
      const shown = fieldsOf(await ask('GET', path, { as }), path)
      const fresh = () => ({ ...shown, _key: crypto.randomUUID() })
      assert.equal((await ask('POST', path, { as, fields: { ...fresh(), ...first } })).status, 303)
      return ask('POST', path, { as, fields: { ...fresh(), ...second } })
    }
    const row = async () => (await t.owner('select name, address, phone from app.partner where id = $1', [a.partner]))[0]!
    assert.equal((await two({ address: '1 rue Basse', name: 'Appui Sud' }, { phone: '01 69 00 00 04' })).status, 303)
    const late = await two({ name: 'Appui Nord' }, { name: 'Appui Centre' })
    assert.equal(late.status, 409)
    assert.match(late.html.replace(/[\u00a0\u202f]/g, ' '), /« Appui Sud » est devenu « Appui Nord »/)
    assert.match(late.html, /value="Appui Centre"/, 'what the second typed is still there')
    assert.deepEqual({ ...(await row()) }, { name: 'Appui Nord', address: '1 rue Basse', phone: '+33169000004' })
  })
})
