import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { addMonths } from '#domain/calendar.ts'
import { alertsOf, contradictions, type LifeEvent, lifeOf, type Mission, type Terms } from './rules.ts'

const socles2019: Mission[] = ['access', 'pathways', 'prevention', 'quality', 'support']
const terms = (fromDay: string, o: Partial<Terms> = {}): Terms => ({
  fromDay,
  agreement: 'aci-2019',
  size: 1,
  sizeReason: null,
  years: 5,
  missions: socles2019,
  snpCompensation: false,
  ...o,
})
let n = 0
const event = (kind: LifeEvent['kind'], day: string, o: Partial<LifeEvent> = {}): LifeEvent => ({
  id: `e${++n}`,
  kind,
  mission: null,
  day,
  terms: kind === 'signature' || kind === 'amendment' || kind === 'renewal' ? terms(day) : null,
  ...o,
})
const signed = (day: string) => [event('signature', day)]
const lived = (events: LifeEvent[], today: string) => lifeOf(events, today)
const refused = (events: LifeEvent[], step: Partial<LifeEvent> & Pick<LifeEvent, 'kind' | 'day'>, today = '2026-11-22') =>
  contradictions(events, { ...event(step.kind, step.day), ...step }, today)

describe('the deadlines of the four dated contracts', () => {
  const known = [
    ['Sud Allier', '2020-06-17', ['2020-12-17', '2021-12-17'], ['2021-06-17', '2022-06-17'], '2025-06-17'],
    ['Noé Santé', '2020-12-14', ['2021-06-14', '2022-06-14'], ['2021-12-14', '2022-12-14'], '2025-12-14'],
    ['Grand Versailles', '2020-12-17', ['2021-06-17', '2022-06-17'], ['2021-12-17', '2022-12-17'], '2025-12-17'],
    ['Vexin-Normand', '2021-10-19', ['2022-04-19', '2023-04-19'], ['2022-10-19', '2023-10-19'], '2026-10-19'],
  ] as const
  for (const [name, day, access, others, end] of known)
    it(name, () => {
      const life = lived(signed(day), addMonths(day, 1))
      const of = (m: Mission) => life.missions.filter(x => x.mission === m).map(x => [x.startBy, x.deployedBy])[0]
      assert.deepEqual(of('access'), access)
      assert.deepEqual([of('pathways'), of('prevention')], [others, others])
      assert.deepEqual(
        [of('quality'), of('support')],
        [
          [null, null],
          [null, null],
        ],
      )
      assert.equal(life.period?.to, end)
    })
})

describe('where a contract stands', () => {
  const start = [event('letter', '2019-06-01'), event('letter-accepted', '2019-07-01'), event('project', '2020-01-15')]
  it('follows what was recorded, nothing else', () => {
    const at = (events: LifeEvent[], today: string) => lived(events, today).phase
    assert.equal(at([], '2020-01-01'), 'emergence')
    assert.equal(at(start.slice(0, 1), '2020-01-01'), 'letter')
    assert.equal(at(start.slice(0, 2), '2020-01-01'), 'letter-accepted')
    assert.equal(at(start, '2020-03-14'), 'project')
    assert.equal(at(signed('2020-06-17'), '2021-01-01'), 'deployment')
    assert.equal(at(signed('2020-06-17'), '2025-06-16'), 'deployment')
    assert.equal(at(signed('2020-06-17'), '2025-06-17'), 'expired')
    assert.equal(at([...signed('2020-06-17'), event('termination', '2023-01-10')], '2024-01-01'), 'terminated')
  })
  it('a project nobody opposed is validated after two months, and says that it is tacit', () => {
    assert.deepEqual(lived(start, '2020-03-14').tacitOn, '2020-03-15')
    assert.deepEqual(lived(start, '2020-03-15').validation, { day: '2020-03-15', tacit: true })
    assert.deepEqual(lived([...start, event('validation', '2020-02-20')], '2020-02-21').validation, { day: '2020-02-20', tacit: false })
  })
  it('an opposed project is never tacit; the next one starts again', () => {
    const opposed = [...start, event('opposition', '2020-02-20')]
    assert.equal(lived(opposed, '2020-09-01').phase, 'opposed')
    const again = [...opposed, event('project', '2020-05-04')]
    assert.equal(lived(again, '2020-06-01').phase, 'project')
    assert.equal(lived(again, '2020-07-04').phase, 'validated')
  })
  it('is a cruise once every mission of the contract is deployed', () => {
    const done = socles2019.flatMap(m => [
      event('mission-start', '2021-01-01', { mission: m }),
      event('mission-deployed', '2022-01-01', { mission: m }),
    ])
    assert.equal(lived([...signed('2020-06-17'), ...done], '2022-01-02').phase, 'cruise')
    assert.equal(lived([...signed('2020-06-17'), ...done.slice(0, -1)], '2022-01-02').phase, 'deployment')
  })
  it('a renewal is a new period; a mission added by an amendment has its time from there', () => {
    const added = terms('2022-09-01', { agreement: 'avenant-2', missions: [...socles2019, 'crisis'] })
    const all = [
      ...signed('2020-12-17'),
      event('amendment', '2022-07-01', { terms: added }),
      event('renewal', '2025-12-01', { terms: { ...added, fromDay: '2025-12-17' } }),
    ]
    const life = lived(all, '2026-01-01')
    assert.deepEqual(
      life.periods.map(p => [p.from, p.to]),
      [
        ['2020-12-17', '2025-12-17'],
        ['2025-12-17', '2030-12-17'],
      ],
    )
    const crisis = life.missions.find(m => m.mission === 'crisis')
    assert.deepEqual([crisis?.since, crisis?.startBy, crisis?.deployedBy], ['2022-09-01', '2023-03-01', '2024-03-01'])
    assert.equal(life.missions.find(m => m.mission === 'access')?.since, '2020-12-17')
  })
})

