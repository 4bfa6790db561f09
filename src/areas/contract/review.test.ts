/** The yearly review over HTTP: opened with its figures frozen, commented with a clock, agreed in minutes that three people sign. */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { after, before, describe, it } from 'node:test'
import { one, run, sql } from '#platform/db/types.ts'
import { type Community, type Person, type TestApp, testApp } from '../../../test/app.ts'
import { calls } from '../../../test/manifest.ts'
import { aPdf, someTerms } from './contract.fixture.ts'
import { contractArea } from './index.ts'
import { lateAnswers } from './jobs.ts'
import { accountOf, chooseIndicator, confirmations, enterFigure, minutesOf, recordStep, writeMinutes } from './store.ts'

let t: TestApp
let c: Community
const who = {} as Record<'coordinator' | 'board' | 'fund' | 'agency' | 'other', Person>
let id: string
before(async () => {
  t = await testApp([contractArea], { now: new Date('2026-11-06T09:00:00Z') })
  c = await t.community('noe', 'CPTS Essai')
  who.coordinator = await t.person(c, ['coordinator'], { name: 'Claire Roux', email: 'claire@exemple.fr' })
  who.board = await t.person(c, ['board'], { name: 'Solène Essai' })
  who.fund = await t.person(c, ['funder'], { name: 'Yves Essai', email: 'yves@exemple.fr' })
  who.agency = await t.person(c, ['funder'], { name: 'Irène Essai', email: 'irene@exemple.fr' })
  who.other = await t.person(c, ['funder'], { name: 'Odile Essai' })
  const actor = { who: { kind: 'system', job: 'test' }, now: t.now, requestId: 'x' } as const
  await t.within(c, async tx => {
    const step = { mission: null, note: null, fileId: null, terms: null } as const
    await recordStep(tx, actor, { ...step, kind: 'signature', day: '2024-01-05', terms: someTerms('2024-01-05') })
    await recordStep(tx, actor, { ...step, kind: 'mission-start', mission: 'access', day: '2024-03-01' })
    const target = { numerator: 8, denominator: 100 }
    await chooseIndicator(tx, actor, { code: 'no-gp', weight: 10_000, target, baseline: null, baselineMissing: 'Non suivi' })
    await figure(9)
  })
})
after(() => t.close())

const figure = (percent: number) =>
  t.within(c, tx =>
    enterFigure(
      tx,
      { who: { kind: 'system', job: 'test' }, now: t.now, requestId: 'x' },
      {
        ...{ code: 'no-gp', year: 2, ratio: { numerator: percent * 100, denominator: 10_000 }, unavailable: null },
        ...{ source: 'Fichier de la CPAM', extractedOn: '2026-02-01', fileId: null },
      },
    ),
  )
const at = (path = '') => `/c/${c.slug}/contrat${path}`
const room = (path = '') => at(`/dialogues/${id}${path}`)
const indicator = '/indicateurs/no-gp'
const mail = (reason: string) =>
  t.owner('select recipient, subject, body from app.message where reason = $1 order by created_at, id', [reason])
const later = (day: string) => {
  t.now = new Date(`${day}T09:00:00Z`)
}
const meeting = () => ({
  day: '2026-11-20',
  community: who.board.membershipId,
  fund: who.fund.membershipId,
  agency: who.agency.membershipId,
  others: '',
})

