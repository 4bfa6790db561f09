/** What the desk does to many at once: batches, exports, clocks, doctors' places, the rule; and what it costs. */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { KyselyPlugin } from 'kysely'
import { one, rows, run, sql, type Tx } from '#platform/db/types.ts'
import { conflict } from '#platform/errors.ts'
import type { Ctx } from '#platform/page.ts'
import { uuidOf } from '../../../test/app.ts'
import { Desk, site } from './desk.fixture.ts'
import { aDoctor, aWaiting, system } from './gp-access.fixture.ts'
import { jobs } from './jobs.ts'
import { listPage } from './pages/desk/list.tsx'
import { recordPage } from './pages/desk/record.tsx'
import { eachLine } from './store/lines.ts'
import { propose } from './store/proposals.ts'
import { admit } from './store/requests.ts'
import { voteRule } from './store/settings.ts'
import { badges } from './store/worklist.ts'

let desk: Desk
before(async () => {
  desk = await Desk.open()
})
after(() => desk.t.close())
const at = (id: string, step = '') => desk.url(`/${id}${step}`)

describe('a batch', () => {
  before(() => desk.fresh())
  it('says first what will happen, then does it', async () => {
    const [a, b] = [await desk.received({ birthName: 'Un' }), await desk.received({ birthName: 'Deux' })]
    const { text } = await desk.t.get(desk.url(`/lot?faire=admettre&id=${a.id}&id=${b.id}&id=rien`), desk.me)
    assert.match(text, /Deux Camille .* Entre dans la liste, à son rang/)
    assert.match(text, /Déclarer recevables \(2\)/)
    const done = await desk.t.post(desk.url('/lot'), { doing: 'admettre', ids: `${a.id},${b.id}` }, desk.me)
    assert.match((await desk.t.get(done.location!, desk.me)).text, /2 demandes sont entrées dans la liste/)
    assert.match((await desk.t.get(desk.url('/lot'), desk.me)).text, /Aucune demande choisie/)
  })
  it('does what it can, tells the rest, loses nothing; the same form twice is once', async () => {
    const a = await desk.received({ birthName: 'Recevable' })
    const gone = await desk.received({ birthName: 'Parti' })
    await desk.step(gone.id, '/sortie', { exit: 'gave_up' })
    const { id: taken } = await desk.accepted({ birthName: 'Pris' })
    const fields = { doing: 'admettre', ids: [a.id, gone.id, taken].join(','), _key: uuidOf(a.id) }
    const { status, text } = await desk.t.post(desk.url('/lot'), fields, desk.me)
    assert.equal(status, 200)
    assert.match(text, /1 demande est entrée dans la liste/)
    assert.match(text, /Ce qui n’a pas changé 2/)
    assert.match(text, /Parti Camille .* « Sortie de la liste », par Claire Roux/)
    assert.deepEqual(
      [(await desk.state(a.id)).state, (await desk.state(gone.id)).state, (await desk.state(taken)).state],
      ['prioritised', 'exited', 'accepted'],
    )
    const again = await desk.t.post(desk.url('/lot'), fields, desk.me)
    assert.equal(again.status, 303)
    assert.equal((await desk.state(a.id)).state, 'prioritised')
  })
  it('asks for the reason of an exit, keeps what was chosen, and leaves strangers alone', async () => {
    const a = await desk.received()
    const wrong = await desk.t.post(desk.url('/lot'), { doing: 'sortir', ids: a.id }, desk.me)
    assert.equal(wrong.status, 422)
    assert.match(wrong.html, new RegExp(a.id))
    const other = await desk.t.community()
    const theirs = await desk.t.person(other, ['coordinator'])
    assert.equal((await desk.t.post(`/c/${other.slug}/demandes/lot`, { doing: 'sortir', ids: a.id, exit: 'gave_up' }, theirs)).status, 404)
    assert.equal((await desk.state(a.id)).state, 'received')
  })
})

