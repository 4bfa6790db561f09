/** What an import tells: its report, its progress, its refusals. No name of a person anywhere in here. */
import { Refusal } from '#platform/errors.ts'

export type RefusalCode =
  | 'file'
  | 'empty'
  | 'encoding'
  | 'bom'
  | 'mojibake'
  | 'separator'
  | 'missing-column'
  | 'truncated'
  | 'line-too-long'
  | 'busy'
  | 'aborted'

/** The file was not imported and nothing was changed. `line` is its line in the file (the header is 1), when there is one. */
export class ImportRefused extends Refusal {
  readonly code: RefusalCode
  readonly line: number | null
  constructor(code: RefusalCode, sentence: string, line: number | null = null) {
    super(sentence)
    this.code = code
    this.line = line
  }
}

/** Why a line was set aside (the rest of the file goes on). */
export type RejectReason = 'columns' | 'identifier-kind' | 'rpps-key' | 'family-name' | 'profession' | 'too-many-places'

/** In French, for the screen. */
export const rejectReasons: Record<RejectReason, string> = {
  columns: 'nombre de colonnes différent de celui de l’en-tête',
  'identifier-kind': 'identifiant d’un autre répertoire que le RPPS',
  'rpps-key': 'numéro RPPS mal formé ou de clé fausse',
  'family-name': 'nom d’exercice absent',
  profession: 'code profession absent',
  'too-many-places': 'plus de 200 lieux d’exercice pour une personne',
}

export interface Reject {
  line: number
  reason: RejectReason
  /** Kind and number of the identifier only. */
  excerpt: string
}

export type ChangeKind = 'arrival' | 'departure' | 'move' | 'change'

export interface DirectoryChange {
  kind: ChangeKind
  rpps: string
  professionCode: string
  communeFrom: string | null
  communeTo: string | null
}

export interface ImportReport {
  /**
   * `done`: written. `unchanged`: same file or same content, nothing written. `needs-confirmation`: more than 5 % of people
   * changed or gone since the last import, nothing written; call again with `confirm`.
   */
  status: 'done' | 'unchanged' | 'needs-confirmation'
  /** Number in `ref.import_run`; null when nothing was written. */
  run: number | null
  file: { name: string; sha256: string; bytes: number }
  /** Lines without the header. */
  lines: number
  accepted: number
  rejected: number
  rejectReasons: Partial<Record<RejectReason, number>>
  /** The first thousand. */
  rejects: Reject[]
  people: number
  places: number
  /** Places whose commune code was missing or former, and was found. */
  communesFound: number
  /** Places with an address whose commune was not found; kept without commune. */
  withoutCommune: number
  arrivals: number
  departures: number
  moves: number
  changes: number
  /** Share of the people of the last import that changed, moved or left, 0 to 1; null at the first import. */
  changedShare: number | null
  /** Arrivals, departures and moves, the first thousand of each; empty at the first import, where everybody arrives. */
  list: DirectoryChange[]
  rowsWritten: number
  milliseconds: number
}

export interface Progress {
  phase: 'reading' | 'comparing' | 'writing'
  bytes: number
  totalBytes: number
  lines: number
}
