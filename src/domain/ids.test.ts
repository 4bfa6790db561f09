import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import * as ids from './ids.ts'

test('an RPPS number has eleven digits and a Luhn key', () => {
  // 8999000233510: identifier of a test card of the Agence du numérique en santé (899900023351, RPPS 99900023351).
  assert.ok(ids.isRpps('99900023351'))
  for (const bad of ['99900023352', '9990002335', '999000233510', '9990002335a', '', ' 99900023351', '99900023351\n'])
    assert.ok(!ids.isRpps(bad), bad)
  assert.equal(ids.makeRpps('9990002335'), '99900023351')
  assert.throws(() => ids.makeRpps('999000233'), RangeError)
})

test('the key finds every wrong digit, and every swap of neighbours but 09 and 90', () => {
  const ten = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 10, maxLength: 10 }).map(d => d.join(''))
  fc.assert(
    fc.property(ten, fc.nat(10), fc.integer({ min: 1, max: 9 }), (digits, at, add) => {
      const rpps = ids.makeRpps(digits)
      assert.ok(ids.isRpps(rpps))
      const wrong = rpps.slice(0, at) + ((Number(rpps[at]) + add) % 10) + rpps.slice(at + 1)
      assert.ok(!ids.isRpps(wrong))
    }),
  )
  fc.assert(
    fc.property(ten, fc.nat(9), (digits, at) => {
      const rpps = ids.makeRpps(digits)
      const pair = rpps.slice(at, at + 2)
      fc.pre(pair[0] !== pair[1] && pair !== '09' && pair !== '90')
      assert.ok(!ids.isRpps(rpps.slice(0, at) + pair[1] + pair[0] + rpps.slice(at + 2)))
    }),
  )
})

test('an IDNPS is 8 and the RPPS number', () => {
  assert.equal(ids.idnpsOf('99900023351'), '899900023351')
  assert.equal(ids.rppsOfIdnps('899900023351'), '99900023351')
  assert.equal(ids.rppsOfIdnps('099900023351'), null)
  assert.equal(ids.rppsOfIdnps('899900023352'), null)
  assert.throws(() => ids.idnpsOf('99900023352'), RangeError)
})

test('a FINESS number has a Luhn key, but in Corsica', () => {
  // Legal entities of the hospitals of Paris, Lyon, Marseille; numbers of the examples of the FHIR directory guide (ANS).
  for (const good of ['750712184', '690781810', '130786049', '580008803', '540002698', '2A0000014', '2B0000020'])
    assert.ok(ids.isFiness(good), good)
  for (const bad of ['750712185', '75071218', '7507121840', '2C0000014', 'A50712184', '']) assert.ok(!ids.isFiness(bad), bad)
})

test('a SIRET has a Luhn key, and La Poste its own', () => {
  assert.ok(ids.isSiret('35600000000048'))
  assert.ok(ids.isSiret('35600000049837'))
  assert.ok(!ids.isSiret('35600000049838'))
  assert.ok(!ids.isSiret('3560000000004'))
})

test('commune codes: mainland, Corsica, overseas, districts', () => {
  for (const good of ['01001', '03118', '2A004', '2B033', '75056', '75120', '13202', '69381', '95690', '97105', '97611', '98818'])
    assert.ok(ids.isCommuneCode(good), good)
  for (const bad of ['00001', '2C004', '20004', '96001', '97005', '9901', '990011', '1001', 'A1001', '2a004', ''])
    assert.ok(!ids.isCommuneCode(bad), bad)
  assert.equal(ids.departmentOf('2A004'), '2A')
  assert.equal(ids.departmentOf('97611'), '976')
  assert.equal(ids.departmentOf('03118'), '03')
})

test('districts know their city', () => {
  assert.equal(ids.cityOfDistrict('75101'), '75056')
  assert.equal(ids.cityOfDistrict('75121'), null)
  assert.equal(ids.cityOfDistrict('69389'), '69123')
  assert.equal(ids.cityOfDistrict('69380'), null)
  assert.equal(ids.cityOfDistrict('13216'), '13055')
  assert.equal(ids.cityOfDistrict('13217'), null)
})

test('postal codes', () => {
  for (const good of ['03800', '20000', '75116', '97160', '98799']) assert.ok(ids.isPostalCode(good), good)
  for (const bad of ['00100', '99000', '3800', '038000', '2A000', '']) assert.ok(!ids.isPostalCode(bad), bad)
})
