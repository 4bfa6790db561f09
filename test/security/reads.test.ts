/** Whatever is asked, in whatever order: as many looks at a patient on record as were served, searches, files and lists included (R53). */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import fc from 'fast-check'
import { roles } from '#platform/access.ts'
import { type ShownInLists, shownInLists } from '#platform/audit.ts'
import { seal, verifyAudit } from '#platform/audit-chain.ts'
import { type TestApp, testApp } from '../app.ts'
import { type Ask, appOn } from '../manifest.ts'
import { type Side, world } from '../world.ts'

let t: TestApp
let a: Side
let ask: Ask
/** Request by the mark in its given names. */
let patients: Map<string, string>
before(async () => {
  t = await testApp([], { demo: true })
  ;({ a } = await world(t, { text: where => `serin${where.replaceAll('-', '')}x` }))
  ask = appOn(t)
  patients = new Map(Object.entries(a.requests).map(([name, id]) => [`seringivennames${name}x`, id]))
})
after(() => t.close())

/** Patients told by an answer: their given names, or their tracking numbers. */
const shown = (html: string): string[] => {
  const numbers = Object.entries(a.numbers).filter(([, number]) => html.includes(number))
  const marks = [...html.toLowerCase().matchAll(/seringivennames\w+?x/g)].map(([mark]) => patients.get(mark)!)
  return [...new Set([...marks, ...numbers.map(([name]) => a.requests[name]!)])].sort()
}
interface Look {
  who: (typeof roles)[number]
  path: string
}
const values = {
  etat: ['en-cours', 'recues', 'en-attente', 'proposees', 'acceptees', 'rendez-vous', 'vues', 'closes', 'sorties', 'rien'],
  attente: ['', 'verifier', 'completer', 'doublons', 'sans-rendez-vous', 'sans-declaration'],
  tri: ['points', 'anciennete', 'etat'],
  profil: ['', 'adulte', 'enfant', 'ald'],
  commune: ['', '91377', '91477', '99999'],
  q: ['', 'serin', 'received', 'zzz', 'prioritised', '%', "'"],
  page: ['1', '2', '999'],
}
const search = fc
  .record(Object.fromEntries(Object.entries(values).map(([name, of]) => [name, fc.option(fc.constantFrom(...of), { nil: undefined })])))
  .map(chosen => new URLSearchParams(Object.entries(chosen).filter((e): e is [string, string] => e[1] !== undefined)).toString())
const look: fc.Arbitrary<Look> = fc
  .record({
    who: fc.oneof({ weight: 3, arbitrary: fc.constant('coordinator' as const) }, { weight: 2, arbitrary: fc.constantFrom(...roles) }),
    page: fc.constantFrom('demandes', 'demandes', 'demandes/export.csv', 'mes-patients', 'priorites', 'demandes/lot', 'PLAN', 'RECORD'),
    search,
    some: fc.subarray(['received', 'prioritised', 'accepted', 'closed', 'older'], { minLength: 1 }),
  })
  .map(({ who, page, search, some }) => {
    const ids = some.map(name => `id=${a?.requests[name]}`).join('&')
    const other: Record<string, string> = {
      PLAN: `plan/${a?.plan}`,
      RECORD: `demandes/${a?.requests[some[0]!]}`,
      'demandes/lot': `demandes/lot?faire=completer&${ids}`,
    }
    return { who, path: `/c/${a?.slug}/${other[page] ?? `${page}?${search}`}` }
  })

