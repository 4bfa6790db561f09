/** People, over HTTP: the front page, the demonstration, members, legal pages. Signing in has a file of its own. */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { parse } from 'csv-parse/sync'
import readExcelFile from 'read-excel-file/node'
import { makeRpps } from '#domain/ids.ts'
import { members, type Role } from '#platform/access.ts'
import { audit } from '#platform/audit.ts'
import { one, rows, sql } from '#platform/db/types.ts'
import { mintLink } from '#platform/links.ts'
import { catalogueFaults, factsOf, isFrench, languageCodes } from '#platform/ui/index.ts'
import { type Community, type TestApp, uuidOf } from '../../../test/app.ts'
import { assertEasy, assertSpoken, assertTranslated, labelsOf, sentencesOf } from '../../../test/languages.ts'
import { people } from './index.ts'
import { forgetForms } from './jobs.ts'
import { desksOf } from './pages/home.tsx'
import { audited, cookieOf, lastLink, later, peopleApp, sent } from './people.fixture.ts'
import { endMembership } from './store.ts'
import { catalogue } from './words/index.ts'

let t: TestApp
let demo: TestApp
before(async () => {
  t = await peopleApp()
  demo = await peopleApp(true)
})
after(async () => {
  await t.close()
  await demo.close()
})

describe('the public home', () => {
  it('says what a patient can do, and nothing about anybody', async () => {
    const c = await t.community()
    await t.person(c, ['coordinator'], { name: 'Hélène Caché' })
    const { html, text } = await t.get(`/c/${c.slug}`)
    for (const path of ['demande', 'suivi', 'annuaire', 'connexion']) assert.match(html, new RegExp(`href="/c/${c.slug}/${path}"`))
    assert.doesNotMatch(text, /Hélène/)
    assert.doesNotMatch(html, /demo\/messagerie/)
  })
  it('leads a member to the pages their role opens', async () => {
    const c = await t.community()
    assert.match((await t.get(`/c/${c.slug}`, await t.person(c, ['nurse']))).html, new RegExp(`href="/c/${c.slug}/bureau"`))
    assert.doesNotMatch((await t.get(`/c/${c.slug}`, await t.person(c, ['funder']))).html, /\/bureau"/)
  })
  it('starts the day of each role on its own page, wherever the menu puts it', () => {
    const item = (path: string, roles: Role[], desk?: Role[]) =>
      ({ label: path, path, group: 'doctor', access: members(...roles), order: 0, desk }) as const
    const nav = [item('/liste', ['coordinator', 'funder']), item('/contrat', ['coordinator', 'funder'], ['funder'])]
    const first = (role: Role) =>
      desksOf({ home: '', who: { kind: 'member', roles: [role] } } as unknown as Parameters<typeof desksOf>[0], nav)[0]!.href
    assert.equal(first('funder'), '/contrat')
    assert.equal(first('coordinator'), '/liste')
  })
  it('does not exist for a slug nobody has', async () => {
    assert.equal((await t.get('/c/personne')).status, 404)
  })
})

describe('the home and the pages of the law, in nine languages', () => {
  const legal = ['/', '/accessibilite', '/mentions-legales', '/donnees', '/code-source']
  const french = sentencesOf(catalogue.fr)
  const spoken = /^\/(\?|$|accessibilite|mentions-legales|donnees|code-source)|^\/c\/[^/]+(\?|$|\/(suivi|demande))/
  it('hold every sentence in every language, none copied from the French; easy to read is short', () => {
    assert.deepEqual(catalogueFaults(catalogue), [])
    assertTranslated(catalogue)
    assertEasy(catalogue.falc, catalogue.fr)
  })
  for (const lang of languageCodes.filter(l => !isFrench(l)))
    it(`in ${factsOf(lang).name}: nothing left in French, its direction, every link keeps it`, async () => {
      const c = await demo.community()
      const all = { french, labels: labelsOf(catalogue, lang), spoken }
      for (const path of [`/c/${c.slug}`, ...legal]) {
        const page = await demo.get(`${path}?lang=${lang}`)
        assertSpoken(page, lang, path, all)
        assert.equal(page.headers.get('set-cookie'), null, 'no cookie remembers it')
      }
      assertSpoken(await t.get(`/mentions-legales?lang=${lang}`), lang, 'outside the demonstration', all)
    })
  it('what is for members stays in French on their home, and says so', async () => {
    const c = await t.community()
    const page = await t.get(`/c/${c.slug}?lang=uk`, await t.person(c, ['coordinator']))
    assert.match(page.html, /<div lang="fr" dir="ltr"><section[^>]*><div[^>]*><h2[^>]*>Votre espace/)
  })
})

describe('the demonstration', () => {
  it('lets one be somebody in one click', async () => {
    const c = await demo.community(undefined, 'CPTS des Essais')
    await demo.person(c, ['board', 'coordinator'], { name: 'Bruno Bureau' })
    await demo.person(c, ['coordinator', 'board'], { name: 'Claire Roux' })
    await demo.person(c, ['nurse'], { name: 'Inès Infirmière' })
    const front = await demo.get('/')
    assert.match(front.text, /CPTS des Essais/)
    for (const who of [/Claire Roux/, /Bruno Bureau/, /Inès Infirmière/]) assert.match(front.text, who)
    const entered = await demo.post(`/c/${c.slug}/demo/persona`, { role: 'coordinator' })
    assert.match(entered.location!, new RegExp(`^/c/${c.slug}/bureau\\?fait=`))
    const landed = await demo.get(entered.location!, cookieOf(entered.headers))
    assert.match(landed.text, /le bureau de Claire Roux/)
    assert.match(landed.text, /Vous êtes maintenant Claire Roux/)
    assert.equal((await demo.post(`/c/${c.slug}/demo/persona`, { role: 'pharmacist' })).status, 404, 'nobody plays it')
    assert.equal((await demo.post(`/c/${c.slug}/demo/persona`, { role: 'treasurer' })).status, 422, 'not a persona')
  })

  it('leads the patient to the tracking page of a request', async () => {
    const c = await demo.community()
    assert.equal((await demo.post(`/c/${c.slug}/demo/patient`, {})).location, `/c/${c.slug}/suivi`)
    const noted = { action: 'request.received', subject: { kind: 'request', id: uuidOf('noted') } }
    await demo.within(c, tx => audit(tx, { who: { kind: 'anonymous' }, now: demo.now, requestId: 'test' }, noted))
    const first = await demo.post(`/c/${c.slug}/demo/patient`, {})
    assert.match((await demo.get(first.location!)).html, new RegExp(uuidOf('noted')))
    const expiresAt = new Date(demo.now.getTime() + 60_000)
    const other = await demo.community()
    await demo.within(other, tx => mintLink(tx, { purpose: 'tracking', subjectId: uuidOf('elsewhere'), now: demo.now, expiresAt }))
    assert.match((await demo.get((await demo.post(`/c/${c.slug}/demo/patient`, {})).location!)).html, new RegExp(uuidOf('noted')))
    const fresh = await demo.community()
    await demo.within(fresh, tx => mintLink(tx, { purpose: 'tracking', subjectId: uuidOf('request'), now: demo.now, expiresAt }))
    const there = await demo.post(`/c/${fresh.slug}/demo/patient`, {})
    assert.match((await demo.get(there.location!)).html, new RegExp(uuidOf('request')))
  })

  it('does not exist when the instance is not one', async () => {
    assert.ok(people({ demo: false }).routes.every(r => !r.path.includes('/demo/')))
    const c = await t.community()
    await t.owner('update platform.cpts set demo = true where id = $1', [c.id])
    await t.person(c, ['coordinator'], { name: 'Claire Roux' })
    await absent(t, c)
    const front = await t.get('/')
    assert.doesNotMatch(front.text, /Claire Roux/)
    assert.doesNotMatch(front.html, /demo\/persona/)
  })
  it('does not exist in a community that is not one', async () => {
    const c = await demo.community()
    await demo.owner('update platform.cpts set demo = false where id = $1', [c.id])
    await demo.person(c, ['coordinator'], { name: 'Vraie Personne' })
    await absent(demo, c)
    assert.doesNotMatch((await demo.get('/')).text, /Vraie Personne/)
  })
  async function absent(app: TestApp, c: Community) {
    const persona = await app.post(`/c/${c.slug}/demo/persona`, { role: 'coordinator' })
    assert.equal(persona.status, 404)
    assert.equal(persona.headers.get('set-cookie'), null)
    assert.equal((await app.post(`/c/${c.slug}/demo/patient`, {})).status, 404)
    assert.equal((await app.get(`/c/${c.slug}/demo/messagerie`)).status, 404)
    assert.doesNotMatch((await app.get(`/c/${c.slug}`)).html, /demo\/messagerie/)
  }

  it('keeps its messages in a mailbox where links of this site can be followed', async () => {
    const c = await demo.community()
    assert.match((await demo.get(`/c/${c.slug}/demo/messagerie`)).text, /Aucun message pour le moment/)
    await demo.person(c, ['nurse'], { name: 'Inès', email: `ines-${c.slug}@exemple.fr` })
    await demo.person(c, ['doctor'], { name: 'Dr Martin', email: `martin-${c.slug}@exemple.fr` })
    await demo.post(`/c/${c.slug}/connexion`, { email: `ines-${c.slug}@exemple.fr` })
    await demo.post(`/c/${c.slug}/connexion`, { email: `martin-${c.slug}@exemple.fr` })
    await demo.within(c, tx =>
      sql`update app.message set body = body || ' https://evil.example/x http://localhost:30000/y <b>x</b>'`.execute(tx as never),
    )
    const box = await demo.get(`/c/${c.slug}/demo/messagerie`)
    assert.ok(box.text.indexOf('À Dr Martin') < box.text.indexOf('À Inès'), 'newest first')
    assert.match(box.html, new RegExp(`<a href="http://localhost:3000/c/${c.slug}/connexion/[\\w-]{43}">`))
    assert.doesNotMatch(box.html, /<a href="https?:\/\/(evil|localhost:30000)/)
    assert.match(box.html, /&lt;b&gt;x/)
    const one = await demo.get(`/c/${c.slug}/demo/messagerie?a=${encodeURIComponent(`ines-${c.slug}@exemple.fr`)}`)
    assert.match(one.text, /À Inès/)
    assert.doesNotMatch(one.text, /À Dr Martin/)
    const other = await demo.community()
    assert.doesNotMatch((await demo.get(`/c/${other.slug}/demo/messagerie`)).text, /Martin/)
    const entered = await demo.post(await lastLink(demo, c), {})
    assert.equal(entered.status, 303)
  })
})

describe('members', () => {
  const rpps = makeRpps('1000123456')
  const invitation = (c: Community, more = {}) => ({
    name: 'Marie Lefèvre',
    email: `marie-${c.slug}@exemple.fr`,
    roles: ['nurse', 'board'],
    profession: 'Infirmier ou infirmière',
    rpps,
    ...more,
  })

  it('are listed for coordination and board, filtered by role, profession and text', async () => {
    const c = await t.community()
    const boss = await t.person(c, ['coordinator'], { name: 'Claire Roux' })
    await t.person(c, ['doctor'], { name: 'Émile D’Août' })
    const far = await t.community()
    await t.person(far, ['doctor'], { name: 'Ailleurs Docteur' })
    for (const role of ['nurse', 'funder', 'doctor'] as const)
      assert.equal((await t.get(`/c/${c.slug}/membres`, await t.person(c, [role], { name: `Autre ${role}` }))).status, 404)
    const read = async (query: string) => (await t.get(`/c/${c.slug}/membres${query}`, boss)).text
    assert.match(await read(''), /Émile D’Août/)
    assert.doesNotMatch(await read(''), /Ailleurs/)
    assert.match(await read('?role=medecin'), /Émile D’Août/)
    assert.doesNotMatch(await read('?role=infirmier'), /Émile/)
    assert.match(await read("?q=emile+d'aout"), /Émile D’Août/)
    assert.match(await read('?q=zzz'), /Aucun membre ne correspond/)
    assert.match(await read('?q=%25_%5C'), /Aucun membre ne correspond/)
    const board = await t.person(c, ['board'])
    assert.doesNotMatch((await t.get(`/c/${c.slug}/membres`, board)).html, /membres\/nouveau|\/fin"/, 'the board reads')
    assert.equal((await t.get(`/c/${c.slug}/membres/nouveau`, board)).status, 404)
  })

  it('leave as CSV and XLSX, what the filter shows, nothing that runs', async () => {
    const c = await t.community()
    const boss = await t.person(c, ['coordinator'], { name: 'Claire Roux' })
    await t.person(c, ['doctor'], { name: '=HYPERLINK("http://evil.example";"clic")', rpps })
    const file = await t.get(`/c/${c.slug}/membres.csv`, boss)
    assert.equal(file.headers.get('content-type'), 'text/csv; charset=utf-8')
    assert.match(file.headers.get('content-disposition')!, /attachment; filename="membres-2026-11-22\.csv"/)
    const lines = parse(file.html, { delimiter: ';', bom: true }) as string[][]
    assert.equal(lines.length, 3)
    const hostile = lines.find(l => l[0]!.includes('HYPERLINK'))!
    assert.equal(hostile[0], `'=HYPERLINK("http://evil.example";"clic")`)
    assert.deepEqual(hostile.slice(1, 4), ['Médecin', '', rpps])
    assert.equal(hostile[5], '22/11/2026')
    assert.equal(
      (parse((await t.get(`/c/${c.slug}/membres.csv?role=medecin`, boss)).html, { delimiter: ';', bom: true }) as string[][]).length,
      2,
    )
    const { bytes } = await t.get(`/c/${c.slug}/membres.xlsx?q=claire`, boss)
    const [{ data }] = (await readExcelFile(Buffer.from(bytes))) as unknown as [{ data: unknown[][] }]
    assert.deepEqual(
      data.map(r => r[0]),
      ['Nom', 'Claire Roux'],
    )
    assert.equal(await audited(t, c, 'members.export'), 3)
    assert.equal((await t.get(`/c/${c.slug}/membres.csv`, await t.person(c, ['nurse']))).status, 404)
  })
  it('are invited: person, membership, message, one each however often the form is sent', async () => {
    const c = await t.community()
    const boss = await t.person(c, ['coordinator'])
    const key = uuidOf(`invite ${c.slug}`)
    const replies = await Promise.all([1, 2, 3].map(() => t.post(`/c/${c.slug}/membres/nouveau`, { ...invitation(c), _key: key }, boss)))
    assert.deepEqual(new Set(replies.map(r => r.status)), new Set([303]))
    assert.match((await t.get(replies[0]!.location!, boss)).text, /L’invitation de Marie Lefèvre est partie/)
    const [message, ...rest] = await sent(t, c)
    assert.equal(rest.length, 0)
    assert.equal(message!.reason, 'invitation')
    assert.doesNotMatch(message!.subject + message!.body, /Marie|Lefèvre/)
    assert.equal(await audited(t, c, 'membership.invite'), 1)
    await later(t, 6 * 86_400_000, async () => {
      const entered = await t.post(await lastLink(t, c), {})
      assert.match((await t.get(`/c/${c.slug}/bureau`, cookieOf(entered.headers))).text, /le bureau de Marie Lefèvre/)
    })
  })

  it('are not invited with a wrong RPPS number, a known address or a taken number', async () => {
    const c = await t.community()
    const boss = await t.person(c, ['coordinator'])
    const wrong = await t.post(`/c/${c.slug}/membres/nouveau`, invitation(c, { rpps: '10001234567' }), boss)
    assert.equal(wrong.status, 422)
    assert.match(wrong.text, /RPPS n’est pas valable/)
    assert.match(wrong.html, /value="Marie Lefèvre"/, 'what was typed is kept')
    assert.equal((await sent(t, c)).length, 0)
    const spaced = rpps.replace(/(\d{2})/g, '$1 ')
    assert.equal((await t.post(`/c/${c.slug}/membres/nouveau`, invitation(c, { rpps: spaced }), boss)).status, 303)
    assert.match(
      (await t.post(`/c/${c.slug}/membres/nouveau`, invitation(c, { rpps: '' }), boss)).text,
      /Cette adresse est déjà celle d’un membre/,
    )
    const taken = await t.post(`/c/${c.slug}/membres/nouveau`, invitation(c, { email: `x-${c.slug}@exemple.fr` }), boss)
    assert.match(taken.text, /RPPS est déjà celui d’un membre/)
    assert.match((await t.post(`/c/${c.slug}/membres/nouveau`, invitation(c, { roles: [] }), boss)).text, /au moins un rôle/)
    const persons = await t.owner('select count(*)::int as n from platform.person where email like $1', [`%-${c.slug}@exemple.fr`])
    assert.equal(persons[0]!.n, 1, 'a refused invitation leaves nobody behind')
  })

  it('may belong to two communities, each seeing its own membership', async () => {
    const [a, b] = [await t.community(), await t.community()]
    const [bossA, bossB] = [await t.person(a, ['coordinator']), await t.person(b, ['coordinator'])]
    const marie = invitation(a)
    assert.equal((await t.post(`/c/${a.slug}/membres/nouveau`, marie, bossA)).status, 303)
    assert.equal((await t.post(`/c/${b.slug}/membres/nouveau`, { ...marie, roles: ['partner'], rpps: '' }, bossB)).status, 303)
    const persons = await t.owner('select count(*)::int as n from platform.person where email = $1', [marie.email])
    assert.equal(persons[0]!.n, 1)
    assert.match((await t.get(`/c/${b.slug}/membres?q=marie`, bossB)).text, /Marie Lefèvre Partenaire/)
  })

  it('leave after a confirmation, come back by an invitation', async () => {
    const c = await t.community()
    const boss = await t.person(c, ['coordinator'])
    const gone = await t.person(c, ['nurse'], { name: 'Part Bientôt', email: `part-${c.slug}@exemple.fr` })
    const path = `/c/${c.slug}/membres/${gone.membershipId}/fin`
    assert.match((await t.get(path, boss)).text, /Mettre fin à l’accès de Part Bientôt/)
    assert.equal((await t.post(path, {}, boss)).status, 303)
    assert.equal((await t.post(path, {}, boss)).status, 404)
    assert.doesNotMatch((await t.get(`/c/${c.slug}/membres`, boss)).text, /Part Bientôt/)
    assert.match((await t.get(`/c/${c.slug}/membres?etat=anciens`, boss)).text, /Part Bientôt/)
    assert.equal(await audited(t, c, 'membership.end'), 1)
    assert.equal((await t.post(`/c/${c.slug}/membres/nouveau`, invitation(c, { email: `part-${c.slug}@exemple.fr` }), boss)).status, 303)
    assert.match((await t.get(`/c/${c.slug}/membres?q=part`, boss)).text, /Part Bientôt/)
  })

  it('never lose their last coordinator, even when two end each other', async () => {
    const c = await t.community()
    const a = await t.person(c, ['coordinator'])
    const alone = await t.get(`/c/${c.slug}/membres/${a.membershipId}/fin`, a)
    assert.match(alone.text, /dernière personne à coordonner/)
    assert.doesNotMatch(alone.html, /class="button danger"/)
    assert.equal((await t.post(`/c/${c.slug}/membres/${a.membershipId}/fin`, {}, a)).status, 422)
    const b = await t.person(c, ['coordinator'])
    // Two transactions at once: the second waits for the first, then finds its coordinator the last.
    const waiting = Promise.withResolvers<boolean>()
    await t.within(c, async tx => {
      assert.equal(await endMembership(tx, b.membershipId, t.now), true)
      t.within(c, other => endMembership(other, a.membershipId, t.now)).then(waiting.resolve, waiting.reject)
      await new Promise(resolve => setTimeout(resolve, 100))
    })
    assert.equal(await waiting.promise, false)
    const left = await t.within(c, tx => one<{ n: number }>(tx, sql`select count(*) as n from app.membership where ended_at is null`))
    assert.equal(left.n, 1)
  })

  it('of another community cannot be reached', async () => {
    const [a, b] = [await t.community(), await t.community()]
    const boss = await t.person(a, ['coordinator'])
    const theirs = await t.person(b, ['nurse'])
    assert.equal((await t.get(`/c/${a.slug}/membres/${theirs.membershipId}/fin`, boss)).status, 404)
    assert.equal((await t.post(`/c/${a.slug}/membres/${theirs.membershipId}/fin`, {}, boss)).status, 404)
    assert.equal((await t.get(`/c/${a.slug}/membres/pas-un-numero/fin`, boss)).status, 404)
    for (const path of ['', '.csv', '.xlsx', '/nouveau']) assert.equal((await t.get(`/c/${b.slug}/membres${path}`, boss)).status, 404)
  })
})

describe('legal pages', () => {
  it('exist and say what they must', async () => {
    assert.match((await t.get('/accessibilite')).text, /Non encore auditée/)
    assert.match((await t.get('/mentions-legales')).text, /Éditeur/)
    assert.match((await t.get('/donnees')).text, /Combien de temps.*Vos droits.*CNIL/)
    assert.match((await t.get('/code-source')).text, /EUPL/)
  })
  it('and every page of the area use French spaces and no exclamation mark', async () => {
    const c = await t.community()
    const boss = await t.person(c, ['coordinator'])
    const pages = ['/', '/accessibilite', '/mentions-legales', '/donnees', '/code-source']
    const inside = ['', '/connexion', '/connexion?envoye=1', '/membres', '/membres/nouveau'].map(p => `/c/${c.slug}${p}`)
    for (const path of [...pages, ...inside]) {
      const { html, status } = await t.get(path, boss)
      assert.equal(status, 200, path)
      const words = html
        .replace(/<(script|style)[\s\S]*?<\/\1>|<[^>]+>/g, '\n')
        .replace(/&#39;/g, "'")
        .replace(/&[a-z]+;/g, '')
      assert.doesNotMatch(words, /[\p{L}\d)][ \u00a0]?[!]| [:;?»]|« |\p{L}'\p{L}|\p{L}[;?](\s|$)/u, path)
    }
  })
})

describe('forms already answered', () => {
  it('are forgotten after two days, not before', async () => {
    const c = await t.community()
    const me = await t.person(c, ['coordinator'])
    await t.post(`/c/${c.slug}/deconnexion`, {}, me)
    const kept = () => t.within(c, tx => rows(tx, sql`select id from app.idempotency`))
    const forget = (hours: number) =>
      forgetForms.work({
        now: new Date(t.now.getTime() + hours * 3600_000),
        cpts: { ...c, demo: false },
        baseUrl: '',
        requestId: 'test',
        who: { kind: 'system', job: 'test' },
        inTenant: work => t.within(c, work),
      })
    await forget(47)
    assert.equal((await kept()).length, 1)
    await forget(49)
    assert.equal((await kept()).length, 0)
  })
})
