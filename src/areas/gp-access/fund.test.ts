/** The fund's list and ours, compared without a name: who is found, what goes back, what is kept and for how long. Invented people. */
import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, it } from 'node:test'
import fc from 'fast-check'
import { THRESHOLD } from '#domain/disclosure.ts'
import { one, sql } from '#platform/db/types.ts'
import { randomUUIDv7 } from '#platform/ids.ts'
import { silentLog } from '#platform/log.ts'
import { newKey, pseudonymise, pseudonymsOf, readKey, writePseudonyms } from '#platform/pseudonyms.ts'
import { createApp } from '#platform/web/app.ts'
import { BASE, type Person, type Reply, textOf } from '../../../test/app.ts'
import { differences, rowsOf } from '../../../test/world.ts'
import { Desk } from './desk.fixture.ts'
import { communeTable, compare } from './fund.ts'
import { aDoctor, aPatient, aWaiting, system } from './gp-access.fixture.ts'
import { gpAccessArea } from './index.ts'
import { eraseFundFiles } from './jobs.ts'
import { accept, declare, leave, propose, seen } from './store/proposals.ts'
import { notDuplicate } from './store/record.ts'
import { enterRequest } from './store/requests.ts'

let desk: Desk
let web: ReturnType<typeof createApp>
before(async () => {
  desk = await Desk.open()
  web = createApp({ db: desk.t.db, areas: [gpAccessArea()], clock: () => desk.t.now, log: silentLog, baseUrl: BASE, demo: false })
})
after(() => desk?.t.close())
beforeEach(() => desk.fresh())

const key = newKey()
const HEAD = 'nom de naissance;nom utilisé;prénoms;date de naissance;code commune;ald'
/** What the fund prepares at its side from its own list. */
const prepared = (lines: string[], k = key) =>
  writePseudonyms(readKey(k)!, pseudonymise(new TextEncoder().encode([HEAD, ...lines].join('\n')), readKey(k)!))
const path = (rest = '') => `/c/${desk.c.slug}/rapprochement${rest}`
async function send(
  content: BlobPart,
  o: { key?: string; as?: Person; to?: string } = {},
): Promise<Pick<Reply, 'status' | 'location' | 'text'>> {
  const body = new FormData()
  body.set('_key', randomUUIDv7())
  body.set('key', o.key ?? key)
  body.set('file', new File([content], 'caisse.csv', { type: 'text/csv' }))
  const answer = await web.request(
    new Request(BASE + (o.to ?? path()), {
      method: 'POST',
      body,
      headers: { origin: BASE, cookie: (o.as ?? desk.me).cookie },
      redirect: 'manual',
    }),
  )
  return { status: answer.status, location: answer.headers.get('location'), text: textOf(await answer.text()) }
}
const compared = async (lines: string[]): Promise<string> => {
  const done = await send(prepared(lines))
  assert.equal(done.status, 303, done.text)
  return /rapprochement\/([0-9a-f-]{36})/.exec(done.location!)![1]!
}
const statuses = async (id: string) =>
  Object.fromEntries(
    (
      await desk.t.owner(
        `select l.pseudonym, l.status, l.why, r.number from app.fund_line l left join app.request r on r.cpts_id = l.cpts_id and r.id = l.request_id where l.file_id = $1`,
        [id],
      )
    ).map(r => [String(r.pseudonym), [r.status, r.why, r.number]]),
  )
const strict = (birthName: string, givenNames: string, birthDate: string) =>
  pseudonymsOf(readKey(key)!, { birthName, usedName: null, givenNames, birthDate }).strict!
const get = (rest: string, as: Person | null = desk.me) => desk.t.get(path(rest), as)

