/** Signing in without a password: an address, a message, a link that serves once. The same answer whoever asks. */
import { anyMember, open } from '#platform/access.ts'
import { audit } from '#platform/audit.ts'
import { run, sql, type Tx } from '#platform/db/types.ts'
import { Problem } from '#platform/errors.ts'
import { findLink, markUsed, mintLink, revokeLinks, type SignedLink } from '#platform/links.ts'
import { post } from '#platform/messages.ts'
import { type AnyPage, action, type Ctx, page } from '#platform/page.ts'
import { Callout, FormView, LinkButton, Notice, PageTitle, rawOf, Stack } from '#platform/ui/index.ts'
import { emptyForm, enterForm, signInForm } from '../fields.ts'
import {
  deadLink,
  INVITATION_DAYS,
  invitationMessage,
  LINKS_PER_HOUR,
  nextPath,
  SIGN_IN_MINUTES,
  signInMessage,
  stateOf,
} from '../rules.ts'
import { type Member, memberByEmail, memberById, recentLinks } from '../store.ts'
import { P } from './words.tsx'

/** Makes a link that signs `member` in, the older ones withdrawn, and posts it. */
async function sendLink(ctx: Ctx, member: Member & { email: string }, kind: 'sign-in' | 'invitation', suite: string): Promise<void> {
  const { tx, now } = ctx
  const life = kind === 'sign-in' ? SIGN_IN_MINUTES * 60_000 : INVITATION_DAYS * 86_400_000
  await revokeLinks(tx, 'sign-in', member.id, now)
  const token = await mintLink(tx, { purpose: 'sign-in', subjectId: member.id, now, expiresAt: new Date(now.getTime() + life) })
  const next = nextPath(suite, '')
  const url = `${ctx.baseUrl}${ctx.home}/connexion/${token}${next ? `?suite=${encodeURIComponent(next)}` : ''}`
  const text = kind === 'sign-in' ? signInMessage(ctx.cpts.name, url) : invitationMessage(ctx.cpts.name, url)
  await post(tx, now, { reason: kind, to: { address: member.email, label: member.name }, ...text, subjectId: member.id })
}
export const sendInvitation = (ctx: Ctx, member: Member & { email: string }) => sendLink(ctx, member, 'invitation', '')

/** Sends a link to a member, nothing to anybody else, and takes the same time for both. */
async function answerAsker(ctx: Ctx, member: Member | null, suite: string): Promise<void> {
  const { tx } = ctx
  const recent = await recentLinks(tx, member?.id ?? ctx.key(), new Date(ctx.now.getTime() - 3600_000))
  if (member?.email && recent < LINKS_PER_HOUR) await sendLink(ctx, { ...member, email: member.email }, 'sign-in', suite)
  // As many exchanges with the database as a link and a message cost.
  else for (let i = 0; i < 3; i++) await run(tx, sql`select 1`)
  await audit(tx, ctx, {
    action: 'sign-in.ask',
    ...(member && { subject: { kind: 'membership', id: member.id } }),
    detail: { known: member !== null, sent: member !== null && recent < LINKS_PER_HOUR },
  })
}

const signIn = page({
  path: '/c/:cpts/connexion',
  title: 'Connexion',
  access: open,
  posture: 'site',
  perMinute: 6,
  form: signInForm,
  show(ctx, refused) {
    if (ctx.query.has('envoye')) return <Sent ctx={ctx} />
    const suite = nextPath(refused?.raw.suite?.[0] ?? ctx.query.get('suite'), '')
    return (
      <>
        <PageTitle
          title="Se connecter"
          lead={`Écrivez votre adresse : vous recevrez un lien pour entrer dans l’espace ${ctx.cpts.name}. Il n’y a pas de mot de passe.`}
        />
        {suite && !refused && <Notice tone="wait">Cette page demande d’être connecté. Vous y reviendrez ensuite.</Notice>}
        <Stack>
          <FormView
            form={signInForm}
            action={`${ctx.home}/connexion`}
            submit="Recevoir mon lien"
            formKey={ctx.key()}
            raw={{ ...refused?.raw, ...rawOf({ suite }) }}
            errors={refused?.errors}
          />
          <Stack gap="tight">
            <P muted>Vous êtes patient ? Vous n’avez pas besoin de compte pour demander un médecin traitant ou suivre votre demande.</P>
            <p>
              <a href={ctx.home}>Page d’accueil, {ctx.cpts.name}</a>
            </p>
          </Stack>
        </Stack>
      </>
    )
  },
  async submit(ctx, input) {
    await answerAsker(ctx, await memberByEmail(ctx.tx, input.email), input.suite)
    return { to: `${ctx.home}/connexion?envoye=1` }
  },
})

