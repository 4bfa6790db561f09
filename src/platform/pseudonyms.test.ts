/** The same person has the same pseudonym at both sides, whatever accents and hyphens; without the key, nobody has any. */
import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { after, describe, it } from 'node:test'
import fc from 'fast-check'
import {
  BadFile,
  type Identity,
  newKey,
  printOf,
  pseudonymise,
  pseudonymsOf,
  readKey,
  readPseudonyms,
  variants,
  writePseudonyms,
} from './pseudonyms.ts'
import { pseudonymsProgram } from './standalone.ts'

const key = readKey('K7QM-42XD-9RTB-VWNC-3HJF-8PAE-6GYS')!
const person = (o: Partial<Identity> = {}): Identity => ({
  birthName: 'Lefèvre',
  usedName: null,
  givenNames: 'Éloïse Marie',
  birthDate: '1954-12-03',
  ...o,
})
const same = (a: Partial<Identity>, b: Partial<Identity>) => pseudonymsOf(key, person(a)).strict === pseudonymsOf(key, person(b)).strict
const bytes = (text: string) => new TextEncoder().encode(text)
const reasons = (work: () => unknown): string[] => {
  try {
    work()
  } catch (error) {
    if (error instanceof BadFile) return error.reasons
    throw error
  }
  return []
}

describe('a pseudonym', () => {
  it('forgives accents, case, hyphens, apostrophes, ligatures, « de », and the given names after the first', () => {
    assert.ok(same({}, { birthName: 'LEFEVRE', givenNames: 'eloise' }))
    assert.ok(same({}, { birthName: 'Lefe\u0300vre' }), 'composed or not')
    assert.ok(same({ birthName: 'Martin-Dupont' }, { birthName: 'martin dupont' }))
    assert.ok(same({ birthName: 'd’Orgéval' }, { birthName: "D'ORGEVAL" }))
    assert.ok(same({ birthName: 'd’Orgéval' }, { birthName: 'Orgeval' }))
    assert.ok(same({ birthName: 'de La Tour' }, { birthName: 'La Tour' }))
    assert.ok(same({ birthName: 'Cœur' }, { birthName: 'COEUR' }))
    assert.ok(same({ givenNames: 'Jean-Pierre, Marie' }, { givenNames: 'Jean-Pierre' }))
  })
  it('tells apart what is another person', () => {
    for (const other of [
      { birthName: 'Lefort' },
      { birthName: 'Tour' },
      { givenNames: 'Élise' },
      { birthDate: '1954-12-04' },
      { birthDate: '1954-03-12' },
    ])
      assert.ok(!same({}, other), JSON.stringify(other))
    assert.ok(!same({ birthName: 'Delatour' }, { birthName: 'Latour' }), 'a syllable is not a particle')
    // The borders between name, given name and date are kept.
    assert.ok(!same({ birthName: 'Mart', givenNames: 'Inès' }, { birthName: 'Martin', givenNames: 'Es' }))
  })
  it('has three variants, each for one difference, and meets the strict one of the other side', () => {
    const of = (o: Partial<Identity>) => pseudonymsOf(key, person(o))
    assert.equal(of({ usedName: 'Petit' }).used, of({ birthName: 'Petit' }).strict)
    assert.equal(of({ givenNames: 'Jean-Pierre' }).given, of({ givenNames: 'Jean Pierre' }).strict)
    assert.equal(of({ birthDate: '1954-03-12' }).swapped, of({}).strict)
    assert.equal(of({ birthDate: '1954-12-13' }).swapped, null, 'no thirteenth month')
    assert.deepEqual([of({ usedName: 'lefevre' }).used, of({}).given, of({ birthDate: '1954-05-05' }).swapped], [null, null, null])
  })
  it('depends on every letter of the key, and says nothing of a name by itself', () => {
    const other = readKey(`${key.slice(0, -1)}T`)!
    assert.notEqual(pseudonymsOf(other, person()).strict, pseudonymsOf(key, person()).strict)
    assert.notEqual(printOf(other), printOf(key))
    assert.match(pseudonymsOf(key, person()).strict!, /^[\w-]{22}$/)
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.string({ minLength: 1 }), (birthName, givenNames) => {
        try {
          const p = pseudonymsOf(key, person({ birthName: `X${birthName}`, givenNames: `Y${givenNames}` }))
          for (const v of variants) assert.ok(p[v] === null || /^[\w-]{22}$/.test(p[v]))
        } catch (error) {
          assert.match(String(error), /sans lettre/)
        }
      }),
    )
  })
})

