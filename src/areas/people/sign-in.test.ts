/** Signing in over HTTP: the whole way, and everything that must not open the door. */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { rows, sql } from '#platform/db/types.ts'
import { mintLink } from '#platform/links.ts'
import { type Community, type TestApp, uuidOf } from '../../../test/app.ts'
import { audited, cookieOf, lastLink, later, memberWithLink, peopleApp, sameBytes, sent } from './people.fixture.ts'

let t: TestApp
before(async () => {
  t = await peopleApp()
})
after(() => t.close())

describe('signing in', () => {
  it('goes from an address to a message, from its link to a session', async () => {
    const { c, link } = await memberWithLink(t)
    const [message] = await sent(t, c)
    assert.equal(message!.reason, 'sign-in')
    assert.doesNotMatch(message!.subject + message!.body, /Claire|Roux|exemple\.fr/, 'no personal data in the message')
    const shown = await t.get(link)
    assert.equal(shown.status, 200)
    assert.match(shown.text, /Me connecter/)
    assert.equal(shown.headers.get('set-cookie'), null, 'a mail scanner that opens the link is nobody')
    assert.equal((await t.get(link)).status, 200, 'and burns nothing')
    const entered = await t.post(link, {})
    assert.equal(entered.status, 303)
    assert.equal(entered.location, `/c/${c.slug}`)
    const cookie = entered.headers.get('set-cookie')!
    assert.match(cookie, /^__Host-trame=[\w-]{43};/)
    for (const part of [/HttpOnly/, /Secure/, /SameSite=Lax/]) assert.match(cookie, part)
    assert.match((await t.get(`/c/${c.slug}/bureau`, cookieOf(entered.headers))).text, /le bureau de Claire Roux/)
    assert.equal(await audited(t, c, 'session.open'), 1)
  })

  it('keeps only the hash of a link, and no token in what is stored about forms', async () => {
    const { c, link } = await memberWithLink(t)
    await t.post(link, {})
    const token = link.split('/').at(-1)!
    const stored = await t.within(c, tx =>
      rows<{ path: string }>(tx, sql`select path || coalesce(location, '') as path from app.idempotency`),
    )
    assert.ok(stored.length >= 2)
    assert.ok(stored.every(s => !s.path.includes(token)))
  })

  it('lets a link serve once, even twice at the same time, and offers a new one', async () => {
    const { c, link, email } = await memberWithLink(t)
    const replies = await Promise.all(Array.from({ length: 6 }, () => t.post(link, {})))
    assert.deepEqual(replies.map(r => r.status).sort(), [303, 422, 422, 422, 422, 422])
    const used = await t.get(link)
    assert.match(used.text, /déjà servi/)
    assert.match(used.text, /Recevoir un nouveau lien/)
    assert.doesNotMatch(used.text, /Me connecter/)
    const renewed = await t.post(`${link}/nouveau`, {})
    assert.equal(renewed.location, `/c/${c.slug}/connexion?envoye=1`)
    const messages = await sent(t, c)
    assert.equal(messages.length, 2)
    assert.equal(messages[1]!.recipient, email)
    assert.equal((await t.post(await lastLink(t, c), {})).status, 303)
  })

  it('refuses an expired link and offers a new one', async () => {
    const { c, link } = await memberWithLink(t)
    await later(t, 20 * 60_000, async () => {
      assert.match((await t.get(link)).text, /n’est plus valable.*Recevoir un nouveau lien/)
      const refused = await t.post(link, {})
      assert.equal(refused.status, 422)
      assert.equal(refused.headers.get('set-cookie'), null)
      assert.equal((await t.post(`${link}/nouveau`, {})).status, 303)
      assert.equal((await t.post(await lastLink(t, c), {})).status, 303)
    })
    await later(t, 20 * 60_000 - 1, async () => {
      const other = await memberWithLink(t)
      assert.equal((await t.get(other.link)).status, 200)
    })
  })

  it('withdraws the older link when a newer one is asked for', async () => {
    const { c, link, email } = await memberWithLink(t)
    await later(t, 1000, async () => {
      await t.post(`/c/${c.slug}/connexion`, { email })
      assert.match((await t.get(link)).text, /remplacé par un plus récent/)
      assert.equal((await t.post(link, {})).status, 422)
      assert.equal((await t.post(await lastLink(t, c), {})).status, 303)
    })
  })

  it('knows no link of another community, nor a shortened one', async () => {
    const { c, link } = await memberWithLink(t)
    const other = await t.community()
    assert.equal((await t.get(link.replace(c.slug, other.slug))).status, 404)
    assert.equal((await t.post(link.replace(c.slug, other.slug), {})).status, 404)
    assert.equal((await t.get(link.slice(0, -1))).status, 404)
  })

  it('opens no proposal with a sign-in link, and no session with a proposal', async () => {
    const { c } = await memberWithLink(t)
    const expiresAt = new Date(t.now.getTime() + 60_000)
    const token = await t.within(c, tx => mintLink(tx, { purpose: 'proposal', subjectId: uuidOf('p'), now: t.now, expiresAt }))
    assert.equal((await t.post(`/c/${c.slug}/connexion/${token}`, {})).status, 404)
  })

  it('says the same to a known and an unknown address, in the same time', async () => {
    const { c, email } = await memberWithLink(t)
    const elsewhere = await memberWithLink(t)
    // A busy machine may spoil a round; a difference of ours would spoil all three.
    let gap = Number.POSITIVE_INFINITY
    for (let round = 0; round < 3 && gap >= 5; round++) gap = await timeGap(c, email, round)
    assert.ok(gap < 5, `${gap} ms`)
    await later(t, 61_000, async () => {
      const answers = [email, 'personne@exemple.fr', elsewhere.email].map(e => t.post(`/c/${c.slug}/connexion`, { email: e }))
      const [known, unknown, other] = await Promise.all(answers)
      assert.equal(known!.status, 303)
      for (const answer of [unknown!, other!]) {
        assert.equal(answer.status, known!.status)
        assert.equal(answer.location, known!.location)
        assert.equal(answer.headers.get('set-cookie'), null)
      }
      const [a, b] = [await t.get(known!.location!), await t.get(unknown!.location!)]
      assert.equal(sameBytes(a.html), sameBytes(b.html))
      assert.ok(
        (await sent(t, c)).every(m => m.recipient === email),
        'nothing left for anybody else',
      )
    })
  })

  /** Between the median times of answers to a known and to unknown addresses, asked in turn. */
  async function timeGap(c: Community, known: string, round: number): Promise<number> {
    const times: [number[], number[]] = [[], []]
    for (let i = 0; i < 60; i++)
      await later(t, (round * 60 + i + 1) * 3_700_000, async () => {
        const from = performance.now()
        await t.post(`/c/${c.slug}/connexion`, { email: i % 2 ? known : `personne-${i}@exemple.fr` })
        times[i % 2 ? 0 : 1].push(performance.now() - from)
      })
    const [a, b] = times.map(list => list.sort((x, y) => x - y)[list.length >> 1]!)
    return Math.abs(a! - b!)
  }

  it('slows down who asks too often, and never floods one mailbox', async () => {
    const { c, email } = await memberWithLink(t)
    await later(t, 61_000, async () => {
      const statuses = []
      for (let i = 0; i < 7; i++) statuses.push((await t.post(`/c/${c.slug}/connexion`, { email })).status)
      assert.deepEqual(statuses, [303, 303, 303, 303, 303, 303, 429])
    })
    assert.equal((await sent(t, c)).length, 5)
  })

  it('goes back where one wanted to go, on this very site only', async () => {
    const { c, email } = await memberWithLink(t)
    const want = `/c/${c.slug}/bureau?x=1&y=%2F`
    const sentThere = await t.get(want)
    assert.equal(sentThere.location, `/c/${c.slug}/connexion?suite=${encodeURIComponent(want)}`)
    const form = await t.get(sentThere.location!)
    assert.match(form.html, /name="suite" value="\/c\/[^"]+bureau\?x=1&amp;y=%2F"/)
    await later(t, 61_000, async () => {
      await t.post(`/c/${c.slug}/connexion`, { email, suite: want })
      const link = await lastLink(t, c)
      const shown = await t.get(link)
      const suite = /name="suite" value="([^"]*)"/.exec(shown.html)![1]!.replaceAll('&amp;', '&')
      assert.equal((await t.post(link, { suite })).location, want)
    })
  })

  const tricks = [
    '//evil.example',
    '/\\evil.example',
    '\\\\evil.example',
    'https://evil.example/c/x',
    'https:evil.example',
    '%2f%2fevil.example',
    '/c/../../evil',
    '/c/x/..//..//evil.example',
    '/c/x@evil.example',
    '/c/x\t//evil.example',
    '/c/x\r\nLocation: https://evil.example',
    '/c/x/%2e%2e/%2e%2e//evil.example',
    'javascript:alert(1)',
    '/c/x\\..\\..\\evil',
    '/ailleurs',
    '/c/x/connexion/abc',
    '///c/x',
    '/c/é',
    `/c/x/${'a'.repeat(600)}`,
    '/c/x y',
  ]
  it(`falls for none of ${tricks.length} tricks in the address to go back to`, async () => {
    for (const [i, suite] of tricks.entries())
      await later(t, (i + 1) * 3_700_000, async () => {
        const { c, email } = await memberWithLink(t)
        const shown = await t.get(`/c/${c.slug}/connexion?suite=${encodeURIComponent(suite)}`)
        assert.match(shown.html, /name="suite" value=""/, suite)
        await later(t, 61_000, async () => {
          await t.post(`/c/${c.slug}/connexion`, { email, suite })
          const link = await lastLink(t, c)
          assert.doesNotMatch(link, /suite=/, suite)
          const entered = await t.post(link, { suite })
          if (entered.status === 303) assert.equal(new URL(entered.location!, 'http://localhost:3000').pathname, `/c/${c.slug}`, suite)
          else assert.equal(entered.status, 422, suite)
        })
      })
  })

  it('ends at once when the membership does, session or link', async () => {
    const { c, me, link } = await memberWithLink(t, ['nurse'])
    const boss = await t.person(c, ['coordinator'])
    assert.equal((await t.get(`/c/${c.slug}/bureau`, me)).status, 200)
    assert.equal((await t.post(`/c/${c.slug}/membres/${me.membershipId}/fin`, {}, boss)).status, 303)
    assert.equal((await t.get(`/c/${c.slug}/bureau`, me)).status, 404, 'from the very next request')
    const refused = await t.post(link, {})
    assert.equal(refused.status, 422)
    assert.match(refused.text, /a pris fin/)
    assert.equal(refused.headers.get('set-cookie'), null)
    assert.equal((await t.post(`${link}/nouveau`, {})).status, 303)
    assert.equal((await sent(t, c)).length, 1, 'and no new link leaves')
  })

  it('closes the session for good on signing out', async () => {
    const c = await t.community()
    const me = await t.person(c, ['nurse'])
    const out = await t.post(`/c/${c.slug}/deconnexion`, {}, me)
    assert.equal(out.status, 303)
    assert.match(out.headers.get('set-cookie')!, /__Host-trame=;/)
    assert.match((await t.get(out.location!)).text, /Vous êtes déconnecté/)
    assert.equal((await t.get(`/c/${c.slug}/bureau`, me)).status, 303, 'the old cookie is worth nothing')
  })
})