describe('the room', () => {
  it('is prepared once a year, by three signatories who are three', async () => {
    const twice = await t.post(at('/dialogues/preparer'), { year: '2', ...meeting(), agency: who.fund.membershipId }, who.coordinator)
    assert.equal(twice.status, 422)
    assert.match(twice.text, /signe déjà pour une autre partie/)
    const { status, location } = await t.post(at('/dialogues/preparer'), { year: '2', ...meeting() }, who.coordinator)
    assert.equal(status, 303)
    id = new URL(location!, 'http://localhost').pathname.split('/').at(-1)!
    assert.equal((await t.post(at('/dialogues/preparer'), { year: '2', ...meeting() }, who.coordinator)).status, 422)
    assert.match((await t.get(room(), who.fund)).text, /La salle n’est pas encore ouverte/)
    assert.equal((await t.get(room(indicator), who.fund)).status, 404)
  })
  it('opens with its figures frozen under a hash that anybody computes again; what changes is said beside', async () => {
    assert.equal((await t.post(room('/ouvrir'), {}, who.coordinator)).status, 303)
    assert.equal((await t.post(room('/ouvrir'), {}, who.coordinator)).status, 422, 'once')
    const frozen = await t.get(room('/chiffres'), who.agency)
    const hash = createHash('sha256').update(frozen.bytes).digest('hex')
    assert.ok((await t.get(room(), who.fund)).text.includes(hash))
    assert.match((await t.get(room(indicator), who.fund)).text, /Valeur figée 9,0 % \(900 sur 10 000\)/)
    await figure(7)
    const { text } = await t.get(room(indicator), who.fund)
    assert.match(text, /Valeur figée 9,0 % \(900 sur 10 000\) Depuis : 7,0 % \(700 sur 10 000\)/)
    assert.deepEqual((await t.get(room('/chiffres'), who.agency)).bytes, frozen.bytes)
    assert.deepEqual((await mail('review-open')).map(m => m.recipient).sort(), ['irene@exemple.fr', 'yves@exemple.fr'])
  })
  it('lets delegates comment and sign, and write nothing else of the contract', () => {
    const writes = calls().filter(
      x => x.method === 'POST' && x.path.startsWith('/c/:cpts/contrat') && x.access.kind === 'member' && x.access.roles.includes('funder'),
    )
    assert.deepEqual(
      writes.map(x => x.path.split('/').at(-1)),
      ['signer', 'commenter'],
    )
  })
})