describe('the comparison', () => {
  it('finds the same person, finds who is written a little otherwise, and does not choose between homonyms', async () => {
    const { t, c } = desk
    const waiting = (o: Parameters<typeof aPatient>[0]) => aWaiting(t, c, o)
    const plain = await waiting({ birthName: 'Lefèvre', givenNames: 'Éloïse', birthDate: '1954-12-03' })
    const married = await waiting({ birthName: 'Petit', givenNames: 'Odile', birthDate: '1948-06-07' })
    const compound = await waiting({ birthName: 'Le Goff', givenNames: 'Jean', birthDate: '1960-10-20' })
    const swapped = await waiting({ birthName: 'Diallo', givenNames: 'Aminata', birthDate: '1971-02-05' })
    for (const phone of ['+33639980002', '+33639980003'])
      await waiting({ birthName: 'Martin', givenNames: 'Paul', birthDate: '1950-01-01', phone })
    const [homonym] = await t.owner(
      `select id from app.request where cpts_id = $1 and birth_name = 'Martin' and duplicate_of is not null`,
      [c.id],
    )
    await t.within(c, tx => notDuplicate(tx, system(t), String(homonym!.id)))
    const twice = await waiting({ birthName: 'Nguyen', givenNames: 'Linh', birthDate: '1990-09-09' })
    await t.within(c, tx =>
      enterRequest(tx, system(t), aPatient({ birthName: 'NGUYEN', givenNames: 'Linh', birthDate: '1990-09-09' }), 'proxy'),
    )
    const id = await compared([
      'LEFEVRE;;ELOISE MARIE;03/12/1954;91377;oui',
      'Durand;Petit;Odile;07/06/1948;91377;oui',
      'LEGOFF;;Jean-Pierre;20/10/1960;91477;oui',
      'Diallo;;Aminata;02/05/1971;91377;oui',
      'Martin;;Paul;01/01/1950;91377;oui',
      'Nguyen;;Linh;09/09/1990;91377;oui',
      'Inconnu;;Ange;01/02/1933;91377;oui',
    ])
    assert.deepEqual(await statuses(id), {
      [strict('Lefevre', 'Eloise', '1954-12-03')]: ['matched', null, plain.number],
      [strict('Durand', 'Odile', '1948-06-07')]: ['probable', 'used', married.number],
      [strict('Legoff', 'Jean-Pierre', '1960-10-20')]: ['probable', 'given', compound.number],
      [strict('Diallo', 'Aminata', '1971-05-02')]: ['probable', 'swapped', swapped.number],
      [strict('Martin', 'Paul', '1950-01-01')]: ['several', 'homonyms', null],
      [strict('Nguyen', 'Linh', '1990-09-09')]: ['matched', null, twice.number],
      [strict('Inconnu', 'Ange', '1933-02-01')]: ['absent', null, null],
    })
    const page = await get(`/${id}`)
    assert.match(page.text, /2 personnes attendent ou ont attendu ici, sur 7/)
    assert.match(page.text, /par le nom utilisé au lieu du nom de naissance/)
    assert.doesNotMatch(page.text, /Lefèvre|Éloïse|Petit Odile|1954/, 'numbers, not names')
    assert.equal((await get(`/${id}?etat=absent`)).text.match(/Personne inconnue ici/g)?.length, 1)
  })
  it('does not put a certain match in doubt because of a twin, and gives nobody to two people of the file', () => {
    const of = (birthName: string, givenNames: string) =>
      pseudonymsOf('k', { birthName, usedName: null, givenNames, birthDate: '2000-02-03' })
    const one = (p: ReturnType<typeof of>) => ({ id: 'a', pseudonyms: p, since: new Date(0), duplicateOf: null })
    const [anne, claire, marie] = [of('Roux', 'Marie-Anne'), of('Roux', 'Marie-Claire'), of('Roux', 'Marie')]
    assert.deepEqual(
      compare([anne, claire], [one(anne)]).map(m => m.status),
      ['matched', 'probable'].map((s, i) => (i === 1 ? 'several' : s)),
    )
    assert.deepEqual(
      compare([anne, claire], [one(marie)]).map(m => [m.status, m.why]),
      [
        ['several', 'shared'],
        ['several', 'shared'],
      ],
    )
    assert.deepEqual(
      compare([anne, anne], [one(anne)]).map(m => [m.status, m.why]),
      [
        ['matched', null],
        ['several', 'twice'],
      ],
    )
  })
  it('finds everybody, whoever they are, in whatever order, and nobody else', () => {
    const name = fc.string({ unit: fc.constantFrom(...'abcdeéèêïlmnorstuv-’ '), minLength: 3, maxLength: 9 }).map(s => `X${s}`)
    const someone = fc.record({
      birthName: name,
      usedName: fc.constant(null),
      givenNames: name,
      birthDate: fc
        .date({ min: new Date('1920-01-01'), max: new Date('2020-01-01'), noInvalidDate: true })
        .map(d => d.toISOString().slice(0, 10)),
    })
    fc.assert(
      fc.property(fc.uniqueArray(someone, { minLength: 2, maxLength: 12, selector: p => pseudonymsOf('k', p).strict }), people => {
        const all = people.map(p => pseudonymsOf('k', p))
        const here = all
          .filter((_, i) => i % 2 === 0)
          .map((pseudonyms, i) => ({ id: String(2 * i), pseudonyms, since: new Date(0), duplicateOf: null }))
        for (const [i, m] of compare(all, here).entries())
          if (i % 2 === 0) assert.deepEqual([m.status, m.requestId], ['matched', String(i)])
          else assert.notEqual(m.status, 'matched')
      }),
      { numRuns: 60 },
    )
  })
})