describe('what has a clock', () => {
  it('is ordered by clock: late, then near, then far', () => {
    const life = lived([...signed('2020-12-17'), event('mission-start', '2021-06-01', { mission: 'access' })], '2021-12-20')
    const alerts = alertsOf(life, '2021-12-20')
    assert.deepEqual(
      alerts.map(a => [a.kind, a.mission, a.left, a.tone]),
      [
        ['mission-start', 'pathways', -3, 'late'],
        ['mission-start', 'prevention', -3, 'late'],
        ['mission-deployed', 'access', 179, 'neutral'],
        ['mission-deployed', 'pathways', 362, 'neutral'],
        ['mission-deployed', 'prevention', 362, 'neutral'],
      ],
    )
  })
  it('the end is announced a year before, and stays once passed', () => {
    const ends = (today: string) => alertsOf(lived(signed('2021-10-19'), today), today).find(a => a.kind === 'end')
    assert.equal(ends('2025-10-18'), undefined)
    assert.equal(ends('2025-10-19')?.tone, 'wait')
    assert.equal(ends('2026-11-22')?.tone, 'late')
  })
})

describe('a step that contradicts the record is refused, at its field, with what is recorded', () => {
  it('a mission before the contract, before its start, twice, or not chosen', () => {
    const base = signed('2021-10-19')
    assert.match(refused(base, { kind: 'mission-start', mission: 'access', day: '2021-10-18' }).day ?? '', /depuis le 19\/10\/2021/)
    assert.match(refused([], { kind: 'mission-start', mission: 'access', day: '2021-11-01' }).kind ?? '', /signature/)
    assert.match(refused(base, { kind: 'mission-start', mission: 'crisis', day: '2021-11-01' }).mission ?? '', /avenant/)
    assert.match(refused(base, { kind: 'mission-deployed', mission: 'access', day: '2022-01-01' }).mission ?? '', /démarrage/)
    const started = [...base, event('mission-start', '2022-02-01', { mission: 'access' })]
    assert.match(refused(started, { kind: 'mission-deployed', mission: 'access', day: '2022-01-31' }).day ?? '', /01\/02\/2022/)
    assert.match(refused(started, { kind: 'mission-start', mission: 'access', day: '2022-03-01' }).mission ?? '', /déjà/)
    assert.deepEqual(refused(started, { kind: 'mission-deployed', mission: 'access', day: '2022-02-01' }), {})
  })
  it('a second signature, terms that overlap, a renewal inside a period, an amendment outside any', () => {
    const base = signed('2020-12-14')
    const step = (kind: 'signature' | 'amendment' | 'renewal', fromDay: string) =>
      refused(base, { kind, day: '2021-01-01', terms: terms(fromDay) })
    assert.match(step('signature', '2021-01-01').kind ?? '', /déjà signé/)
    assert.match(step('amendment', '2020-12-14').fromDay ?? '', /même jour/)
    assert.match(step('amendment', '2020-12-01').fromDay ?? '', /rien ne le change avant/)
    assert.match(step('amendment', '2025-12-14').fromDay ?? '', /renouvellement/)
    assert.match(step('renewal', '2025-12-13').fromDay ?? '', /14\/12\/2025/)
    assert.deepEqual(step('renewal', '2025-12-14'), {})
    assert.deepEqual(step('amendment', '2025-12-13'), {})
  })
  it('the crisis mission under a text that did not know it, a step in the future, an answer to nothing', () => {
    const t = terms('2021-01-01', { missions: ['access', 'crisis'] })
    assert.match(refused([], { kind: 'signature', day: '2021-01-01', terms: t }).missions ?? '', /avenant 2/)
    assert.match(refused([], { kind: 'letter', day: '2027-01-01' }).day ?? '', /futur/)
    assert.match(refused([], { kind: 'validation', day: '2021-01-01' }).kind ?? '', /projet/)
    assert.match(refused([event('letter', '2021-01-02')], { kind: 'letter-accepted', day: '2021-01-01' }).day ?? '', /02\/01\/2021/)
  })
})
