import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { inflateRawSync } from 'node:zlib'
import { type Community, type Person, type Reply, type TestApp, testApp } from '../../../test/app.ts'
import { aPdf, someTerms } from './contract.fixture.ts'
import { contractArea } from './index.ts'
import { chooseIndicator, enterFigure, recordReceipt, recordStep, writeAction } from './store.ts'

let t: TestApp
let c: Community
let coordinator: Person
let funder: Person
before(async () => {
  t = await testApp([contractArea], { now: new Date('2026-11-22T09:00:00Z') })
  c = await t.community('noe', 'CPTS <Noé> & “Santé”')
  coordinator = await t.person(c, ['coordinator'], { name: 'Claire Roux' })
  funder = await t.person(c, ['funder'])
  const actor = { who: { kind: 'system', job: 'test' }, now: t.now, requestId: 'x' } as const
  const step = { mission: null, note: null, fileId: null, terms: null } as const
  await t.within(c, async tx => {
    await recordStep(tx, actor, { ...step, kind: 'signature', day: '2025-06-01', terms: someTerms('2025-06-01') })
    await recordStep(tx, actor, { ...step, kind: 'mission-start', mission: 'access', day: '2025-09-01' })
    await chooseIndicator(tx, actor, {
      code: 'no-gp',
      weight: 10_000,
      target: { numerator: 8, denominator: 100 },
      baseline: null,
      baselineMissing: 'Fichier perdu',
    })
    const figure = { code: 'no-gp', unavailable: null, source: 'CPAM', extractedOn: '2026-08-01', fileId: null } as const
    await enterFigure(tx, actor, { ...figure, year: 1, ratio: { numerator: 12, denominator: 100 } })
    await enterFigure(tx, actor, { ...figure, year: 2, ratio: { numerator: 10, denominator: 100 } })
    await recordReceipt(tx, actor, { day: '2026-06-20', heading: 'running', cents: 4_500_000, note: null })
    await writeAction(tx, actor, {
      ...{ mission: 'access', title: 'Accueil, « = somme »', owner: 'Groupe accès', beneficiaries: ['patients'], startsOn: '2026-03-01' },
      ...{ endsOn: '2026-12-31', budgetCents: 120_000, indicators: [], hours: 5, units: null },
    })
  })
  const proof = {
    title: 'État des lieux',
    category: 'report',
    day: '2026-07-01',
    mission: 'access',
    indicators: 'unscheduled-map',
    unavailable: '',
  }
  await t.post('/c/noe/contrat/preuves/ajouter', { ...proof, proof: new File([aPdf('lieux')], 'lieux.pdf') }, coordinator)
})
after(() => t.close())
const at = (rest = '') => `/c/noe/contrat/bilan${rest}`

/** Files of a ZIP by name, read from its directory (Word and Excel leave sizes out of their local headers). */
function unzipped({ bytes }: Pick<Reply, 'bytes'>): Map<string, Buffer> {
  const b = Buffer.from(bytes)
  const end = b.lastIndexOf(Buffer.from('PK\u0005\u0006', 'latin1'))
  const files = new Map<string, Buffer>()
  for (let i = b.readUInt32LE(end + 16), n = b.readUInt16LE(end + 10); n > 0; n--) {
    const [method, size, name, extra, note, offset] = [
      b.readUInt16LE(i + 10),
      b.readUInt32LE(i + 20),
      b.readUInt16LE(i + 28),
      b.readUInt16LE(i + 30),
      b.readUInt16LE(i + 32),
      b.readUInt32LE(i + 42),
    ]
    const start = offset + 30 + b.readUInt16LE(offset + 26) + b.readUInt16LE(offset + 28)
    const content = b.subarray(start, start + size)
    files.set(b.toString('utf8', i + 46, i + 46 + name), method === 8 ? inflateRawSync(content) : content)
    i += 46 + name + extra + note
  }
  return files
}
const words = (xml: Buffer) =>
  xml
    .toString()
    .replace(/<w:p[ >]/g, ' $&')
    .replace(/<[^>]+>/g, '')
    .replace(/&amp;/g, '&')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/[\s\u00a0\u202f]+/g, ' ')

