/** The public home of a community: what a patient can do here; for a member, the way to the desk. */
import { hasRole, open } from '#platform/access.ts'
import { type Ctx, menuOf, type NavItem, page } from '#platform/page.ts'
import { Callout, Cluster, LinkButton, PageTitle, Section, Stack, Stations } from '#platform/ui/index.ts'
import { P } from './words.tsx'

/** The pages a member may open, the first of them where their day starts. */
export function desksOf(ctx: Ctx, nav: readonly NavItem[]): { label: string; href: string }[] {
  const starts = (n: NavItem) => (n.desk && hasRole(ctx.who, ...n.desk) ? 0 : 1)
  return menuOf(ctx.who, nav)
    .sort((a, b) => starts(a) - starts(b))
    .map(n => ({ label: n.label, href: ctx.home + n.path }))
}

export function homePage(nav: () => readonly NavItem[]) {
  return page({
    path: '/c/:cpts',
    title: ctx => (ctx.who.kind === 'member' ? 'Accueil' : 'Votre communauté de santé'),
    access: open,
    show: ctx => (
      <>
        <PageTitle
          title={ctx.cpts.name}
          lead="Les professionnels de santé du territoire, réunis pour que chacun trouve un médecin et des soins près de chez lui."
        />
        {ctx.who.kind === 'member' && <Desk name={ctx.who.name} desks={desksOf(ctx, nav())} />}
        <Callout
          title="Vous n’avez pas de médecin traitant ?"
          action={
            <>
              <LinkButton kind={ctx.who.kind === 'member' ? 'secondary' : 'primary'} href={`${ctx.home}/demande`}>
                Je cherche un médecin traitant
              </LinkButton>
              <LinkButton href={`${ctx.home}/suivi`}>Suivre ma demande</LinkButton>
            </>
          }
        >
          La demande prend quelques minutes, sans compte. Un proche, un pharmacien ou un infirmier peut la faire pour vous.
        </Callout>
        <Section title="Comment votre demande avance">
          <Stack>
            <Stations
              vertical
              label="Étapes d’une demande"
              steps={[
                { label: 'Vous décrivez votre situation', detail: 'Vous recevez un numéro de suivi : gardez-le.', state: 'todo' },
                {
                  label: 'Votre demande prend place dans la liste',
                  detail: 'Selon des règles votées, publiques, les mêmes pour tous.',
                  state: 'todo',
                },
                {
                  label: 'Un médecin proche, qui a de la place, reçoit la proposition',
                  detail: 'Il accepte ou refuse. S’il ne répond pas, vous gardez votre rang.',
                  state: 'todo',
                },
                {
                  label: 'On vous donne son nom et la façon de prendre rendez-vous',
                  detail: 'La demande se termine après la première visite.',
                  state: 'todo',
                },
              ]}
            />
            <P muted>Cette démarche ne vous empêche pas de chercher de votre côté. En cas d’urgence, appelez le 15.</P>
          </Stack>
        </Section>
        <Section title="Trouver un professionnel">
          <Stack>
            <P>L’annuaire dit qui exerce où, et comment joindre chacun.</P>
            <Cluster>
              <LinkButton href={`${ctx.home}/annuaire`}>Annuaire</LinkButton>
            </Cluster>
          </Stack>
        </Section>
        {ctx.who.kind !== 'member' && (
          <Section title="Vous êtes professionnel ou partenaire">
            <Stack>
              <P>Votre espace s’ouvre par un lien reçu à votre adresse, sans mot de passe.</P>
              <Cluster>
                <LinkButton href={`${ctx.home}/connexion`}>Se connecter</LinkButton>
              </Cluster>
            </Stack>
          </Section>
        )}
        {ctx.cpts.demo && (
          <Section title="Démonstration">
            <Stack>
              <P>Les messages que Trame envoie restent ici, lisibles par tous les visiteurs.</P>
              <Cluster>
                <LinkButton href={`${ctx.home}/demo/messagerie`}>La boîte aux lettres</LinkButton>
                <LinkButton kind="quiet" href="/">
                  Changer de personnage
                </LinkButton>
              </Cluster>
            </Stack>
          </Section>
        )}
      </>
    ),
  })
}

function Desk({ name, desks }: { name: string; desks: { label: string; href: string }[] }) {
  if (desks.length === 0) return null
  return (
    <Section title={`Votre espace, ${name}`}>
      <Stack>
        <Cluster>
          {desks.slice(0, 3).map((d, i) => (
            <LinkButton kind={i === 0 ? 'primary' : 'secondary'} href={d.href}>
              {d.label}
            </LinkButton>
          ))}
        </Cluster>
        {desks.length > 3 && <P muted>Toutes vos pages sont dans le menu.</P>}
      </Stack>
    </Section>
  )
}
