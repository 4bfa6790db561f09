import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { after, before, describe, it } from 'node:test'
import { type Community, type Person, type Reply, type TestApp, testApp } from '../../../test/app.ts'
import { aPdf, someTerms } from './contract.fixture.ts'
import { contractArea } from './index.ts'
import { recordStep } from './store.ts'

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
const at = (rest = '') => `/c/noe/contrat${rest}`
const pdf = (words: string) => new File([aPdf(words)], 'piece.pdf')

const meeting = {
  title: 'Réunion du 12 mars, douze participants',
  category: 'attendance',
  day: '2026-03-12',
  mission: 'pathways',
  indicators: ['case-meetings'],
  unavailable: '',
}
const add = (o: Record<string, string | string[] | File> = {}) => t.post(at('/preuves/ajouter'), { ...meeting, ...o }, coordinator)

describe('a proof', () => {
  it('is a file or a reason, never both, never neither, never of the future', async () => {
    assert.match((await add()).text, /Choisissez un fichier, ou dites pourquoi/)
    assert.match((await add({ proof: pdf('1'), unavailable: 'perdue' })).text, /Il y a un fichier/)
    assert.match((await add({ proof: pdf('1'), day: '2026-12-01' })).text, /dans le futur/)
    assert.equal((await t.owner('select 1 from app.ledger_entry')).length, 0)
    assert.equal((await t.owner('select 1 from app.stored_file')).length, 0)
  })
  it('is a line of the book, with the hash of its file; who pays reads it', async () => {
    const { status, location } = await add({ proof: pdf('émargement') })
    assert.equal(status, 303)
    const { text } = await t.get(location!, funder)
    assert.match(text, /Réunion du 12 mars, douze participants Déposée/)
    assert.match(text, /Réunion de concertation|Réunions de concertation pluriprofessionnelle/)
    assert.match(text, /Empreinte du fichier \(SHA-256\) [0-9a-f]{64}/)
    assert.match((await t.get(at('/preuves'), funder)).text, /Registre intact : 1 ligne, tête [0-9a-f]{16}/)
  })
  it('that is not available says why and is not filed', async () => {
    const { location } = await add({ title: 'Réunion du 3 avril', unavailable: 'Feuille égarée lors du déménagement' })
    const { text } = await t.get(location!, coordinator)
    assert.match(text, /Non disponible, parce que Feuille égarée/)
    assert.match((await t.get(at('/preuves'), coordinator)).text, /Réunion du 3 avril .* Non disponible/)
  })
  it('taken back stays in the book, with the line that takes it back, once', async () => {
    const { location } = await add({ title: 'Déposée par erreur', proof: pdf('faux') })
    const path_ = location!.replace(/\?.*/, '')
    assert.equal((await t.post(`${path_}/retirer`, { why: 'Mauvais fichier' }, coordinator)).status, 303)
    assert.equal((await t.post(`${path_}/retirer`, { why: 'Encore' }, coordinator)).status, 404)
    assert.match((await t.get(path_, funder)).text, /Retirée le 22\/11\/2026 à 10 h par Claire Roux \(coordination\) Mauvais fichier/)
    assert.equal((await t.owner('select 1 from app.ledger_entry')).length, 4)
  })
  it('is found by mission and year, and the list leaves as it is shown', async () => {
    await add({
      title: 'Plan de crise 2025',
      mission: 'crisis',
      day: '2025-06-01',
      category: 'procedure',
      indicators: ['crisis-plan'],
      proof: pdf('plan'),
    })
    const { text } = await t.get(at('/preuves?mission=crisis'), funder)
    assert.match(text, /1 preuve sur 4/)
    assert.doesNotMatch(text, /Réunion du 12 mars/)
    const csv = await t.get(at('/preuves.csv?annee=2025'), funder)
    assert.equal(csv.html.trim().split('\n').length, 2)
  })
})

