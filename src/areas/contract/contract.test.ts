import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { keepBytes } from '#platform/files.ts'
import { type Community, type Person, type TestApp, testApp } from '../../../test/app.ts'
import { contractArea } from './index.ts'

let t: TestApp
let c: Community
let coordinator: Person
let funder: Person
before(async () => {
  t = await testApp([contractArea], { now: new Date('2026-11-22T09:00:00Z') })
  c = await t.community('noe')
  coordinator = await t.person(c, ['coordinator'], { name: 'Claire Roux' })
  funder = await t.person(c, ['funder'])
})
after(() => t.close())

const at = (path = '') => `/c/${c.slug}/contrat${path}`
const signature = {
  kind: 'signature',
  day: '2020-12-14',
  fromDay: '',
  years: '5',
  agreement: 'aci-2019',
  size: '3',
  sizeReason: '',
  missions: ['access', 'pathways', 'prevention'],
  snp: 'yes',
  community: 'Dr Maud Essai, présidente',
  fund: '',
  agency: '',
  note: '',
}
const step = (o: Record<string, string>) => t.post(at('/etape'), { mission: '', note: '', ...o }, coordinator)

describe('the contract on the screen', () => {
  it('says what to do when nothing is recorded, and to who may not write that nothing is', async () => {
    assert.match((await t.get(at(), coordinator)).text, /Le contrat est déjà signé/)
    const read = await t.get(at(), funder)
    assert.match(read.text, /La coordination n’a pas encore enregistré le contrat/)
    assert.doesNotMatch(read.html, /contrat\/etape/)
  })
  it('refuses a mission before the signature, at its field, and writes nothing', async () => {
    const { status, text } = await step({ kind: 'mission-start', mission: 'access', day: '2021-01-01' })
    assert.equal(status, 422)
    assert.match(text, /Enregistrez d’abord la signature/)
    assert.equal((await t.owner('select 1 from app.contract_event')).length, 0)
  })
  it('is signed: dates and deadlines follow, the picture and its table say the same', async () => {
    const { status, location } = await t.post(at('/termes'), signature, coordinator)
    assert.equal(status, 303)
    const { text, html } = await t.get(location!, coordinator)
    assert.match(text, /Contrat : arrivé à échéance/)
    assert.match(text, /Du 14\/12\/2020 au 14\/12\/2025/)
    assert.match(text, /Dr Maud Essai, présidente \(CPTS\)/)
    assert.match(text, /Enregistrer le renouvellement : le contrat est arrivé à échéance le 14\/12\/2025/)
    assert.match(html, /<figure class="chart lanes">/)
    assert.match(text, /Accès aux soins .*avant le 14\/06\/2021.*avant le 14\/06\/2022/)
  })
  it('is signed once, whoever is faster', async () => {
    assert.equal((await t.post(at('/termes'), { ...signature, day: '2020-12-15' }, coordinator)).status, 422)
    const { recordStep } = await import('./store.ts')
    const again = { kind: 'signature', mission: null, day: '2020-12-15', terms: null, note: null, fileId: null } as const
    const actor = { who: { kind: 'system', job: 'test' }, now: t.now, requestId: 'x' } as const
    await assert.rejects(
      t.within(c, tx => recordStep(tx, actor, again)),
      /vient d’être enregistrée par quelqu’un d’autre/,
    )
  })
  it('shows a mission from its start to its deployment, and a step taken back no longer counts', async () => {
    assert.equal((await step({ kind: 'mission-start', mission: 'access', day: '2021-03-01' })).status, 303)
    assert.equal((await step({ kind: 'mission-deployed', mission: 'access', day: '2022-02-01' })).status, 303)
    assert.match((await t.get(at(), funder)).text, /1 mission sur 3 est déployée/)
    const [row] = await t.owner(`select id from app.contract_event where kind = 'mission-deployed'`)
    const path = at(`/etape/${row!.id}/retirer`)
    assert.equal((await t.post(path, { why: '' }, coordinator)).status, 422)
    assert.equal((await t.post(path, { why: 'Erreur de date' }, coordinator)).status, 303)
    const { text } = await t.get(at(), funder)
    assert.match(text, /0 mission sur 3/)
    assert.match(text, /Mission déployée : Accès aux soins 01\/02\/2022 Retirée Par Claire Roux \(coordination\) : Erreur de date/)
    assert.equal((await t.post(path, { why: 'Encore' }, coordinator)).status, 404)
  })
})

