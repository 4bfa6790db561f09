/** The first screen anybody sees: what Trame is, the communities of this instance, and in the demonstration somebody to be. */
import { open, type Role, roleNames } from '../../../platform/access.ts'
import { type SiteCtx, sitePage } from '../../../platform/page.ts'
import { Button, Callout, Cluster, Empty, LinkButton, PageTitle, Section } from '../../../platform/ui/index.ts'
import { type CommunityLine, listCommunities, listPersonas, type Persona } from '../store.ts'
import { List, P } from './words.tsx'

/** What the button says: the profession when the person has one. */
const shortNames: Partial<Record<Role, string>> = {
  coordinator: 'Coordination',
  doctor: 'Médecin',
  nurse: 'Infirmier, infirmière',
  pharmacist: 'Pharmacie',
  board: 'Bureau',
  funder: 'Déléguée CPAM',
}

export const frontPage = sitePage({
  path: '/',
  title: 'Accueil',
  access: open,
  async show(ctx) {
    const communities = await listCommunities(ctx.tx)
    const personas = ctx.demo ? await listPersonas(ctx.tx) : []
    const demos = ctx.demo ? communities.filter(c => c.demo) : []
    const others = communities.filter(c => !demos.includes(c))
    return (
      <>
        <PageTitle
          title="Le fil qui tient une communauté de santé"
          lead="Trame relie les patients sans médecin traitant aux médecins qui peuvent les accueillir, au plus juste et au plus près. Les professionnels d’un territoire s’y coordonnent, et chaque chiffre s’ouvre sur ses preuves."
        />
        {demos.length > 0 && <TenMinutes />}
        {demos.map(c => (
          <Territory ctx={ctx} community={c} personas={personas.filter(p => p.slug === c.slug)} />
        ))}
        {others.length > 0 && (
          <Section title={demos.length > 0 ? 'Les autres communautés' : 'Les communautés'}>
            <Cluster>
              {others.map(c => (
                <LinkButton href={`/c/${c.slug}`}>{c.name}</LinkButton>
              ))}
            </Cluster>
          </Section>
        )}
        {communities.length === 0 && (
          <Empty title="Aucune communauté sur cette instance">
            La personne qui l’a installée ouvre la première avec la commande « trame ».
          </Empty>
        )}
      </>
    )
  },
})

function TenMinutes() {
  return (
    <Callout title="Dix minutes pour tout voir">
      <List
        numbered
        items={[
          'Entrez en coordination dans un des territoires ci-dessous.',
          'Ouvrez le plan : toute la liste d’attente répartie d’un coup, chaque choix expliqué.',
          'Envoyez une proposition à un médecin.',
          'Ouvrez la boîte aux lettres et le message qu’il a reçu.',
          'Répondez à sa place : une question, deux boutons.',
          'Revenez ici et choisissez « Patient » pour voir ce que la personne suit de son côté.',
        ]}
      />
    </Callout>
  )
}

function Territory({ ctx, community, personas }: { ctx: SiteCtx; community: CommunityLine; personas: Persona[] }) {
  const home = `/c/${community.slug}`
  return (
    <Section
      title={community.name}
      id={community.slug}
      actions={
        <>
          <a href={home}>Page publique</a>
          <a href={`${home}/demo/messagerie`}>Boîte aux lettres</a>
        </>
      }
    >
      <ul class="cluster" aria-label={`Entrer dans ${community.name} en tant que`}>
        {personas.map(p => (
          <li>
            <form method="post" action={`${home}/demo/persona`}>
              <input type="hidden" name="_key" value={ctx.key()} />
              <input type="hidden" name="role" value={p.role} />
              <Button kind="secondary" label={`${shortNames[p.role] ?? roleNames[p.role]} : ${p.name}, ${community.name}`}>
                <span>
                  {shortNames[p.role] ?? roleNames[p.role]} <span class="muted">{p.name}</span>
                </span>
              </Button>
            </form>
          </li>
        ))}
        <li>
          <form method="post" action={`${home}/demo/patient`}>
            <input type="hidden" name="_key" value={ctx.key()} />
            <Button kind="secondary" label={`Patient, ${community.name}`}>
              <span>
                Patient <span class="muted">suit sa demande</span>
              </span>
            </Button>
          </form>
        </li>
      </ul>
      {personas.length === 0 && <P muted>Personne n’y joue encore de rôle.</P>}
    </Section>
  )
}
