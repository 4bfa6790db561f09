/** The HTTP server: takes its port first, answers once it can serve, and stops without cutting anybody short. */
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { getRequestListener } from '@hono/node-server'
import { Refusal } from './errors.ts'

export interface Server {
  /** The port really taken (differs from the one asked for when that was 0). */
  port: number
  /** From now on requests are answered by `fetch`; before, by 503. */
  serve(fetch: Parameters<typeof getRequestListener>[0]): void
  /** Refuses new connections, ends live streams, lets running requests finish for `patience` milliseconds, then cuts. */
  stop(patience: number): Promise<void>
}

type Listener = (request: http.IncomingMessage, response: http.ServerResponse) => unknown

const limits: http.ServerOptions = {
  // A client that sends its request one byte at a time holds a socket, never more than this long.
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  connectionsCheckingInterval: 1_000,
  keepAliveTimeout: 20_000,
  maxHeaderSize: 16 * 1024,
}

/** Takes the port. Throws `Refusal` when it cannot: nothing else has begun. */
export async function openServer({ port, host }: { port: number; host?: string }): Promise<Server> {
  let listener: Listener = starting
  let stopping = false
  const running = new Set<http.ServerResponse>()
  const streams = new Set<http.ServerResponse>()
  const onRequest: Listener = (request, response) => {
    // Node lets an unknown encoding pass: where the body ends would then be anybody's guess.
    if (!/^(chunked)?$/i.test(request.headers['transfer-encoding'] ?? '')) return refuse(response)
    running.add(response)
    response.once('close', () => {
      running.delete(response)
      streams.delete(response)
    })
    if (stopping) response.setHeader('Connection', 'close')
    return listener(request, response)
  }
  const first = await listen(onRequest, port, host ?? '127.0.0.1')
  const taken = (first.address() as AddressInfo).port
  const servers = [first]
  // « localhost » is either family, depending on the machine: both are answered.
  if (host === undefined) {
    try {
      servers.push(await listen(onRequest, taken, '::1'))
    } catch (error) {
      const { code } = (error as Error).cause as NodeJS.ErrnoException
      // A machine without IPv6 has nobody to disappoint; a port held there by another program would answer in our place.
      if (code === 'EADDRINUSE') {
        first.close()
        throw error
      }
    }
  }
  return {
    port: taken,
    serve(fetch) {
      const answer = getRequestListener(async (request, env) => {
        const response = (await fetch(request, env)) as Response
        const outgoing = env.outgoing as http.ServerResponse
        if (response.headers.get('content-type')?.startsWith('text/event-stream')) streams.add(outgoing)
        return response
      })
      listener = (request, response) => answer(request, response)
    },
    async stop(patience) {
      stopping = true
      const closed = Promise.all(servers.map(server => new Promise<void>(resolve => server.close(() => resolve()))))
      // A live stream never ends by itself; its page reconnects.
      for (const response of streams) response.destroy()
      for (const response of running) if (!response.headersSent) response.setHeader('Connection', 'close')
      const cut = setTimeout(() => {
        for (const server of servers) server.closeAllConnections()
      }, patience)
      // A kept-alive connection that becomes idle is closed at once, not after its time-out.
      const sweep = setInterval(() => {
        for (const server of servers) server.closeIdleConnections()
      }, 50)
      await closed
      clearTimeout(cut)
      clearInterval(sweep)
    },
  }
}

const refuse = (response: http.ServerResponse) => {
  response.writeHead(400, { Connection: 'close' })
  response.end()
}

const starting: Listener = (_request, response) => {
  response.writeHead(503, { 'Content-Type': 'text/plain; charset=utf-8', 'Retry-After': '2', Refresh: '3', 'Cache-Control': 'no-store' })
  response.end('Trame démarre. Cette page se recharge toute seule.\n')
}

async function listen(listener: Listener, port: number, host: string): Promise<http.Server> {
  const server = http.createServer(limits, (request, response) => void listener(request, response))
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(port, host, resolve)
    })
  } catch (error) {
    throw new Refusal(refusal(error as NodeJS.ErrnoException, port, host), { cause: error })
  }
  return server
}

function refusal(error: NodeJS.ErrnoException, port: number, host: string): string {
  switch (error.code) {
    case 'EADDRINUSE':
      return `Le port ${port} est déjà pris\u202f: Trame tourne peut-être déjà (ouvrez http://localhost:${port}), sinon choisissez-en un autre, par exemple PORT=${port + 1} npm start.`
    case 'EACCES':
      return `Le port ${port} est réservé à l’administrateur de la machine\u202f: choisissez-en un au-dessus de 1023, par exemple PORT=3000.`
    default:
      return `Trame ne peut pas écouter sur ${host}, port ${port} (${error.code ?? error.message})\u202f: vérifiez HOST et PORT.`
  }
}
