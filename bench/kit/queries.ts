/** What a request asks of the database, seen where the driver sends it. */
import pg from 'pg'

/** A statement as the driver was given it; `done` settles with its answer. */
export interface Sent {
  name: string | undefined
  text: string
  values: unknown[]
  done: Promise<unknown>
}

/** Runs `work`, calling `see` at each statement that any connection of this process sends meanwhile; one `work` at a time. */
export async function seeingQueries<T>(see: (sent: Sent) => void, work: () => Promise<T>): Promise<T> {
  const { prototype } = pg.Client
  const real = prototype.query as (...args: unknown[]) => unknown
  prototype.query = function (this: pg.Client, ...args: unknown[]) {
    const [asked, values] = args as [string | pg.QueryConfig, unknown[]?]
    const result = real.apply(this, args)
    const { name, text, values: given = [] } = typeof asked === 'string' ? { name: undefined, text: asked, values } : asked
    see({ name, text, values: given, done: Promise.resolve(result) })
    return result
  } as typeof prototype.query
  try {
    return await work()
  } finally {
    prototype.query = real as typeof prototype.query
  }
}
