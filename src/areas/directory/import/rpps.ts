/** Import of the national directory: the public extract `PS_LibreAcces_Personne_activite_*.txt` of Annuaire Santé (ANS). */
import path from 'node:path'
import { loadCommunes } from './communes.ts'
import { analyse, type ImportConnection, importTransaction, type Owner } from './connection.ts'
import { Extract, STAGE_COLUMNS } from './extract.ts'
import { blocks, hashFile, type OpenFile, openFile } from './file.ts'
import { readHeader } from './header.ts'
import { compare, createStage, type Differences, write } from './merge.ts'
import { ImportRefused, type ImportReport, type Progress } from './report.ts'
import { CommuneResolver } from './resolve.ts'

export interface RppsOptions {
  /** How to connect as the owner of the database (the role that migrates). */
  owner: Owner
  /** Go on when more than 5 % of people changed or left since the last import. */
  confirm?: boolean
  /** Who confirms, for the record (a role or an identifier). */
  confirmedBy?: string
  onProgress?: (progress: Progress) => void
  signal?: AbortSignal
  /** Now; the day of arrivals and departures follows from it. */
  now?: Date
}

/** Above this share of people changed or gone, somebody has to say yes: the directory's own alert threshold is 5 %. */
export const CONFIRM_ABOVE = 0.05

/**
 * Brings `ref.practitioner` and `ref.practice_place` to the content of the extract, all or nothing, in bounded memory.
 * The file is UTF-8, separated by `|`, without quotes, with a header of 52 or 56 columns. Throws `ImportRefused` (a French
 * sentence, a code, the line) when it is not, when another import is under way or when `signal` fires: then nothing changed.
 */
export async function importRpps(source: string, options: RppsOptions): Promise<ImportReport> {
  const started = performance.now()
  const now = options.now ?? new Date()
  const file = await openFile(source)
  try {
    const report = await run(file, path.basename(source), now, options)
    report.milliseconds = Math.round(performance.now() - started)
    return report
  } finally {
    await file.handle.close()
  }
}

async function run(file: OpenFile, name: string, now: Date, options: RppsOptions): Promise<ImportReport> {
  const report = emptyReport(name, file.bytes)
  let communes = 0
  await importTransaction(options.owner, options.signal, async connection => {
    if (await sameAsLast(connection, file, report, options.signal)) return false
    const resolver = await CommuneResolver.load(connection)
    communes = resolver.size
    if (communes === 0) return false
    await connection.query(createStage)
    const extract = await readInto(connection, file, resolver, report, options)
    options.onProgress?.({ phase: 'comparing', bytes: file.bytes, totalBytes: file.bytes, lines: report.lines })
    const differences = await compare(connection, extract)
    fill(report, differences)
    if (differences.nothing) {
      report.status = 'unchanged'
      return false
    }
    if (report.changedShare !== null && report.changedShare > CONFIRM_ABOVE && !options.confirm) {
      report.status = 'needs-confirmation'
      return false
    }
    options.onProgress?.({ phase: 'writing', bytes: file.bytes, totalBytes: file.bytes, lines: report.lines })
    const confirmedBy = report.changedShare !== null && report.changedShare > CONFIRM_ABOVE ? (options.confirmedBy ?? 'command line') : null
    await write(connection, report, differences, extract.labels, now, confirmedBy)
    return true
  })
  if (communes === 0 && report.status !== 'unchanged') {
    // A directory without communes could place nobody: they come with the program, and are loaded the first time.
    await loadCommunes(options.owner)
    return run(file, name, now, options)
  }
  // After a first load the planner knows nothing of the tables; later ones are followed by autovacuum.
  if (report.run !== null && report.changedShare === null)
    await analyse(options.owner, [
      'ref.practitioner (rpps, search, profession_code, active)',
      'ref.practice_place (rpps, place_key, commune_code, profession_code, mode_code)',
    ])
  return report
}