describe('a key', () => {
  it('is drawn at random, and read as it was dictated', () => {
    const drawn = newKey()
    assert.match(drawn, /^([2-9A-HJKMNP-Z]{4}-){6}[2-9A-HJKMNP-Z]{4}$/)
    assert.notEqual(drawn, newKey())
    assert.equal(readKey(` ${drawn.toLowerCase().replaceAll('-', ' ')} `), drawn.replaceAll('-', ''))
    for (const bad of ['', 'secret', drawn.slice(1), `${drawn}K`, drawn.replace(/^./, '0')]) assert.equal(readKey(bad), null, bad)
  })
})

const list = `nom de naissance;nom utilisé;prénoms;date de naissance;code commune;ald
Lefèvre;;Éloïse;03/12/1954;91377;oui
"Le Goff";Petit;Jean-Pierre;1949-01-31;91477;non
`
describe('files', () => {
  it('the list becomes lines, and the lines come back as they were, in an order that is not the list’s', () => {
    const lines = pseudonymise(bytes(list), key)
    assert.equal(lines[0]!.strict, pseudonymsOf(key, person()).strict)
    assert.equal(
      lines[1]!.used,
      pseudonymsOf(key, person({ birthName: 'Petit', givenNames: 'Jean-Pierre', birthDate: '1949-01-31' })).strict,
    )
    const written = writePseudonyms(key, lines)
    assert.doesNotMatch(written, /lef|goff|petit|1954|1949/i)
    const back = readPseudonyms(bytes(written), key)
    assert.deepEqual(new Set(back.map(l => JSON.stringify(l))), new Set(lines.map(l => JSON.stringify(l))))
    assert.deepEqual(
      back.map(l => l.strict),
      back.map(l => l.strict).toSorted(),
    )
    assert.equal(writePseudonyms(key, lines.toReversed()), written)
  })
  it('the fund’s spreadsheet may be in Windows letters, with tabs or commas', () => {
    const latin = Uint8Array.from([...list].map(c => c.charCodeAt(0)))
    assert.deepEqual(pseudonymise(latin, key), pseudonymise(bytes(list), key))
    assert.deepEqual(pseudonymise(bytes(list.replaceAll(';', '\t')), key), pseudonymise(bytes(list), key))
  })
  it('a bad line stops everything and is named by its number, never by what it says', () => {
    const bad = `${list}Canari;;;31/02/1960;9137;peut-être\nCanari;;Ange\n`
    const said = reasons(() => pseudonymise(bytes(bad), key))
    assert.equal(said.length, 2)
    assert.match(said[0]!, /^Ligne 4 : une date.*commune.*prénom.*ALD/)
    assert.match(said[1]!, /^Ligne 5 : pas autant/)
    assert.doesNotMatch(said.join(), /canari|ange|1960/i)
    assert.match(reasons(() => pseudonymise(bytes('nom;prénom\nA;B'), key)).join(), /Il manque : nom de naissance/)
  })
  it('a wrong key, a cut file, a changed line, anything else: refused with its reason', () => {
    const good = writePseudonyms(key, pseudonymise(bytes(list), key))
    const refused = (text: string, k = key) => reasons(() => readPseudonyms(bytes(text), k)).join(' ')
    assert.match(refused(good, readKey(newKey())!), /La clé n’est pas celle de ce fichier/)
    assert.match(refused(good.split('\r\n').slice(0, 3).join('\r\n')), /annonce 2 personnes et en contient 1/)
    assert.match(refused(good.replace(';91377;', ';Massy;')), /^Ligne \d : ce n’est pas une ligne/)
    for (const hostile of ['', '\0\0', list, '<html><script>alert(1)</script>', '=cmd|calc', good.replace(/^(.{3})/, '$1=')])
      assert.match(refused(hostile), /n’est pas un fichier de pseudonymes/)
    assert.match(refused(good.replace(/\n([\w-]{22})/g, '\n=HYPERLINK(1)')), /ce n’est pas une ligne/)
    // Cut at any byte, a file is refused or whole.
    for (let n = 0; n < good.length - 2; n += 7) assert.notEqual(refused(good.slice(0, n)), '', `cut at ${n}`)
  })
})

