/** The letter, from the patient's page and from the coordinator's record. */
import { link, members } from '#platform/access.ts'
import { type Ctx, download, type Route } from '#platform/page.ts'
import { pdf } from '#platform/pdf/pdf.ts'
import type { Language } from '#platform/ui/index.ts'
import { letter } from '../../letter.ts'
import { getRequest, type Request } from '../../store/requests.ts'
import { settings } from '../../store/settings.ts'
import { doctorContact, followUrl } from '../../store/tracking.ts'
import { idOf } from '../desk/words.tsx'

/** Read in the transaction, set afterwards: paper takes longer than a transaction should. */
async function letterFile(ctx: Ctx, r: Request, lang: Language) {
  const [{ phone }, doctor] = await Promise.all([
    settings(ctx.tx),
    r.doctorMembershipId ? doctorContact(ctx.tx, r.doctorMembershipId) : null,
  ])
  const document = letter({ request: r, doctor, cptsName: ctx.cpts.name, url: followUrl(ctx, lang), phone, today: ctx.today }, lang)
  return { name: `lettre-${lang}.pdf`, type: 'application/pdf', inline: true, body: () => pdf(document) }
}
export const patientLetter = download({
  path: '/c/:cpts/suivi/:token/lettre.pdf',
  title: 'Lettre à imprimer (PDF)',
  access: link('tracking'),
  spoken: true,
  async respond(ctx) {
    const r = await getRequest(ctx.tx, ctx as unknown as Ctx, ctx.who.kind === 'link' ? ctx.who.subjectId : '')
    return letterFile(ctx as unknown as Ctx, r, ctx.lang)
  },
})
export const deskLetter = download({
  path: '/c/:cpts/demandes/:id/lettre.pdf',
  title: 'Lettre au patient (PDF)',
  access: members('coordinator'),
  async respond(ctx) {
    const r = await getRequest(ctx.tx, ctx as unknown as Ctx, idOf(ctx.params.id))
    return letterFile(ctx as unknown as Ctx, r, r.language)
  },
})
export const letterRoutes: readonly Route[] = [patientLetter, deskLetter]
