/** Partners outside the national directory: everybody in the community reads, the coordination writes. */
import { territoryCommunes } from '#areas/territory/index.ts'
import { anyMember, hasRole, members } from '#platform/access.ts'
import { audit } from '#platform/audit.ts'
import type { Tx } from '#platform/db/types.ts'
import { oneAtATime, rawShown, reconcile, theirsSaid } from '#platform/edits.ts'
import { notFound } from '#platform/errors.ts'
import type { Errors, Value } from '#platform/fields.ts'
import { action, type Ctx, page, type Refused } from '#platform/page.ts'
import { sheet, sheetLinks } from '#platform/sheet.ts'
import {
  Button,
  DataTable,
  Empty,
  Filters,
  FormView,
  frDate,
  LinkButton,
  PageTitle,
  plural,
  rawOf,
  Section,
  Stat,
  Stats,
} from '#platform/ui/index.ts'
import { idForm, partnerEditForm, partnerForm } from '../fields.ts'
import { isMobile, partnerKinds, partnerWords } from '../rules.ts'
import { addPartner, changePartner, type Partner, type PartnerFacts, partner, partners, setRemoved } from '../store.ts'
import { DirectoryLinks, PhoneLink, vehiclesText } from './words.tsx'

const coordinator = members('coordinator')
const back = (ctx: Ctx) => ({ label: 'Partenaires', href: `${ctx.home}/partenaires` })

export interface Fleet {
  ambulances: number
  vsl: number
  /** Companies that did not say. */
  silent: number
}
export const fleetOf = (all: readonly Partner[]): Fleet => {
  const companies = all.filter(p => p.kind === 'ambulance')
  return {
    ambulances: companies.reduce((s, p) => s + (p.ambulances ?? 0), 0),
    vsl: companies.reduce((s, p) => s + (p.vsl ?? 0), 0),
    silent: companies.filter(p => p.ambulances === null && p.vsl === null).length,
  }
}

export const partnersSheets = sheet<Partner>({
  path: '/c/:cpts/partenaires',
  title: 'Partenaires',
  access: anyMember,
  columns: [
    { label: 'Nom', value: p => p.name },
    { label: 'Type', value: p => partnerWords[p.kind].label },
    { label: 'Commune', value: p => p.communeName },
    { label: 'Adresse', value: p => p.address },
    { label: 'Téléphone', value: p => p.phone },
    { label: 'Adresse électronique', value: p => p.email },
    { label: 'Ambulances', value: p => p.ambulances, type: 'number' },
    { label: 'VSL', value: p => p.vsl, type: 'number' },
    { label: 'Source', value: p => p.source },
    { label: 'Vérifié le', value: p => p.verifiedAt, type: 'date' },
  ],
  async rows(ctx, format) {
    const all = await partners(ctx.tx)
    const kind = countKinds(all).find(k => k.key === ctx.query.get('type'))?.kind
    const kept = kind ? all.filter(p => p.kind === kind) : all
    await audit(ctx.tx, ctx, { action: 'partner.export', detail: { format, rows: kept.length } })
    return kept
  },
})

export const partnersPage = page({
  path: '/c/:cpts/partenaires',
  title: 'Partenaires',
  access: anyMember,
  async show(ctx) {
    const all = await partners(ctx.tx)
    const mayChange = hasRole(ctx.who, 'coordinator')
    const fleet = fleetOf(all)
    const kinds = countKinds(all)
    const kind = kinds.find(k => k.key === ctx.query.get('type'))?.kind
    const add = mayChange && <LinkButton href={`${ctx.home}/partenaires/nouveau`}>Ajouter un partenaire</LinkButton>
    return (
      <>
        <PageTitle
          title="Partenaires"
          count={all.length}
          lead="Les structures que l’Annuaire Santé ne connaît pas : mairies, CCAS, DAC, maisons de santé, transports sanitaires…"
          actions={add}
        />
        <DirectoryLinks ctx={ctx} here="partners" />
        {all.length === 0 ? (
          <Empty title="Aucun partenaire pour le moment" action={add}>
            Commencez par ceux que l’on appelle le plus : mairies, DAC, transports sanitaires.
          </Empty>
        ) : (
          <>
            {fleet.ambulances + fleet.vsl > 0 && (
              <Stats>
                <Stat label="Ambulances" value={fleet.ambulances} />
                <Stat
                  label="VSL"
                  value={fleet.vsl}
                  detail={fleet.silent ? `${plural(fleet.silent, 'entreprise', 'entreprises')} sans chiffre` : undefined}
                />
              </Stats>
            )}
            {kinds.length > 1 && (
              <Filters
                exports={sheetLinks(`${ctx.home}/partenaires`, kind ? `?type=${ctx.query.get('type')}` : '')}
                label="Type de partenaire"
                chips={kinds.map(k => ({
                  label: k.many,
                  href: `${ctx.home}/partenaires${k.kind === kind ? '' : `?type=${k.key}`}`,
                  on: k.kind === kind,
                  count: k.n,
                }))}
              />
            )}
            <PartnerTable ctx={ctx} rows={kind ? all.filter(p => p.kind === kind) : all} kind={kind} mayChange={mayChange} />
          </>
        )}
      </>
    )
  },
})