describe('lines of a batch', () => {
  before(() => desk.fresh())
  it('undo what a refused line had begun, and keep the others', async () => {
    const [a, b] = [await desk.received(), await desk.received()]
    const results = await desk.t.within(desk.c, tx =>
      eachLine(tx, [a.id, b.id], async id => {
        await admit(tx, system(desk.t), id)
        if (id === a.id) throw conflict('Trop tard.')
      }),
    )
    assert.deepEqual(results, [
      { id: a.id, ok: false, sentence: 'Trop tard.' },
      { id: b.id, ok: true },
    ])
    assert.deepEqual([(await desk.state(a.id)).state, (await desk.state(b.id)).state], ['received', 'prioritised'])
  })
  it('are all undone by a fault of ours', async () => {
    const a = await desk.received()
    await assert.rejects(
      desk.t.within(desk.c, tx =>
        eachLine(tx, [a.id, 'fault'], async id => {
          if (id === 'fault') throw new Error('ours')
          await admit(tx, system(desk.t), id)
        }),
      ),
      /ours/,
    )
    assert.equal((await desk.state(a.id)).state, 'received')
  })
})

describe('an export', () => {
  before(() => desk.fresh())
  it('never runs in a spreadsheet, keeps the filters, and leaves one line per person', async () => {
    const a = await desk.received({ birthName: '=CMD()|calc', ald: true })
    await aWaiting(desk.t, desk.c, { birthName: 'Autre' })
    const { html, headers } = await desk.t.get(desk.url('/export.csv?etat=recues'), desk.me)
    assert.match(headers.get('content-disposition')!, /demandes-2026-11-22\.csv/)
    assert.match(html, /;'=CMD\(\)\|calc;/)
    assert.doesNotMatch(html, /Autre/)
    const lines = await desk.t.within(desk.c, tx =>
      rows<{ id: string }>(tx, sql`select subject_id as id from app.audit_event where action = 'request.export'`),
    )
    assert.deepEqual(lines, [{ id: a.id }])
    assert.equal((await desk.t.get(desk.url('/export.xlsx'), desk.me)).headers.get('content-type')?.includes('spreadsheetml'), true)
    assert.equal((await desk.t.get(desk.url('/export.csv'), await desk.t.person(desk.c, ['doctor']))).status, 404)
    assert.match((await desk.t.get(at(a.id), desk.me)).text, /Export de la liste/)
  })
})

describe('what waits', () => {
  before(() => desk.fresh())
  it('names each clock, in order, and each opens its own list', async () => {
    const start = desk.t.now
    await desk.received({ birthName: 'Verif' })
    const { id } = await desk.accepted({ birthName: 'Accepte' })
    const doctor = await aDoctor(desk.t, desk.c, { until: '2026-12-05' })
    const p = await aWaiting(desk.t, desk.c, { birthName: 'Expire' })
    await desk.t.within(desk.c, tx => propose(tx, system(desk.t), site, { requestId: p.id, membershipId: doctor.membershipId, minutes: 1 }))
    after(() => {
      desk.t.now = start
    })
    desk.t.now = new Date(start.getTime() + 8 * 24 * 3600_000)
    desk.me = await desk.t.person(desk.c, ['coordinator'])
    const { text } = await desk.t.get(desk.url(), desk.me)
    assert.match(text, /1 demande reçue à vérifier/)
    assert.match(text, /1 patient accepté, sans rendez-vous depuis 7 jours/)
    assert.match(text, /1 médecin dont les places sont à confirmer/)
    assert.deepEqual(await desk.t.within(desk.c, tx => badges(tx, { now: desk.t.now, today: '2026-11-30' })), { requests: 3, waiting: 3 })
    assert.match((await desk.t.get(desk.url('?attente=sans-rendez-vous'), desk.me)).text, /Accepte Camille/)
    assert.doesNotMatch((await desk.t.get(desk.url('?attente=sans-rendez-vous'), desk.me)).text, /Verif/)
    await jobs
      .find(j => j.name === 'gp-access.expire')!
      .work({
        now: desk.t.now,
        cpts: { ...desk.c, demo: false },
        baseUrl: '',
        requestId: 'job',
        who: { kind: 'system', job: 'gp-access.expire' },
        inTenant: work => desk.t.within(desk.c, work),
      })
    assert.match((await desk.t.get(desk.url('?attente=revenues'), desk.me)).text, /Expire Camille/)
    assert.equal((await desk.state(id)).state, 'accepted')
  })
})

describe('clocks at their edge', () => {
  before(() => desk.fresh())
  it('a visit is to be confirmed the day after, not the day itself', async () => {
    const [today, yesterday] = [await desk.accepted({ birthName: 'Aujourdhui' }), await desk.accepted({ birthName: 'Hier' })]
    await desk.step(today.id, '/rendez-vous', { day: '2026-11-22' })
    await desk.step(yesterday.id, '/rendez-vous', { day: '2026-11-21' })
    const { text } = await desk.t.get(desk.url('?attente=rendez-vous-passes'), desk.me)
    assert.match(text, /Hier Camille/)
    assert.doesNotMatch(text, /Aujourdhui Camille/)
  })
  it('a vote moves the points of who waits, at night; a form left half-way is erased after two hours', async () => {
    const { id } = await aWaiting(desk.t, desk.c, { ald: true })
    const [young, old] = [uuidOf('young'), uuidOf('old')]
    const hoursAgo = (h: number) => new Date(desk.t.now.getTime() - h * 3600_000)
    await desk.t.within(desk.c, async tx => {
      await voteRule(
        tx,
        { lines: [{ criterion: 'ald', label: 'ALD', points: 7 }], seniority: { label: 'Attente', pointsPerMonth: 0, atMost: 0 } },
        '1',
        '2026-10-01',
        desk.t.now,
      )
      for (const [draft, at] of [
        [young, hoursAgo(1)],
        [old, hoursAgo(3)],
      ] as const)
        await run(
          tx,
          sql`insert into app.request_draft (id, created_at, expires_at) values (${draft}, ${at}, ${new Date(at.getTime() + 2 * 3600_000)})`,
        )
    })
    for (const job of jobs.filter(j => ['gp-access.rescore', 'gp-access.drop-drafts'].includes(j.name)))
      await job.work({
        now: desk.t.now,
        cpts: { ...desk.c, demo: false },
        baseUrl: '',
        requestId: 'job',
        who: { kind: 'system', job: job.name },
        inTenant: work => desk.t.within(desk.c, work),
      })
    const row = await desk.t.within(desk.c, tx => one<{ points: number }>(tx, sql`select points from app.request where id = ${id}`))
    assert.equal(row.points, 7)
    assert.deepEqual(await desk.t.within(desk.c, tx => rows(tx, sql`select id from app.request_draft`)), [{ id: young }])
  })
})

describe('doctors’ places', () => {
  before(() => desk.fresh())
  it('marks what is stale, asks again by a link, writes down what is said by phone', async () => {
    const doctor = await aDoctor(desk.t, desk.c, { name: 'Dr Périmé', until: '2026-11-01' })
    await desk.t.person(desk.c, ['doctor'], { name: 'Dre Muette' })
    const path = `/c/${desk.c.slug}/medecins`
    const { text } = await desk.t.get(path, desk.me)
    assert.match(text, /Périmé depuis le 01\/11\/2026/)
    assert.match(text, /Dre Muette .*Rien déclaré/)
    const asked = await desk.t.post(`${path}/${doctor.membershipId}/redemander`, {}, desk.me)
    assert.match((await desk.t.get(asked.location!, desk.me)).text, /Un lien part au Dr Périmé.*Redemandé le 22\/11\/2026/)
    const m = await desk.t.within(desk.c, tx => one<{ body: string }>(tx, sql`select body from app.message where reason = 'capacity'`))
    assert.match(m.body, /\/places\/[\w-]{43}/)
    const fields = { total: '4', communeCode: '91377', until: '2027-01-31', wheelchair: 'on' }
    assert.equal((await desk.t.post(`${path}/${doctor.membershipId}/places`, { ...fields, until: '2026-01-01' }, desk.me)).status, 422)
    const said = await desk.t.post(`${path}/${doctor.membershipId}/places`, fields, desk.me)
    assert.match((await desk.t.get(said.location!, desk.me)).text, /4 places jusqu’au 31\/01\/2027/)
    assert.equal((await desk.t.get(path, await desk.t.person(desk.c, ['doctor']))).status, 404)
    const other = await desk.t.community()
    assert.equal(
      (await desk.t.post(`/c/${other.slug}/medecins/${doctor.membershipId}/places`, fields, await desk.t.person(other, ['coordinator'])))
        .status,
      404,
    )
  })
})

describe('the rule', () => {
  before(() => desk.fresh())
  it('is the one the list uses, in public without anybody’s data', async () => {
    const path = `/c/${desk.c.slug}/comment-la-liste-est-ordonnee`
    assert.match((await desk.t.get(path)).text, /Règle provisoire/)
    await desk.t.within(desk.c, tx =>
      voteRule(
        tx,
        { lines: [{ criterion: 'ald', label: 'Longue durée', points: 77 }], seniority: { label: 'Attente', pointsPerMonth: 3, atMost: 9 } },
        '2026-14',
        '2026-10-01',
        desk.t.now,
      ),
    )
    const { text } = await desk.t.get(path)
    assert.match(text, /Longue durée \+ ?77/)
    assert.match(text, /3 points par tranche de 30 jours, jusqu’à 9 points/)
    assert.match(text, /décision 2026-14/)
    const { id } = await aWaiting(desk.t, desk.c, { ald: true })
    assert.match((await desk.t.get(at(id), desk.me)).text, /Longue durée \+ 77/)
    assert.match((await desk.t.get(`/c/${desk.c.slug}/regle`, await desk.t.person(desk.c, ['nurse']))).text, /77/)
  })
})

describe('statements', () => {
  before(() => desk.fresh())
  it('are at most four for the list and nine for a record, whatever their size', async () => {
    const { id } = await desk.accepted()
    for (let i = 0; i < 12; i++) await desk.received()
    const shown = async (p: typeof listPage | typeof recordPage, params: Record<string, string>) => {
      let n = 0
      await desk.t.within(desk.c, async tx => {
        const counting: KyselyPlugin = {
          transformQuery: a => {
            n++
            return a.node
          },
          transformResult: async a => a.result,
        }
        const who = {
          kind: 'member',
          personId: desk.me.personId,
          membershipId: desk.me.membershipId,
          name: desk.me.name,
          roles: ['coordinator'],
          rpps: null,
        } as const
        const ctx: Ctx = {
          tx: tx.withPlugin(counting) as unknown as Tx,
          cpts: { ...desk.c, demo: false },
          who,
          now: desk.t.now,
          today: '2026-11-22',
          params: params as never,
          query: new URLSearchParams(),
          baseUrl: '',
          home: `/c/${desk.c.slug}`,
          requestId: 'x',
          lang: 'fr',
          peer: '',
          key: () => uuidOf('k'),
        }
        await String(await p.show(ctx as never))
      })
      return n
    }
    assert.equal(await shown(listPage, {}), 4)
    const record = await shown(recordPage, { id })
    assert.ok(record <= 9 && record > 4, String(record))
  })
})

describe('French spaces', () => {
  before(() => desk.fresh())
  it('never break before a sign, on any page of the desk', async () => {
    const { id } = await desk.accepted()
    const twin = await desk.received({ birthName: 'Jumeau' })
    const dup = await desk.received({ birthName: 'Jumeau' })
    const out = await desk.received()
    await desk.step(out.id, '/sortie', { exit: 'redirected_dac' })
    const pages = [
      desk.url(),
      desk.url('/nouvelle'),
      ...[id, twin.id, dup.id, out.id].map(x => at(x)),
      at(twin.id, '/sortie'),
      at(twin.id, '/modifier'),
      at(dup.id, '/reunir'),
      at(twin.id, '/proposer'),
      desk.url(`/lot?faire=sortir&id=${twin.id}&id=${id}`),
      ...['/medecins', '/regle', '/comment-la-liste-est-ordonnee', '/plan'].map(p => `/c/${desk.c.slug}${p}`),
    ]
    for (const page of pages) {
      const { html } = await desk.t.get(page, desk.me)
      const words = html.replace(/<(script|style|title)[\s\S]*?<\/\1>/g, '').replace(/<[^>]+>/g, '\n')
      assert.deepEqual(
        [...words.matchAll(/.{0,30}( [:;!?»]|« ).{0,20}/g)].map(m => m[0]),
        [],
        page,
      )
      assert.doesNotMatch(words, /!|undefined|\[object|null(?=\s)/, page)
    }
  })
})
