/** What a browser does: one key for each form, the same when it is sent again; and what it was told, to be held against the database. */
import assert from 'node:assert/strict'
import { randomUUIDv7 } from '#platform/ids.ts'
import { firstAnswer } from '#platform/web/forms-once.ts'
import type { Community, Person, TestApp } from '../app.ts'

export interface Told {
  status: number
  location: string | null
  text: string
}
interface Success {
  key: string
  as: Person
  location: string
}

export class Client {
  readonly successes: Success[] = []
  /** How many times something had to be sent again. */
  retries = 0
  private readonly send: (request: Request) => Promise<Response>
  private readonly base: () => string
  private readonly patienceMs: number
  /** `send` is `fetch`, or an application in this process; `base` its address at this moment. */
  constructor(base: () => string, send: (request: Request) => Promise<Response> = fetch, patienceMs = 20_000) {
    this.base = base
    this.send = send
    this.patienceMs = patienceMs
  }
  /** Sends a form, again while there is no answer or a 503, and remembers a success. */
  async post(path: string, fields: Record<string, string>, as: Person, key: string = randomUUIDv7()): Promise<Told> {
    for (const until = performance.now() + this.patienceMs; ; this.retries++) {
      const told = await this.once(path, fields, as, key)
      if (told && told.status !== 503) {
        if (told.status === 303 && told.location) this.successes.push({ key, as, location: told.location })
        return told
      }
      assert.ok(performance.now() < until, `${path}: no answer in ${this.patienceMs} ms`)
      await new Promise(resolve => setTimeout(resolve, 25))
    }
  }
  /** One sending; null when the line was cut. */
  async once(path: string, fields: Record<string, string>, as: Person, key: string): Promise<Told | null> {
    const base = this.base()
    try {
      const answer = await this.send(
        new Request(base + path, {
          method: 'POST',
          body: new URLSearchParams({ _key: key, ...fields }),
          headers: { origin: base, cookie: as.cookie },
          redirect: 'manual',
        }),
      )
      return { status: answer.status, location: answer.headers.get('location'), text: await answer.text() }
    } catch {
      return null
    }
  }
  /** Every success that was told is in the database, once, and still answers the same. */
  async assertKept(t: TestApp, c: Community): Promise<void> {
    for (const { key, as, location } of this.successes)
      assert.equal(await t.within(c, tx => firstAnswer(tx, key, as.personId)), location, 'a success that was told is not in the database')
  }
}
