/** The public home of a community: what a patient can do here; for a member, the way to the desk. */
import { hasRole, open } from '#platform/access.ts'
import { type Ctx, menuOf, type NavItem, page } from '#platform/page.ts'
import { Callout, Cluster, LinkButton, PageTitle, Section, Stack, Stations } from '#platform/ui/index.ts'
import { sayIn } from '../words/index.ts'
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
    title: ctx => (ctx.who.kind === 'member' ? 'Accueil' : sayIn('fr')('home.title')),
    titleIn: lang => sayIn(lang)('home.title'),
    access: open,
    spoken: 'open',
    show: ctx => {
      const say = sayIn(ctx.lang)
      // What is for professionals exists in French only, and says so to a screen reader.
      const french = ctx.lang === 'fr' ? undefined : 'fr'
      return (
        <>
          <PageTitle title={ctx.cpts.name} lead={say('home.lead')} />
          {ctx.who.kind === 'member' && <Desk name={ctx.who.name} desks={desksOf(ctx, nav())} french={french} />}
          <Callout
            title={say('home.none')}
            action={
              <>
                <LinkButton kind={ctx.who.kind === 'member' ? 'secondary' : 'primary'} href={say.to(`${ctx.home}/demande`)}>
                  {say('home.search')}
                </LinkButton>
                <LinkButton href={say.to(`${ctx.home}/suivi`)}>{say('home.follow')}</LinkButton>
              </>
            }
          >
            {say('home.minutes')}
          </Callout>
          <Section title={say('home.way')}>
            <Stack>
              <Stations
                vertical
                lang={ctx.lang}
                label={say('home.steps')}
                steps={(['say', 'list', 'doctor', 'visit'] as const).map(k => ({
                  label: say(`home.step.${k}`),
                  detail: say(`home.step.${k}.then`),
                  state: 'todo',
                }))}
              />
              <p class="muted">{say('home.free')}</p>
            </Stack>
          </Section>
          <Section title={say('home.find')}>
            <Stack>
              <p>{say('home.find.text')}</p>
              <Cluster>
                <LinkButton href={`${ctx.home}/annuaire`} hreflang={french}>
                  {say('home.directory')}
                </LinkButton>
              </Cluster>
            </Stack>
          </Section>
          {ctx.who.kind !== 'member' && (
            <Section title={say('home.pro')}>
              <Stack>
                <p>{say('home.pro.text')}</p>
                <Cluster>
                  <LinkButton href={`${ctx.home}/connexion`} hreflang={french}>
                    {say('home.signIn')}
                  </LinkButton>
                </Cluster>
              </Stack>
            </Section>
          )}
          {ctx.cpts.demo && (
            <Section title={say('home.demo')}>
              <Stack>
                <p>{say('home.demo.text')}</p>
                <Cluster>
                  <LinkButton href={`${ctx.home}/demo/messagerie`} hreflang={french}>
                    {say('home.mailbox')}
                  </LinkButton>
                  <LinkButton kind="quiet" href="/#personnages" hreflang={french}>
                    {say('home.persona')}
                  </LinkButton>
                </Cluster>
              </Stack>
            </Section>
          )}
        </>
      )
    },
  })
}

function Desk({ name, desks, french }: { name: string; desks: { label: string; href: string }[]; french?: 'fr' }) {
  if (desks.length === 0) return null
  return (
    <div lang={french} dir={french && 'ltr'}>
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
    </div>
  )
}
