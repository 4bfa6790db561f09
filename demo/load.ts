/**
 * The demonstration: five real territories (facts in territories.json, each with its source), invented people loaded through the
 * real importer, and some weeks of life played with the real transitions. Same seed, same demonstration.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { importCommunes, loadCommunes } from '#areas/directory/import/communes.ts'
import { importRpps } from '#areas/directory/import/rpps.ts'
import { addPartner } from '#areas/directory/index.ts'
import { saveSettings, voteRule } from '#areas/gp-access/store/settings.ts'
import { createPerson } from '#areas/people/index.ts'
import { setCommunes } from '#areas/territory/index.ts'
import { startingRule } from '#domain/priority.ts'
import type { Role } from '#platform/access.ts'
import type { Actor } from '#platform/audit.ts'
import { createCommunity } from '#platform/db/communities.ts'
import type { LoadDemo } from '#platform/demo.ts'
import { contractLife } from './contract.ts'
import { diagnosis } from './diagnosis.ts'
import { evidence } from './evidence.ts'
import { inventPeople, Maker, type Person, type Territory, territories, writeExtract } from './extract.ts'
import { fundLife } from './fund.ts'
import { live, type Setup } from './life.ts'
import { families, men, title, women } from './names.ts'
import { partnersOf } from './partners.ts'
import { reviewLife } from './review.ts'

const SEED = 20
const DAY = 86_400_000

export const loadDemo: LoadDemo = async ({ db, owner, now, baseUrl, say }) => {
  const from = performance.now()
  const login = owner as Parameters<typeof loadCommunes>[0]
  say('Première fois\u202f: Trame prépare sa démonstration (cinq territoires, des personnes inventées). Comptez moins d’une minute.')
  await reference(login, now)
  say('  Communes et annuaire importés.')
  const people = inventPeople(territories, SEED, 2)
  // One after the other would take five times as long; each has its own connection.
  await Promise.all(
    territories.map(async (territory, i) => {
      const community = await createCommunity(owner, { slug: territory.slug, name: territory.name, demo: true })
      if (!community) return
      const setup = await db.inTenant(community.id, tx => settle(tx, territory, doctorsAndOthers(people, territory), now, i))
      await db.inTenant(community.id, tx => diagnosis(tx, territory, setup.coordinator, now, new Maker(SEED * 41 + i)))
      await db.inTenant(community.id, tx => contractLife(tx, territory, setup.coordinator, now))
      await live({
        db,
        cptsId: community.id,
        slug: territory.slug,
        name: territory.name,
        territory,
        setup,
        now,
        baseUrl,
        seed: SEED + i,
        phone: PHONES[territory.slug] ?? null,
      })
      await db.inTenant(community.id, tx => evidence(tx, territory, community.id, setup.coordinator, now, new Maker(SEED * 31 + i)))
      await db.inTenant(community.id, tx => reviewLife(tx, territory, { id: community.id, name: territory.name }, setup.coordinator, now))
      await db.inTenant(community.id, tx => fundLife(tx, territory, setup.coordinator, now, SEED * 37 + i))
      say(`  ${territory.name}\u202f: prête.`)
    }),
  )
  say(`Démonstration prête en ${Math.round((performance.now() - from) / 1000)}\u202fs.`)
}

/** Communes with their centres, then two editions of the directory, so that its movements have something to show. */
async function reference(owner: Parameters<typeof loadCommunes>[0], now: Date): Promise<void> {
  const dir = await mkdtemp(path.join(os.tmpdir(), 'trame-demo-'))
  try {
    await loadCommunes(owner)
    const centres = path.join(dir, 'centres.csv')
    const lines = new Map(territories.flatMap(t => t.communes.map(c => [c.code, `${c.code},${c.lon},${c.lat}`])))
    await writeFile(centres, `code,lon,lat\n${[...lines.values()].join('\n')}\n`)
    await importCommunes(centres, { owner, now })
    for (const edition of [1, 2] as const) {
      const file = path.join(dir, `PS_LibreAcces_Personne_activite_${edition}.txt`)
      await writeExtract(file, territories, SEED, { edition })
      await importRpps(file, { owner, confirm: true })
    }
  } finally {
    await rm(dir, { recursive: true, force: true })
  }
}

