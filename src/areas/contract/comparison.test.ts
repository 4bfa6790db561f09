import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { gpAccessArea } from '#areas/gp-access/index.ts'
import { LEVELS_OF_DOUBT, leastDoubt, levelOf, type Published } from '#domain/comparison.ts'
import { performOnce } from '#platform/jobs.ts'
import { type Community, type Person, type TestApp, testApp } from '../../../test/app.ts'
import { someTerms } from './contract.fixture.ts'
import { contractArea } from './index.ts'
import { compareCommunities } from './jobs.ts'
import { chooseComparison, enterFigure, givenRates, recordStep } from './store.ts'

let t: TestApp
const all: Community[] = []
let coordinator: Person
let treasurer: Person
let funder: Person
const system = () => ({ who: { kind: 'system', job: 'test' }, now: t.now, requestId: 'x' }) as const
/** Percent of inhabitants without a doctor: one withdrawal would tell the first one's. */
const RATES = [2, 2, 6, 8, 12, 15]
const at = (rest = '', c = all[5]!) => `/c/${c.slug}/contrat/comparaison${rest}`

/** A contract signed on 1 March 2024: its years end on the last day of February. */
async function signed(c: Community, size: 1 | 2): Promise<void> {
  const step = { mission: null, note: null, fileId: null } as const
  await t.within(c, tx =>
    recordStep(tx, system(), { ...step, kind: 'signature', day: '2024-03-01', terms: someTerms('2024-03-01', { size }) }),
  )
}
const figure = (c: Community, year: number, numerator: number, denominator = 100) =>
  t.within(c, tx =>
    enterFigure(tx, system(), {
      code: 'no-gp',
      year,
      ratio: { numerator, denominator },
      unavailable: null,
      source: 'Fichier de la caisse',
      extractedOn: '2025-03-15',
      fileId: null,
    }),
  )
const agree = (c: Community, agrees = true) => t.within(c, tx => chooseComparison(tx, system(), { agrees, decision: 'Bureau du 3 mars' }))
const publish = () => performOnce({ db: t.db, clock: () => t.now, demo: false }, compareCommunities)
const bands = () =>
  t.owner('select year, size, code, communities, low, middle, high from platform.comparison_band order by year, size, code')

before(async () => {
  t = await testApp([contractArea, gpAccessArea()], { now: new Date('2026-03-31T09:00:00Z') })
  for (const [i, rate] of RATES.entries()) {
    const c = await t.community(`cpts-${i}`)
    all.push(c)
    await signed(c, 2)
    await figure(c, 1, rate)
    await figure(c, 2, rate)
  }
  coordinator = await t.person(all[5]!, ['coordinator'], { name: 'Claire Roux' })
  treasurer = await t.person(all[5]!, ['treasurer'])
  funder = await t.person(all[5]!, ['funder'])
})
after(() => t.close())

describe('taking part', () => {
  it('is decided by the community, with who and when, and taken back; who pays does not see the page', async () => {
    assert.equal((await t.get(at(), funder)).status, 404)
    assert.doesNotMatch((await t.get(`/c/${all[5]!.slug}/contrat`, funder)).html, /contrat\/comparaison/)
    const say = (agrees: string) => t.post(at('/accord'), { agrees, decision: 'Bureau du 12 mars 2026' }, coordinator)
    assert.match((await say('no')).text, /ne donne pas ses taux/)
    assert.equal((await say('yes')).status, 303)
    assert.equal((await say('yes')).status, 422)
    assert.match((await t.get(at(), treasurer)).text, /donne ses taux depuis le 31\/03\/2026\. Décision : Bureau du 12 mars 2026/)
    assert.equal((await t.post(at('/accord'), { agrees: 'no', decision: 'x' }, treasurer)).status, 404)
    assert.match((await t.get(at('/accord'), coordinator)).text, /Donne ses taux Bureau du 12 mars 2026 Claire Roux \(coordination\)/)
  })
})