/** The same words whoever asked: an address says nothing of who is a member. */
function Sent({ ctx }: { ctx: Ctx }) {
  return (
    <>
      <PageTitle title="Regardez votre messagerie" />
      <Callout
        title={`Si cette adresse est celle d’un membre, un lien vient de partir. Il sert une fois et vit ${SIGN_IN_MINUTES} minutes.`}
        action={
          ctx.cpts.demo && (
            <LinkButton kind="primary" href={`${ctx.home}/demo/messagerie`}>
              Ouvrir la boîte aux lettres de la démonstration
            </LinkButton>
          )
        }
      >
        Ouvrez le message, puis son lien, sur cet appareil ou un autre.
      </Callout>
      <P muted>
        Rien après quelques minutes ? Regardez dans les courriers indésirables, vérifiez l’adresse, ou demandez à votre coordination de vous
        inviter.
      </P>
      <p>
        <a href={`${ctx.home}/connexion`}>Essayer une autre adresse</a>
      </p>
    </>
  )
}

/** The link of the address; a link nobody made is not told apart from one of another community. */
async function linkOf(tx: Tx, home: string, token: string): Promise<SignedLink> {
  const link = await findLink(tx, token, 'sign-in')
  if (!link)
    throw new Problem(
      404,
      'Lien inconnu',
      'Ce lien est incomplet ou n’existe plus. Copiez-le en entier depuis le message, ou demandez-en un autre.',
      { label: 'Recevoir un lien', path: `${home}/connexion`, method: 'get' },
    )
  return link
}

/** GET shows one button: mail scanners open links, and must not burn this one. */
const enter = page({
  path: '/c/:cpts/connexion/:token',
  title: 'Connexion',
  access: open,
  posture: 'site',
  perMinute: 20,
  form: enterForm,
  async show(ctx, refused) {
    const state = stateOf(await linkOf(ctx.tx, ctx.home, ctx.params.token), ctx.now)
    const here = `${ctx.home}/connexion/${ctx.params.token}`
    if (state === 'live' && !refused?.errors[''])
      return (
        <>
          <PageTitle title="Bienvenue" lead={`Un dernier geste pour entrer dans l’espace ${ctx.cpts.name}.`} />
          <Stack>
            <FormView
              form={enterForm}
              action={here}
              submit="Me connecter"
              formKey={ctx.key()}
              raw={rawOf({ suite: nextPath(refused?.raw.suite?.[0] ?? ctx.query.get('suite'), '') })}
            />
            <P muted>Sur un ordinateur partagé, pensez à vous déconnecter en partant.</P>
          </Stack>
        </>
      )
    return (
      <>
        <PageTitle title="Ce lien ne sert plus" lead={refused?.errors[''] ?? (state === 'live' ? undefined : deadLink[state])} />
        <Stack>
          <FormView form={emptyForm} action={`${here}/nouveau`} submit="Recevoir un nouveau lien" formKey={ctx.key()}>
            <P>Un nouveau lien partira à la même adresse que celui-ci. Rien n’a été perdu.</P>
          </FormView>
          <p>
            <a href={`${ctx.home}/connexion`}>Utiliser une autre adresse</a>
          </p>
        </Stack>
      </>
    )
  },
  async submit(ctx, input) {
    const { tx, now } = ctx
    const link = await linkOf(ctx.tx, ctx.home, ctx.params.token)
    const state = stateOf(link, now)
    if (state !== 'live') return { errors: { '': deadLink[state] } }
    const member = await memberById(tx, link.subjectId)
    if (!member) return { errors: { '': 'Votre accès à cette communauté a pris fin. Votre coordination peut le rouvrir.' } }
    // Two clicks at once: one enters, the other is told.
    if (!(await markUsed(tx, link.id, now))) return { errors: { '': deadLink.used } }
    await revokeLinks(tx, 'sign-in', link.subjectId, now)
    const who = { kind: 'link', linkId: link.id, purpose: 'sign-in', subjectId: link.subjectId } as const
    await audit(tx, { ...ctx, who }, { action: 'session.open', subject: { kind: 'membership', id: member.id } })
    return { to: nextPath(input.suite, ctx.home), signIn: member.personId }
  },
})

const again = action({
  path: '/c/:cpts/connexion/:token/nouveau',
  access: open,
  form: emptyForm,
  from: enter as AnyPage,
  perMinute: 6,
  async submit(ctx) {
    const link = await linkOf(ctx.tx, ctx.home, ctx.params.token)
    await answerAsker(ctx, await memberById(ctx.tx, link.subjectId), '')
    return { to: `${ctx.home}/connexion?envoye=1` }
  },
})

const signOut = action({
  path: '/c/:cpts/deconnexion',
  access: anyMember,
  form: emptyForm,
  from: signIn as AnyPage,
  async submit(ctx) {
    if (ctx.who.kind === 'member')
      await audit(ctx.tx, ctx, { action: 'session.close', subject: { kind: 'membership', id: ctx.who.membershipId } })
    return { to: ctx.home, notice: 'Vous êtes déconnecté. À bientôt.', signOut: true }
  },
})

export const signInRoutes = [signIn, enter, again, signOut]