describe('the program given to the fund', () => {
  const dir = mkdtempSync(path.join(tmpdir(), 'trame-fund-'))
  after(() => rmSync(dir, { recursive: true, force: true }))
  const at = (name: string, text: string) => {
    writeFileSync(path.join(dir, name), text)
    return path.join(dir, name)
  }
  const program = at('pseudonymes.mjs', pseudonymsProgram())
  // As at the fund: no loader, no package, nothing of ours around it.
  const run = (...args: string[]) =>
    spawnSync(process.execPath, [program, ...args], { cwd: dir, encoding: 'utf8', env: { PATH: process.env.PATH } })

  it('is one readable file that opens no connection, without our types', () => {
    const imports = [...pseudonymsProgram().matchAll(/from '([^']+)'/g)].map(m => m[1])
    assert.deepEqual(imports.sort(), ['node:crypto', 'node:fs', 'node:url'])
    assert.doesNotMatch(pseudonymsProgram(), /\bfetch\b|https?:|node:(http|net|dns)|writeFile|: string\b/)
    assert.match(run().stdout, /Pseudonymes pour le rapprochement/)
  })
  it('gives what Trame gives', () => {
    const made = run(at('liste.csv', list), '--cle', at('cle.txt', `${key}\n`))
    assert.equal(made.stderr, '')
    assert.equal(made.stdout, writePseudonyms(key, pseudonymise(bytes(list), key)))
    assert.match(run('--nouvelle-cle').stdout, /^([2-9A-HJKMNP-Z]{4}-){6}/)
  })
  it('says the answer on each line of the fund’s own list', () => {
    const [first, second] = pseudonymise(bytes(list), key)
    const back = at(
      'retour.csv',
      `trame-retour-1;${printOf(key)}\r\npseudonyme;reponse\r\n${second!.strict};a contacter\r\n${first!.strict};deja dans la liste\r\n`,
    )
    assert.equal(
      run(at('liste.csv', list), '--cle', at('cle.txt', key), '--retour', back).stdout,
      'ligne;reponse\n2;deja dans la liste\n3;a contacter\n',
    )
  })
  it('writes nothing when something is wrong', () => {
    for (const args of [
      [at('faux.csv', `${list}x;y\n`), '--cle', at('cle.txt', key)],
      [at('liste.csv', list), '--cle', at('courte.txt', 'K7QM')],
      [path.join(dir, 'absent.csv'), '--cle', at('cle.txt', key)],
    ]) {
      const { status, stdout, stderr } = run(...args)
      assert.deepEqual([status, stdout], [1, ''])
      assert.match(stderr, /Rien n’a été écrit/)
    }
  })
  it('runs as the command of an installation too', () => {
    const cli = path.join(import.meta.dirname, '..', 'cli.ts')
    const said = execFileSync(
      process.execPath,
      [
        ...process.execArgv.filter(a => !a.startsWith('--test')),
        cli,
        'pseudonyms',
        at('liste.csv', list),
        '--key-file',
        at('cle.txt', key),
      ],
      {
        encoding: 'utf8',
        env: { PATH: process.env.PATH, HOME: process.env.HOME, TRAME_DATA: dir },
      },
    )
    assert.equal(
      said.replaceAll('\r', '').trim(),
      writePseudonyms(key, pseudonymise(bytes(list), key))
        .replaceAll('\r', '')
        .trim(),
    )
  })
})
