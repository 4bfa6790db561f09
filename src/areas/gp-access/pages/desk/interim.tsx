/** What waiting patients are offered in the meantime: noting it for who calls; the community's own words and numbers. */
import { members } from '#platform/access.ts'
import type { Tx } from '#platform/db/types.ts'
import { oneAtATime, rawShown, reconcile, shownField, theirsSaid } from '#platform/edits.ts'
import { type Field, form, longText, phone } from '#platform/fields.ts'
import { action, page } from '#platform/page.ts'
import { DataTable, FormView, frPhone, PageTitle, rawOf, Stack } from '#platform/ui/index.ts'
import { type Interim, interimKinds, interimNames, interimTexts } from '../../interim.ts'
import { interimCounts, markInterim, ownTexts, saveOwnTexts } from '../../store/interim.ts'
import { interimForm } from '../patient/fields.ts'
import { recordPage } from './record.tsx'
import { idOf } from './words.tsx'

export const interimNoteAct = action({
  path: '/c/:cpts/demandes/:id/relais',
  access: members('coordinator'),
  form: interimForm,
  from: recordPage,
  async submit(ctx, { route, used }) {
    await markInterim(ctx.tx, ctx, idOf(ctx.params.id), route, used === 'yes')
    return {
      to: `${ctx.home}/demandes/${ctx.params.id}`,
      notice: used === 'yes' ? 'C’est noté. Il garde sa place dans la liste.' : 'C’est annulé.',
    }
  },
})

type Own = { shown: Field<string> } & { [K in `text_${Interim}`]: Field<string | null> } & {
  [K in `phone_${Interim}`]: Field<string | null>
}
export const ownTextsForm = form({
  ...(Object.fromEntries(
    interimKinds.flatMap(k => [
      [
        `text_${k}`,
        longText({ label: 'Votre texte', hint: `Sans le vôtre, le patient lit : « ${interimTexts[k]} »`, required: false, max: 400 }),
      ],
      [`phone_${k}`, phone({ label: 'Téléphone', required: false })],
    ]),
  ) as Own),
  shown: shownField,
} as Own)
/** What is stored, as the form names it. */
const stored = async (tx: Tx) =>
  Object.fromEntries(
    (await ownTexts(tx)).flatMap(o => [
      [`text_${o.route}`, o.text],
      [`phone_${o.route}`, o.phone],
    ]),
  )
export const meanwhilePage = page({
  path: '/c/:cpts/en-attendant',
  title: 'En attendant un médecin',
  access: members('coordinator'),
  form: ownTextsForm,
  async show(ctx, refused) {
    const [counts, own] = [await interimCounts(ctx.tx), await stored(ctx.tx)]
    const raw = rawOf(Object.fromEntries(Object.entries(own).map(([k, v]) => [k, v && k.startsWith('phone_') ? frPhone(v) : v])))
    return (
      <Stack gap="loose">
        <PageTitle
          title="En attendant un médecin"
          lead="Chaque patient qui attend lit sur sa page ce qu’il peut faire déjà, selon son âge et sa situation. Écrivez ici vos textes et vos numéros."
        />
        <DataTable
          caption="Parmi ceux qui attendent aujourd’hui"
          rows={interimKinds.map(k => ({ k, name: interimNames[k], ...(counts.find(c => c.route === k) ?? { offered: 0, used: 0 }) }))}
          rowHref={r => `#f-text_${r.k}`}
          columns={[
            { key: 'name', label: 'Relais' },
            { key: 'own', label: 'Texte lu', cell: r => (own[`text_${r.k}`] ? 'Le vôtre' : 'Celui de Trame') },
            { key: 'offered', label: 'Proposé à', numeric: true },
            { key: 'used', label: 'Fait', numeric: true },
          ]}
        />
        <FormView
          form={ownTextsForm}
          action={`${ctx.home}/en-attendant`}
          formKey={ctx.key()}
          raw={rawShown(ownTextsForm, own, refused?.raw, raw)}
          errors={refused?.errors}
          groups={interimKinds.map(k => ({ legend: interimNames[k], fields: [`text_${k}`, `phone_${k}`] as const }))}
          submit="Enregistrer les textes"
        />
      </Stack>
    )
  },
  async submit(ctx, typed) {
    await oneAtATime(ctx.tx, 'interim texts')
    const merged = reconcile(ownTextsForm, typed, await stored(ctx.tx))
    if ('errors' in merged) return merged
    const input = merged.value
    await saveOwnTexts(
      ctx.tx,
      ctx,
      interimKinds.map(route => ({ route, text: input[`text_${route}`], phone: input[`phone_${route}`] })),
    )
    return {
      to: `${ctx.home}/en-attendant`,
      notice: `Textes enregistrés. Les patients les lisent dès maintenant.${theirsSaid(merged.theirs)}`,
    }
  },
})
