/** The first screen anybody sees: what Trame is, the communities of this instance, and in the demonstration somebody to be. */
import { open, type Role, roleNames } from '#platform/access.ts'
import { type SiteCtx, sitePage } from '#platform/page.ts'
import { Button, Cluster, DataTable, Empty, LinkButton, PageTitle, Section, Stack, Stations } from '#platform/ui/index.ts'
import { personaRoles } from '../fields.ts'
import { type CommunityLine, listCommunities, listPersonas, type Persona } from '../store.ts'
import { sayIn } from '../words/index.ts'

/** A territory of the demonstration: a row of the table of who one can be. */
interface Territory extends CommunityLine {
  cast: Partial<Record<Role, Persona>>
}

export const frontPage = sitePage({
  path: '/',
  title: 'Accueil',
  titleIn: lang => sayIn(lang)('front.title'),
  access: open,
  spoken: 'open',
  async show(ctx) {
    const say = sayIn(ctx.lang)
    const communities = await listCommunities(ctx.tx)
    const personas = ctx.demo ? await listPersonas(ctx.tx) : []
    const territories: Territory[] = communities
      .filter(c => ctx.demo && c.demo)
      .map(c => ({ ...c, cast: Object.fromEntries(personas.filter(p => p.slug === c.slug).map(p => [p.role, p])) }))
    const [first] = territories
    // The visit is in French only: in another language a territory of the demonstration is a community like another.
    const visit = first && ctx.lang === 'fr'
    const others = visit ? communities.filter(c => !c.demo) : communities
    return (
      <>
        <PageTitle title={say('front.title')} lead={say('front.lead')} />
        {visit && <TenMinutes ctx={ctx} first={first} />}
        {visit && <Cast ctx={ctx} territories={territories} />}
        {others.length > 0 && (
          <Section title={visit ? 'Les autres communautés' : say('front.communities')}>
            <Cluster>
              {others.map(c => (
                <LinkButton href={say.to(`/c/${c.slug}`)}>{c.name}</LinkButton>
              ))}
            </Cluster>
          </Section>
        )}
        {communities.length === 0 && <Empty title={say('front.none')}>{say('front.none.how')}</Empty>}
      </>
    )
  },
})

const path = [
  { label: 'Coordination', detail: 'Les demandes en attente, les délais qui courent.' },
  { label: 'Le plan', detail: 'Toute la liste répartie d’un coup, chaque choix expliqué.' },
  { label: 'Une proposition', detail: 'Envoyée à un médecin, avec une heure limite.' },
  { label: 'La boîte aux lettres', detail: 'Le message qu’il reçoit, et son lien.' },
  { label: 'Le médecin', detail: 'Une question, deux boutons.' },
  { label: 'Le patient', detail: 'Ce qu’il suit de son côté, sans compte.' },
].map((step, i) => ({ ...step, state: i === 0 ? ('now' as const) : ('todo' as const) }))

function TenMinutes({ ctx, first }: { ctx: SiteCtx; first: Territory }) {
  return (
    <Section title="Dix minutes pour tout voir">
      <Stack gap="loose">
        <Stations label="Le chemin de la visite" steps={path} />
        {first.cast.coordinator && (
          <form method="post" action={`/c/${first.slug}/demo/persona`}>
            <input type="hidden" name="_key" value={ctx.key()} />
            <input type="hidden" name="role" value="coordinator" />
            <Button>Commencer en coordination, {first.name}</Button>
          </form>
        )}
      </Stack>
    </Section>
  )
}

const columnNames: Partial<Record<Role, string>> = { nurse: 'Soins infirmiers', funder: 'CPAM' }

/** Territories one way, roles the other: each crossing is somebody to be. */
function Cast({ ctx, territories }: { ctx: SiteCtx; territories: Territory[] }) {
  return (
    <Section
      id="personnages"
      title="Ou prenez la place de quelqu’un"
      lead="Les territoires sont réels, les personnes inventées. Un bouton suffit ; on change quand on veut."
    >
      <DataTable
        caption="Personnages de la démonstration, par territoire et par rôle"
        captionHidden
        rows={territories}
        columns={[
          {
            key: 'name',
            label: 'Territoire',
            cell: c => (
              <Stack gap="tight">
                <a href={`/c/${c.slug}`}>{c.name}</a>
                <a class="note" href={`/c/${c.slug}/demo/messagerie`}>
                  Boîte aux lettres<span class="away">, {c.name}</span>
                </a>
              </Stack>
            ),
          },
          ...personaRoles.map(role => ({
            key: role,
            label: columnNames[role] ?? roleNames[role],
            cell: (c: Territory) => {
              const persona = c.cast[role]
              return persona ? (
                <Be
                  ctx={ctx}
                  action={`/c/${c.slug}/demo/persona`}
                  role={role}
                  name={persona.name}
                  title={`${columnNames[role] ?? roleNames[role]}, ${c.name}`}
                />
              ) : (
                <span class="muted">Personne</span>
              )
            },
          })),
          {
            key: 'patient',
            label: 'Patient',
            cell: c => <Be ctx={ctx} action={`/c/${c.slug}/demo/patient`} name="Ma demande" title={c.name} />,
          },
        ]}
      />
    </Section>
  )
}
function Be({ ctx, action, role, name, title }: { ctx: SiteCtx; action: string; role?: Role; name: string; title: string }) {
  return (
    <form method="post" action={action}>
      <input type="hidden" name="_key" value={ctx.key()} />
      {role && <input type="hidden" name="role" value={role} />}
      <Button kind="secondary" small label={`${name}, ${title}`}>
        {name}
      </Button>
    </form>
  )
}
