/** How far a long command is: one living line on a terminal, a plain line now and then elsewhere. */

export interface Progress {
  /** `done` of `total` (any unit), with a word on what is being done. */
  at(done: number, total: number, note?: string): void
  /** Ends the line. */
  end(): void
}
export interface Output {
  write(text: string): unknown
  isTTY?: boolean
  columns?: number
}

/** Redrawn at most this often on a terminal, and elsewhere. */
const TERMINAL_MS = 100
const PLAIN_MS = 10_000

export function progress(label: string, out: Output = process.stderr, clock: () => number = () => performance.now()): Progress {
  const terminal = out.isTTY === true
  const start = clock()
  let drawn = Number.NEGATIVE_INFINITY
  let living = false
  return {
    at(done, total, note) {
      const now = clock()
      if (now - drawn < (terminal ? TERMINAL_MS : PLAIN_MS) && done < total) return
      drawn = now
      const line = `${label}\u202f: ${describe(done, total, (now - start) / 1000)}${note ? ` · ${note}` : ''}`
      if (!terminal) return void out.write(`${line}\n`)
      living = true
      out.write(`\r\x1b[2K${line.slice(0, (out.columns ?? 80) - 1)}`)
    },
    end() {
      if (living) out.write('\n')
      living = false
    },
  }
}

/** Percent, rate and estimate; the estimate only once it means something. */
export function describe(done: number, total: number, seconds: number): string {
  const share = total > 0 ? Math.min(done / total, 1) : 1
  const parts = [`${Math.floor(share * 100)}\u202f%`]
  if (seconds > 0.5 && done > 0) parts.push(`${new Intl.NumberFormat('fr-FR', { notation: 'compact' }).format(done / seconds)}/s`)
  if (seconds > 2 && share > 0.02 && share < 1) parts.push(`encore ${duration((seconds / share) * (1 - share))}`)
  return parts.join(' · ')
}

export function duration(seconds: number): string {
  if (seconds < 60) return `${Math.max(1, Math.round(seconds))}\u202fs`
  if (seconds < 3600) return `${Math.round(seconds / 60)}\u202fmin`
  return `${Math.floor(seconds / 3600)}\u202fh ${Math.round((seconds % 3600) / 60)}\u202fmin`
}
