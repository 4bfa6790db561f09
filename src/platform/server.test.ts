import assert from 'node:assert/strict'
import net from 'node:net'
import { test } from 'node:test'
import { Refusal } from './errors.ts'
import { openServer } from './server.ts'

const wait = (ms: number) => new Promise(resolve => setTimeout(resolve, ms))
const here = (port: number, path = '/', host = '127.0.0.1') => fetch(`http://${host}:${port}${path}`)

/** What a raw client receives until the server closes the line. */
function raw(port: number, text: string, ms = 15_000): Promise<string> {
  return new Promise(resolve => {
    let got = ''
    const socket = net.connect(port, '127.0.0.1', () => socket.write(text))
    socket.setTimeout(ms, () => socket.destroy())
    socket.on('data', chunk => {
      got += chunk
    })
    socket.on('error', () => {})
    socket.on('close', () => resolve(got))
  })
}

test('503 until it can serve, then the application, by both families of localhost', async () => {
  const server = await openServer({ port: 0 })
  const early = await here(server.port)
  assert.equal(early.status, 503)
  assert.equal(early.headers.get('retry-after'), '2')
  server.serve(() => new Response('ok'))
  assert.equal(await (await here(server.port)).text(), 'ok')
  assert.equal(await (await here(server.port, '/', '[::1]')).text(), 'ok')
  await server.stop(1000)
})

test('a port taken is refused with what to do', async () => {
  const server = await openServer({ port: 0 })
  await assert.rejects(openServer({ port: server.port }), (error: Error) => error instanceof Refusal && /déjà pris/.test(error.message))
  await server.stop(0)
  // Only one family of localhost is taken: another program would answer in our place.
  const other = net.createServer()
  await new Promise<void>(resolve => other.listen(0, '::1', resolve))
  await assert.rejects(openServer({ port: (other.address() as net.AddressInfo).port }), /déjà pris/)
  other.close()
  await assert.rejects(openServer({ port: 0, host: '203.0.113.9' }), /HOST/)
})

test('stopping: the request under way is answered, the live stream ends, nobody new comes in', async () => {
  const server = await openServer({ port: 0 })
  let cancelled = false
  server.serve(async (request: Request) => {
    if (request.url.endsWith('/live')) {
      const stream = new ReadableStream({
        start: c => c.enqueue(new TextEncoder().encode('data: 1\n\n')),
        cancel() {
          cancelled = true
        },
      })
      return new Response(stream, { headers: { 'Content-Type': 'text/event-stream' } })
    }
    if (request.url.endsWith('/slow')) await wait(400)
    return new Response('done')
  })
  await (await here(server.port, '/idle')).text()
  const live = await here(server.port, '/live')
  const slow = here(server.port, '/slow')
  await wait(100)
  const from = performance.now()
  const stopped = server.stop(5000)
  await wait(20)
  await assert.rejects(here(server.port), 'nobody new')
  const answer = await slow
  assert.equal(await answer.text(), 'done')
  assert.equal(answer.headers.get('connection'), 'close')
  await assert.rejects(live.text(), 'the stream is cut')
  await stopped
  assert.ok(performance.now() - from < 2000, `${performance.now() - from} ms`)
  assert.ok(cancelled)
})

test('stopping does not wait for ever', async () => {
  const server = await openServer({ port: 0 })
  server.serve(() => new Promise<Response>(() => {}))
  const never = here(server.port).catch(() => 'cut')
  await wait(50)
  const from = performance.now()
  await server.stop(300)
  assert.equal(await never, 'cut')
  assert.ok(performance.now() - from < 2000)
})

test('a client that sends one byte a second, or too much, is shown out; the others are served', async () => {
  const server = await openServer({ port: 0 })
  server.serve(() => new Response('ok'))
  const from = performance.now()
  const slow = new Promise<string>(resolve => {
    let got = ''
    const socket = net.connect(server.port, '127.0.0.1', () => socket.write('GET / HTTP/1.1\r\nHost: x\r\n'))
    const drip = setInterval(() => socket.write('X'), 1000)
    socket.on('data', chunk => {
      got += chunk
    })
    socket.on('error', () => {})
    socket.on('close', () => {
      clearInterval(drip)
      resolve(got)
    })
  })
  assert.match(await raw(server.port, `GET / HTTP/1.1\r\nHost: x\r\nX-Big: ${'a'.repeat(1_000_000)}\r\n\r\n`), /^HTTP\/1.1 431/)
  for (const smuggled of [
    'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nContent-Length: 5\r\n\r\nabcd',
    // Without the body that would follow: what comes after it must not be what is refused.
    'POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: xchunked\r\n\r\n',
    'GET / HTTP/1.1\r\nHost: x\r\nX-A: b\r\n folded: c\r\n\r\n',
    'GET / HTTP/1.1\nHost: x\n\n',
  ])
    assert.match(await raw(server.port, smuggled), /^HTTP\/1.1 400/, JSON.stringify(smuggled))
  assert.equal(await (await here(server.port)).text(), 'ok')
  assert.match(await slow, /^HTTP\/1.1 408/)
  assert.ok(performance.now() - from < 14_000)
  await server.stop(500)
})
