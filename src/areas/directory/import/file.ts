/** Reads a text file by blocks of whole lines, in bounded memory, checking its encoding and that it ends where a line ends. */
import { createHash } from 'node:crypto'
import { type FileHandle, open } from 'node:fs/promises'
import { checkBlock, checkStart, mayBeDecomposed } from './encoding.ts'
import { MAX_LINE } from './extract.ts'
import { ImportRefused } from './report.ts'

const BLOCK = 1 << 20

export interface OpenFile {
  handle: FileHandle
  bytes: number
}

/** Opens the file. Throws `ImportRefused` when there is none or it is empty. */
export async function openFile(path: string): Promise<OpenFile> {
  let handle: FileHandle
  try {
    handle = await open(path, 'r')
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code
    const why = code === 'ENOENT' ? 'il n’existe pas' : code === 'EACCES' ? 'vous n’avez pas le droit de le lire' : `${code}`
    throw new ImportRefused('file', `Le fichier ne peut pas être ouvert\u202f: ${why}. Vérifiez le chemin. Rien n’a été changé.`)
  }
  const stat = await handle.stat()
  if (stat.isFile() && stat.size > 0) return { handle, bytes: stat.size }
  await handle.close()
  if (!stat.isFile()) throw new ImportRefused('file', 'Ce chemin n’est pas celui d’un fichier. Rien n’a été changé.')
  throw new ImportRefused('empty', 'Le fichier est vide. Rien n’a été changé.')
}

/** SHA-256 of the whole file, in hexadecimal. */
export async function hashFile({ handle }: OpenFile, signal?: AbortSignal): Promise<string> {
  const hash = createHash('sha256')
  const block = Buffer.allocUnsafeSlow(BLOCK)
  for (let at = 0; ; ) {
    if (signal?.aborted) throw new ImportRefused('aborted', 'Import arrêté à votre demande. Rien n’a été changé.')
    const { bytesRead } = await handle.read(block, 0, BLOCK, at)
    if (bytesRead === 0) return hash.digest('hex')
    hash.update(bytesRead === BLOCK ? block : block.subarray(0, bytesRead))
    at += bytesRead
  }
}

export interface Block {
  /** Whole lines, each with its newline. Valid until the next block is asked for. */
  lines: Buffer
  /** Bytes of the file read so far. */
  read: number
}

/**
 * The blocks of the file, one or more whole lines each, in NFC. `linesBefore` says how many lines the caller has counted, for
 * the refusals. Returns the SHA-256 of what was read.
 */
export async function* blocks({ handle }: OpenFile, linesBefore: () => number): AsyncGenerator<Block, string> {
  const hash = createHash('sha256')
  // Two buffers: the next read is under way while the lines of the last are used.
  const buffers = [Buffer.allocUnsafeSlow(MAX_LINE + BLOCK), Buffer.allocUnsafeSlow(MAX_LINE + BLOCK)]
  let carried = 0
  let position = 0
  let turn = 0
  let reading = handle.read(buffers[0]!, MAX_LINE, BLOCK, 0)
  for (;;) {
    const { bytesRead } = await reading
    const buffer = buffers[turn]!
    const from = MAX_LINE - carried
    const end = MAX_LINE + bytesRead
    if (position === 0) checkStart(buffer.subarray(MAX_LINE, end))
    if (bytesRead === 0) {
      if (carried === 0) return hash.digest('hex')
      const line = linesBefore() + 1
      throw new ImportRefused(
        'truncated',
        `Ligne ${line}\u202f: le fichier est coupé (la dernière ligne n’est pas terminée). Téléchargez-le de nouveau. Rien n’a été changé.`,
        line,
      )
    }
    position += bytesRead
    const last = buffer.lastIndexOf(10, end - 1)
    const lineEnd = last < MAX_LINE ? from : last + 1
    const rest = end - lineEnd
    turn ^= 1
    if (rest > MAX_LINE) {
      const line = linesBefore() + (lineEnd > from ? buffer.subarray(from, lineEnd).filter(b => b === 10).length : 0) + 1
      throw new ImportRefused(
        'line-too-long',
        `Ligne ${line}\u202f: plus de ${MAX_LINE} octets sans fin de ligne. Ce n’est pas une extraction de l’Annuaire Santé. Rien n’a été changé.`,
        line,
      )
    }
    buffer.copy(buffers[turn]!, MAX_LINE - rest, lineEnd, end)
    reading = handle.read(buffers[turn]!, MAX_LINE, BLOCK, position)
    reading.catch(() => {}) // seen at the next turn
    hash.update(buffer.subarray(MAX_LINE, end))
    carried = rest
    if (lineEnd === from) continue
    let lines: Buffer = buffer.subarray(from, lineEnd)
    checkBlock(lines, linesBefore() + 1)
    if (mayBeDecomposed(lines)) lines = Buffer.from(lines.toString('utf8').normalize('NFC'))
    yield { lines, read: position }
  }
}
