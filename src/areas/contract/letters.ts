/** Messages of the review: what to do and where, never a figure, never a name. */
import { listMembersByRole, memberById } from '#areas/people/index.ts'
import type { Tx } from '#platform/db/types.ts'
import { post } from '#platform/messages.ts'
import { frDate, typo } from '#platform/ui/index.ts'
import type { Review } from './store.ts'

/** Where the message is written: a page, or a job. */
export interface Desk {
  tx: Tx
  now: Date
  baseUrl: string
  cpts: { name: string; slug: string }
}
interface Letter {
  reason: string
  subject: string
  words: string
  /** After `/contrat/dialogues/<id>`. */
  path: string
}
type Reader = { name: string; email: string | null }

async function send(desk: Desk, reviewId: string, readers: readonly (Reader | null)[], letter: Letter): Promise<void> {
  const url = `${desk.baseUrl}/c/${desk.cpts.slug}/contrat/dialogues/${reviewId}${letter.path}`
  for (const reader of readers)
    if (reader?.email)
      await post(desk.tx, desk.now, {
        reason: letter.reason,
        to: { address: reader.email, label: reader.name },
        subject: typo(`${desk.cpts.name} : ${letter.subject}`),
        body: `${typo(`Bonjour,\n\n${letter.words}`)}\n\n${url}\n\n${desk.cpts.name}`,
        subjectId: reviewId,
      })
}
const coordination = (desk: Desk) => listMembersByRole(desk.tx, 'coordinator')

/** To the two delegates: the room is open. */
export async function tellOpened(desk: Desk, review: Review): Promise<void> {
  const delegates = [review.signatories.fund, review.signatories.agency]
  await send(desk, review.id, await Promise.all(delegates.map(d => memberById(desk.tx, d.membershipId))), {
    reason: 'review-open',
    subject: 'le dialogue de gestion est ouvert',
    words: `La communauté vous ouvre les chiffres de l’année ${review.year} du contrat. Lisez-les et commentez-les, indicateur par indicateur :`,
    path: '',
  })
}
/** To the coordination: a question waits. */
export async function tellAsked(desk: Desk, reviewId: string, code: string, dueOn: string): Promise<void> {
  await send(desk, reviewId, await coordination(desk), {
    reason: 'review-question',
    subject: 'une question attend votre réponse',
    words: `Un financeur pose une question dans le dialogue de gestion. Répondez au plus tard le ${frDate(dueOn)} :`,
    path: `/indicateurs/${code}`,
  })
}
/** To who asked: there is an answer. */
export async function tellAnswered(desk: Desk, reviewId: string, code: string, authorId: string): Promise<void> {
  await send(desk, reviewId, [await memberById(desk.tx, authorId)], {
    reason: 'review-answer',
    subject: 'une réponse à votre commentaire',
    words: 'La coordination a répondu à un commentaire que vous avez écrit dans le dialogue de gestion :',
    path: `/indicateurs/${code}`,
  })
}
/** To the three who sign: a text waits. */
export async function tellWritten(desk: Desk, review: Review): Promise<void> {
  const three = Object.values(review.signatories)
  await send(desk, review.id, await Promise.all(three.map(s => memberById(desk.tx, s.membershipId))), {
    reason: 'review-minutes',
    subject: 'un compte rendu attend votre signature',
    words: `Le compte rendu du dialogue de gestion de l’année ${review.year} est écrit. Lisez-le et signez-le :`,
    path: '/compte-rendu',
  })
}
/** To the coordination, once a question: its day has passed. */
export async function tellLateOnes(desk: Desk, reviewId: string, n: number): Promise<void> {
  await send(desk, reviewId, await coordination(desk), {
    reason: 'review-late',
    subject: 'une réponse est en retard',
    words:
      n === 1
        ? 'Le délai d’une question des financeurs est passé sans réponse. Répondez-y :'
        : 'Le délai de plusieurs questions des financeurs est passé sans réponse. Répondez-y :',
    path: '/commentaires',
  })
}