describe('what goes back to the fund', () => {
  it('is a pseudonym and an answer; nobody writes about somebody who died, and a lost declaration is checked', async () => {
    const { t, c } = desk
    const doctor = await aDoctor(t, c)
    const person = (birthName: string) => aWaiting(t, c, { birthName, givenNames: 'Alex', birthDate: '1940-02-03' })
    await person('Attend')
    const closed = await person('Close')
    const p = await t.within(c, tx =>
      propose(
        tx,
        system(t),
        { baseUrl: BASE, home: '', cptsName: '' },
        { requestId: closed.id, membershipId: doctor.membershipId, minutes: 1 },
      ),
    )
    await t.within(c, tx => accept(tx, system(t), p))
    await t.within(c, tx => declare(tx, system(t), closed.id, '2026-11-20', 'patient'))
    await t.within(c, tx => seen(tx, system(t), closed.id, '2026-11-20'))
    const [dead, gone] = [await person('Mort'), await person('Parti')]
    await t.within(c, tx => leave(tx, system(t), dead.id, 'deceased'))
    await t.within(c, tx => leave(tx, system(t), gone.id, 'gave_up'))
    const id = await compared(['Attend', 'Close', 'Mort', 'Parti', 'Absent'].map(n => `${n};;Alex;03/02/1940;91377;oui`))
    const back = await get(`/${id}/retour.csv`)
    const [mark, header, ...lines] = back.html.trim().split('\r\n')
    assert.equal(header, 'pseudonyme;reponse')
    assert.match(mark!, /^trame-retour-1;[\w-]{22}$/)
    const of = (name: string) => lines.find(l => l.startsWith(strict(name, 'Alex', '1940-02-03')))?.split(';')[1]
    assert.deepEqual(['Attend', 'Close', 'Mort', 'Parti', 'Absent'].map(of), [
      'deja dans la liste',
      'a verifier',
      'a verifier',
      'a contacter',
      'a contacter',
    ])
    assert.doesNotMatch(back.html, /attend|alex|1940|91377/i)
    assert.match((await get(`/${id}/lignes.csv`)).html, /la déclaration n’est pas arrivée à la caisse/)
  })
  it('counts by commune that point at nobody: under eleven hidden, and not found again by subtraction', async () => {
    const people = (n: number, commune: string) =>
      Array.from({ length: n }, (_, i) => `Nom${'abcdefghijklmnopqrstuvwxyz'[i]};;Ange;01/02/1933;${commune};oui`)
    const id = await compared([...people(23, '91377'), ...people(4, '91477').map(l => l.replace('Ange', 'Bob'))])
    const file = (await get(`/${id}/communes.csv`)).html
    assert.match(file, /Palaiseau;masqué/)
    assert.match(file, /Massy;masqué/, '27 less 23 would tell')
    assert.match(file, /Ensemble;30/)
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd', 'e'), fc.nat(60)), counts => {
        const table = communeTable(Object.entries(counts).flatMap(([code, n]) => Array.from({ length: n }, () => code)))
        if (!table) return
        for (const r of table.communes) if (counts[r.code]! < THRESHOLD) assert.equal(r.people, null)
        assert.notEqual(table.communes.filter(r => r.people === null).length, 1, 'one hidden alone is found by subtraction')
      }),
      { numRuns: 200 },
    )
  })
})

