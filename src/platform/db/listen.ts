/** Hears what other transactions announce (NOTIFY), over a connection of its own that comes back when it is lost. */
import pg from 'pg'

export interface Listening {
  close(): Promise<void>
}

/** A connection cut without a word (half-open) is noticed within this long. */
const HEARTBEAT_MS = 10_000

/**
 * `onReady` is called after each (re)subscription: what was announced meanwhile is lost, so look for it then.
 * Rejects when the first connection fails; later losses are mended here.
 */
export async function listen(
  config: pg.ClientConfig,
  channel: string,
  onMessage: (payload: string) => void,
  onReady: () => void,
): Promise<Listening> {
  let current: pg.Client | undefined
  let timer: NodeJS.Timeout | undefined
  let closed = false
  let pause = 200

  const later = (work: () => Promise<void>, ms: number) => {
    clearTimeout(timer)
    timer = setTimeout(() => void work(), ms).unref()
  }
  const lost = (client: pg.Client) => {
    if (client !== current) return
    current = undefined
    client.end().catch(() => {})
    if (closed) return
    later(() => open().catch(() => again()), pause)
  }
  const again = () => {
    pause = Math.min(pause * 2, 10_000)
    if (!closed) later(() => open().catch(() => again()), pause)
  }
  const beat = async (client: pg.Client) => {
    const late = new Promise((_, reject) => setTimeout(reject, 5_000, new Error('no answer')).unref())
    try {
      await Promise.race([client.query('select 1'), late])
      if (client === current) later(() => beat(client), HEARTBEAT_MS)
    } catch {
      lost(client)
    }
  }
  const open = async () => {
    const client = new pg.Client(config)
    client.on('error', () => lost(client))
    client.on('end', () => lost(client))
    client.on('notification', n => onMessage(n.payload ?? ''))
    try {
      await client.connect()
      await client.query(`listen ${pg.escapeIdentifier(channel)}`)
    } catch (error) {
      client.end().catch(() => {})
      throw error
    }
    if (closed) return void client.end().catch(() => {})
    current = client
    pause = 200
    later(() => beat(client), HEARTBEAT_MS)
    onReady()
  }
  await open()
  return {
    async close() {
      closed = true
      clearTimeout(timer)
      const client = current
      current = undefined
      await client?.end().catch(() => {})
    },
  }
}
