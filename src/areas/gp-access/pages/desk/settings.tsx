/** Clocks, caps and the telephone of the community: what the coordination sets itself. */
import { members } from '#platform/access.ts'
import { audit } from '#platform/audit.ts'
import { oneAtATime, rawShown, reconcile, shownField, theirsSaid } from '#platform/edits.ts'
import { form, integer, phone } from '#platform/fields.ts'
import { page } from '#platform/page.ts'
import { FormView, PageTitle, Stack } from '#platform/ui/index.ts'
import { saveSettings, settings } from '../../store/settings.ts'

export const settingsForm = form({
  phone: phone({
    label: 'Téléphone montré aux patients et aux médecins',
    hint: 'Quelqu’un y répond. Il est au bas de chaque page qu’ils voient.',
    required: false,
  }),
  proposalHours: integer({
    label: 'Heures qu’a un médecin pour répondre',
    hint: 'Ensuite la proposition s’éteint et le patient garde sa place.',
    min: 1,
    max: 720,
  }),
  travelMinutes: integer({
    label: 'Trajet le plus long proposé, en minutes',
    hint: 'Une estimation d’après la distance, en voiture.',
    min: 5,
    max: 240,
  }),
  farMinutes: integer({ label: 'Trajet le plus long pour qui accepte d’aller plus loin, en minutes', min: 5, max: 240 }),
  capacityDays: integer({
    label: 'Jours pendant lesquels vaut la réponse d’un médecin sur ses places',
    hint: 'Passé ce délai elle s’éteint, et on lui repose la question.',
    min: 1,
    max: 366,
  }),
  shown: shownField,
})

export const settingsPage = page({
  path: '/c/:cpts/reglages',
  title: 'Réglages',
  access: members('coordinator'),
  form: settingsForm,
  async show(ctx, refused) {
    const current = { ...(await settings(ctx.tx)) }
    return (
      <Stack gap="loose">
        <PageTitle
          title="Réglages"
          lead="Délais, distances et téléphone de la communauté. Un changement vaut pour les prochaines propositions ; celles en cours gardent leur délai."
        />
        <FormView
          form={settingsForm}
          action={`${ctx.home}/reglages`}
          formKey={ctx.key()}
          raw={rawShown(settingsForm, current, refused?.raw)}
          errors={refused?.errors}
          submit="Enregistrer les réglages"
        />
      </Stack>
    )
  },
  async submit(ctx, typed) {
    await oneAtATime(ctx.tx, 'settings')
    const merged = reconcile(settingsForm, typed, { ...(await settings(ctx.tx)) })
    if ('errors' in merged) return merged
    const { shown: _, ...input } = merged.value
    if (input.farMinutes < input.travelMinutes)
      return { errors: { farMinutes: 'Ce trajet doit être au moins aussi long que le trajet habituel.' } }
    await saveSettings(ctx.tx, input, ctx.now)
    const { phone: number, ...rest } = input
    await audit(ctx.tx, ctx, { action: 'settings.change', detail: { ...rest, phone: number !== null } })
    return { to: `${ctx.home}/reglages`, notice: `Réglages enregistrés.${theirsSaid(merged.theirs)}` }
  },
})
