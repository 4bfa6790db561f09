/** What the coordination changes: add communes, remove one, fix the size of the contract. */
import type { AciSize } from '#domain/size.ts'
import { members } from '#platform/access.ts'
import { notFound } from '#platform/errors.ts'
import { type Ctx, page, type Refused } from '#platform/page.ts'
import {
  Button,
  DataTable,
  Empty,
  ErrorSummary,
  Filters,
  FormView,
  frList,
  frNumber,
  LinkButton,
  Notice,
  PageTitle,
  plural,
  Section,
} from '#platform/ui/index.ts'
import { addForm, sizeForm } from '../fields.ts'
import { type Commune, populationOf, searchOf, sizeOf, yearsText } from '../rules.ts'
import {
  addCommunes,
  decideSize,
  type Epci,
  epciCommunes,
  FOUND_AT_MOST,
  findCommunes,
  findEpci,
  removeCommune,
  sizeDecisions,
  territory,
} from '../store.ts'

const coordinator = members('coordinator')
const back = (ctx: Ctx) => ({ label: 'Territoire', href: `${ctx.home}/territoire` })

export const addPage = page({
  path: '/c/:cpts/territoire/ajouter',
  title: 'Ajouter des communes',
  access: coordinator,
  form: addForm,
  islands: ['select-all'],
  async show(ctx, refused) {
    const typed = (ctx.query.get('q') ?? '').slice(0, 80)
    const siren = ctx.query.get('epci') ?? ''
    const here = `${ctx.home}/territoire/ajouter`
    const mine = new Set((await territory(ctx.tx)).map(c => c.code))
    const search = searchOf(typed)
    const whole = /^\d{9}$/.test(siren)
    const found = whole ? await epciCommunes(ctx.tx, siren) : search.by === 'siren' ? [] : await findCommunes(ctx.tx, search)
    const bodies = whole ? [] : await findEpci(ctx.tx, search)
    return (
      <>
        <PageTitle
          title="Ajouter des communes"
          back={back(ctx)}
          lead="Cherchez une commune, un code postal ou une intercommunalité (nom ou SIREN). Rien n’est ajouté sans votre confirmation."
        />
        <Filters
          chips={[]}
          search={{
            name: 'q',
            value: typed,
            label: 'Commune, code postal ou intercommunalité',
            placeholder: 'Massy, 91570, Paris-Saclay…',
          }}
        />
        {bodies.length > 0 && <Bodies bodies={bodies} here={here} />}
        {found.length > 0 ? (
          <Pick
            ctx={ctx}
            refused={refused}
            found={found}
            mine={mine}
            title={
              whole
                ? (found[0]?.epciName ?? 'Intercommunalité')
                : search.by === 'postal-code'
                  ? `Communes du code postal ${search.code}`
                  : 'Communes trouvées'
            }
            ticked={whole}
            action={`${here}?${new URLSearchParams(whole ? { epci: siren } : { q: typed })}`}
          />
        ) : (
          (whole || search.by !== 'nothing') &&
          bodies.length === 0 && (
            <Empty title="Aucune commune trouvée">Vérifiez l’orthographe ou le code. Les accents et les apostrophes ne comptent pas.</Empty>
          )
        )}
      </>
    )
  },
  async submit(ctx, input) {
    const { added, already } = await addCommunes(ctx.tx, ctx, input.code)
    const now = populationOf(await territory(ctx.tx))
    const known = already ? ` ${plural(already, 'y était déjà', 'y étaient déjà')}.` : ''
    return {
      to: `${ctx.home}/territoire`,
      notice: added.length
        ? `${plural(added.length, 'commune ajoutée', 'communes ajoutées')}.${known} Le territoire compte ${plural(now.total, 'habitant', 'habitants')}.`
        : 'Ces communes étaient déjà dans le territoire. Rien n’a changé.',
    }
  },
})

function Bodies({ bodies, here }: { bodies: Epci[]; here: string }) {
  return (
    <Section title="Intercommunalités" count={bodies.length}>
      <DataTable
        caption="Intercommunalités trouvées"
        captionHidden
        rows={bodies}
        rowHref={b => `${here}?epci=${b.siren}`}
        columns={[
          { key: 'name', label: 'Nom' },
          { key: 'siren', label: 'SIREN', tight: true },
          { key: 'communes', label: 'Communes', numeric: true, cell: b => frNumber(b.communes) },
          { key: 'population', label: 'Habitants', numeric: true, cell: b => frNumber(b.population) },
        ]}
      />
    </Section>
  )
}

