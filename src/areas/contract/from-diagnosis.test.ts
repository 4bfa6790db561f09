/** An indicator of the contract takes its figure, or its starting point, from the diagnosis in one click, and keeps the link to it. */
import assert from 'node:assert/strict'
import { after, before, it } from 'node:test'
import { aFigure } from '#areas/territory/diagnosis.fixture.ts'
import { territoryArea } from '#areas/territory/index.ts'
import { withdrawFigures, writeFigures } from '#areas/territory/store.ts'
import type { Actor } from '#platform/audit.ts'
import { one, sql } from '#platform/db/types.ts'
import { type Community, type Person, type TestApp, testApp } from '../../../test/app.ts'
import { someTerms } from './contract.fixture.ts'
import { contractArea } from './index.ts'
import { chooseIndicator, recordStep } from './store.ts'

let t: TestApp
let c: Community
let coordinator: Person
let url: string
let theirs: string
const actor = (): Actor => ({ who: { kind: 'system', job: 'test' }, now: t.now, requestId: 'test' })
const write = (community: Community, o: Parameters<typeof aFigure>[0]) =>
  t.within(community, async tx => (await writeFigures(tx, actor(), [aFigure(o)], { fileId: null, importId: null }))[0] as string)
before(async () => {
  t = await testApp([contractArea, territoryArea])
  c = await t.community()
  coordinator = await t.person(c, ['coordinator'])
  await t.within(c, async tx => {
    const signed = {
      kind: 'signature',
      mission: null,
      day: '2026-01-05',
      note: null,
      fileId: null,
      terms: someTerms('2026-01-05'),
    } as const
    await recordStep(tx, actor(), signed)
    const target = { numerator: 8, denominator: 100 }
    await chooseIndicator(tx, actor(), { code: 'no-gp', weight: 5000, target, baseline: null, baselineMissing: 'Pas encore lu' })
  })
  url = `/c/${c.slug}/contrat/indicateur`
  theirs = await write(await t.community(), {})
})
after(() => t.close())
const take = (figure: string, as: string) => t.post(`${url}/reprendre`, { indicator: 'no-gp', year: '1', figure, as }, coordinator)
const page = () => t.get(`${url}?code=no-gp&annee=1`, coordinator)
const chosen = () =>
  t.within(c, tx =>
    one<{ n: number | null; d: number | null; figure: string | null; weight: number }>(
      tx,
      sql`select baseline_numerator as n, baseline_denominator as d, baseline_figure_id as figure, weight from app.contract_indicator where code = 'no-gp' order by at desc, id desc limit 1`,
    ),
  )

it('offers what the diagnosis says of the community, and takes it as the figure of the year, once', async () => {
  assert.doesNotMatch((await page()).text, /Dans le diagnostic du territoire/)
  const id = await write(c, {})
  assert.match(
    (await page()).text,
    /Dans le diagnostic du territoire 1.*2025 Chiffre 12,0 % \(1 200 sur 10 000\)|2025 12,0 % \(1 200 sur 10 000\)/,
  )
  assert.equal((await take(id, 'value')).status, 303)
  const { text, html } = await page()
  assert.match(
    text,
    /Cette année 12,0 % \(1 200 sur 10 000\).*Rezone CPTS, chiffre de 2025 Datée du 01\/03\/2026.*Repris du diagnostic, 2025/,
  )
  assert.match(html, new RegExp(`/c/${c.slug}/diagnostic/indicateur\\?code=no-gp&amp;annee=2025`))
  const again = await take(id, 'value')
  assert.equal(again.status, 422)
  assert.match(again.text, /a déjà ce chiffre/)
  await t.within(c, tx => withdrawFigures(tx, actor(), { id }, 'Mauvais champ'))
  assert.match((await page()).text, /Repris du diagnostic, 2025 : retiré depuis \(Mauvais champ\)/)
  assert.equal((await take(id, 'baseline')).status, 422, 'what was withdrawn is no longer taken')
})
it('takes it as the starting point, exact, and keeps the link until another one is typed', async () => {
  const id = await write(c, { year: 2024, worth: { kind: 'ratio', numerator: 1234, denominator: 10_000 } })
  assert.equal((await take(id, 'baseline')).status, 303)
  assert.deepEqual(await chosen(), { n: 1234, d: 10_000, figure: id, weight: 5000 })
  const form = { indicator: 'no-gp', target: '8', missing: '' }
  assert.equal((await t.post(`${url}/regler`, { ...form, weight: '40', baseline: '12' }, coordinator)).status, 303)
  assert.deepEqual(await chosen(), { n: 1234, d: 10_000, figure: id, weight: 4000 }, 'the form showed 12 % and nobody touched it')
  await t.post(`${url}/regler`, { ...form, weight: '40', baseline: '15' }, coordinator)
  assert.deepEqual(await chosen(), { n: 15, d: 100, figure: null, weight: 4000 })
})
it('takes a percentage alone as a starting point only: no count is made up', async () => {
  const id = await write(c, { year: 2023, worth: { kind: 'alone', thousandths: 13_100 } })
  const refused = await take(id, 'value')
  assert.equal(refused.status, 422)
  assert.match(refused.text, /demande un numérateur et un dénominateur/)
  assert.equal((await take(id, 'baseline')).status, 303)
  assert.deepEqual(await chosen(), { n: 13_100, d: 100_000, figure: id, weight: 4000 })
})
it('takes « not available » with its reason, never a zero', async () => {
  const id = await write(c, { year: 2022, worth: { kind: 'missing', reason: 'Pas publié cette année-là' } })
  assert.equal((await take(id, 'value')).status, 303)
  assert.match((await page()).text, /Cette année Non disponible Pas publié cette année-là/)
})
it('finds no figure of another community, of another place or of another indicator', async () => {
  const department = await write(c, { level: 'department', place: '91' })
  const flu = await write(c, { code: 'flu' })
  for (const id of [theirs, department, flu, 'x']) assert.equal((await take(id, 'value')).status, 404)
})
