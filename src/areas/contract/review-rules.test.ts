import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { compute } from '#domain/contract/index.ts'
import { proportion } from '#domain/money.ts'
import { someMinutes, someTerms } from './contract.fixture.ts'
import { freeze } from './frozen.ts'
import {
  answerBy,
  byClock,
  clockState,
  contractOf,
  daysToAnswer,
  decisionProblems,
  decisionsOf,
  definitionOf,
  envelopesOf,
  type FrozenIndicator,
  factsOf,
  type LifeEvent,
  minutesText,
  refusalOf,
  reviewState,
  signatoryErrors,
  sinceOf,
  toldOf,
} from './rules.ts'

const when = (day: string) => new Date(`${day}T09:00:00Z`)

describe('the clock of a question', () => {
  it('counts French working days: neither week-ends, nor 11 November, nor Christmas', () => {
    assert.equal(answerBy('2026-11-06', 15), '2026-11-30', 'one more day for the 11th')
    assert.equal(answerBy('2026-12-23', 3), '2026-12-29')
    assert.equal(daysToAnswer('2026-11-30', '2026-11-27'), 1)
    assert.equal(daysToAnswer('2026-11-30', '2026-12-02'), -2)
  })
  it('leaves the whole last day, and the first answer stops it for good', () => {
    const asked = { dueOn: '2026-11-30', answeredOn: null }
    assert.equal(clockState(asked, '2026-11-30'), 'waiting')
    assert.equal(clockState(asked, '2026-12-01'), 'late')
    assert.equal(clockState({ ...asked, answeredOn: '2026-11-30' }, '2027-01-01'), 'answered')
    assert.equal(clockState({ ...asked, answeredOn: '2026-12-01' }, '2027-01-01'), 'answered-late')
    assert.equal(clockState({ dueOn: null, answeredOn: null }, '2027-01-01'), 'remark')
  })
  it('puts the late ones first, the longest late first, then those that wait, then the rest', () => {
    const c = (id: string, dueOn: string | null, answeredOn: string | null = null) => ({ id, dueOn, answeredOn, at: when('2026-11-01') })
    const all = [
      c('remark', null),
      c('waits', '2026-12-20'),
      c('late', '2026-11-20'),
      c('answered', '2026-11-02', '2026-11-02'),
      c('later', '2026-11-10'),
    ]
    assert.deepEqual(
      byClock(all, '2026-11-22').map(x => x.id),
      ['later', 'late', 'waits', 'remark', 'answered'],
    )
  })
})

describe('a review', () => {
  it('stands where what happened to it says', () => {
    const r = { openedAt: null, minutesNo: 0, signedAt: null, closedAt: null }
    const at = when('2026-11-22')
    const states = [r, { ...r, openedAt: at }, { ...r, openedAt: at, minutesNo: 2 }, { ...r, openedAt: at, minutesNo: 2, signedAt: at }]
    assert.deepEqual(states.map(reviewState), ['prepared', 'open', 'written', 'signed'])
    assert.equal(reviewState({ ...states[3]!, closedAt: at }), 'closed')
  })
  it('is signed by three people', () => {
    assert.deepEqual(signatoryErrors({ community: 'a', fund: 'b', agency: 'c' }), {})
    assert.deepEqual(Object.keys(signatoryErrors({ community: 'a', fund: 'b', agency: 'b' })), ['agency'])
    assert.deepEqual(Object.keys(signatoryErrors({ community: 'a', fund: 'a', agency: 'b' })), ['fund'])
  })
})

