/** The letter: a paper that a screen reader reads too, with a code that opens the right page and nothing about anybody. */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { run, sql } from '#platform/db/types.ts'
import { pdf, qrCode } from '#platform/pdf/pdf.ts'
import { languageCodes } from '#platform/ui/index.ts'
import { readQr, squaresOf } from '../../../test/qr.ts'
import { Desk } from './desk.fixture.ts'
import { aDoctor, aWaiting, system } from './gp-access.fixture.ts'
import { farewell, letter } from './letter.ts'
import { announce, departureOf } from './store/departures.ts'
import { openTracking } from './store/tracking.ts'

let desk: Desk
before(async () => {
  desk = await Desk.open()
  await desk.fresh()
})
after(() => desk.t.close())

const facts = (state: 'prioritised' | 'accepted' = 'prioritised') => ({
  request: { number: 'K7QM-42XD', state, exit: null, appointmentOn: null, language: 'fr' as const },
  doctor: { name: 'Dre Noor Haddad' },
  cptsName: 'CPTS d’essai',
  url: 'https://trame.example/c/essai/suivi',
  phone: '+33199000000',
  today: '2026-11-22',
})
/** Strings of a PDF as they are in the file: `(text)` or hexadecimal UTF-16. */
const held = (pdf: string, text: string) =>
  pdf.includes(`(${text})`) ||
  pdf.includes(`<FEFF${[...text].map(c => c.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')).join('')}>`)

describe('the code to photograph', () => {
  it('is read back as the address it was made of, whatever the length', () => {
    for (const url of [
      'https://a.fr/c/x/suivi',
      'https://trame.example/c/noe-sante/suivi',
      `https://trame.example/c/${'long-'.repeat(9)}/suivi?lang=ar`,
    ])
      assert.equal(readQr(squaresOf(qrCode(url))), url)
  })
  it('one square changed and the reader sees it', () => {
    const dark = squaresOf(qrCode('https://a.fr/c/x/suivi'))
    const last = dark.length - 1
    dark[last]![last] = !dark[last]![last]
    assert.throws(() => readQr(dark))
  })
})

describe('the letter', () => {
  it('is a tagged PDF with its language, its title, and words for its code', async () => {
    const { id } = await aWaiting(desk.t, desk.c)
    const file = await desk.t.get(desk.url(`/${id}/lettre.pdf`), desk.me)
    assert.equal(file.status, 200)
    assert.equal(file.headers.get('content-type'), 'application/pdf')
    assert.match(file.headers.get('content-disposition')!, /^inline; filename="lettre-fr\.pdf"/)
    const pdf = Buffer.from(file.bytes).toString('latin1')
    assert.match(pdf, /^%PDF-1\.[67]/)
    for (const part of ['/StructTreeRoot', '/MarkInfo', '/Marked true', '/Lang (fr', '/H1', '/H2', '/Figure'])
      assert.ok(pdf.includes(part), part)
    assert.ok(held(pdf, 'Votre demande de médecin traitant'), 'title')
    const url = `http://localhost:3000/c/${desk.c.slug}/suivi`
    const alt = /\/Alt <FEFF([0-9A-F]+)>|\/Alt \(([^)]*)\)/.exec(pdf)
    const said = alt![1] ? Buffer.from(alt![1], 'hex').swap16().toString('utf16le') : alt![2]!
    assert.match(said, /^Code à photographier/)
    assert.ok(said.endsWith(url), said)
    assert.ok(pdf.includes(`/URI (${url})`), 'the address can be pressed too')
  })
  it('carries his number, what comes next, the telephone; the address holds nothing of his', () => {
    const { data, images } = letter(facts(), 'fr')
    const text = JSON.stringify(data)
    for (const part of ['K7QM-42XD', 'Vous êtes dans la liste d’attente', '01\u00a099\u00a000\u00a000\u00a000', '22/11/2026'])
      assert.ok(text.includes(part), part)
    const url = readQr(squaresOf(images!.qr!))
    assert.equal(url, 'https://trame.example/c/essai/suivi')
    assert.match(JSON.stringify(letter(facts('accepted'), 'fr').data), /La Dre.Noor Haddad accepte de vous suivre/)
  })
  it('says nothing of who he is or why he asks', async () => {
    const { id } = await aWaiting(desk.t, desk.c, { birthName: 'Zéphyrine', ald: true, pregnancy: true })
    const file = await desk.t.get(desk.url(`/${id}/lettre.pdf`), desk.me)
    assert.equal(file.status, 200)
    const request = { ...facts().request, birthName: 'Zéphyrine', ald: true } as never
    const text = JSON.stringify(letter({ ...facts(), request }, 'fr').data)
    for (const secret of ['Zéphyrine', 'ALD', 'grossesse', '1980']) assert.ok(!text.includes(secret), secret)
  })
  it('is in the patient’s language, from his page and from the record', async () => {
    const { id } = await aWaiting(desk.t, desk.c)
    await desk.t.within(desk.c, tx => run(tx, sql`update app.request set language = 'ar' where id = ${id}`))
    const record = Buffer.from((await desk.t.get(desk.url(`/${id}/lettre.pdf`), desk.me)).bytes).toString('latin1')
    assert.ok(record.includes('/Lang (ar'))
    assert.ok(record.includes('/suivi?lang=ar)'))
    const token = await desk.t.within(desk.c, tx => openTracking(tx, id, desk.t.now))
    const own = Buffer.from((await desk.t.get(`/c/${desk.c.slug}/suivi/${token}/lettre.pdf?lang=pt`)).bytes).toString('latin1')
    assert.ok(own.includes('/Lang (pt'))
    for (const lang of languageCodes) assert.ok(letter(facts(), lang).template, lang)
  })
  it('does not keep the others waiting: pages are answered while it is set', async () => {
    const { id } = await aWaiting(desk.t, desk.c)
    const order: string[] = []
    await Promise.all([
      Promise.all([1, 2, 3].map(() => desk.t.get(desk.url(`/${id}/lettre.pdf`), desk.me))).then(() => order.push('letters')),
      desk.t.get(`/c/${desk.c.slug}/suivi`).then(() => order.push('page')),
    ])
    assert.deepEqual(order, ['page', 'letters'])
  })
})