describe('what is kept', () => {
  it('no name, no key; pseudonyms for thirty days; each comparison and each person found on record', async () => {
    const { t, c } = desk
    const { id: request } = await aWaiting(t, c, { birthName: 'Ferrand', givenNames: 'Solène', birthDate: '1938-04-05' })
    const id = await compared(['Ferrand;;Solène;05/04/1938;91377;oui', 'Quidam;;Urbain;01/02/1933;91477;oui'])
    const all = await rowsOf(t, c.id)
    const fund = [...all.fund_file!, ...all.fund_line!].join('\n')
    assert.doesNotMatch(fund, /ferrand|sol[eè]ne|quidam|urbain|1938|1933/i)
    const everything = Object.values(all).flat().join('\n')
    assert.doesNotMatch(everything, /quidam|urbain/i, 'whom nobody knows here leaves no trace')
    for (const k of [key, readKey(key)!]) assert.ok(!everything.includes(k), 'the key is nowhere')
    const actions = await t.owner(
      `select action, subject_id, detail from app.audit_event where cpts_id = $1 and action like any('{fund.%,request.compared}')`,
      [c.id],
    )
    assert.deepEqual(
      actions.map(a => [a.action, a.subject_id]),
      [
        ['fund.compare', id],
        ['request.compared', request],
      ],
    )
    t.now = new Date(t.now.getTime() + 29 * 86_400_000)
    const erase = () =>
      eraseFundFiles.work({
        now: t.now,
        cpts: { ...c, demo: false },
        baseUrl: BASE,
        requestId: 'test',
        who: { kind: 'system', job: 'test' },
        inTenant: work => t.within(c, work),
      })
    await erase()
    assert.equal((await rowsOf(t, c.id)).fund_line!.length, 2)
    t.now = new Date(t.now.getTime() + 2 * 86_400_000)
    await erase()
    assert.deepEqual((await rowsOf(t, c.id)).fund_line, [])
    const page = await get(`/${id}`)
    assert.match(page.text, /effacés le/)
    assert.match(page.text, /sur 2/)
    assert.equal((await get(`/${id}/retour.csv`)).status, 409)
    t.now = new Date('2026-11-22T09:00:00Z')
  })
  it('is erased at once when asked, and the box says that the answer was given back', async () => {
    const id = await compared(['Quidam;;Urbain;01/02/1933;91377;oui'])
    const ask = (fields: Record<string, string>) => desk.t.post(path(`/${id}/effacer`), fields, desk.me)
    assert.equal((await ask({})).status, 422)
    assert.equal((await ask({ confirm: 'on' })).status, 303)
    assert.deepEqual((await rowsOf(desk.t, desk.c.id)).fund_line, [])
  })
  it('an ALD that the fund says and the request does not is noted on one word, with its points', async () => {
    const { t, c } = desk
    const { id: request } = await aWaiting(t, c, { birthName: 'Ferrand', givenNames: 'Solène', birthDate: '1938-04-05' })
    const id = await compared(['Ferrand;;Solène;05/04/1938;91377;oui'])
    const stands = () =>
      t.within(c, tx => one<{ ald: boolean; points: number }>(tx, sql`select ald, points from app.request where id = ${request}`))
    const before = await stands()
    assert.match((await get(`/${id}`)).text, /Noter l’ALD/)
    const note = (r: string) => desk.t.post(path(`/${id}/ald`), { request: r }, desk.me)
    assert.equal((await note(request)).status, 303)
    assert.equal((await stands()).ald, true)
    assert.ok((await stands()).points > before.points)
    assert.doesNotMatch((await get(`/${id}`)).text, /Noter l’ALD/)
    assert.equal((await note((await aWaiting(t, c)).id)).status, 404, 'only somebody of this file')
  })
})