describe('a publication', () => {
  it('waits for five communities of one size, and says so', async () => {
    for (const c of all.slice(0, 3)) await agree(c)
    await publish()
    assert.deepEqual(await bands(), [])
    assert.match((await t.get(at('?annee=2024'), coordinator)).text, /Aucune année de votre contrat ne s’est achevée en 2024/)
    t.now = new Date('2026-04-01T09:00:00Z')
    const { text } = await t.get(at(), coordinator)
    assert.match(text, /Rien n’est encore publié pour les communautés de taille 2 Il en faut au moins 5/)
    assert.match(text, /sans médecin traitant Accès aux soins environ 15 % Masqué/)
  })
  it('tells the quarters of the group, shows ours on them, and keeps what left, in the community alone', async () => {
    for (const c of all.slice(3, 5)) await agree(c)
    await publish()
    await publish()
    assert.deepEqual(await bands(), [{ year: 2025, size: 2, code: 'no-gp', communities: 6, low: 1, middle: 3, high: 6 }])
    const { text, html } = await t.get(at(), treasurer)
    assert.match(text, /Parmi les communautés de taille 2, vous êtes moins bien que le milieu pour 1 taux/)
    assert.match(text, /environ 15 % 6 % 2 % à 12 % 6 Moins bien que le milieu/)
    assert.match(html, /class="range-box"/)
    const csv = (await t.get(at('.csv?annee=2025&mission=access'), treasurer)).html
    assert.match(csv, /"?Habitants de 17 ans ou plus sans médecin traitant"?;.*;15;2;6;12;6;/)
    assert.match((await t.get(at('/accord'), coordinator)).text, /1 taux donné .*2025 15 % 2 01\/04\/2026/)
    const given = await t.owner('select cpts_id, level from app.comparison_rate')
    assert.equal(given.length, 6)
    assert.equal((await t.within(all[0]!, givenRates)).length, 1, 'each reads its own')
    const [line] = await t.owner(`select count(*)::int as n from app.audit_event where action = 'comparison.give'`)
    assert.equal(line!.n, 6, 'each has its line of what left')
    const [across] = await t.owner(`select reason, detail from platform.audit_event order by at desc limit 1`)
    assert.match(String(across!.reason), /comparison of the communities of one size, 2025/)
  })
  it('counts nothing on fewer than eleven people', async () => {
    const other = await t.community('petite')
    await signed(other, 2)
    await figure(other, 1, 3, 10)
    await agree(other)
    await t.owner(`delete from platform.comparison_band`)
    await publish()
    assert.equal((await bands())[0]!.communities, 6)
    assert.equal((await t.owner(`select 1 from app.comparison_rate where cpts_id = $1`, [other.id])).length, 0)
  })
})

describe('the next publication', () => {
  it('does not have who withdrew, and does not tell what their leaving would', async () => {
    await agree(all[0]!, false)
    t.now = new Date('2027-04-01T09:00:00Z')
    await publish()
    const found = await bands()
    const first = new Map(all.map((c, i) => [c.id, levelOf({ numerator: RATES[i]!, denominator: 100 })]))
    const second = new Map([...first].slice(1))
    const careless: Published[] = [
      { levels: first, told: 'quarters' },
      { levels: second, told: 'quarters' },
    ]
    assert.ok(leastDoubt(careless[1]!, careless.slice(0, 1)) < LEVELS_OF_DOUBT, 'the quarters would have told it')
    const told = found.find(b => b.year === 2026)
    assert.ok(!told || told.low === null, 'so they are not published')
    if (told) assert.ok(leastDoubt({ levels: second, told: 'middle' }, careless.slice(0, 1)) >= LEVELS_OF_DOUBT)
    const [gone] = await t.owner(`select count(*)::int as n from app.comparison_rate where cpts_id = $1 and year = 2026`, [all[0]!.id])
    assert.equal(gone!.n, 0)
    assert.equal(found.filter(b => b.year === 2025).length, 1, 'what was published stays as it was')
  })
})