describe('as many looks on record as were served', () => {
  it('each answer is one line for a list, one a person for a file or a record, and names whom it showed and nobody else', async () => {
    let served = 0
    let refused = 0
    await fc.assert(
      fc.asyncProperty(look, async ({ who, path }) => {
        const { status, html, headers } = await ask('GET', path, { as: a.people[who] })
        const people = shown(html)
        const lines = await t.owner(
          `select action, actor_id, subject_id, detail, at, request_id from app.audit_event where request_id = $1`,
          [headers.get('x-request-id')],
        )
        if (status !== 200) {
          refused++
          assert.deepEqual([people, lines.map(l => l.action)], [[], ['access.denied']], path)
          return
        }
        served += people.length
        const lists = lines.filter(l => (l.detail as { named?: string[] }).named)
        const each = lines.filter(l => l.subject_id && !lists.includes(l)).map(l => String(l.subject_id))
        const named = lists.flatMap(l => (l.detail as { named: string[] }).named)
        assert.ok(lists.length <= 1, `${path}: one line for a list`)
        assert.equal(new Set(each).size, each.length, `${path}: one line a person`)
        assert.deepEqual([...new Set([...each, ...named])].sort(), people, path)
        for (const line of lines) assert.equal(line.actor_id, a.people[who].membershipId)
        assert.doesNotMatch(JSON.stringify(lines), /serin|zzz/i, 'identifiers only, and no word that was searched')
      }),
      { numRuns: 150, seed: 53 },
    )
    assert.ok(served > 100 && refused > 10, `${served} looks, ${refused} refusals`)
  })
  it('each patient reads how many lists showed him, to whom and when last: before the seal, and after it', async () => {
    const told = async () => {
      const all: Record<string, ShownInLists[]> = {}
      for (const id of Object.values(a.requests)) all[id] = await t.within(a, tx => shownInLists(tx, id))
      return all
    }
    const expected: Record<string, ShownInLists[]> = Object.fromEntries(Object.values(a.requests).map(id => [id, []]))
    const lines = await t.owner(
      `select actor_label as who, at, detail -> 'named' as named from app.audit_event where cpts_id = $1 and detail ? 'named' order by at desc`,
      [a.id],
    )
    for (const { who, at, named } of lines as { who: string; at: Date; named: string[] }[])
      for (const id of named) {
        const found = expected[id]!.find(l => l.who === who)
        if (found) found.times++
        else expected[id]!.push({ who, times: 1, lastAt: at })
      }
    const sorted = (all: Record<string, ShownInLists[]>) =>
      Object.fromEntries(Object.entries(all).map(([id, lists]) => [id, lists.toSorted((x, y) => (x.who < y.who ? -1 : 1))]))
    assert.ok(expected[a.requests.prioritised!]![0]!.times > 5)
    assert.deepEqual(sorted(await told()), sorted(expected), 'waiting for their seal')
    await seal(t.db, a.id)
    assert.deepEqual(sorted(await told()), sorted(expected), 'sealed')
    await ask('GET', `/c/${a.slug}/demandes`, { as: a.people.coordinator })
    const once = (await t.within(a, tx => shownInLists(tx, a.requests.prioritised!))).find(l => /coordination/.test(l.who))!
    assert.equal(once.times, expected[a.requests.prioritised!]!.find(l => l.who === once.who)!.times + 1, 'one more, not sealed yet')
    await seal(t.db, a.id)
    const { html } = await ask('GET', `/c/${a.slug}/suivi/${a.tokens.tracking}`)
    assert.match(html.replace(/<[^>]+>/g, ' '), new RegExp(`serinmembercoordinatorx \\(coordination\\)\\s+${once.times}\\s`))
    assert.deepEqual((await verifyAudit(t.db, a.id)).faults, [])
  })
  it('a count that was touched is found by the verification', async () => {
    const touch = (statement: string) => t.owner(`${statement} and subject_id = $1`, [a.requests.prioritised])
    await touch('update app.audit_named set times = times - 1 where true')
    assert.deepEqual((await verifyAudit(t.db, a.id)).faults, [{ kind: 'named' }])
    await touch('update app.audit_named set times = times + 1 where true')
    assert.deepEqual((await verifyAudit(t.db, a.id)).faults, [])
    await touch('delete from app.audit_named where true')
    assert.deepEqual((await verifyAudit(t.db, a.id)).faults, [{ kind: 'named' }])
  })
})
