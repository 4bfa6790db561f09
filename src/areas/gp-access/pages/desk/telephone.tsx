/** « Par téléphone » : everything the patient does on his own page, done for him by the coordination, with his agreement. */
import { members } from '#platform/access.ts'
import { type Actor, actorLabel } from '#platform/audit.ts'
import { rawShown } from '#platform/edits.ts'
import { checkbox, type Form, form, type Raw } from '#platform/fields.ts'
import { action, type Ctx, type Outcome, page, type Refused, type Route } from '#platform/page.ts'
import { Disclosure, FormView, frPhone, Notice, PageTitle, Stack } from '#platform/ui/index.ts'
import { exitNames, stateNames } from '../../rules.ts'
import { lookedAt } from '../../store/change.ts'
import { getRequest, type Request } from '../../store/requests.ts'
import { sayIn } from '../../words/index.ts'
import { type Act, answersNow, changing, forThePatient, leaving, patientActs, speaking } from '../patient/acts.ts'
import { answersOf, communesFor } from '../patient/change.tsx'
import { siteOf } from '../site.ts'
import { nothing } from './forms.ts'
import { recordPage } from './record.tsx'
import { idOf, nameOf } from './words.tsx'

const PATH = '/c/:cpts/demandes/:id/telephone'
const agreed = checkbox({
  label: 'Il est au téléphone, je l’ai reconnu à son nom et à sa date de naissance, et il est d’accord',
  mustBeTrue: 'Cochez la case : rien ne se fait à sa place sans son accord.',
})
const withAgreement = (a: Act): Form => form({ ...a.form.fields, agreed }) as unknown as Form
/** What each form starts from: what is known of him. */
function startingFrom(a: Act, r: Request, today: string): Raw {
  if (a.slug === speaking.slug) return { language: [r.language] }
  return 'day' in a.form.fields ? { day: [r.appointmentOn && r.appointmentOn <= today ? r.appointmentOn : today] } : {}
}

const telephonePage = page({
  path: PATH,
  title: 'Par téléphone',
  access: members('coordinator'),
  async show(ctx, refused) {
    const r = await getRequest(ctx.tx, ctx, idOf(ctx.params.id))
    const path = `${ctx.home}/demandes/${r.id}`
    const communes = await communesFor(ctx, r, sayIn('fr'))
    return (
      <Stack gap="loose">
        <PageTitle
          back={{ label: nameOf(r), href: path }}
          title="Par téléphone"
          lead={`Ce que le patient fait sur sa page, vous le faites pour lui. ${r.phone ? `Son numéro : ${frPhone(r.phone)}. ` : ''}État : ${r.exit ? exitNames[r.exit] : stateNames[r.state]}.`}
        />
        <Notice>Chaque geste est noté à votre nom, « par téléphone pour le patient », et il le lit sur sa page.</Notice>
        <div>
          {patientActs
            .filter(a => a.offered(r))
            .map(a => (
              <OneAct act={a} r={r} ctx={ctx} path={path} refused={refused} communes={communes} />
            ))}
        </div>
      </Stack>
    )
  },
})
interface OneActProps {
  act: Act
  r: Request
  ctx: Ctx
  path: string
  refused?: Refused
  communes: { value: string; label: string }[]
}
function OneAct({ act: a, r, ctx, path, refused, communes }: OneActProps) {
  const wrong = refused?.action.endsWith(`/${a.slug}`) ? refused : undefined
  return (
    <Disclosure summary={a.name} open={wrong !== undefined}>
      <FormView
        id={`tel-${a.slug}`}
        form={withAgreement(a)}
        action={`${path}/telephone/${a.slug}`}
        formKey={ctx.key()}
        raw={
          a.slug === changing.slug
            ? rawShown(changing.form, answersNow(r), wrong?.raw, answersOf(r))
            : (wrong?.raw ?? startingFrom(a, r, ctx.today))
        }
        errors={wrong?.errors}
        options={{ communeCode: communes }}
        submit={a.submit}
        danger={a.slug === 'effacer'}
      />
    </Disclosure>
  )
}

/** Done in the name of who holds the telephone, and says for whom. */
const byTelephone = (ctx: Ctx): Actor => ({ ...ctx, label: `${actorLabel(ctx.who)}, par téléphone pour le patient` })
const telephoneAct = (a: Act): Route =>
  action({
    path: `${PATH}/${a.slug}`,
    access: members('coordinator'),
    form: withAgreement(a),
    from: telephonePage,
    async submit(ctx, input): Promise<Outcome> {
      const c = ctx as unknown as Ctx<'/c/:cpts/demandes/:id'>
      const id = idOf(c.params.id)
      const actor = byTelephone(c as unknown as Ctx)
      // A look on record under the same name: the patient reads it in « qui a ouvert mon dossier ».
      await getRequest(c.tx, actor, id)
      const { agreed: _, ...answers } = input as Record<string, unknown>
      const done = await a.do({ tx: c.tx, actor, site: siteOf(c), id, say: sayIn('fr') }, answers as never)
      if ('errors' in done) return done
      const at = `${c.home}/demandes/${id}`
      if ('moved' in done)
        return {
          errors: { communeCode: `Hors de nos communes, nous ne pouvons pas lui chercher de médecin : utilisez « ${leaving.name} ».` },
        }
      await forThePatient(c.tx, actor, id, a.slug)
      if ('erased' in done) return { to: `${c.home}/demandes`, notice: 'La demande est effacée. Rien ne mène plus à cette personne.' }
      return { to: at, notice: `Noté pour le patient. À lui dire : ${done.said}` }
    },
  })

const lookedAct = action({
  path: '/c/:cpts/demandes/:id/relu',
  access: members('coordinator'),
  form: nothing,
  from: recordPage,
  async submit(ctx) {
    await lookedAt(ctx.tx, ctx, idOf(ctx.params.id))
    return { to: `${ctx.home}/demandes/${ctx.params.id}`, notice: 'C’est noté : ce changement ne vous attend plus.' }
  },
})
export const telephoneRoutes: readonly Route[] = [telephonePage, ...patientActs.map(telephoneAct), lookedAct]