describe('the letter of a doctor who leaves', () => {
  const url = 'https://trame.example/c/essai/depart/K7QM-42XD?lang=uk'
  const told = { departure: { doctorName: 'Dre Noor Haddad', leavesOn: '2027-06-30', code: 'K7QM-42XD' }, cptsName: 'CPTS d’essai', url }
  it('is a tagged PDF in each language, from the doctor and from the coordination, with its code in words', async () => {
    const doctor = await aDoctor(desk.t, desk.c, { name: 'Dr Martin' })
    await desk.t.within(desk.c, tx =>
      announce(tx, system(desk.t), { membershipId: doctor.membershipId, leavesOn: '2027-06-30', patients: 800, counts: [] }),
    )
    const d = (await desk.t.within(desk.c, tx => departureOf(tx, doctor.membershipId)))!
    const page = `http://localhost:3000/c/${desk.c.slug}/depart/${d.code}`
    for (const [path, who, lang, heading] of [
      [`/mon-depart/lettre.pdf`, doctor, 'fr', 'Votre médecin cesse son activité'],
      [`/departs/${d.id}/lettre.pdf?lang=ar`, desk.me, 'ar', 'طبيبك سيتوقف عن العمل'],
    ] as const) {
      const file = await desk.t.get(`/c/${desk.c.slug}${path}`, who)
      assert.match(file.headers.get('content-disposition')!, new RegExp(`^inline; filename="lettre-depart-${lang}\\.pdf"`))
      const pdf = Buffer.from(file.bytes).toString('latin1')
      for (const part of ['/StructTreeRoot', '/Marked true', `/Lang (${lang}`, '/H1', '/H2', '/Figure', '/Alt '])
        assert.ok(pdf.includes(part), `${lang} ${part}`)
      assert.ok(held(pdf, heading), `${lang} title`)
      assert.ok(pdf.includes(`/URI (${page}${lang === 'fr' ? '' : '?lang=ar'})`), 'the address can be pressed, in the language')
    }
    const html = await desk.t.get(`/c/${desk.c.slug}/mon-depart/lettre`, doctor)
    for (const lang of languageCodes) assert.ok(html.html.includes(`lettre.pdf${lang === 'fr' ? '' : `?lang=${lang}`}"`), lang)
    assert.equal((await desk.t.get(`/c/${desk.c.slug}/mon-depart/lettre.pdf`, desk.me)).status, 404)
  })
  it('fits one page, says who leaves when, whom to call, its code; nothing of any patient', async () => {
    for (const lang of languageCodes) {
      const document = farewell({ ...told, phone: '+33199000000', today: '2026-11-22' }, lang)
      assert.equal(readQr(squaresOf(document.images!.qr!)), url)
      const text = JSON.stringify(document.data)
      for (const part of ['Dre Noor Haddad', '2027', 'K7QM-42XD', '01\u00a099\u00a000\u00a000\u00a000', 'CPTS d’essai'])
        assert.ok(text.replaceAll('Dre\u00a0Noor', 'Dre Noor').includes(part), `${lang} ${part}`)
      const pages = Buffer.from(await pdf(document))
        .toString('latin1')
        .match(/\/Type \/Page\b/g)
      assert.equal(pages?.length, 1, lang)
    }
    assert.equal((farewell({ ...told, phone: null, today: '2026-11-22' }, 'fr').data as { call: unknown }).call, null)
  })
})
