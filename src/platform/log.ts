/** One JSON object per line, on standard error. Codes and identifiers only: never a name, an address or a token. */
export type Fields = Record<string, string | number | boolean | null | undefined>
export interface Log {
  info(event: string, fields?: Fields): void
  error(event: string, fields?: Fields): void
}
export function jsonLog(write: (line: string) => void = line => process.stderr.write(line)): Log {
  const line =
    (level: string) =>
    (event: string, fields: Fields = {}) =>
      // JSON escapes control characters: one call is one line, whatever was passed.
      write(`${JSON.stringify({ at: new Date().toISOString(), level, event, ...fields })}\n`)
  return { info: line('info'), error: line('error') }
}
export const silentLog: Log = { info() {}, error() {} }

/** What the log keeps of a fault: its class, its code and where it happened; never its message, which may quote a row. */
export function faultOf(error: unknown): Fields {
  if (typeof error !== 'object' || error === null) return { name: typeof error }
  const { name, code, stack } = error as { name?: string; code?: string; stack?: string }
  const where = stack?.split('\n').find(line => /\/(src|demo)\//.test(line))
  return {
    // A fault copied into a plain object (as the job queue does) keeps its class in its stack only.
    name: name ?? /^\w+/.exec(stack ?? '')?.[0] ?? 'object',
    code,
    where: where?.trim().replace(/.*\/(src|demo)\//, '$1/'),
  }
}