describe('a question', () => {
  const ask = (words: string, as = who.fund) => t.post(room(`${indicator}/commenter`), { asks: 'yes', words }, as)
  it('has fifteen working days, told to both, and the coordination is written to without a figure or a name', async () => {
    assert.equal((await t.post(room(`${indicator}/commenter`), { asks: 'yes', words: 'De ma part' }, who.coordinator)).status, 404)
    assert.equal((await ask('Quelle est la source de ce chiffre ?')).status, 303)
    for (const as of [who.fund, who.coordinator])
      assert.match((await t.get(room(indicator), as)).text, /Réponse attendue avant la fin du 30\/11\/2026, encore 15 jours ouvrés/)
    const [letter] = await mail('review-question')
    assert.equal(letter!.recipient, 'claire@exemple.fr')
    assert.match(String(letter!.body), /30\/11\/2026/)
    assert.doesNotMatch(`${letter!.subject} ${letter!.body}`, /Yves|source|\d %|sans médecin/)
  })
  it('keeps the day it was promised when the delay changes', async () => {
    assert.equal((await t.post(at('/dialogues/delai'), { days: '5' }, who.coordinator)).status, 303)
    assert.equal((await ask('Et la date de ce fichier ?', who.agency)).status, 303)
    const { text } = await t.get(room(indicator), who.fund)
    assert.match(text, /30\/11\/2026/)
    assert.match(text, /avant la fin du 16\/11\/2026/)
  })
  it('once its day has passed, comes first in what waits and is told once by mail', async () => {
    later('2026-11-17')
    const waits = await t.get(at(), who.coordinator)
    assert.match(
      waits.text,
      /Ce qui vous attend 2 Répondre sur « Habitants de 17 ans ou plus sans médecin traitant » délai passé de 1 jour ouvré/,
    )
    const late = () =>
      lateAnswers.work({
        ...{
          now: t.now,
          cpts: { ...c, demo: false },
          baseUrl: 'http://localhost:3000',
          requestId: 'x',
          who: { kind: 'system', job: 'test' },
        },
        inTenant: work => t.within(c, work),
      })
    await late()
    await late()
    const told = await mail('review-late')
    assert.equal(told.length, 1)
    assert.doesNotMatch(String(told[0]!.body), /Irène|fichier|no-gp/)
    assert.match((await t.get(room('/commentaires?etat=en-retard'), who.agency)).text, /1 commentaire sur 2 .*Et la date de ce fichier/)
  })
  it('is answered by the coordination alone, which stops the clock and tells who asked', async () => {
    const [question] = await t.owner(`select id from app.contract_review_comment where due_on = '2026-11-30'`)
    const answer = { comment: String(question!.id), words: 'Le fichier annuel, page 4.' }
    assert.equal((await t.post(room(`${indicator}/repondre`), answer, who.fund)).status, 404)
    assert.equal((await t.post(room(`${indicator}/repondre`), answer, who.coordinator)).status, 303)
    const { text } = await t.get(room(indicator), who.fund)
    assert.match(text, /Répondu Le fichier annuel, page 4\. Claire Roux/)
    assert.deepEqual(
      (await mail('review-answer')).map(m => m.recipient),
      ['yves@exemple.fr'],
    )
    const csv = (await t.get(room('/commentaires.csv'), who.board)).html
    assert.match(csv, /"Le fichier annuel, page 4|Claire Roux[^\n]*: Le fichier annuel/)
  })
})

describe('the minutes', () => {
  const write = (o: Record<string, string>) => t.post(room('/compte-rendu/ecrire'), { held: '2026-11-16', said: '', ...o }, who.coordinator)
  const reading = async (as: Person) => {
    const { html } = await t.get(room('/compte-rendu'), as)
    const value = (name: string) => new RegExp(`name="${name}" value="([^"]*)"`).exec(html)?.[1] ?? ''
    return { sha256: value('sha256'), read: 'on' }
  }
  const sign = (as: Person, fields: Record<string, string>) => t.post(room('/compte-rendu/signer'), fields, as)
  const variable = async () => {
    const account = await t.within(c, tx => accountOf(tx, c.id, '2026-11-17'))
    return account!.statement.years[1]!.lines.find(l => l.heading === 'access' && l.part === 'variable')!
  }
  it('refuse an amount above the envelope, and one without a reason, at its field', async () => {
    const { status, text } = await write({ 'access-amount': '900000', 'access-reason': 'Très bien' })
    assert.equal(status, 422)
    assert.match(text, /900 000 € dépassent l’enveloppe de cette part variable/)
    assert.match((await write({ 'access-amount': '10' })).text, /Dites pourquoi/)
    assert.match((await write({ 'access-amount': '10', 'access-rate': '5', 'access-reason': 'x y z' })).text, /pas les deux/)
    assert.match((await write({ said: 'Voir <script>' })).text, /retirez les signes/)
    assert.match((await write({ 'no-gp-weight': '80' })).text, /font 80 % : ils font 100 % ensemble/)
    assert.equal((await t.owner('select 1 from app.contract_review_minutes')).length, 0)
  })
  it('are signed by who is named for a party, who read the version that holds', async () => {
    assert.equal((await write({ 'access-amount': '100', 'access-reason': 'Première version' })).status, 303)
    const first = await reading(who.fund)
    assert.match((await sign(who.other, first)).text, /pas parmi les trois signataires/)
    assert.equal((await sign(who.coordinator, first)).status, 404)
    assert.equal((await sign(who.fund, first)).status, 303)
    assert.equal(
      (
        await write({
          'access-amount': '1234,56',
          'access-reason': 'Registre tenu toute l’année',
          'no-gp-target': '7',
          'commitment-1-what': 'Relire',
          'commitment-1-owner': 'CPAM',
          'commitment-1-by': '2027-02-01',
        })
      ).status,
      303,
    )
    const overtaken = await sign(who.agency, first)
    assert.equal(overtaken.status, 422)
    assert.match(overtaken.text, /n’est plus celui à signer : une nouvelle version a été écrite/)
    assert.match(overtaken.text, /Version 2/, 'the text to read is there')
    const { sha256 } = await reading(who.agency)
    const text = await t.get(room('/compte-rendu/texte'), who.fund)
    assert.equal(createHash('sha256').update(text.bytes).digest('hex'), sha256)
    assert.notEqual((await variable()).due.cents, 123_456, 'nothing counts before the three')
  })
  it('are not signed by who read a text that is being replaced: the signature waits, then is refused', async () => {
    const read = await reading(who.agency)
    const [begun, release] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    const actor = { who: { kind: 'system', job: 'test' }, now: t.now, requestId: 'x' } as const
    const rewriting = t.within(c, async tx => {
      await writeMinutes(tx, actor, id, (await minutesOf(tx, id))!.minutes)
      begun.resolve()
      await release.promise
    })
    await begun.promise
    let settled = false
    const signing = sign(who.agency, read).finally(() => {
      settled = true
    })
    while (!settled && (await t.owner('select 1 from pg_locks where not granted')).length === 0);
    release.resolve()
    await rewriting
    assert.equal((await signing).status, 422)
    assert.equal((await t.owner('select 1 from app.contract_review_signature where no > 1')).length, 0)
  })
  it('signed by the three, even two at once, are one proof whose file has the hash that was signed, and Argent shows them', async () => {
    const read = await reading(who.agency)
    assert.equal((await sign(who.board, read)).status, 303)
    assert.equal((await sign(who.board, read)).status, 422, 'once a party')
    const both = await Promise.all([sign(who.fund, read), sign(who.agency, read)])
    assert.deepEqual(
      both.map(x => x.status),
      [303, 303],
    )
    const proofs = await t.owner(`select payload::jsonb #>> '{said,file,sha256}' as sha from app.ledger_entry where book = 'proofs'`)
    assert.deepEqual(
      proofs.map(p => p.sha),
      [read.sha256],
    )
    assert.equal((await variable()).due.cents, 123_456)
    const { text } = await t.get(at('/argent?annee=2'), who.fund)
    assert.match(
      text,
      /Arrêté au dialogue de gestion à 1 234,56 € \(calcul : [^)]*\), noté par les trois parties le 17\/11\/2026 : Registre tenu toute l’année\./,
    )
    assert.match(text, /au contrat\. saisi par les trois parties le 17\/11\/2026, d’après compte-rendu-annee-2-version-3\.txt/)
  })
  it('tell who sets an indicator what was agreed for the year after', async () => {
    assert.match(
      (await t.get(at('/indicateur/regler?code=no-gp'), who.coordinator)).text,
      /Convenu au dialogue de gestion pour l’année 3 cible 7 sur 100/,
    )
  })
  it('then no longer change: neither text, nor comment, nor participants; and are closed once', async () => {
    assert.equal((await write({})).status, 404)
    assert.equal((await t.post(room(`${indicator}/commenter`), { asks: 'no', words: 'Trop tard' }, who.fund)).status, 422)
    assert.equal((await t.post(room('/reunion'), meeting(), who.coordinator)).status, 422)
    assert.equal((await t.post(room('/clore'), {}, who.coordinator)).status, 303)
    assert.equal((await t.post(room('/clore'), {}, who.coordinator)).status, 422)
    await assert.rejects(
      t.within(c, tx => run(tx, sql`update app.contract_review_minutes set words = 'x'`)),
      /permission denied/,
    )
    await assert.rejects(
      t.within(c, tx => run(tx, sql`update app.contract_review_snapshot set payload = '{}'`)),
      /permission denied/,
    )
  })
})