/** How many of each kind, in the order people look for them. */
export const countKinds = (all: readonly Partner[]) =>
  partnerKinds.map(kind => ({ ...partnerWords[kind], kind, n: all.filter(p => p.kind === kind).length })).filter(k => k.n > 0)

function PartnerTable({ ctx, rows, kind, mayChange }: { ctx: Ctx; rows: Partner[]; kind?: Partner['kind']; mayChange: boolean }) {
  const mail = rows.some(p => p.email)
  return (
    <DataTable
      caption={kind ? partnerWords[kind].many : 'Partenaires'}
      captionHidden
      rows={rows}
      rowId={p => `p-${p.id}`}
      rowHref={p => (mayChange ? `${ctx.home}/partenaires/${p.id}` : undefined)}
      columns={[
        {
          key: 'name',
          label: 'Nom',
          cell: p => (
            <>
              {p.name}
              <div class="note">
                {partnerWords[p.kind].label}
                {vehiclesText(p)}
              </div>
            </>
          ),
        },
        {
          key: 'where',
          label: 'Adresse',
          cell: p => (
            <div>
              {[p.address, p.communeName].filter(Boolean).join(', ')}
              <div class="note">{`${p.source}, vérifié le ${frDate(p.verifiedAt)} par ${p.verifiedBy}`}</div>
            </div>
          ),
        },
        { key: 'phone', label: 'Téléphone', tight: true, cell: p => (p.phone ? <PhoneLink phone={p.phone} /> : '') },
        ...(mail
          ? [
              {
                key: 'email',
                label: 'Adresse électronique',
                cell: (p: Partner) => (p.email ? <a href={`mailto:${p.email}`}>{p.email}</a> : ''),
              },
            ]
          : []),
      ]}
    />
  )
}

async function PartnerForm({ ctx, refused, existing, path }: { ctx: Ctx; refused?: Refused; existing?: Partner; path: string }) {
  const communes = await territoryCommunes(ctx.tx)
  const options = communes.map(c => ({ value: c.code, label: c.name }))
  if (existing?.commune && !options.some(o => o.value === existing.commune))
    options.push({ value: existing.commune, label: `${existing.communeName ?? existing.commune} (hors du territoire)` })
  return (
    <FormView
      form={existing ? partnerEditForm : partnerForm}
      action={path}
      submit={existing ? 'Enregistrer' : 'Ajouter à l’annuaire'}
      formKey={ctx.key()}
      raw={
        existing
          ? rawShown(partnerEditForm, { ...existing }, refused?.raw, rawOf({ ...existing, verifiedAt: ctx.today }))
          : (refused?.raw ?? rawOf({ verifiedAt: ctx.today }))
      }
      errors={refused?.errors}
      options={{ commune: options }}
      groups={[
        { legend: 'Véhicules', lead: 'Pour un transport sanitaire seulement.', fields: ['ambulances', 'vsl'] },
        {
          legend: 'Vérification',
          lead: 'Affichée dans l’annuaire à côté de la structure. Enregistrer dit que vous avez vérifié à cette date.',
          fields: ['source', 'verifiedAt'],
        },
      ]}
      secondary={
        <LinkButton href={`${ctx.home}/partenaires`} kind="quiet">
          Annuler
        </LinkButton>
      }
    />
  )
}

