/** Correcting a request, and entering one by phone: the same questions as the public form, asked of somebody else. */

import { territoryCommunes } from '#areas/territory/index.ts'
import { members } from '#platform/access.ts'
import type { Tx } from '#platform/db/types.ts'
import { oneAtATime, rawShown, reconcile, shownField, theirsSaid } from '#platform/edits.ts'
import { choice, type Errors, form, type Option, text, type Value } from '#platform/fields.ts'
import { page } from '#platform/page.ts'
import { FormView, LinkButton, Notice, PageTitle, plural } from '#platform/ui/index.ts'
import { contactForm, fromSituation, identityForm, needsForm, problemsOf, situationForm, toSituation } from '../../fields.ts'
import { proxyKinds, proxyNames, readNumber } from '../../rules.ts'
import { type Correction, correct } from '../../store/edit.ts'
import { enterRequest, getRequest } from '../../store/requests.ts'
import { idOf, nameOf } from './words.tsx'

const { householdOf, ...ownNeeds } = needsForm.fields
export const correctionForm = form({ ...identityForm.fields, ...contactForm.fields, ...situationForm.fields, ...ownNeeds })
export const editForm = form({ ...correctionForm.fields, shown: shownField })
export const entryForm = form({
  ...correctionForm.fields,
  householdOf,
  proxyKind: choice({
    label: 'Qui appelle pour lui',
    control: 'select',
    required: false,
    options: proxyKinds.map(value => ({ value, label: proxyNames[value] })),
  }),
  proxyName: text({ label: 'Nom de cette personne', max: 120, required: false }),
  proxyContact: text({ label: 'Son téléphone ou son adresse électronique', max: 120, required: false }),
  consentBy: choice({
    label: 'La personne sait à quoi sert la demande, qui la lira, et qu’elle peut la retirer. Qui a donné son accord ?',
    control: 'radio',
    options: [
      { value: 'coordinator', label: 'Le patient, de vive voix' },
      { value: 'proxy', label: 'La personne qui appelle, au nom du patient' },
    ],
  }),
})
const groups = [
  { legend: 'La personne', fields: Object.keys(identityForm.fields) },
  { legend: 'La joindre', fields: Object.keys(contactForm.fields) },
  { legend: 'Sa situation', lead: 'Ces réponses décident de son rang, selon la règle votée.', fields: ['situation'] },
  { legend: 'Ce qu’il lui faut', fields: ['languages', 'wheelchair', 'farther', 'householdOf'] },
]

/** The territory's communes, and the patient's own when it has left the territory since. */
async function communeOptions(tx: Tx, own?: { code: string; name: string }): Promise<Option[]> {
  const all = (await territoryCommunes(tx)).filter(c => c.known).map(c => ({ value: c.code, label: c.name }))
  return own && !all.some(o => o.value === own.code) ? [...all, { value: own.code, label: `${own.name} (hors du territoire)` }] : all
}
const correctionOf = (v: Value<typeof correctionForm>): Correction => ({
  birthName: v.birthName,
  usedName: v.usedName,
  givenNames: v.givenNames,
  birthDate: v.birthDate,
  sex: v.sex,
  phone: v.phone,
  email: v.email,
  communeCode: v.communeCode,
  preferredContact: v.preferredContact,
  ...toSituation(v.situation),
  languages: v.languages,
  wheelchair: v.wheelchair,
  farther: v.farther,
})
const wrongCommune = (options: readonly Option[], code: string): Errors =>
  options.some(o => o.value === code)
    ? {}
    : { communeCode: 'Cette commune n’est pas dans le territoire. Orientez la personne vers la CPTS de sa commune.' }