describe('a rule that the signed contract confirms', () => {
  const confirm = (rule: string, o: Record<string, string | File> = {}) =>
    t.post(at('/confirmations/confirmer'), { rule, article: 'Article 5.2', ...o }, who.coordinator)
  const paper = () => new File([aPdf()], 'contrat.pdf')
  const provenance = async () => {
    const account = await t.within(c, tx => accountOf(tx, c.id, '2026-11-17'))
    return account!.statement.years[0]!.lines.find(l => l.heading === 'access' && l.part === 'fixed')!.due.origins.find(
      o => o.id === 'prorata-days',
    )?.provenance
  }
  it('needs its paper and its article, and is no longer assumed where the figure shows', async () => {
    assert.equal(await provenance(), 'assumed')
    assert.equal((await confirm('prorata-days')).status, 422, 'no document is attached to the signature')
    assert.equal((await confirm('advance', { paper: paper() })).status, 422, 'published: nothing to confirm')
    assert.equal((await confirm('prorata-days', { paper: paper() })).status, 303)
    assert.equal((await confirm('prorata-days', { paper: paper() })).status, 409)
    assert.equal(await provenance(), 'contract')
    const { text, html } = await t.get(at('/confirmations'), who.fund)
    assert.match(text, /Article 5\.2, confirmé par Claire Roux \(coordination\) le 17\/11\/2026/)
    assert.equal((await t.get(/href="([^"]*\/pieces\/[^"]+)"/.exec(html)![1]!, who.fund)).status, 200)
  })
  it('is assumed again once the confirmation is taken back, which stays', async () => {
    const [held] = await t.within(c, tx => confirmations(tx))
    assert.equal((await t.post(at(`/confirmations/${held!.id}/retirer`), { why: 'Mauvais article' }, who.coordinator)).status, 303)
    assert.equal(await provenance(), 'assumed')
    assert.match((await t.get(at('/confirmations'), who.board)).text, /Confirmations retirées 1 .*Mauvais article/)
    assert.equal((await t.within(c, tx => one<{ n: number }>(tx, sql`select count(*)::int as n from app.contract_confirmation`))).n, 1)
  })
})
