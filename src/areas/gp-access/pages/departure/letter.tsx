/** The letter a doctor sends to his own patients: he keeps his list, who wants to asks. It prints on one page. */

import type { Ctx, Html } from '#platform/page.ts'
import { frDay, frPhone, PageTitle, Qr, Stack, typo } from '#platform/ui/index.ts'
import type { Departure } from '../../store/departures.ts'
import { settings } from '../../store/settings.ts'

export const publicPath = (d: Departure): string => `/depart/${d.code}`

export async function letter(
  ctx: Pick<Ctx, 'tx' | 'baseUrl' | 'home' | 'cpts'>,
  d: Departure,
  back: { label: string; href: string },
): Promise<Html> {
  const { phone } = await settings(ctx.tx)
  const address = `${ctx.baseUrl}${ctx.home}${publicPath(d)}`
  return (
    <Stack gap="loose">
      <div class="on-screen">
        <PageTitle
          back={back}
          title="Lettre à mes patients"
          lead="Imprimez cette page, ou recopiez-la. C’est le médecin qui l’envoie : sa liste de patients ne sort pas de son cabinet."
        />
      </div>
      <div class="measure stack">
        <p>{typo('Madame, Monsieur,')}</p>
        <p>{typo(`Je cesserai mon activité le ${frDay(d.leavesOn, { year: true })}. Je vous remercie de votre confiance.`)}</p>
        <p>
          {typo(
            `Avec ${ctx.cpts.name}, la communauté des professionnels de santé du territoire, nous cherchons un médecin pour chacun de mes patients qui le souhaite. Si c’est votre cas, demandez-le : trois minutes, sans compte, pour vous ou pour un proche qui est d’accord.`,
          )}
        </p>
        <Qr text={address} label="Code à photographier avec un téléphone : il ouvre l’adresse écrite ci-dessous." />
        <p>
          <strong>{address.replace(/^https?:\/\//, '')}</strong>
        </p>
        {phone && (
          <p>
            {typo(
              `Sans téléphone ni ordinateur, appelez le ${frPhone(phone)} : quelqu’un remplira la demande avec vous. Donnez le code ${d.code}.`,
            )}
          </p>
        )}
        <p>
          {typo(
            'Rien ne presse : quel que soit le jour de votre demande d’ici mon départ, votre ancienneté est celle de l’annonce. Les personnes les plus fragiles passent en premier. Vous restez libre de chercher de votre côté, et de dire non.',
          )}
        </p>
        <p>{typo('Votre dossier médical vous suit : je le transmettrai au médecin que vous aurez choisi, à votre demande.')}</p>
        <p>{d.doctorName}</p>
      </div>
    </Stack>
  )
}
