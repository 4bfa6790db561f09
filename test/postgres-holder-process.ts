/** For the tests: a process of its own that starts the server as `npm start` does, says so on a line, and waits. */
import { startEmbedded } from '#platform/postgres/embedded.ts'

try {
  const embedded = await startEmbedded({ dir: process.argv[2]! })
  process.on('SIGTERM', async () => {
    await embedded.stop()
    process.exit(0)
  })
  console.log(JSON.stringify({ pid: embedded.pid, superuser: embedded.superuser, owner: embedded.connection }))
  setInterval(() => {}, 60_000)
} catch (error) {
  const { name, message } = error as Error
  console.log(JSON.stringify({ error: name, message }))
  process.exit(1)
}
