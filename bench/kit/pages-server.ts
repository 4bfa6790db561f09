/** One of the two servers that bench/pages compares, in a process of its own: the product, or the raw twin. */
import http from 'node:http'
import { serve } from '@hono/node-server'
import pg from 'pg'
import { systemClock } from '#platform/clock.ts'
import { openDatabase } from '#platform/db/database.ts'
import { randomUUIDv7 } from '#platform/ids.ts'
import { silentLog } from '#platform/log.ts'
import { createApp } from '#platform/web/app.ts'
import { areas } from '../../src/areas.ts'

export interface Statement {
  name?: string
  text: string
  values: unknown[]
  /** Which values are drawn afresh (identifiers of inserted rows). */
  fresh: number[]
}
export interface Start {
  side: 'ours' | 'raw'
  web: pg.PoolConfig
  /** By path: what our page asks of the database, in order, in rounds that are sent together. */
  scripts: Record<string, Statement[][]>
}

process.once('message', (start: Start) => {
  const ready = (port: number) => process.send!({ port })
  if (start.side === 'ours') {
    const db = openDatabase({ connection: start.web })
    const app = createApp({
      db,
      areas: areas({ demo: false }),
      clock: systemClock,
      log: silentLog,
      baseUrl: 'http://localhost:3000',
      demo: false,
    })
    serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }, info => ready(info.port))
    return
  }
  // The raw twin: the same statements, prepared and pipelined likewise, and the rows as JSON. Nothing is checked, rendered or logged.
  const pool = new pg.Pool({ ...start.web, max: 12, pipeline: true } as pg.PoolConfig)
  const server = http.createServer(async (request, response) => {
    const client = await pool.connect()
    const rows: unknown[] = []
    for (const round of start.scripts[request.url!]!) {
      const results = await Promise.all(
        round.map(s =>
          client.query({ name: s.name, text: s.text, values: s.values.map((v, i) => (s.fresh.includes(i) ? randomUUIDv7() : v)) }),
        ),
      )
      for (const r of results) rows.push(r.rows)
    }
    client.release()
    response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(rows))
  })
  server.listen(0, '127.0.0.1', () => ready((server.address() as { port: number }).port))
})
