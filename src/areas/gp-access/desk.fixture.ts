/** A community with its coordinator, asked over HTTP: what the tests of the desk start from. */

import { one, sql } from '#platform/db/types.ts'
import { type Community, type Person, type TestApp, testApp } from '../../../test/app.ts'
import { aDoctor, aPatient, aWaiting, system, withCommunes } from './gp-access.fixture.ts'
import { gpAccessArea } from './index.ts'
import { accept, propose } from './store/proposals.ts'
import { enterRequest } from './store/requests.ts'

export const site = { baseUrl: 'http://localhost:3000', home: '/c/x', cptsName: 'CPTS d’essai' }

/** One desk for a file of tests: `fresh` gives it a community of its own. */
export class Desk {
  readonly t: TestApp
  c!: Community
  me!: Person
  private constructor(t: TestApp) {
    this.t = t
  }
  static async open(): Promise<Desk> {
    const t = await testApp([gpAccessArea()])
    await withCommunes(t)
    return new Desk(t)
  }
  async fresh(): Promise<void> {
    this.c = await this.t.community()
    await withCommunes(this.t, this.c)
    this.me = await this.t.person(this.c, ['coordinator'], { name: 'Claire Roux' })
  }
  url(path = ''): string {
    return `/c/${this.c.slug}/demandes${path}`
  }
  received(o: Parameters<typeof aPatient>[0] = {}, since?: Date) {
    return this.t.within(this.c, tx => enterRequest(tx, system(this.t), aPatient(o), 'patient', since))
  }
  /** A request a doctor of its own has accepted. */
  async accepted(o: Parameters<typeof aWaiting>[2] = {}): Promise<{ id: string; doctor: Person }> {
    const doctor = await aDoctor(this.t, this.c)
    const { id } = await aWaiting(this.t, this.c, o)
    const p = await this.t.within(this.c, tx =>
      propose(tx, system(this.t), site, { requestId: id, membershipId: doctor.membershipId, minutes: 5 }),
    )
    await this.t.within(this.c, tx => accept(tx, system(this.t), p))
    return { id, doctor }
  }
  state(id: string) {
    return this.t.within(this.c, tx =>
      one<{ state: string; exit: string | null }>(tx, sql`select state, exit from app.request where id = ${id}`),
    )
  }
  /** Posts a step of a request, follows it, and gives the words shown. */
  async step(id: string, path: string, fields: Record<string, string | string[]> = {}): Promise<{ status: number; text: string }> {
    const done = await this.t.post(this.url(`/${id}${path}`), fields, this.me)
    return { status: done.status, text: done.status === 303 ? (await this.t.get(done.location!, this.me)).text : done.text }
  }
}
