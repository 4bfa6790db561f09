/**
 * Files that people give: kept byte for byte in the community's own rows (docs/adr/0016), named and typed by us, given back as
 * attachments that no browser runs. What the browser says of a file (its type, its name) decides nothing.
 */
import { createHash } from 'node:crypto'
import { type Actor, actorLabel, audit } from './audit.ts'
import { maybe, run, sql, type Tx } from './db/types.ts'
import { notFound } from './errors.ts'
import { randomUUIDv7 } from './ids.ts'

/** Ten megabytes; the table has the same bound. */
export const MAX_FILE_BYTES = 10 * 1024 * 1024

export interface FileKind {
  type: string
  extension: string
  /** For people: « PDF », « image PNG ». */
  label: string
}
const kinds = {
  pdf: { type: 'application/pdf', extension: 'pdf', label: 'PDF' },
  png: { type: 'image/png', extension: 'png', label: 'image PNG' },
  jpeg: { type: 'image/jpeg', extension: 'jpg', label: 'image JPEG' },
  docx: { type: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document', extension: 'docx', label: 'document Word' },
  xlsx: { type: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', extension: 'xlsx', label: 'tableur Excel' },
  odt: { type: 'application/vnd.oasis.opendocument.text', extension: 'odt', label: 'document OpenDocument' },
  ods: { type: 'application/vnd.oasis.opendocument.spreadsheet', extension: 'ods', label: 'tableur OpenDocument' },
  text: { type: 'text/plain; charset=utf-8', extension: 'txt', label: 'texte' },
} as const satisfies Record<string, FileKind>
/** For the hint of a form. */
export const acceptedFiles = 'PDF, image (PNG, JPEG), Word, Excel, OpenDocument ou texte ; dix mégaoctets au plus.'
/** For the file chooser; only a help, never a check. */
export const acceptAttribute = '.pdf,.png,.jpg,.jpeg,.docx,.xlsx,.odt,.ods,.txt,.csv'

/** What the bytes are, from the bytes alone; null for anything that is not in the list, a page or a program included. */
export function sniff(bytes: Uint8Array): FileKind | null {
  const b = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const starts = (text: string) => b.subarray(0, text.length).toString('latin1') === text
  if (starts('%PDF-')) return kinds.pdf
  if (starts('\x89PNG\r\n\x1a\n')) return kinds.png
  if (starts('\xff\xd8\xff')) return kinds.jpeg
  if (starts('PK\x03\x04')) return office(b)
  return isText(b) ? kinds.text : null
}
/** The names of the parts of an office file stand in clear in its directory; one with macros is refused. */
function office(b: Buffer): FileKind | null {
  if (b.includes('vbaProject.bin')) return null
  if (b.includes('word/document.xml')) return kinds.docx
  if (b.includes('xl/workbook.xml')) return kinds.xlsx
  const open = /^mimetype(application\/vnd\.oasis\.opendocument\.(text|spreadsheet))/.exec(b.subarray(30, 110).toString('latin1'))
  return open ? (open[2] === 'text' ? kinds.odt : kinds.ods) : null
}
/** Words that can be read, and no markup: what begins with a tag may be run by whoever opens it. */
function isText(b: Buffer): boolean {
  if (b.length === 0 || b.includes(0)) return false
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(b)
  } catch {
    return false
  }
  return !/[\u0001-\u0008\u000e-\u001f]/.test(text) && !/^\s*(<|#!)|<(script|html|svg|\?xml)/i.test(text)
}

/** SHA-256 of bytes or of a text, hexadecimal. */
export const sha256 = (of: Uint8Array | string): string => createHash('sha256').update(of).digest('hex')

export interface StoredFile {
  id: string
  /** Hexadecimal. */
  sha256: string
  type: string
  /** As it came, cleaned: to be shown, never to be used. */
  givenName: string
  bytes: number
  at: Date
  by: string
}
const columns = sql`f.id, encode(f.sha256, 'hex') as sha256, f.type, f.given_name as "givenName", length(f.bytes) as bytes, f.at, f.by_label as by`

export type Kept = { ok: true; file: StoredFile } | { ok: false; error: string }

/**
 * Keeps a file in the transaction of what it is for, and says so in the audit. The answer is an error for the form when the
 * bytes are none of the accepted kinds.
 */
export async function keepFile(tx: Tx, actor: Actor, given: File): Promise<Kept> {
  return keepBytes(tx, actor, given.name, new Uint8Array(await given.arrayBuffer()))
}
/** The same for bytes that did not come by a form (demonstration, a document of our own). */
export async function keepBytes(tx: Tx, actor: Actor, name: string, bytes: Uint8Array): Promise<Kept> {
  if (bytes.length === 0) return { ok: false, error: 'Ce fichier est vide. Choisissez-en un autre.' }
  if (bytes.length > MAX_FILE_BYTES) return { ok: false, error: 'Ce fichier dépasse dix mégaoctets. Réduisez-le puis recommencez.' }
  const kind = sniff(bytes)
  if (!kind) return { ok: false, error: `Ce fichier n’est pas d’un type accepté : ${acceptedFiles}` }
  const file: StoredFile = {
    id: randomUUIDv7(),
    sha256: sha256(bytes),
    type: kind.type,
    givenName: cleanName(name) || `fichier.${kind.extension}`,
    bytes: bytes.length,
    at: actor.now,
    by: actor.label ?? actorLabel(actor.who),
  }
  await run(
    tx,
    sql`insert into app.stored_file (id, sha256, type, given_name, bytes, at, by_label)
        values (${file.id}, ${Buffer.from(file.sha256, 'hex')}, ${file.type}, ${file.givenName}, ${Buffer.from(bytes)}, ${file.at}, ${file.by})`,
  )
  await audit(tx, actor, {
    action: 'file.keep',
    subject: { kind: 'file', id: file.id },
    detail: { sha256: file.sha256, bytes: file.bytes, type: file.type },
  })
  return { ok: true, file }
}
/** The last part of a path, without what a terminal, a header or a file system would take for an order. */
export const cleanName = (name: string): string =>
  (name.normalize('NFC').split(/[/\\]/).at(-1) ?? '')
    .replace(/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069"<>|:*?]+/g, ' ')
    .replace(/\s+/g, ' ')
    .replace(/^[\s.]+/, '')
    .slice(-120)
    .trim()

/** About a file of this community, not its bytes; null when there is none. */
export const fileOf = (tx: Tx, id: string): Promise<StoredFile | null> =>
  maybe(tx, sql`select ${columns} from app.stored_file f where f.id = ${id}`)

/** The name of a download: ours, from what it is and its hash. */
export const generatedName = (f: Pick<StoredFile, 'sha256' | 'type'>): string =>
  `piece-${f.sha256.slice(0, 12)}.${Object.values(kinds).find(k => k.type === f.type)?.extension ?? 'bin'}`
export const fileLabel = (type: string): string => Object.values(kinds).find(k => k.type === type)?.label ?? 'fichier'

/**
 * The bytes, for the `respond` of a download that has already decided who may have them. It leaves a line in the audit.
 * @throws 404 when this community has no such file
 */
export async function giveFile(
  tx: Tx,
  actor: Actor,
  id: string,
): Promise<{ name: string; type: string; body: Uint8Array<ArrayBuffer>; sandbox: true }> {
  const found = await maybe<StoredFile & { content: Buffer }>(
    tx,
    sql`select ${columns}, f.bytes as content from app.stored_file f where f.id = ${id}`,
  )
  if (!found) throw notFound()
  await audit(tx, actor, { action: 'file.read', subject: { kind: 'file', id }, detail: { sha256: found.sha256 } })
  return { name: generatedName(found), type: found.type, body: new Uint8Array(found.content), sandbox: true }
}