/** The people of the extract who practise in the territory. */
const doctorsAndOthers = (people: readonly Person[], t: Territory): Person[] => {
  const codes = new Set(t.communes.map(c => c.code))
  return people.filter(p => p.places.some(x => codes.has(x.commune.code)))
}

/** The community as it is after its first meeting: territory, partners, rule, members. */
async function settle(
  tx: Parameters<typeof createPerson>[0],
  territory: Territory,
  people: Person[],
  now: Date,
  i: number,
): Promise<Setup> {
  const make = new Maker(SEED * 97 + i)
  const since = new Date(now.getTime() - 200 * DAY)
  const day = since.toISOString().slice(0, 10)
  const system: Actor = { who: { kind: 'system', job: 'demo' }, now: since, requestId: 'demo' }
  await setCommunes(
    tx,
    system,
    territory.communes.map(c => c.code),
  )
  await saveSettings(
    tx,
    { proposalHours: 72, travelMinutes: 30, farMinutes: 60, capacityDays: 60, phone: PHONES[territory.slug] ?? null },
    since,
  )
  await voteRule(tx, startingRule, `AG 2026-0${i + 1}`, day, since)
  for (const partner of partnersOf(territory)) await addPartner(tx, system, partner)

  const name = () => {
    const woman = make.chance(0.7)
    return `${make.pick(woman ? women : men)} ${title(make.pick(families))}`
  }
  let serial = 0
  const member = async (roles: Role[], who: { name: string; rpps?: string; profession: string }) => {
    const created = await createPerson(tx, {
      name: who.name,
      email: `${territory.slug}.${++serial}@exemple.fr`,
      roles,
      rpps: who.rpps ?? null,
      profession: who.profession,
      since: day,
    })
    if ('taken' in created) throw new Error(`demo: ${created.taken} taken`)
    return created
  }
  const coordinatorName = name()
  const c = await member(['coordinator'], { name: coordinatorName, profession: 'Coordination' })
  await member(['coordinator'], { name: name(), profession: 'Coordination' })
  await member(['funder'], { name: name(), profession: 'Déléguée de la CPAM' })
  await member(['treasurer', 'board'], { name: name(), profession: 'Trésorerie' })
  const doctors: Setup['doctors'] = []
  let board = false
  const inside = new Set(territory.communes.map(x => x.code))
  for (const p of people) {
    const place = p.places.find(x => inside.has(x.commune.code))!
    const shown = `${p.kind === 'gp' ? `${p.woman ? 'Dre' : 'Dr'} ` : ''}${title(p.given)} ${title(p.family)}`
    if (p.kind === 'gp' && make.chance(0.75)) {
      // The first doctor also sits on the board: one person, two roles.
      const { membershipId } = await member(board ? ['doctor'] : ['board', 'doctor'], {
        name: shown,
        rpps: p.rpps,
        profession: 'Médecin généraliste',
      })
      board = true
      doctors.push({ membershipId, communeCode: place.commune.code })
    } else if (p.kind === 'nurse' && make.chance(0.12)) await member(['nurse'], { name: shown, rpps: p.rpps, profession: 'Infirmier' })
    else if (p.kind === 'pharmacist' && make.chance(0.15))
      await member(['pharmacist'], { name: shown, rpps: p.rpps, profession: 'Pharmacien' })
    else if (p.kind === 'physiotherapist' && make.chance(0.08))
      await member(['professional'], { name: shown, rpps: p.rpps, profession: 'Masseur-kinésithérapeute' })
  }
  return {
    coordinator: {
      kind: 'member',
      personId: c.personId,
      membershipId: c.membershipId,
      name: coordinatorName,
      roles: ['coordinator'],
      rpps: null,
    },
    doctors,
  }
}

/** Fictional by rule (ARCEP). */
const PHONES: Record<string, string> = {
  'noe-sante': '+33199001291',
  'marseille-2-3': '+33465711313',
  'vexin-normand': '+33261912727',
  'sud-allier': '+33465710303',
  'grand-versailles': '+33199001278',
}