describe('what is refused', () => {
  it('a wrong key, a cut or hostile file, a commune elsewhere: its reason, and nothing kept', async () => {
    const good = prepared(['Ferrand;;Solène;05/04/1938;91377;oui', 'Quidam;;Urbain;01/02/1933;91477;oui'])
    const before = await rowsOf(desk.t, desk.c.id)
    const refused = async (content: BlobPart, said: RegExp, o: { key?: string } = {}) => {
      const answer = await send(content, o)
      assert.equal(answer.status, 422, answer.text)
      assert.match(answer.text, said)
      assert.ok(!answer.text.includes(o.key ?? key), 'the key does not come back on the screen')
    }
    await refused(good, /La clé n’est pas celle de ce fichier/, { key: newKey() })
    await refused(good, /28 lettres et chiffres/, { key: 'secret' })
    await refused(good.slice(0, -30), /incomplet|ce n’est pas une ligne/)
    await refused(
      prepared(['Ferrand;;Solène;05/04/1938;91377;oui', 'Quidam;;Urbain;01/02/1933;75056;oui']),
      /Ligne \d : la commune 75056 n’est pas dans le territoire/,
    )
    await refused('nom;prénom\nFerrand;Solène\n', /n’est pas un fichier de pseudonymes/)
    await refused(new Uint8Array(100_000).fill(0), /n’est pas un fichier de pseudonymes/)
    await refused('', /est vide/)
    await refused(prepared([]), /ne contient personne/)
    await refused('x'.repeat(2 * 1024 * 1024 + 1), /dépasse 2 mégaoctets/)
    assert.deepEqual(differences(before, await rowsOf(desk.t, desk.c.id)), [])
  })
  it('everybody but the coordination, and another community', async () => {
    const id = await compared(['Quidam;;Urbain;01/02/1933;91377;oui'])
    for (const role of ['doctor', 'nurse', 'board', 'funder', 'partner'] as const) {
      const who = await desk.t.person(desk.c, [role])
      for (const rest of ['', `/${id}`, `/${id}/retour.csv`, `/${id}/communes.csv`, `/${id}/lignes.csv`])
        assert.equal((await get(rest, who)).status, 404, `${role} ${rest}`)
      assert.equal((await get('/programme.mjs', who)).status, role === 'funder' ? 200 : 404, role)
    }
    const program = await get('/programme.mjs')
    assert.match(program.headers.get('content-disposition')!, /attachment; filename="pseudonymes.mjs"/)
    const [c, me] = [desk.c, desk.me]
    await desk.fresh()
    for (const rest of [`/${id}`, `/${id}/retour.csv`, `/${id}/lignes.xlsx`]) assert.equal((await get(rest)).status, 404)
    assert.equal((await desk.t.get(`/c/${c.slug}/rapprochement/${id}`, me)).status, 200)
    // The same file in another community finds nobody of the first.
    await aWaiting(desk.t, c, { birthName: 'Ferrand', givenNames: 'Solène', birthDate: '1938-04-05' })
    const other = await compared(['Ferrand;;Solène;05/04/1938;91377;oui'])
    assert.deepEqual(Object.values(await statuses(other)), [['absent', null, null]])
  })
})