function emptyReport(name: string, bytes: number): ImportReport {
  return {
    status: 'done',
    run: null,
    file: { name, sha256: '', bytes },
    lines: 0,
    accepted: 0,
    rejected: 0,
    rejectReasons: {},
    rejects: [],
    people: 0,
    places: 0,
    communesFound: 0,
    withoutCommune: 0,
    arrivals: 0,
    departures: 0,
    moves: 0,
    changes: 0,
    changedShare: null,
    list: [],
    rowsWritten: 0,
    milliseconds: 0,
  }
}

/** The file is read twice only when the last import was of the same size: most often to find that it is the same. */
async function sameAsLast(connection: ImportConnection, file: OpenFile, report: ImportReport, signal?: AbortSignal): Promise<boolean> {
  const { rows } = await connection.query<{ sha256: string; lines: string; accepted: string; rejected: string; people: string }>(
    `select file_sha256 as sha256, lines, accepted, rejected, people from ref.import_run
      where kind = 'rpps' and id = (select max(id) from ref.import_run where kind = 'rpps') and file_bytes = $1`,
    [file.bytes],
  )
  const last = rows[0]
  if (!last) return false
  report.file.sha256 = await hashFile(file, signal)
  if (report.file.sha256 !== last.sha256) return false
  report.status = 'unchanged'
  report.lines = Number(last.lines)
  report.accepted = Number(last.accepted)
  report.rejected = Number(last.rejected)
  report.people = Number(last.people)
  report.changedShare = 0
  return true
}

/** Streams the file into the staging table. */
async function readInto(
  connection: ImportConnection,
  file: OpenFile,
  resolver: CommuneResolver,
  report: ImportReport,
  options: RppsOptions,
): Promise<Extract> {
  let extract: Extract | undefined
  const parts = blocks(file, () => (extract ? extract.lines + 1 : 0))
  const first = await parts.next()
  if (first.done) throw new ImportRefused('empty', 'Le fichier est vide. Rien n’a été changé.')
  let block = first.value
  const headerEnd = block.lines.indexOf(10)
  extract = new Extract(readHeader(block.lines.toString('utf8', 0, headerEnd).replace(/\r$/, '')), resolver)
  const reader = extract
  await connection.copy(`copy stage (${STAGE_COLUMNS.join(', ')}) from stdin (delimiter '|', null '')`, async send => {
    for (let from = headerEnd + 1; ; from = 0) {
      while (from < block.lines.length) {
        from = reader.read(block.lines, from)
        const rows = from < block.lines.length ? reader.take() : null
        if (rows) await send(rows)
      }
      options.onProgress?.({ phase: 'reading', bytes: block.read, totalBytes: file.bytes, lines: reader.lines })
      const next = await parts.next()
      if (next.done) {
        report.file.sha256 = next.value
        break
      }
      block = next.value
    }
    if (reader.lastLineBroken)
      throw new ImportRefused(
        'truncated',
        `Ligne ${reader.lines + 1}\u202f: le fichier est coupé (la dernière ligne n’a pas toutes ses colonnes). Téléchargez-le de nouveau. Rien n’a été changé.`,
        reader.lines + 1,
      )
    if (reader.accepted === 0)
      throw new ImportRefused('empty', 'Aucune ligne du fichier n’est lisible. Reprenez l’extraction d’origine. Rien n’a été changé.')
    const rows = reader.take(true)
    if (rows) await send(rows)
  })
  Object.assign(report, {
    lines: reader.lines,
    accepted: reader.accepted,
    rejected: reader.rejected,
    rejectReasons: reader.rejectReasons,
    rejects: reader.rejects,
    communesFound: resolver.found,
    withoutCommune: reader.withoutCommune,
  })
  return reader
}

function fill(report: ImportReport, differences: Differences) {
  const { people, places, arrivals, departures, moves, changes, before } = differences
  Object.assign(report, { people, places, arrivals, departures, moves, changes, list: differences.list })
  report.changedShare = before === 0 ? null : (departures + moves + changes) / before
}