type Input = Value<typeof partnerForm>
/** What no field can check alone. */
async function faults(tx: Tx, ctx: Ctx, p: Input, before?: Partner): Promise<Errors> {
  const errors: Errors = {}
  if (p.phone && isMobile(p.phone)) errors.phone = 'Un numéro en 06 ou 07 est tenu pour personnel : donnez le numéro du standard.'
  if (p.verifiedAt > ctx.today) errors.verifiedAt = 'La date de vérification ne peut pas être dans le futur.'
  if (p.kind !== 'ambulance' && (p.ambulances !== null || p.vsl !== null))
    errors[p.ambulances !== null ? 'ambulances' : 'vsl'] = 'Les véhicules se renseignent pour un transport sanitaire seulement.'
  if (p.commune && p.commune !== before?.commune && !(await territoryCommunes(tx)).some(c => c.code === p.commune))
    errors.commune = 'Choisissez une commune du territoire.'
  return errors
}
const facts = (p: Input): PartnerFacts => p

export const newPartnerPage = page({
  path: '/c/:cpts/partenaires/nouveau',
  title: 'Ajouter un partenaire',
  access: coordinator,
  form: partnerForm,
  show: (ctx, refused) => (
    <>
      <PageTitle title="Ajouter un partenaire" back={back(ctx)} />
      <PartnerForm ctx={ctx} refused={refused} path={`${ctx.home}/partenaires/nouveau`} />
    </>
  ),
  async submit(ctx, input) {
    const errors = await faults(ctx.tx, ctx, input)
    if (Object.keys(errors).length) return { errors }
    await addPartner(ctx.tx, ctx, facts(input))
    return { to: `${ctx.home}/partenaires`, notice: `${input.name} est dans l’annuaire.` }
  },
})

export const partnerPage = page({
  path: '/c/:cpts/partenaires/:id',
  title: 'Un partenaire',
  access: coordinator,
  form: partnerEditForm,
  async show(ctx, refused) {
    const existing = await partner(ctx.tx, ctx.params.id)
    if (!existing) throw notFound()
    const here = `${ctx.home}/partenaires/${existing.id}`
    return (
      <>
        <PageTitle title={existing.name} lead={partnerWords[existing.kind].label} back={back(ctx)} />
        {existing.removedAt ? (
          <Section title="Retiré de l’annuaire" lead={`Depuis le ${frDate(existing.removedAt)}. Rien n’est perdu.`}>
            <form method="post" action={`${here}/remettre`}>
              <input type="hidden" name="_key" value={ctx.key()} />
              <input type="hidden" name="id" value={existing.id} />
              <Button>Remettre dans l’annuaire</Button>
            </form>
          </Section>
        ) : (
          <>
            <PartnerForm ctx={ctx} refused={refused} existing={existing} path={here} />
            <Section title="Retirer de l’annuaire" lead="La structure n’est plus montrée. Vous pourrez la remettre d’un geste.">
              <form method="post" action={`${here}/retirer`}>
                <input type="hidden" name="_key" value={ctx.key()} />
                <input type="hidden" name="id" value={existing.id} />
                <Button kind="secondary">Retirer {existing.name}</Button>
              </form>
            </Section>
          </>
        )}
      </>
    )
  },
  async submit(ctx, typed) {
    await oneAtATime(ctx.tx, `partner ${ctx.params.id}`)
    const existing = await partner(ctx.tx, ctx.params.id)
    if (!existing) throw notFound()
    const merged = reconcile(partnerEditForm, typed, { ...existing })
    if ('errors' in merged) return merged
    const { shown: _, ...input } = merged.value
    const errors = await faults(ctx.tx, ctx, input, existing)
    if (Object.keys(errors).length) return { errors }
    if (!(await changePartner(ctx.tx, ctx, existing.id, facts(input)))) throw notFound()
    return { to: `${ctx.home}/partenaires`, notice: `${input.name} est à jour.${theirsSaid(merged.theirs)}` }
  },
})

const moveAction = (verb: 'retirer' | 'remettre') =>
  action({
    path: `/c/:cpts/partenaires/:id/${verb}`,
    access: coordinator,
    form: idForm,
    from: partnerPage,
    async submit(ctx) {
      const existing = await partner(ctx.tx, ctx.params.id)
      if (!existing || !(await setRemoved(ctx.tx, ctx, existing.id, verb === 'retirer'))) throw notFound()
      return verb === 'retirer'
        ? {
            to: `${ctx.home}/partenaires/${existing.id}`,
            notice: `${existing.name} n’est plus dans l’annuaire. Vous pouvez l’y remettre ici.`,
          }
        : { to: `${ctx.home}/partenaires`, notice: `${existing.name} est de nouveau dans l’annuaire.` }
    },
  })
export const removePartner = moveAction('retirer')
export const restorePartner = moveAction('remettre')