describe('the yearly pack', () => {
  it('is one archive: report twice, workbook, proofs of the year, the book and its sums', async () => {
    const reply = await t.get(at('/dossier.zip'), funder)
    assert.equal(reply.status, 200)
    const names = [...unzipped(reply).keys()]
    for (const name of ['bilan.pdf', 'bilan.docx', 'bilan.xlsx', 'liste.csv', 'registre.tsv', 'LISEZ-MOI.txt', 'SHA256SUMS'])
      assert.ok(names.includes(name), name)
    assert.equal(names.filter(n => n.startsWith('preuves/')).length, 1)
    const first = unzipped(await t.get(at('/dossier.zip?annee=1'), funder))
    assert.equal([...first.keys()].filter(n => n.startsWith('preuves/')).length, 0, 'the proof is of the second year')
  })
  it('the report has its titles, the money, what changed since last year, and no empty cell', async () => {
    const files = unzipped(await t.get(at('/rapport.docx'), funder))
    const xml = files.get('word/document.xml')!
    const said = words(xml)
    for (const title of ['Fiche d’identité du contrat', 'Accès aux soins', 'Partie financière', 'Preuves', 'Ce qui manque au calcul'])
      assert.match(said, new RegExp(title))
    assert.match(said, /CPTS <Noé> & “Santé”, du 01\/06\/2026 au 31\/05\/2027 ; état au 22\/11\/2026/)
    assert.match(
      said,
      /Habitants de 17 ans ou plus sans médecin traitant 10,0 % \(10 sur 100\) 12,0 % \(12 sur 100\) −2,0 point\(s\) 8 % 100 %/,
    )
    assert.match(said, /Accueil, « = somme » Groupe accès 01\/03\/2026 au 31\/12\/2026 Patients 1 200 € En cours/)
    assert.match(said, /Non disponible : Aucune preuve n’est déposée|Non disponible : Trame|Non disponible : Aucune demande/)
    const cells = [...xml.toString().matchAll(/<w:tc>.*?<\/w:tc>/gs)].map(m => words(Buffer.from(m[0])).trim())
    assert.ok(cells.length > 60)
    assert.deepEqual(
      cells.filter(cell => cell === ''),
      [],
    )
    assert.match(xml.toString(), /<w:tblHeader\/>/)
    assert.match(xml.toString(), /w:pStyle w:val="Heading2"/)
  })
  it('the PDF is tagged, in French, with its title', async () => {
    const { bytes, headers } = await t.get(at('/rapport.pdf'), funder)
    const raw = Buffer.from(bytes).toString('latin1')
    assert.equal(headers.get('content-type'), 'application/pdf')
    assert.match(raw, /^%PDF-1\.\d/)
    assert.match(raw, /\/StructTreeRoot/)
    assert.match(raw, /\/Lang ?\(fr/)
    assert.match(raw, /\/MarkInfo/)
  })
  it('the workbook adds up by itself and takes no text for a formula', async () => {
    const files = unzipped(await t.get(at('/classeur.xlsx'), funder))
    const money = files.get('xl/worksheets/sheet1.xml')!.toString()
    assert.match(money, /<f>SUM\(B2:B\d+\)<\/f>/)
    assert.match(money, /<f>C2-G2<\/f>/)
    const rates = files.get('xl/worksheets/sheet2.xml')!.toString()
    assert.match(rates, /<f>C\d+\/D\d+<\/f>/)
    const all = [...files]
      .filter(([n]) => n.startsWith('xl/worksheets/'))
      .map(([, x]) => x.toString())
      .join('')
    assert.doesNotMatch(all, /<f>[^<]*somme/)
    assert.equal(files.has('xl/worksheets/sheet4.xml'), true)
  })
  it('says before it leaves what will be said not available; nothing leaves without a contract', async () => {
    const { text } = await t.get(at(), funder)
    assert.match(text, /Ce qui sera dit « non disponible »/)
    assert.match(text, /L’année n’est pas finie/)
    const other = await t.community('vide')
    const somebody = await t.person(other, ['coordinator'])
    assert.match((await t.get('/c/vide/contrat/bilan', somebody)).text, /Aucun contrat signé/)
    assert.equal((await t.get('/c/vide/contrat/bilan/dossier.zip', somebody)).status, 404)
  })
})
