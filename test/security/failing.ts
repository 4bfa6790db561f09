/** A database whose n-th statement fails: what is tried for n = 1, 2, … until nothing fails any more. */
import type { Database } from '#platform/db/database.ts'

export interface Failing extends Database {
  /** Statements asked so far. */
  asked(): number
}
/** The same transaction, `before` awaited ahead of each of its statements. */
export function guarded<T extends object>(tx: T, before: () => Promise<void>): T {
  const executor = <E extends object>(real: E): E =>
    new Proxy(real, {
      get(target, name) {
        const value = Reflect.get(target, name, target) as unknown
        if (name !== 'executeQuery') return typeof value === 'function' ? value.bind(target) : value
        return async (...args: unknown[]) => {
          await before()
          return (value as (...a: unknown[]) => unknown).apply(target, args)
        }
      },
    })
  return new Proxy(tx, {
    get(target, name) {
      const value = Reflect.get(target, name, target) as unknown
      if (name !== 'getExecutor') return typeof value === 'function' ? value.bind(target) : value
      return () => executor((value as () => object).call(target))
    },
  })
}
/** Fails the statement number `n` asked by the application (those that open a transaction do not count); 0: none. */
export function failing(db: Database, n: number, fault: Error = new Error('planned')): Failing {
  let asked = 0
  const guard = <T extends object>(tx: T): T =>
    guarded(tx, async () => {
      if (++asked === n) throw fault
    })
  return {
    ...db,
    enter: (slug, hash, now, work) => db.enter(slug, hash, now, (tx, entry) => work(guard(tx), entry)),
    inTenant: (id, work) => db.inTenant(id, tx => work(guard(tx))),
    inSite: work => db.inSite(tx => work(guard(tx))),
    asked: () => asked,
  }
}

/** A database that nobody reaches. */
export function down(db: Database, fault: Error = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' })): Database {
  const refuse = () => Promise.reject(fault)
  return { ...db, enter: refuse, inTenant: refuse, inSite: refuse, executeSql: refuse, ping: refuse }
}
