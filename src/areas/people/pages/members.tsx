/** The members of the community: list, exports, invitation, end of a membership. */
import { members, type Role, roleNames, roles } from '#platform/access.ts'
import { audit } from '#platform/audit.ts'
import { CSV_TYPE, csv, type SheetColumn } from '#platform/csv.ts'
import { conflict, notFound } from '#platform/errors.ts'
import { isUuid } from '#platform/ids.ts'
import { type Ctx, download, type Outcome, page } from '#platform/page.ts'
import {
  Count,
  DataTable,
  Facts,
  Filters,
  FormView,
  frDate,
  frList,
  frName,
  LinkButton,
  Notice,
  Pager,
  PageTitle,
} from '#platform/ui/index.ts'
import { XLSX_TYPE, xlsx } from '#platform/xlsx.ts'
import { emptyForm, inviteForm } from '../fields.ts'
import { filterOf, filterQuery, fold, matching } from '../rules.ts'
import { createPerson, endMembership, isLastCoordinator, listMembers, type Member, memberById } from '../store.ts'
import { sendInvitation } from './sign-in.tsx'
import { P } from './words.tsx'

const PER_PAGE = 100
const rolesText = (m: Member) => frList(m.roles.map(r => roleNames[r]))
const canManage = (ctx: Ctx) => ctx.who.kind === 'member' && ctx.who.roles.includes('coordinator')

const list = page({
  path: '/c/:cpts/membres',
  title: 'Membres',
  access: members('coordinator', 'board'),
  async show(ctx) {
    const all = await listMembers(ctx.tx)
    const filter = filterOf(ctx.query)
    const found = matching(all, filter)
    const here = `${ctx.home}/membres`
    const to = (change: Parameters<typeof filterQuery>[1]) => here + filterQuery(filter, change)
    const current = all.filter(m => (m.endedAt !== null) === Boolean(filter.past))
    const past = all.filter(m => m.endedAt !== null).length
    const professions = [...new Set(current.map(m => m.profession).filter(p => p !== null))].sort((a, b) => a.localeCompare(b, 'fr'))
    const pages = Math.max(1, Math.ceil(found.length / PER_PAGE))
    const at = Math.min(pages, Math.max(1, Number.parseInt(ctx.query.get('page') ?? '1', 10) || 1))
    const shown = found.slice((at - 1) * PER_PAGE, at * PER_PAGE)
    const query = filterQuery(filter)
    return (
      <>
        <PageTitle
          title={filter.past ? 'Anciens membres' : 'Membres'}
          count={current.length}
          actions={
            canManage(ctx) && (
              <LinkButton kind="primary" href={`${here}/nouveau`}>
                Inviter une personne
              </LinkButton>
            )
          }
        />
        <Filters
          label="Rôles"
          search={{
            name: 'q',
            value: filter.text,
            label: 'Chercher un membre',
            placeholder: 'Nom, adresse, RPPS',
            action: here,
            hidden: Object.fromEntries(new URLSearchParams(filterQuery(filter, { text: undefined }))),
          }}
          chips={[
            { label: 'Tous les rôles', href: to({ role: undefined }), on: !filter.role },
            ...roles
              .map(r => ({ role: r, n: current.filter(m => m.roles.includes(r)).length }))
              .filter(({ role, n }) => n > 0 || role === filter.role)
              .map(({ role, n }) => ({ label: roleNames[role], href: to({ role }), on: role === filter.role, count: n })),
          ]}
          exports={[
            { label: 'Tableur Excel (XLSX)', href: `${here}.xlsx${query}` },
            { label: 'Texte pour tableur (CSV)', href: `${here}.csv${query}` },
          ]}
        />
        {(professions.length > 1 || filter.profession) && (
          <Filters
            label="Professions"
            chips={[
              { label: 'Toutes les professions', href: to({ profession: undefined }), on: !filter.profession },
              ...professions.map(p => ({ label: p, href: to({ profession: fold(p) }), on: filter.profession === fold(p) })),
            ]}
          />
        )}
        <Count n={found.length} of={current.length} one="personne" many="personnes" />
        <DataTable
          caption={filter.past ? 'Anciens membres' : 'Membres'}
          captionHidden
          rows={shown}
          rowId={m => `m-${m.id}`}
          columns={[
            { key: 'name', label: 'Nom', cell: m => m.name },
            { key: 'roles', label: 'Rôles', cell: rolesText },
            { key: 'profession', label: 'Profession', cell: m => m.profession ?? <span class="muted">Non renseignée</span> },
            { key: 'rpps', label: 'RPPS', tight: true, cell: m => m.rpps ?? <span class="muted">Aucun</span> },
            { key: 'email', label: 'Adresse électronique', cell: m => m.email ?? <span class="muted">Aucune</span> },
            { key: 'since', label: 'Depuis', tight: true, cell: m => frDate(m.since) },
            filter.past
              ? { key: 'end', label: 'Jusqu’au', tight: true, cell: m => m.endedAt && frDate(m.endedAt) }
              : {
                  key: 'end',
                  label: 'Accès',
                  tight: true,
                  cell: m =>
                    canManage(ctx) ? (
                      <a href={`${here}/${m.id}/fin`} aria-label={`Mettre fin à l’accès ${frName(m.name, 'de')}`}>
                        Mettre fin
                      </a>
                    ) : (
                      'En cours'
                    ),
                },
          ]}
          empty={{ title: 'Aucun membre ne correspond', action: <LinkButton href={here}>Voir tous les membres</LinkButton> }}
        />
        <Pager page={at} pages={pages} hrefFor={n => `${here}${query}${query ? '&' : '?'}page=${n}`} />
        <p>
          {filter.past ? (
            <a href={to({ past: false, role: undefined, profession: undefined })}>Voir les membres actuels</a>
          ) : (
            past > 0 && <a href={to({ past: true, role: undefined, profession: undefined })}>Voir les anciens membres ({past})</a>
          )}
        </p>
      </>
    )
  },
})

