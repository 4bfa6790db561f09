/**
 * Several actors on one database, one statement at a time, in an order that is given: an interleaving that can be played again.
 * Before each of its statements, and before its commit, an actor waits for its turn. Somebody who waits for a lock is passed over
 * until PostgreSQL lets him go. A crash cuts the actor's connection where it stands.
 */
import pg from 'pg'
import type { Database } from '#platform/db/database.ts'
import { one, sql, type Tx } from '#platform/db/types.ts'
import type { Login } from '../database.ts'
import { guarded } from '../security/failing.ts'

export interface Turn {
  /** Which of those who can move, modulo their number. */
  who: number
  /** Its connection is cut instead of moving. */
  crash?: boolean
}
/** One command at a time: `begin` says what it does inside its transaction; `end` hears how it went, before anybody else moves. */
export interface Script {
  next(): { work(tx: Tx): Promise<unknown>; end(result: PromiseSettledResult<unknown>, cut: boolean): Promise<void> | void } | null
}
export interface Lockstep {
  run(cptsId: string, scripts: readonly Script[], turns: Iterator<Turn>): Promise<void>
  close(): Promise<void>
}

class Gate {
  /** Backend of the transaction under way. */
  pid = 0
  finished = false
  /** Its connection was ended by the play. */
  cut = false
  ending = false
  private waiting: { resolve(): void; reject(reason: Error): void }[] = []
  private broken: Error | undefined
  get parked() {
    return this.waiting.length > 0
  }
  pass(): Promise<void> {
    if (this.broken) return Promise.reject(this.broken)
    return new Promise((resolve, reject) => this.waiting.push({ resolve, reject }))
  }
  /** Statements asked together go together, as they are sent. */
  open(): void {
    for (const w of this.waiting.splice(0)) w.resolve()
  }
  /** Nobody passes any more: what is open is rolled back. */
  shut(): void {
    this.broken = new Error('the play was stopped')
    for (const w of this.waiting.splice(0)) w.reject(this.broken)
  }
}

const soon = () => new Promise(resolve => setImmediate(resolve))

/** `admin` may look at every backend and end it. */
export async function lockstep(db: Database, admin: Login): Promise<Lockstep> {
  const watcher = new pg.Client(admin)
  await watcher.connect()
  const blocked = async (pids: number[]) => {
    const { rows } = await watcher.query<{ pid: number }>(
      'select pid from pg_stat_activity where pid = any($1) and cardinality(pg_blocking_pids(pid)) > 0',
      [pids],
    )
    return new Set(rows.map(r => r.pid))
  }
  const cut = async (pid: number) => {
    await watcher.query('select pg_terminate_backend($1, 5000)', [pid])
  }
  /** Nobody is running any more: each is at the gate, at the end, or waits for a lock. */
  async function settled(gates: Gate[]): Promise<void> {
    for (let look = 0; ; look++) {
      const running = gates.filter(g => !g.finished && !g.parked)
      if (running.length === 0) return
      // Locks are looked at once what needs none has had the time to come back.
      if (look > 20) {
        const stuck = await blocked(running.filter(g => g.pid).map(g => g.pid))
        const free = gates.some(g => g.parked)
        if (free && running.every(g => !g.parked && stuck.has(g.pid) && !g.ending)) return
      }
      await soon()
    }
  }

  return {
    async run(cptsId, scripts, turns) {
      const gates = scripts.map(() => new Gate())
      const actors = scripts.map(async (script, i) => {
        const gate = gates[i]!
        for (let command = script.next(); command; command = script.next()) {
          await gate.pass()
          gate.ending = gate.cut = false
          const done = db.inTenant(cptsId, async tx => {
            gate.pid = (await one<{ pid: number }>(tx, sql`select pg_backend_pid() as pid`)).pid
            const result = await command.work(guarded(tx, () => gate.pass()))
            await gate.pass()
            gate.ending = true
            return result
          })
          const [result] = await Promise.allSettled([done])
          gate.pid = 0
          await command.end(result!, gate.cut)
        }
      })
      for (const [i, actor] of actors.entries())
        void actor
          .catch(() => {})
          .finally(() => {
            gates[i]!.finished = true
          })
      let failed: { reason: unknown } | undefined
      for (const actor of actors)
        actor.catch(reason => {
          failed ??= { reason }
          for (const gate of gates) gate.shut()
        })
      while (!failed) {
        await settled(gates)
        const ready = gates.filter(g => g.parked)
        if (ready.length === 0) break
        const turn = turns.next()
        const { who, crash } = turn.done ? { who: 0, crash: false } : turn.value
        const gate = ready[who % ready.length]!
        if (crash && gate.pid) {
          gate.cut = true
          await cut(gate.pid)
        }
        gate.open()
      }
      await Promise.allSettled(actors)
      if (failed) throw failed.reason
    },
    close: () => watcher.end(),
  }
}