describe('a document', () => {
  const pdf = (name: string, content = '%PDF-1.7\nsigned') => new File([content], name, { type: 'text/html' })
  it('is kept with its step, and given back as an attachment that nothing may run', async () => {
    const { status, location } = await t.post(
      at('/etape'),
      { kind: 'mission-start', mission: 'pathways', day: '2021-06-01', note: '', proof: pdf('../../<b>Pv "signé".pdf') },
      coordinator,
    )
    assert.equal(status, 303)
    const { html } = await t.get(location!, funder)
    const [, path] = /href="([^"]*\/contrat\/pieces\/[^"]+)"/.exec(html)!
    const { headers, html: body, status: given } = await t.get(path!, funder)
    assert.equal(given, 200)
    assert.equal(body, '%PDF-1.7\nsigned')
    assert.equal(headers.get('content-type'), 'application/pdf')
    assert.match(headers.get('content-disposition') ?? '', /^attachment; filename="piece-[0-9a-f]{12}\.pdf"$/)
    assert.equal(headers.get('x-content-type-options'), 'nosniff')
    assert.match(headers.get('content-security-policy')!, /^default-src 'none'; .*form-action 'none'; sandbox$/)
    assert.equal(headers.get('cache-control'), 'no-store')
    const [file] = await t.owner('select given_name, encode(sha256, $1) as sha from app.stored_file', ['hex'])
    assert.deepEqual([file!.given_name, String(file!.sha).length], ['b Pv signé .pdf', 64])
    const lines = await t.owner(`select action from app.audit_event where action like 'file.%' order by id`)
    assert.deepEqual(
      lines.map(l => l.action),
      ['file.keep', 'file.read'],
    )
  })
  it('that is a page, a program or nothing we know is refused, and neither it nor the step is kept', async () => {
    const bad = ['<html><script>1</script>', 'MZ\u0000\u0003', 'texte\u0000', ' \n<svg xmlns="x">', 'PK\u0003\u0004 rien', '#!/bin/sh\n']
    for (const content of bad) {
      const fields = { kind: 'mission-start', mission: 'prevention', day: '2021-06-01', note: '', proof: pdf('a.pdf', content) }
      const { status, text } = await t.post(at('/etape'), fields, coordinator)
      assert.equal(status, 422, content)
      assert.match(text, /type accepté/)
    }
    assert.equal((await t.owner(`select 1 from app.contract_event where mission = 'prevention'`)).length, 0)
    assert.equal((await t.owner('select 1 from app.stored_file')).length, 1)
  })
  it('beyond ten megabytes is refused with a sentence; beyond what any form takes, before it is read', async () => {
    const big = (bytes: number) => new File([new Uint8Array(bytes).fill(65)], 'a.txt')
    const fields = (proof: File) => ({ kind: 'mission-start', mission: 'prevention', day: '2021-06-01', note: '', proof })
    const over = await t.post(at('/etape'), fields(big(10_485_761)), coordinator)
    assert.equal(over.status, 422)
    assert.match(over.text, /dépasse 10 mégaoctets/)
    assert.equal((await t.post(at('/etape'), fields(big(11_000_000)), coordinator)).status, 413)
    // A form without a file keeps the small limit.
    const why = 'x'.repeat(300_000)
    assert.equal((await t.post(at('/etape/x/retirer'), { why }, coordinator)).status, 413)
  })
  it('belongs to the contract of its community, or does not exist', async () => {
    const other = await t.community('autre')
    const stranger = await t.person(other, ['coordinator'])
    const [file] = await t.owner('select id from app.stored_file')
    assert.equal((await t.get(`/c/autre/contrat/pieces/${file!.id}`, stranger)).status, 404)
    const doctor = await t.person(c, ['doctor'])
    assert.equal((await t.get(at(`/pieces/${file!.id}`), doctor)).status, 404)
    assert.equal((await t.get(at('/pieces/x'), coordinator)).status, 404)
    // Of this community, but of something else than its contract.
    const actor = { who: { kind: 'system', job: 'test' }, now: t.now, requestId: 'x' } as const
    const kept = await t.within(c, tx => keepBytes(tx, actor, 'autre.txt', new TextEncoder().encode('Une déclaration')))
    assert.ok(kept.ok)
    assert.equal((await t.get(at(`/pieces/${kept.file.id}`), coordinator)).status, 404)
  })
})