describe('the archive', () => {
  /** Files of a ZIP that is not compressed, by name. */
  function unzipped({ bytes }: Reply): Map<string, Buffer> {
    const b = Buffer.from(bytes)
    const files = new Map<string, Buffer>()
    for (let i = 0; b.readUInt32LE(i) === 0x04034b50; ) {
      const [size, name, extra] = [b.readUInt32LE(i + 18), b.readUInt16LE(i + 26), b.readUInt16LE(i + 28)]
      const start = i + 30 + name + extra
      files.set(b.toString('utf8', i + 30, i + 30 + name), b.subarray(start, start + size))
      i = start + size
    }
    return files
  }
  it('is checked by a stranger with sha256sum alone, and a changed byte is seen', async () => {
    const reply = await t.get(at('/preuves/archive.zip'), funder)
    assert.equal(reply.status, 200)
    const files = unzipped(reply)
    const dir = mkdtempSync(path.join(tmpdir(), 'trame-archive-'))
    try {
      for (const [name, bytes] of files) {
        mkdirSync(path.dirname(path.join(dir, name)), { recursive: true })
        writeFileSync(path.join(dir, name), bytes)
      }
      assert.equal([...files.keys()].filter(n => n.startsWith('preuves/')).length, 3)
      const check = () => execFileSync('sha256sum', ['-c', '--strict', 'SHA256SUMS'], { cwd: dir, encoding: 'utf8', stdio: 'pipe' })
      assert.equal(check().trim().split('\n').length, files.size - 1, 'everything but the manifest is in the manifest')
      // The command that LISEZ-MOI gives finds nothing to say, then the line that was touched.
      const [, command] = /( {4}while .*)\n/.exec(files.get('LISEZ-MOI.txt')!.toString())!
      const chain = () => execFileSync('bash', ['-c', command!], { cwd: dir, encoding: 'utf8' })
      assert.equal(chain(), '')
      writeFileSync(path.join(dir, 'registre.tsv'), files.get('registre.tsv')!.toString().replace('douze', 'vingt'))
      assert.equal(chain(), 'ligne 1\n')
      assert.throws(check, /registre.tsv: FAILED|did NOT match/)
    } finally {
      rmSync(dir, { recursive: true, force: true })
    }
  })
  it('holds the files of the filter, and the whole book, or its chain could not be followed', async () => {
    const files = unzipped(await t.get(at('/preuves/archive.zip?mission=crisis'), funder))
    assert.equal([...files.keys()].filter(n => n.startsWith('preuves/')).length, 1)
    assert.equal(files.get('registre.tsv')!.toString().trim().split('\n').length, 5)
  })
})

describe('the annex', () => {
  it('is typed once with its paper, locked, and wins over the table; a mistake is taken back, then typed again', async () => {
    const actor = { who: { kind: 'system', job: 'test' }, now: t.now, requestId: 'x' } as const
    const nothing = { mission: null, note: null, fileId: null } as const
    const id = await t.within(c, tx =>
      recordStep(tx, actor, { ...nothing, kind: 'signature', day: '2026-01-05', terms: someTerms('2026-01-05', { size: 1 }) }),
    )
    const path_ = at(`/annexe/${id}`)
    assert.match((await t.get(path_, coordinator)).text, /Table nationale : 15 000 € \(supposé\)/)
    assert.match((await t.get(path_, funder)).text, /pas encore saisi l’annexe/)
    const amounts = { running: '50 000', 'access-fixed': '16 250,50', 'access-variable': '' }
    assert.match((await t.post(path_, amounts, coordinator)).text, /Joignez l’annexe signée/)
    assert.match((await t.post(path_, { running: '50 mille', paper: pdf('x') }, coordinator)).text, /en euros, par exemple/)
    assert.equal((await t.post(path_, { ...amounts, paper: pdf('annexe') }, funder)).status, 404)
    assert.equal((await t.post(path_, { ...amounts, paper: pdf('annexe') }, coordinator)).status, 303)
    const locked = await t.get(path_, funder)
    assert.match(locked.text, /Accès aux soins Part fixe, par an 16 250,50 € 15 000 € au contrat/)
    assert.match(locked.text, /Accès aux soins Part variable, par an au plus non saisi 15 000 € supposé/)
    assert.match(locked.text, /Saisie par Claire Roux/)
    assert.match((await t.post(path_, amounts, coordinator)).text, /déjà saisie et verrouillée/)
    assert.equal((await t.post(`${path_}/retirer`, { why: 'Faute de frappe' }, coordinator)).status, 303)
    assert.match((await t.get(path_, coordinator)).text, /Saisie retirée le 22\/11\/2026 par Claire Roux \(coordination\) Faute de frappe/)
    assert.equal((await t.post(path_, { ...amounts, paper: pdf('annexe') }, coordinator)).status, 303)
    assert.equal((await t.owner('select 1 from app.contract_annex')).length, 2)
  })
})
