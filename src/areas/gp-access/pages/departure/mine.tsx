/** The doctor's own departure: he announces it, prints his letter, sees his patients find somebody; counts only. */

import { territoryCommunes } from '#areas/territory/index.ts'
import { members } from '#platform/access.ts'
import { conflict } from '#platform/errors.ts'
import { type Ctx, download, type Outcome, page } from '#platform/page.ts'
import { Callout, Empty, FormView, frDay, LinkButton, PageTitle, plural, Section, Stack } from '#platform/ui/index.ts'
import { followedTotal } from '../../simulation/index.ts'
import { announce, countsOf, departureOf, movers, wavesOf } from '../../store/departures.ts'
import { followedOf } from '../simulation/fields.ts'
import { myDepartureForm } from './fields.ts'
import { letter, letterFile } from './letter.tsx'
import { Calendar, Figures, Followed, finding, ProgressBars, standingsOf } from './progress.tsx'

const me = (ctx: Pick<Ctx, 'who'>) => (ctx.who.kind === 'member' ? ctx.who.membershipId : '')
export const WHAT_HAPPENS =
  'Vos places se ferment aujourd’hui. Vos patients ne sont pas copiés ici : vous leur envoyez une lettre, et ceux qui le souhaitent demandent. La coordination prépare les vagues.'

export const myDeparture = page({
  path: '/c/:cpts/mon-depart',
  title: 'Mon départ',
  access: members('doctor'),
  posture: 'doctor',
  form: myDepartureForm,
  async show(ctx, refused) {
    const d = await departureOf(ctx.tx, me(ctx))
    if (!d)
      return (
        <Stack gap="loose">
          <PageTitle
            title="Vous cessez votre activité ?"
            lead="Annoncez-le le plus tôt possible : chaque mois gagné place des patients avant votre départ."
          />
          <Callout title="Ce qui se passe ensuite">{WHAT_HAPPENS}</Callout>
          <FormView
            form={myDepartureForm}
            action={`${ctx.home}/mon-depart`}
            formKey={ctx.key()}
            raw={refused?.raw}
            errors={refused?.errors}
            submit="Annoncer mon départ"
          />
        </Stack>
      )
    const [waves, people, counts] = await Promise.all([
      wavesOf(ctx.tx, d.id, ctx.today),
      movers(ctx.tx, d.id, ctx.today),
      countsOf(ctx.tx, d.id),
    ])
    return (
      <Stack gap="loose">
        <PageTitle
          title={finding(people)}
          lead={`Votre départ est annoncé pour le ${frDay(d.leavesOn, { year: true })}. Ce sont des nombres : vous ne voyez pas qui a demandé.`}
          actions={
            <LinkButton kind="primary" href={`${ctx.home}/mon-depart/lettre`}>
              Ma lettre aux patients
            </LinkButton>
          }
        />
        <Figures d={d} people={people} today={ctx.today} />
        <Calendar d={d} waves={waves} today={ctx.today} vertical />
        <ProgressBars standings={standingsOf(people, waves)} />
        <Section title="Vos patients, par commune">
          <Followed d={d} counts={counts} />
        </Section>
      </Stack>
    )
  },
  async submit(ctx, { on, ...rest }): Promise<Outcome> {
    return announced(ctx, me(ctx), on, rest, () => `${ctx.home}/mon-depart`)
  },
})
/** The same announcement from both sides. */
export async function announced(
  ctx: Ctx,
  membershipId: string,
  on: string,
  rest: Parameters<typeof followedOf>[0],
  to: (id: string) => string,
): Promise<Outcome> {
  if (on <= ctx.today) return { errors: { on: 'Cette date est passée : choisissez le dernier jour à venir.' } }
  const followed = followedOf(
    rest,
    (await territoryCommunes(ctx.tx)).filter(c => c.known),
  )
  if ('errors' in followed) return followed
  const { id, returned } = await announce(ctx.tx, ctx, {
    membershipId,
    leavesOn: on,
    patients: followedTotal(followed),
    counts: 'counts' in followed ? followed.counts : [],
  })
  return {
    to: to(id),
    notice: `Départ annoncé pour le ${frDay(on, { year: true })}. Les places sont fermées${returned ? ` ; ${plural(returned, 'personne qui attendait revient', 'personnes qui attendaient reviennent')} dans la liste, à leur place : prévenez-les` : ''}. L’étape suivante est la lettre aux patients.`,
  }
}
export const myLetter = page({
  path: '/c/:cpts/mon-depart/lettre',
  title: 'Lettre à mes patients',
  access: members('doctor'),
  posture: 'doctor',
  async show(ctx) {
    const d = await departureOf(ctx.tx, me(ctx))
    if (!d)
      return (
        <>
          <PageTitle title="Lettre à mes patients" back={{ label: 'Mon départ', href: `${ctx.home}/mon-depart` }} />
          <Empty title="Aucun départ annoncé" action={<LinkButton href={`${ctx.home}/mon-depart`}>Annoncer mon départ</LinkButton>}>
            La lettre se prépare avec la date de votre départ.
          </Empty>
        </>
      )
    return letter(ctx, d, { label: 'Mon départ', href: `${ctx.home}/mon-depart` }, `${ctx.home}/mon-depart/lettre.pdf`)
  },
})
export const myLetterFile = download({
  path: '/c/:cpts/mon-depart/lettre.pdf',
  title: 'Lettre à mes patients (PDF)',
  access: members('doctor'),
  spoken: true,
  async respond(ctx) {
    const d = await departureOf(ctx.tx, me(ctx))
    if (!d) throw conflict('Aucun départ n’est annoncé. Annoncez-le d’abord : la lettre se prépare avec sa date.')
    return letterFile(ctx, d)
  },
})
