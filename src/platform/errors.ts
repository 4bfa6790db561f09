/** Problems a person is told about. Each knows its HTTP status and says, in French, what happened and what to do. */

export interface NextStep {
  label: string
  path: string
  /** A post carries nothing but an idempotency key. */
  method: 'get' | 'post'
}

export class Problem extends Error {
  override name = 'Problem'
  readonly status: 400 | 401 | 403 | 404 | 409 | 410 | 413 | 415 | 422 | 429 | 503
  readonly title: string
  /** What the person can do about it; shown as a button. */
  readonly next?: NextStep
  constructor(status: Problem['status'], title: string, sentence: string, next?: NextStep) {
    super(sentence)
    this.status = status
    this.title = title
    this.next = next
  }
}
/** Somebody else's thing and a thing that does not exist are the same answer. */
export const notFound = () =>
  new Problem(404, 'Page introuvable', 'Cette page n’existe pas, ou ne vous est pas ouverte. Vérifiez l’adresse ou revenez à l’accueil.')
/** Lost a race, or the thing has moved on: says who or what won. */
export const conflict = (sentence: string) => new Problem(409, 'Déjà fait', sentence)
export const badRequest = (sentence: string) => new Problem(400, 'Demande incomprise', sentence)

/** Refused before anything began (start, command, import): one sentence for the operator, exit code 1. */
export class Refusal extends Error {
  override name = 'Refusal'
}
// Classes of the embedded PostgreSQL, which stands on its own and knows none of ours.
const sentences = ['DataDirectoryInUse', 'DataDirectoryFromOtherVersion', 'NoEmbeddedPostgres', 'PostgresFailed']
/** True when the message is a sentence for the operator, to be shown without a stack. */
export const isForOperator = (error: unknown): error is Error =>
  error instanceof Refusal || (error instanceof Error && sentences.includes(error.name))
