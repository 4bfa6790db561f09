/** Proofs: lines of the book « proofs », and the archive that a stranger can check. */
import type { Actor } from '#platform/audit.ts'
import { rows, sql, type Tx } from '#platform/db/types.ts'
import { conflict } from '#platform/errors.ts'
import { generatedName, sha256 } from '#platform/files.ts'
import { randomUUIDv7 } from '#platform/ids.ts'
import { append, LEDGER_START, type LedgerRow, ledgerRows, ledgerRowsOf, readLine } from '#platform/ledger.ts'
import { type ZipEntry, zip } from '#platform/zip.ts'
import { categories, matching, missionLabel, type Proof, type ProofFilter, proofsOf, type Said } from '../rules.ts'

export const BOOK = 'proofs'

const proofsIn = (lines: readonly LedgerRow[]): Proof[] => proofsOf(lines.map(r => ({ ...readLine<Said>(r), hash: r.hash })))
export const listProofs = async (tx: Tx): Promise<Proof[]> => proofsIn(await ledgerRows(tx, BOOK))
/** Null when there is none. */
export const proofById = async (tx: Tx, id: string): Promise<Proof | null> => proofsIn(await ledgerRowsOf(tx, BOOK, id))[0] ?? null
export async function fileProof(tx: Tx, actor: Actor, p: Omit<Said, 'id' | 'of' | 'kind'>): Promise<{ id: string; no: number }> {
  const id = randomUUIDv7()
  const said: Said = { kind: p.file ? 'filed' : 'unavailable', id, of: null, ...p }
  const { no } = await append<Said>(tx, actor, BOOK, said, { kind: 'proof', id })
  return { id, no }
}
/** Takes a proof back: a line more, nothing less. */
export async function withdrawProof(tx: Tx, actor: Actor, proof: Proof, reason: string): Promise<void> {
  const { no: _no, hash: _hash, at: _at, by: _by, withdrawn: _withdrawn, ...said } = proof
  const id = randomUUIDv7()
  await append<Said>(tx, actor, BOOK, { ...said, kind: 'withdrawn', id, of: proof.id, reason, file: null }, { kind: 'proof', id: proof.id })
  // Two people at once: the book's head lets one write at a time, so the second sees the line of the first and is undone with it.
  const again = (await ledgerRowsOf(tx, BOOK, proof.id)).filter(r => readLine<Said>(r).said.of === proof.id)
  if (again.length > 1) throw conflict('Cette preuve vient d’être retirée par quelqu’un d’autre. Rechargez la page pour la voir.')
}

export const ARCHIVE_BYTES = 200 * 1024 * 1024
/** Bytes of the files of these proofs. */
export const weightOf = (proofs: readonly Proof[]): number => proofs.reduce((n, p) => n + (p.file?.bytes ?? 0), 0)

/**
 * One archive: the files, the list, the whole book, and SHA256SUMS. The manifest covers everything but itself; the book's lines
 * cover one another. Only the files of `filter` are in; the book is always whole, or its chain could not be followed.
 */
export async function archive(
  tx: Tx,
  actor: Actor,
  community: string,
  filter: ProofFilter,
  more: readonly ZipEntry[] = [],
): Promise<{ bytes: Uint8Array<ArrayBuffer>; files: number }> {
  const book = await ledgerRows(tx, BOOK)
  const proofs = matching(await listProofs(tx), filter)
  const entries: ZipEntry[] = [...more]
  for (const p of proofs) {
    if (!p.file) continue
    const [content] = await rows<{ bytes: Buffer }>(tx, sql`select bytes from app.stored_file where id = ${p.file.id}`)
    if (content) entries.push({ name: `preuves/${String(p.no).padStart(4, '0')}-${generatedName(p.file)}`, bytes: content.bytes })
  }
  const head = book.at(-1)?.hash ?? LEDGER_START
  entries.push(
    { name: 'liste.csv', bytes: text(listText(proofs)) },
    { name: 'registre.tsv', bytes: text(book.map(r => `${r.no}\t${r.previous}\t${r.hash}\t${r.payload}\n`).join('')) },
    { name: 'LISEZ-MOI.txt', bytes: text(readMe(community, actor.now, book.length, head)) },
  )
  const sums = entries.map(e => `${sha256(e.bytes)}  ${e.name}\n`).join('')
  return { bytes: zip([...entries, { name: 'SHA256SUMS', bytes: text(sums) }], actor.now), files: entries.length - 3 - more.length }
}
const text = (words: string) => new TextEncoder().encode(words)
const cell = (value: string | number) =>
  `"${String(value)
    .replaceAll('"', '""')
    .replace(/^([=+\-@\t\r])/, "'$1")}"`
function listText(proofs: readonly Proof[]): string {
  const head = [
    'numéro',
    'titre',
    'type',
    'date',
    'mission',
    'indicateurs',
    'fichier',
    'SHA-256',
    'sans document, parce que',
    'déposée par',
    'retirée',
  ]
  const lines = proofs.map(p => [
    p.no,
    p.title,
    categories[p.category],
    p.day,
    p.mission ? missionLabel(p.mission) : '',
    p.indicators.join(' '),
    p.file ? `${String(p.no).padStart(4, '0')}-${generatedName(p.file)}` : '',
    p.file?.sha256 ?? '',
    p.kind === 'unavailable' ? (p.reason ?? '') : '',
    p.by,
    p.withdrawn ? `${p.withdrawn.at.slice(0, 10)} : ${p.withdrawn.reason}` : '',
  ])
  return `\ufeff${[head, ...lines].map(l => l.map(cell).join(';')).join('\r\n')}\r\n`
}
const readMe = (community: string, at: Date, lines: number, head: string) => `Preuves du contrat, ${community}
Archive faite le ${at.toISOString()}. Le registre compte ${lines} lignes ; sa tête est ${head}

Vérifier que rien n'a changé depuis, sans Trame :
    sha256sum -c SHA256SUMS

Vérifier qu'aucune ligne du registre n'a été modifiée, ôtée ou déplacée : chaque ligne de registre.tsv donne, séparés par une
tabulation, son numéro, l'empreinte de la ligne précédente, la sienne, et ce qui est dit. Pour chaque ligne, l'empreinte est celle de
la précédente, d'un saut de ligne et de ce qui est dit :
    while IFS='	' read -r no previous hash payload; do printf '%s\\n%s' "$previous" "$payload" | sha256sum | grep -q "^$hash" || echo "ligne $no"; done < registre.tsv
`
