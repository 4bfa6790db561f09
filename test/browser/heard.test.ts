/**
 * The whole loop heard rather than seen: a request, its page, a doctor's yes, by keyboard alone, finding each thing by its role and its
 * name. What was heard is kept in heard.txt, for a person to read; TRAME_WRITE=1 writes it again.
 */
import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { after, before, it } from 'node:test'
import { aDoctor, communes, system, withCommunes } from '#areas/gp-access/gp-access.fixture.ts'
import { propose } from '#areas/gp-access/store/proposals.ts'
import { admit } from '#areas/gp-access/store/requests.ts'
import { one, sql } from '#platform/db/types.ts'
import { type Community, type TestApp, testApp } from '../app.ts'
import { type Application, startApplication } from '../faults/application.ts'
import { launch, type Stage } from './browser.ts'
import { all, focused, type Heard, lasting, stumbles, transcript, treeOf } from './heard.ts'
import { type Visitor, visitor } from './visitor.ts'

const FILE = path.join(import.meta.dirname, 'heard.txt')
let t: TestApp
let c: Community
let app: Application
let stage: Pick<Stage, 'browser' | 'url' | 'faults'>
let v: Visitor
before(async () => {
  t = await testApp([])
  t.now = new Date()
  c = await t.community(undefined, 'CPTS d’essai')
  await withCommunes(t, c)
  app = await startApplication(t.test)
  stage = { browser: await launch(), url: app.url, faults: [] }
  v = await visitor(stage as Stage, { width: 375 })
})
after(async () => {
  await v?.close()
  await stage?.browser.close()
  await app?.close()
  await t?.close()
})

const said: string[] = []
/** Everything on the page, in the order it is said. */
async function hear(title: string): Promise<Heard> {
  const tree = await treeOf(v.page)
  assert.deepEqual(stumbles(tree), [], title)
  // What is around every page is said once.
  const news = said.length === 0 ? tree : all(tree).find(n => n.role === 'main')!
  said.push('', `=== ${title}`, ...transcript(news).map(lasting))
  return tree
}
/** By Tab to what is called so, as somebody who hears the names one after the other. */
async function to(role: string, name: RegExp, most = 40): Promise<Heard> {
  const passed: string[] = []
  for (let n = 0; n < most; n++) {
    await v.page.keyboard.press('Tab')
    const at = focused(await treeOf(v.page))
    passed.push(`${at?.role} « ${at?.name} »`)
    if (at?.role === role && name.test(at.name.replace(/\s+/g, ' '))) return at
  }
  return assert.fail(`Tab never comes to ${role} ${name}, but to ${[...new Set(passed)].join(', ')}`)
}
/** Opens what has the keyboard. */
const enter = () => Promise.all([v.page.waitForEvent('load'), v.page.keyboard.press('Enter')])
const type = (text: string) => v.page.keyboard.type(text)
async function press(role: string, name: RegExp) {
  await to(role, name)
  await enter()
}
async function tick(role: 'radio' | 'checkbox', name: RegExp) {
  await to(role, name)
  await v.page.keyboard.press('Space')
}

it('a request, its page, the doctor’s answer: by keyboard alone, by role and name', async () => {
  await v.open(`/c/${c.slug}`)
  await hear('L’accueil de la communauté')
  await press('link', /^Je cherche un médecin traitant$/)
  await hear('Avant de commencer')
  await press('button', /^Commencer$/)
  await hear('Pour commencer')
  await press('button', /^Continuer$/)
  const refused = await hear('Pour commencer, refusée : rien n’était répondu')
  assert.ok(
    all(refused).some(n => n.role === 'alert'),
    'the refusal is announced',
  )
  assert.equal(focused(refused)?.role, 'alert', 'and has the keyboard')
  await tick('radio', /^Pour moi$/)
  await to('combobox', /^Commune /)
  await type(communes[0].name.slice(0, 3))
  await tick('radio', /^Non$/)
  await press('button', /^Continuer$/)
  await hear('Vous')
  await to('textbox', /^Nom de naissance/)
  await type('Essai')
  await to('textbox', /^Prénoms/)
  await type('Camille')
  // The order of its parts is the browser's.
  const part = await to('spinbutton', /./)
  await type(/^(Month|Mois)/.test(part.name) ? '03141958' : '14031958')
  await press('button', /^Continuer$/)
  await hear('Votre situation')
  await tick('checkbox', /longue durée/)
  await press('button', /^Continuer$/)
  await hear('Ce qu’il vous faut')
  await press('button', /^Continuer$/)
  await hear('Comment vous joindre')
  await to('textbox', /^Téléphone/)
  await type('0199001234')
  await tick('radio', /téléphone/i)
  await press('button', /^Continuer$/)
  await hear('Vérifier')
  await tick('checkbox', /accord|accepte/i)
  await press('button', /^Envoyer ma demande$/)
  await hear('Ma demande, reçue')

  const { id } = await t.within(c, tx => one<{ id: string }>(tx, sql`select id from app.request`))
  const doctor = await aDoctor(t, c, { name: 'Dre Noor Haddad' })
  await t.within(c, async tx => {
    await admit(tx, system(t), id)
    const site = { baseUrl: app.url, home: `/c/${c.slug}`, cptsName: c.name }
    await propose(tx, system(t), site, { requestId: id, membershipId: doctor.membershipId, minutes: 9 })
  })
  const own = v.page.url()
  await v.page.goto(own)
  await press('link', /^Ma situation a changé$/)
  await hear('Ma situation a changé')
  await tick('checkbox', /[Gg]rossesse|enceinte/)
  await press('button', /^Enregistrer$/)
  const changed = await hear('Ma demande, un médecin sollicité, un changement noté')
  assert.ok(
    all(changed).some(n => n.role === 'status' && all(n).some(x => /C’est noté/.test(x.name))),
    'what was done is announced',
  )

  const { body } = await t.within(c, tx => one<{ body: string }>(tx, sql`select body from app.message where reason = 'proposal'`))
  await v.page.goto(/https?:\S+\/proposition\/\S+/.exec(body)![0])
  const question = await hear('Le médecin : la question')
  assert.ok(!all(question).some(n => /Essai|Camille/.test(n.name)), 'no name before a yes')
  await press('button', /^Oui, j’accepte/)
  await hear('Le médecin : son patient')
  await v.page.goto(own)
  await hear('Ma demande, un médecin a accepté')

  const now = `${said.slice(1).join('\n')}\n`
  if (process.env.TRAME_WRITE) writeFileSync(FILE, now)
  assert.equal(now, readFileSync(FILE, 'utf8'))
  assert.deepEqual(v.faults, [])
})