const columns: SheetColumn<Member>[] = [
  { label: 'Nom', value: m => m.name },
  { label: 'Rôles', value: rolesText },
  { label: 'Profession', value: m => m.profession },
  { label: 'RPPS', value: m => m.rpps },
  { label: 'Adresse électronique', value: m => m.email },
  { label: 'Depuis', type: 'date', value: m => m.since },
  { label: 'Jusqu’au', type: 'date', value: m => m.endedAt },
]
/** What the list shows with the same filter, on record. */
async function exported(ctx: Ctx, format: string): Promise<Member[]> {
  const found = matching(await listMembers(ctx.tx), filterOf(ctx.query))
  await audit(ctx.tx, ctx, { action: 'members.export', detail: { format, rows: found.length } })
  return found
}
const asCsv = download({
  path: '/c/:cpts/membres.csv',
  title: 'Membres, pour un tableur (CSV)',
  access: members('coordinator', 'board'),
  respond: async ctx => ({ name: `membres-${ctx.today}.csv`, type: CSV_TYPE, body: csv(columns, await exported(ctx, 'csv')) }),
})
const asXlsx = download({
  path: '/c/:cpts/membres.xlsx',
  title: 'Membres, classeur Excel (XLSX)',
  access: members('coordinator', 'board'),
  respond: async ctx => ({
    name: `membres-${ctx.today}.xlsx`,
    type: XLSX_TYPE,
    body: await xlsx('Membres', columns, await exported(ctx, 'xlsx')),
  }),
})