export const editPage = page({
  path: '/c/:cpts/demandes/:id/modifier',
  title: 'Modifier la demande',
  access: members('coordinator'),
  form: editForm,
  async show(ctx, refused) {
    const id = idOf(ctx.params.id)
    const r = await getRequest(ctx.tx, ctx, id)
    const path = `${ctx.home}/demandes/${id}`
    const current = { ...r, situation: fromSituation(r) }
    return (
      <>
        <PageTitle
          back={{ label: nameOf(r), href: path }}
          title="Modifier la demande"
          lead="Les points sont recalculés. L’ancienneté ne change pas. Ce qui a changé est noté dans l’historique."
        />
        {(r.state === 'proposed' || r.doctorMembershipId) && (
          <Notice tone="wait">Un médecin a déjà cette demande : ce que vous changez ici ne lui est pas envoyé.</Notice>
        )}
        <FormView
          form={editForm}
          action={`${path}/modifier`}
          submit="Enregistrer"
          formKey={ctx.key()}
          raw={rawShown(editForm, current, refused?.raw)}
          errors={refused?.errors}
          groups={groups}
          options={{ communeCode: await communeOptions(ctx.tx, { code: r.communeCode, name: r.commune }) }}
          secondary={
            <LinkButton kind="quiet" href={path}>
              Annuler
            </LinkButton>
          }
        />
      </>
    )
  },
  async submit(ctx, typed) {
    const id = idOf(ctx.params.id)
    await oneAtATime(ctx.tx, `request ${id}`)
    const r = await getRequest(ctx.tx, ctx, id, 'request.edit')
    const merged = reconcile(editForm, typed, { ...r, situation: fromSituation(r) })
    if ('errors' in merged) return merged
    const input = merged.value
    const options = await communeOptions(ctx.tx, { code: r.communeCode, name: r.commune })
    const errors = {
      ...problemsOf(input, { today: ctx.today, hasProxy: r.proxyKind !== null }),
      ...wrongCommune(options, input.communeCode),
    }
    if (Object.keys(errors).length) return { errors }
    const { changed, points } = await correct(ctx.tx, ctx, id, correctionOf(input))
    return {
      to: `${ctx.home}/demandes/${id}`,
      notice: changed.length
        ? `La demande est à jour : ${plural(points, 'point', 'points')} pour sa situation, sans compter l’attente.${theirsSaid(merged.theirs)}`
        : `Rien n’a changé.${theirsSaid(merged.theirs)}`,
    }
  },
})

export const newPage = page({
  path: '/c/:cpts/demandes/nouvelle',
  title: 'Nouvelle demande',
  access: members('coordinator'),
  form: entryForm,
  show: async (ctx, refused) => (
    <>
      <PageTitle
        back={{ label: 'Demandes', href: `${ctx.home}/demandes` }}
        title="Nouvelle demande"
        lead="Au téléphone, lisez les questions telles quelles. Aucun détail médical, aucun numéro de sécurité sociale."
      />
      <FormView
        form={entryForm}
        action={`${ctx.home}/demandes/nouvelle`}
        submit="Enregistrer la demande"
        formKey={ctx.key()}
        raw={refused?.raw ?? { preferredContact: ['phone'] }}
        errors={refused?.errors}
        groups={[
          ...groups,
          {
            legend: 'La personne qui aide',
            lead: 'À remplir seulement si quelqu’un d’autre appelle.',
            fields: ['proxyKind', 'proxyName', 'proxyContact'],
          },
          { legend: 'Son accord', fields: ['consentBy'] },
        ]}
        options={{ communeCode: await communeOptions(ctx.tx) }}
        secondary={
          <LinkButton kind="quiet" href={`${ctx.home}/demandes`}>
            Annuler
          </LinkButton>
        }
      />
    </>
  ),
  async submit(ctx, input) {
    const errors: Errors = {
      ...problemsOf(input, { today: ctx.today, hasProxy: input.proxyKind !== null }),
      ...wrongCommune(await communeOptions(ctx.tx), input.communeCode),
    }
    if (input.proxyKind && !input.proxyName) errors.proxyName = 'Indiquez le nom de la personne qui appelle.'
    if (input.proxyKind && !input.proxyContact) errors.proxyContact = 'Indiquez comment joindre la personne qui appelle.'
    if (!input.proxyKind && input.consentBy === 'proxy')
      errors.consentBy = 'Dites qui appelle pour le patient, ou notez l’accord du patient lui-même.'
    if (Object.keys(errors).length) return { errors }
    const proxy = input.proxyKind ? { kind: input.proxyKind, name: input.proxyName!, contact: input.proxyContact! } : null
    const entered = await enterRequest(
      ctx.tx,
      ctx,
      { ...correctionOf(input), proxy, consentBy: input.consentBy, householdOf: input.householdOf ? readNumber(input.householdOf) : null },
      proxy ? 'proxy' : 'coordinator',
    )
    return {
      to: `${ctx.home}/demandes/${entered.id}`,
      notice: `Demande enregistrée. Dictez son numéro de suivi : ${entered.number}.${entered.duplicateOf ? ' Une demande semblable existe déjà : comparez-les.' : ' Il ne reste qu’à la déclarer recevable.'}`,
    }
  },
})
