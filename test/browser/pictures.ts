/**
 * Pictures of every page into `var/pictures/`, with an index to look at them: three widths, light, dark and paper, with the
 * demonstration's data, in a community that has just been opened, and refused (422). `npm run pictures [-- word…]` keeps the
 * pages whose route contains a word; `--readme` takes only the few of docs/images.
 */
import assert from 'node:assert/strict'
import { mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { states } from '#areas/gp-access/rules.ts'
import { createPerson } from '#areas/people/index.ts'
import type { Role } from '#platform/access.ts'
import { createCommunity } from '#platform/db/communities.ts'
import { maybe, sql } from '#platform/db/types.ts'
import { mintLink } from '#platform/links.ts'
import { openStage, type Stage } from './browser.ts'
import { type Place, places } from './places.ts'
import { signInAs } from './scenes.ts'
import { type Visitor, visitor } from './visitor.ts'

const root = path.join(import.meta.dirname, '..', '..')
const out = path.join(root, 'var', 'pictures')
const SLUG = 'sud-allier'
const words = process.argv.slice(2).filter(word => !word.startsWith('--'))

interface Scene extends Pick<Place, 'address' | 'as'> {
  slug: string
  /** File name without its width. */
  name: string
  of: 'full' | 'empty' | 'faulty'
}
const nameOf = (route: string) =>
  route
    .replace('/c/:cpts', 'c')
    .replace(/[^\w]+/g, '-')
    .replace(/^-|-$/g, '') || 'front'

/** The same pages for each state of a request: the record, and what the patient sees. */
async function byState(stage: Stage, all: Place[]): Promise<Scene[]> {
  const c = await stage.community(SLUG)
  const desk = all.find(p => p.route === '/c/:cpts/demandes')!.as
  const now = new Date()
  const expiresAt = new Date(now.getTime() + 3600_000)
  return stage.db.inTenant(c.id, async tx => {
    const found: Scene[] = []
    for (const state of states) {
      const row = await maybe<{ id: string }>(tx, sql`select id from app.request where state = ${state} order by since, id limit 1`)
      if (!row) continue
      const token = await mintLink(tx, { purpose: 'tracking', subjectId: row.id, now, expiresAt })
      found.push({ name: `record-${state}`, address: `/c/${SLUG}/demandes/${row.id}`, as: desk, slug: SLUG, of: 'full' })
      found.push({ name: `patient-${state}`, address: `/c/${SLUG}/suivi/${token}`, as: null, slug: SLUG, of: 'full' })
    }
    return found
  })
}

/** A community opened this morning: its first two people and nothing else. */
async function empty(stage: Stage, all: Place[]): Promise<Scene[]> {
  const slug = 'toute-neuve'
  const c = await createCommunity(stage.owner, { slug, name: 'CPTS Toute Neuve', demo: true })
  assert.ok(c)
  const person = (role: Role, name: string) =>
    stage.db.inTenant(c.id, async tx => {
      const made = await createPerson(tx, { name, email: `${role}@exemple.fr`, roles: [role], since: '2026-01-05' })
      return 'membershipId' in made ? made.membershipId : assert.fail(`${role} exists`)
    })
  const coordinator = await person('coordinator', 'Camille Essai')
  const doctor = await person('doctor', 'Dre Dominique Essai')
  return all
    .filter(p => p.route.startsWith('/c/:cpts') && !/:(?!cpts)/.test(p.route))
    .map(p => {
      const roles = p.access.kind === 'member' ? p.access.roles : []
      return {
        name: nameOf(p.route),
        address: p.route.replace(':cpts', slug),
        as: roles.includes('coordinator') ? coordinator : roles.length > 0 ? doctor : null,
        slug,
        of: 'empty' as const,
      }
    })
}

class Album {
  readonly taken: { scene: Scene; view: string; file: string }[] = []
  private readonly windows = new Map<string, Visitor>()
  private readonly stage: Stage
  constructor(stage: Stage) {
    this.stage = stage
  }

  async open(scene: Scene): Promise<Visitor> {
    const key = `${scene.slug} ${scene.as}`
    let v = this.windows.get(key)
    if (!v) {
      v = await visitor(this.stage)
      if (scene.as) await signInAs(this.stage, v, scene.slug, scene.as)
      this.windows.set(key, v)
    }
    await v.page.setViewportSize({ width: 1280, height: 860 })
    await v.page.emulateMedia({ media: 'screen', colorScheme: 'light' })
    const answer = await v.page.goto(scene.address)
    if (answer?.status() !== 200) console.log(`  ${answer?.status()} ${scene.address}`)
    return v
  }
  async take(v: Visitor, scene: Scene, widths: number[], o: { dark?: boolean; paper?: boolean } = {}): Promise<void> {
    const { page } = v
    const shoot = async (view: string) => {
      const file = `${scene.of}-${scene.name}-${view}.png`
      await page.screenshot({ path: path.join(out, file), fullPage: true })
      this.taken.push({ scene, view, file })
    }
    for (const width of widths) {
      await page.setViewportSize({ width, height: width < 600 ? 740 : 860 })
      await shoot(`${width}`)
      if (!o.dark) continue
      await page.emulateMedia({ colorScheme: 'dark' })
      await page.waitForTimeout(150)
      await shoot(`${width}-dark`)
      await page.emulateMedia({ colorScheme: 'light' })
    }
    if (!o.paper) return
    await page.emulateMedia({ media: 'print' })
    await page.setViewportSize({ width: 720, height: 1000 })
    await shoot('paper')
    await page.emulateMedia({ media: 'screen' })
  }

  /** Sends the page's first form with nothing in it; a picture if it is refused. */
  async refuse(scene: Scene): Promise<void> {
    const v = await this.open(scene)
    const form = v.page.locator('main form.form[method=post]:visible').first()
    const button = form.locator('.form-end button:visible').first()
    if ((await button.count()) === 0) return
    await form.evaluate(f => {
      for (const e of (f as HTMLFormElement).querySelectorAll<HTMLInputElement>('input:not([type=hidden]), textarea, select')) {
        if (e.type === 'checkbox' || e.type === 'radio') e.checked = false
        else e.value = ''
      }
    })
    const [answer] = await Promise.all([v.page.waitForResponse(r => r.request().method() === 'POST'), button.click()])
    await v.page.waitForLoadState('load')
    if (answer.status() === 422) await this.take(v, { ...scene, of: 'faulty' }, [375, 1280])
  }

  index(): void {
    const rows = Map.groupBy(this.taken, t => `${t.scene.of} ${t.scene.name}`)
    const cells = [...rows].map(
      ([name, all]) =>
        `<h2>${name}</h2><p>${all.map(t => `<a href="${t.file}"><img src="${t.file}" height="320" loading="lazy" alt="${t.view}" title="${t.view}"></a>`).join(' ')}</p>`,
    )
    writeFileSync(path.join(out, 'index.html'), `<!doctype html><meta charset="utf-8"><title>Pictures</title>${cells.join('\n')}`)
  }
}

async function everything(stage: Stage): Promise<void> {
  rmSync(out, { recursive: true, force: true })
  mkdirSync(out, { recursive: true })
  const kept = (s: Scene) => words.length === 0 || words.some(word => `${s.of}-${s.name}`.includes(word))
  const all = await places(stage, SLUG)
  const album = new Album(stage)
  const full: Scene[] = all.map(p => ({ name: nameOf(p.route), address: p.address, as: p.as, slug: SLUG, of: 'full' }))
  for (const scene of [...full, ...(await byState(stage, all))].filter(kept))
    await album.take(await album.open(scene), scene, [375, 768, 1280], { dark: true, paper: true })
  for (const scene of (await empty(stage, all)).filter(kept)) await album.take(await album.open(scene), scene, [375, 1280])
  for (const scene of full.filter(s => kept({ ...s, of: 'faulty' }))) await album.refuse(scene)
  album.index()
  console.log(`${album.taken.length} pictures: var/pictures/index.html`)
}

/** The few that the README shows. */
async function readme(stage: Stage): Promise<void> {
  const folder = path.join(root, 'docs', 'images')
  mkdirSync(folder, { recursive: true })
  const all = await places(stage, SLUG)
  const at = (route: string) => all.find(p => p.route === route) ?? assert.fail(route)
  const shots: [file: string, route: string, width: number, height: number, element?: string][] = [
    ['home', '/', 1200, 760],
    ['desk', '/c/:cpts/demandes', 1240, 680],
    ['plan', '/c/:cpts/plan/:id', 640, 900, 'figure.map'],
    ['doctor', '/c/:cpts/proposition/:token', 375, 740],
    ['patient', '/c/:cpts/suivi/:token', 375, 740],
  ]
  for (const [file, route, width, height, element] of shots) {
    const v = await visitor(stage, { width, height })
    const place = at(route)
    if (place.as) await signInAs(stage, v, SLUG, place.as)
    await v.open(place.address)
    const target = path.join(folder, `${file}.png`)
    await (element ? v.page.locator(element).first().screenshot({ path: target }) : v.page.screenshot({ path: target }))
    const { size } = statSync(target)
    console.log(`docs/images/${file}.png ${Math.round(size / 1000)} kB`)
    assert.ok(size <= 150_000, `${file} is too heavy`)
    await v.close()
  }
}

const stage = await openStage()
try {
  await (process.argv.includes('--readme') ? readme(stage) : everything(stage))
} finally {
  await stage.close()
}