interface PickProps {
  ctx: Ctx
  refused?: Refused
  found: Commune[]
  mine: Set<string>
  title: string
  ticked: boolean
  action: string
}
/** Every commune found, with a box; a whole intercommunality comes ticked, and says how many people that is. */
function Pick({ ctx, refused, found, mine, title, ticked, action }: PickProps) {
  const fresh = found.filter(c => !mine.has(c.code))
  const sum = populationOf(fresh)
  const raw = refused?.raw.code
  const several = found.length > 1
  return (
    <Section
      title={title}
      count={found.length}
      lead={
        found.length >= FOUND_AT_MOST
          ? `Les ${FOUND_AT_MOST} premières seulement : précisez le nom.`
          : fresh.length < found.length
            ? `Déjà dans votre territoire : ${alreadyText(found.filter(c => mine.has(c.code)))}.`
            : ticked || !several
              ? undefined
              : 'Cochez celles qui font partie de votre territoire.'
      }
    >
      {fresh.length > 0 && ticked && (
        <Notice
          tone="neutral"
          title={`${plural(fresh.length, 'commune', 'communes')} à ajouter, ${plural(sum.total, 'habitant', 'habitants')}`}
        >
          Population {yearsText(sum.years)} (Insee). Décochez celles qui ne sont pas dans votre territoire.
        </Notice>
      )}
      <form method="post" action={action} id="add" class="stack">
        <ErrorSummary errors={refused?.errors} />
        <input type="hidden" name="_key" value={ctx.key()} />
        {fresh.length > 0 && (
          <DataTable
            caption={title}
            captionHidden
            rows={fresh}
            select={{
              name: 'code',
              value: c => c.code,
              label: c => c.name,
              checked: c => (raw ? raw.includes(c.code) : ticked || !several),
            }}
            columns={[
              { key: 'name', label: 'Commune', cell: c => `${c.name} (${c.department})` },
              { key: 'postalCodes', label: 'Codes postaux', cell: c => c.postalCodes.join(', ') },
              ...(ticked ? [] : [{ key: 'epciName', label: 'Intercommunalité', cell: (c: Commune) => c.epciName ?? 'Aucune' }]),
              { key: 'population', label: 'Habitants', numeric: true, cell: c => (c.population === null ? '' : frNumber(c.population)) },
            ]}
            total={several ? { population: frNumber(sum.total) } : undefined}
          />
        )}
        <div class="form-end">
          {fresh.length > 0 && <Button>Ajouter les communes cochées</Button>}
          <LinkButton href={`${ctx.home}/territoire`} kind="quiet">
            {fresh.length > 0 ? 'Annuler' : 'Revenir au territoire'}
          </LinkButton>
        </div>
      </form>
    </Section>
  )
}

/** The first names, then how many more. */
const alreadyText = (communes: Commune[]): string =>
  communes.length <= 6
    ? frList(communes.map(c => c.name))
    : `${communes
        .slice(0, 5)
        .map(c => c.name)
        .join(', ')} et ${communes.length - 5} autres`

export const removePage = page({
  path: '/c/:cpts/territoire/communes/:code/retirer',
  title: 'Retirer une commune',
  access: coordinator,
  async show(ctx) {
    const communes = await territory(ctx.tx)
    const commune = communes.find(c => c.code === ctx.params.code)
    if (!commune) throw notFound()
    const decisions = await sizeDecisions(ctx.tx)
    const [before, after] = [populationOf(communes), populationOf(communes.filter(c => c !== commune))]
    const [now, then] = [sizeOf(before, decisions), sizeOf(after, decisions)]
    return (
      <>
        <PageTitle title={`Retirer ${commune.name}`} back={back(ctx)} />
        <p>
          La population passe de {frNumber(before.total)} à {plural(after.total, 'habitant', 'habitants')}.
          {now.size !== then.size && ` La taille passe de ${now.size} à ${then.size ?? 'inconnue'}.`}
        </p>
        <p>
          Ses professionnels ne seront plus dans l’annuaire public de la communauté. Les partenaires et les demandes déjà enregistrés
          restent. Vous pourrez ajouter la commune à nouveau.
        </p>
        <form method="post" class="form">
          <input type="hidden" name="_key" value={ctx.key()} />
          <div class="form-end">
            <Button kind="danger">Retirer {commune.name}</Button>
            <LinkButton href={`${ctx.home}/territoire`} kind="quiet">
              Garder cette commune
            </LinkButton>
          </div>
        </form>
      </>
    )
  },
  async submit(ctx) {
    const commune = (await territory(ctx.tx)).find(c => c.code === ctx.params.code)
    if (!commune || !(await removeCommune(ctx.tx, ctx, commune.code))) throw notFound()
    return {
      to: `${ctx.home}/territoire`,
      notice: `${commune.name} n’est plus dans le territoire. La population et la taille sont recalculées.`,
    }
  },
})

export const sizePage = page({
  path: '/c/:cpts/territoire/taille',
  title: 'Taille du contrat',
  access: coordinator,
  form: sizeForm,
  async show(ctx, refused) {
    const population = populationOf(await territory(ctx.tx))
    const size = sizeOf(population, await sizeDecisions(ctx.tx))
    return (
      <>
        <PageTitle
          title="Taille du contrat"
          back={back(ctx)}
          lead={
            size.deduced
              ? `Avec ${plural(population.total, 'habitant', 'habitants')}, la taille déduite est ${size.deduced}. Le contrat signé peut en décider autrement.`
              : 'Le territoire est vide : aucune taille ne peut être déduite.'
          }
        />
        <FormView
          form={sizeForm}
          action={`${ctx.home}/territoire/taille`}
          submit="Enregistrer la taille"
          formKey={ctx.key()}
          raw={refused?.raw ?? (size.decision ? { size: [String(size.decision.size)] } : undefined)}
          errors={refused?.errors}
          secondary={
            <LinkButton href={`${ctx.home}/territoire`} kind="quiet">
              Annuler
            </LinkButton>
          }
        />
      </>
    )
  },
  async submit(ctx, input) {
    if (input.decidedOn > ctx.today) return { errors: { decidedOn: 'La date de la décision ne peut pas être dans le futur.' } }
    const size = input.size === 'deduced' ? null : (Number(input.size) as AciSize)
    await decideSize(ctx.tx, ctx, { size, reason: input.reason, decidedOn: input.decidedOn })
    return {
      to: `${ctx.home}/territoire`,
      notice: size ? `La taille ${size} est retenue pour le contrat.` : 'La taille est de nouveau déduite de la population.',
    }
  },
})