const invite = page({
  path: '/c/:cpts/membres/nouveau',
  title: 'Inviter une personne',
  access: members('coordinator'),
  form: inviteForm,
  show: (ctx, refused) => (
    <>
      <PageTitle
        title="Inviter une personne"
        lead="Elle reçoit un message avec un lien, valable sept jours. Elle n’a pas de mot de passe à choisir."
        back={{ label: 'Membres', href: `${ctx.home}/membres` }}
      />
      <FormView
        form={inviteForm}
        action={`${ctx.home}/membres/nouveau`}
        submit="Inviter"
        formKey={ctx.key()}
        raw={refused?.raw}
        errors={refused?.errors}
        secondary={
          <LinkButton kind="quiet" href={`${ctx.home}/membres`}>
            Annuler
          </LinkButton>
        }
      />
    </>
  ),
  async submit(ctx, input): Promise<Outcome> {
    const made = await createPerson(ctx.tx, { ...input, since: ctx.today })
    if ('taken' in made)
      return made.taken === 'rpps'
        ? { errors: { rpps: 'Ce numéro RPPS est déjà celui d’un membre.' } }
        : { errors: { email: 'Cette adresse est déjà celle d’un membre.' } }
    const member = (await memberById(ctx.tx, made.membershipId))!
    await sendInvitation(ctx, { ...member, email: input.email })
    await audit(ctx.tx, ctx, {
      action: 'membership.invite',
      subject: { kind: 'membership', id: made.membershipId },
      detail: { roles: input.roles as Role[] },
    })
    return { to: `${ctx.home}/membres`, notice: `L’invitation ${frName(input.name, 'de')} est partie. Son lien vaut sept jours.` }
  },
})

const end = page({
  path: '/c/:cpts/membres/:id/fin',
  title: 'Mettre fin à un accès',
  access: members('coordinator'),
  form: emptyForm,
  async show(ctx, refused) {
    const member = await currentMember(ctx)
    const last = await isLastCoordinator(ctx.tx, member.id)
    const back = `${ctx.home}/membres`
    return (
      <>
        <PageTitle title={`Mettre fin à l’accès ${frName(member.name, 'de')}`} back={{ label: 'Membres', href: back }} />
        <Facts
          items={[
            { label: 'Rôles', value: rolesText(member) },
            { label: 'Profession', value: member.profession },
            { label: 'Membre depuis', value: frDate(member.since) },
          ]}
        />
        {last || refused ? (
          <>
            <Notice tone="stop" title={refused?.errors[''] ?? LAST}>
              Invitez d’abord une autre personne avec le rôle Coordination.
            </Notice>
            <LinkButton href={back}>Revenir aux membres</LinkButton>
          </>
        ) : (
          <FormView
            form={emptyForm}
            action={`${back}/${member.id}/fin`}
            submit="Mettre fin à l’accès"
            danger
            formKey={ctx.key()}
            secondary={
              <LinkButton kind="quiet" href={back}>
                Annuler
              </LinkButton>
            }
          >
            <P>
              L’accès cesse aussitôt, sur tous ses appareils. Ce que la personne a fait reste au journal. Vous pourrez l’inviter de nouveau.
            </P>
          </FormView>
        )}
      </>
    )
  },
  async submit(ctx) {
    const member = await currentMember(ctx)
    if (!(await endMembership(ctx.tx, member.id, ctx.now))) {
      if (await isLastCoordinator(ctx.tx, member.id)) return { errors: { '': LAST } }
      throw conflict(`L’accès ${frName(member.name, 'de')} a déjà pris fin.`)
    }
    await audit(ctx.tx, ctx, { action: 'membership.end', subject: { kind: 'membership', id: member.id } })
    return { to: `${ctx.home}/membres`, notice: `L’accès ${frName(member.name, 'de')} a pris fin.` }
  },
})
const LAST = 'C’est la dernière personne à coordonner cette communauté.'

async function currentMember(ctx: Ctx<'/c/:cpts/membres/:id/fin'>): Promise<Member> {
  const member = isUuid(ctx.params.id) ? await memberById(ctx.tx, ctx.params.id) : null
  if (!member) throw notFound()
  return member
}

export const memberRoutes = [list, asCsv, asXlsx, invite, end]
