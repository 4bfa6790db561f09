import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  answers,
  contradicts,
  countNeeds,
  fullName,
  type Note,
  needOf,
  needs,
  occupation,
  partnerKinds,
  partnerWords,
  properName,
  publicPhone,
  quiet,
  seenFromHere,
  sortedName,
} from './rules.ts'

describe('needs', () => {
  it('find a doctor by speciality, a nurse by profession', () => {
    assert.equal(occupation('10', ['SM54'], 'Médecin'), 'Médecin généraliste')
    assert.equal(occupation('10', ['SM04', 'SM54'], 'Médecin'), 'Médecin généraliste et cardiologue')
    assert.equal(occupation('10', ['SM99'], 'Médecin'), 'Médecin')
    assert.equal(occupation('60', [], 'Infirmier'), 'Infirmier ou infirmière')
    assert.equal(occupation('86', [], 'Technicien de laboratoire'), 'Technicien de laboratoire')
  })
  it('give every doctor one place at least, and no doctor without speciality to the general practitioners', () => {
    for (const skills of [[], ['SM99'], ['SM54'], ['SM04']])
      assert.ok(
        needs.some(n => answers(n, '10', skills)),
        String(skills),
      )
    assert.equal(answers(needOf('medecin-generaliste')!, '10', []), false)
  })
  it('count what is there and only that', () => {
    const counted = countNeeds([
      { code: '10', label: 'Médecin', skills: ['SM26'], n: 20 },
      { code: '10', label: 'Médecin', skills: ['SM54'], n: 7 },
      { code: '60', label: 'Infirmier', skills: [], n: 60 },
      { code: '86', label: 'Technicien', skills: [], n: 2 },
    ])
    assert.deepEqual(
      counted.map(c => [c.need.key, c.n]),
      [
        ['medecin-generaliste', 27],
        ['infirmier', 60],
        ['profession-86', 2],
      ],
    )
  })
  it('have keys that are found again, all different', () => {
    const keys = [...needs.map(n => n.key), ...partnerKinds.map(k => partnerWords[k].key)]
    assert.equal(new Set(keys).size, keys.length)
    for (const key of keys) assert.equal(needOf(key)?.key, key)
    assert.equal(needOf('profession-86')?.professions[0], '86')
    assert.equal(needOf('rien'), null)
  })
})

describe('a phone number', () => {
  it('of a practice is shown, a mobile or a broken one never', () => {
    for (const shown of ['0160111213', '01 60 11 12 13', '+33160111213', '0033 1 60 11 12 13', '01.60.11.12.13'])
      assert.equal(publicPhone(shown), '+33160111213', shown)
    for (const hidden of ['0612345678', '07 12 34 56 78', '+33 6 12 34 56 78', '0033712345678', '0690123456', '12', '', null])
      assert.equal(publicPhone(hidden), null, String(hidden))
  })
})

describe('a text in capitals', () => {
  it('is written as one writes', () => {
    assert.equal(quiet("12 RUE DE L'EGLISE"), '12 rue de l’Eglise')
    assert.equal(quiet('SCM CABINET DU PARC'), 'SCM Cabinet du Parc')
    assert.equal(quiet('Cabinet déjà écrit'), 'Cabinet déjà écrit')
    assert.equal(quiet('58 Rue DES ROSIERS'), '58 rue des Rosiers')
    assert.equal(quiet("4 bis Avenue DE L'EGLISE 03120 LAPALISSE"), '4 bis Avenue de l’Eglise 03120 Lapalisse')
    assert.equal(quiet('Cabinet SCM, ZAC du Parc'), 'Cabinet SCM, ZAC du Parc')
    assert.equal(properName("LE GOFF-D'ORGEVAL"), 'Le Goff-D’Orgeval')
    assert.equal(properName('HAŸ'), 'Haÿ')
    assert.equal(fullName({ familyName: 'LE GOFF', givenName: 'JEANNE', civility: 'DR' }), 'Dr\u00a0Jeanne Le Goff')
    assert.equal(sortedName({ familyName: 'LE GOFF', givenName: 'JEANNE' }), 'Le Goff Jeanne')
  })
})

describe('a local fact', () => {
  const note = (field: Note['field'], value: string): Note => ({
    id: '',
    rpps: '',
    field,
    value,
    source: '',
    verifiedAt: '',
    verifiedBy: '',
  })
  it('contradicts the directory when both cannot be right', () => {
    assert.equal(contradicts(note('phone', '+33160111213'), { phones: ['01 60 11 12 13'], communes: [] }), false)
    assert.equal(contradicts(note('phone', '+33160111213'), { phones: ['0160000000'], communes: [] }), true)
    assert.equal(contradicts(note('phone', '+33160111213'), { phones: [], communes: [] }), false)
    assert.equal(contradicts(note('commune', '91377'), { phones: [], communes: ['91377', '91064'] }), false)
    assert.equal(contradicts(note('commune', '91377'), { phones: [], communes: ['91064'] }), true)
    assert.equal(contradicts(note('stopped', '2026-06-30'), { phones: [], communes: ['91064'] }), true)
    assert.equal(contradicts(note('stopped', '2026-06-30'), { phones: [], communes: [] }), false)
  })
})

it('sees a national move from one side only as an arrival or a departure', () => {
  assert.equal(seenFromHere('move', true, true), 'move')
  assert.equal(seenFromHere('move', false, true), 'arrival')
  assert.equal(seenFromHere('move', true, false), 'departure')
  assert.equal(seenFromHere('change', false, false), 'change')
})