describe('figures that are frozen', () => {
  const people = definitionOf('gp-found')!
  const share = (numerator: number, denominator: number) => ({ state: 'measured', ratio: { numerator, denominator } }) as const
  it('hold no small number of people: neither the found, nor the not found, nor the asked', () => {
    assert.deepEqual(toldOf(people, share(40, 100)), share(40, 100))
    assert.deepEqual(toldOf(people, share(10, 100)), { state: 'small', about: 0.1 })
    assert.deepEqual(toldOf(people, share(92, 100)), { state: 'small', about: 0.9 })
    assert.deepEqual(toldOf(people, share(3, 8)), { state: 'small', about: null })
    assert.deepEqual(toldOf(definitionOf('case-meetings')!, share(4, 1)), share(4, 1), 'meetings are not people')
  })
  it('of a whole year hold neither the small number, nor a rate that would give it', () => {
    const event = { id: 's', kind: 'signature', mission: null, day: '2024-01-05', terms: someTerms('2024-01-05') } as const
    const start = { ...event, id: 'm', kind: 'mission-start', mission: 'access', terms: null } as const
    const target = { numerator: 60, denominator: 100 }
    const chosen = [
      {
        code: 'gp-found',
        weight: 10_000,
        target,
        baseline: null,
        baselineMissing: null,
        baselineFigureId: null,
        at: when('2024-01-05'),
        by: 'x',
      },
    ] as const
    const contract = contractOf('c', [event, start], [], chosen)!
    const counts = { received: 83, found: 7, ald: 0, aldFound: 0, closed: 0, closedSoon: 0 }
    const values = [{ code: 'gp-found', year: 1, value: share(7, 83) }]
    const facts = factsOf([event, start], { values, plans: [], receipts: [], decisions: [] })
    const statement = compute(contract, facts, '2024-11-22')
    const spans = statement.years.map(y => ({ year: y.year, from: y.from, to: y.to }))
    const evidence = new Map([[1, () => ({ counts, proofs: [], imported: null })]])
    const account = { contract, facts, statement, spans, chosen: [...chosen], evidence }
    assert.ok(
      statement.years[0]!.lines.some(l => l.indicators.some(i => i.rate)),
      'a rate is known',
    )
    const frozen = freeze(account, statement.years[0]!, 'CPTS', '2024-11-22')
    const [found] = frozen.indicators
    assert.deepEqual([found!.code, found!.value, found!.rate], ['gp-found', { state: 'small', about: 0.1 }, null])
    assert.doesNotMatch(JSON.stringify(frozen.indicators), /:(7|83)\b/)
  })
  it('say what changed since, and say nothing when nothing did', () => {
    const proof = (id: string) => ({ id, no: 1, title: id, day: '2026-01-01', hash: id })
    const f = { value: share(4, 1), proofs: [proof('a'), proof('b')] } as FrozenIndicator
    assert.equal(sinceOf(f, { value: share(4, 1), proofs: [proof('b'), proof('a')] }), null)
    assert.deepEqual(sinceOf(f, { value: share(5, 1), proofs: [proof('a'), proof('c'), proof('d')] }), {
      value: share(5, 1),
      proofs: { more: 2, fewer: 1 },
    })
    assert.deepEqual(sinceOf(f, { value: { state: 'unavailable', reason: 'x' }, proofs: f.proofs })?.proofs, { more: 0, fewer: 0 })
  })
})

describe('what minutes decide', () => {
  const terms = someTerms('2024-01-01', { missions: ['access', 'pathways', 'prevention'] })
  const event = (o: Partial<LifeEvent>): LifeEvent => ({ id: 's', kind: 'signature', mission: null, day: '2024-01-01', terms: null, ...o })
  const events = [
    event({ terms }),
    // Started in the middle of the first year: its envelope is then in proportion.
    event({ id: 'm', kind: 'mission-start', mission: 'pathways', day: '2024-07-01' }),
  ]
  const money = { values: [], plans: [], receipts: [], decisions: [] }
  const contract = contractOf('c', events, [], [])!
  const facts = factsOf(events, money)
  it('is held by the envelope of the year, in proportion of the days when the mission began within it', () => {
    const whole = envelopesOf(contract, facts, 2, '2026-11-22').get('pathways')!
    const first = envelopesOf(contract, facts, 1, '2026-11-22').get('pathways')!
    assert.ok(whole.envelope > 0)
    assert.equal(first.envelope, proportion(whole.envelope, 184, 366))
    assert.equal(envelopesOf(contract, facts, 1, '2026-11-22').has('quality'), false, 'not in the contract')
  })
  it('is refused above it by one cent, with a sentence, and taken at the very envelope', () => {
    const { envelope } = envelopesOf(contract, facts, 2, '2026-11-22').get('pathways')!
    const at = (cents: number) => decisionProblems(contract, facts, 2, [{ mission: 'pathways', cents }], '2026-11-22')
    assert.deepEqual(at(envelope), [])
    assert.match(refusalOf(at(envelope + 1)[0]!), /dépassent l’enveloppe de cette part variable/)
    assert.match(
      refusalOf(decisionProblems(contract, facts, 2, [{ mission: 'quality', cents: 1 }], '2026-11-22')[0]!),
      /pas de part variable/,
    )
  })
  it('is told to the calculation with its reason and the file, and the text that is signed says it', () => {
    const m = someMinutes(2, {
      decisions: [{ mission: 'pathways', cents: 123_456, rate: null, computed: 0, envelope: 200_000, reason: 'Deux protocoles.' }],
    })
    assert.deepEqual(decisionsOf(m, '2026-11-22', 'f.txt'), [
      { mission: 'pathways', year: 2, cents: 123_456, reason: 'Deux protocoles', by: 'les trois parties', at: '2026-11-22', file: 'f.txt' },
    ])
    const text = minutesText(m, 3).replaceAll(/[\u00a0\u202f]/g, ' ')
    assert.match(text, /Version 3\. Réunion du 02\/11\/2026\./)
    assert.match(text, /- Parcours pluriprofessionnels : 1 234,56 € \(sur 2 000 € ; calcul : 0 €\)\. Motif : Deux protocoles\./)
    assert.match(text, /empreinte SHA-256 0{64}/)
  })
})
