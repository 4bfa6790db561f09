/** A wave read before it leaves: who would go to whom, who stays, and what it takes from the others of the list. */
import { members } from '#platform/access.ts'
import { audit } from '#platform/audit.ts'
import { type Outcome, page } from '#platform/page.ts'
import { DataTable, FormView, frDay, frNumber, NBSP, Notice, PageTitle, plural, Section, Stack } from '#platform/ui/index.ts'
import { without } from '../../departure.ts'
import { planOf, within } from '../../simulating.ts'
import { type Share, sendWave, shareOf } from '../../store/departures.ts'
import { planInput } from '../../store/plans.ts'
import { settings } from '../../store/settings.ts'
import { numbersOf } from '../../store/simulation.ts'
import { nothing } from '../desk/forms.ts'
import { idOf } from '../desk/words.tsx'
import { siteOf } from '../site.ts'
import { whoText } from './progress.tsx'

const PATIENCE_MS = 4_000

export const sendWavePage = page({
  path: '/c/:cpts/departs/vagues/:wave/envoyer',
  title: 'Proposer une vague',
  access: members('coordinator'),
  form: nothing,
  async show(ctx, refused) {
    const share = await shareOf(ctx.tx, ctx, idOf(ctx.params.wave))
    const { d, wave, plan } = share
    const input = await planInput(ctx.tx, ctx.now)
    const [people, passed, { proposalHours }] = await Promise.all([
      numbersOf(
        ctx.tx,
        [...plan.pairs, ...plan.unplaced].map(p => p.patient),
      ),
      within(passedOver(share, input), PATIENCE_MS),
      settings(ctx.tx),
    ])
    await audit(ctx.tx, ctx, { action: 'departure.read', subject: { kind: 'departure', id: d.id }, named: people.map(p => p.id) })
    const person = new Map(people.map(p => [p.id, p]))
    const doctor = new Map(share.names)
    const [n, left, path] = [plan.pairs.length, plan.unplaced.length, `${ctx.home}/departs/vagues/${wave.id}/envoyer`]
    return (
      <Stack gap="loose">
        <PageTitle
          back={{ label: d.doctorName, href: `${ctx.home}/departs/${d.id}` }}
          title={
            n === 0
              ? `Vague ${wave.position} : personne ne peut être proposé`
              : `Vague ${wave.position} : ${plural(n, 'patient', 'patients')} à proposer`
          }
          lead={`${whoText(wave.criteria)}. Rien ne part tant que vous n’avez pas relu ; chaque médecin a ensuite ${proposalHours} heures pour répondre.`}
        />
        {n > 0 && <Taken passed={passed} />}
        {n > 0 &&
          (wave.startsOn > ctx.today ? (
            <Notice tone="wait">{`Cette vague commence le ${frDay(wave.startsOn)} : rien ne part avant.`}</Notice>
          ) : (
            <FormView
              form={nothing}
              action={path}
              formKey={ctx.key()}
              errors={refused?.errors}
              submit={`Envoyer ${n < 2 ? 'la proposition' : `les ${frNumber(n)} propositions`}`}
            />
          ))}
        <Section title="Qui irait chez qui" count={n}>
          <DataTable
            caption="Propositions de la vague"
            captionHidden
            rows={plan.pairs}
            rowHref={p => `${ctx.home}/demandes/${p.patient}`}
            columns={[
              { key: 'number', label: 'Demande', cell: p => person.get(p.patient)?.number },
              { key: 'commune', label: 'Commune', cell: p => person.get(p.patient)?.commune },
              { key: 'priority', label: 'Points', numeric: true, cell: p => frNumber(p.priority) },
              { key: 'doctor', label: 'Médecin', cell: p => doctor.get(p.doctor) },
              { key: 'minutes', label: 'Trajet (estimation)', numeric: true, cell: p => `${p.minutes}${NBSP}min` },
            ]}
            empty={{ title: 'Aucune place ne convient', children: 'Ajoutez des médecins à la vague, ou demandez-leur des places.' }}
          />
        </Section>
        {left > 0 && (
          <Section
            title="Attendront encore"
            count={left}
            lead="À leur ancienneté : le plan de la liste, ou un autre envoi, pourra les placer."
          >
            <DataTable
              caption="Sans place pour le moment"
              captionHidden
              rows={plan.unplaced}
              rowHref={u => `${ctx.home}/demandes/${u.patient}`}
              columns={[
                { key: 'number', label: 'Demande', cell: u => person.get(u.patient)?.number },
                { key: 'commune', label: 'Commune', cell: u => person.get(u.patient)?.commune },
                {
                  key: 'why',
                  label: 'Pourquoi',
                  cell: u =>
                    u.reason.kind === 'nobodyCan' ? 'Aucun des médecins choisis ne convient.' : 'Ceux qui conviennent n’ont plus de place.',
                },
              ]}
            />
          </Section>
        )}
      </Stack>
    )
  },
  async submit(ctx): Promise<Outcome> {
    const id = idOf(ctx.params.wave)
    const { d } = await shareOf(ctx.tx, ctx, id)
    const { results, unplaced } = await sendWave(ctx.tx, ctx, siteOf(ctx), id)
    const sent = results.filter(r => r.ok).length
    const { proposalHours } = await settings(ctx.tx)
    return {
      to: `${ctx.home}/departs/${d.id}`,
      notice: [
        sent
          ? `${plural(sent, 'proposition est partie', 'propositions sont parties')} ; chaque médecin a ${proposalHours} heures pour répondre.`
          : 'Aucune proposition n’est partie.',
        unplaced
          ? `${plural(unplaced, 'patient attend', 'patients attendent')} une place qui convienne : ajoutez des médecins, ou laissez le plan de la liste les placer.`
          : '',
        results.length > sent ? `${plural(results.length - sent, 'patient avait', 'patients avaient')} déjà avancé.` : '',
      ]
        .filter(Boolean)
        .join(' '),
    }
  },
})

function Taken({ passed }: { passed: { people: number; ahead: number } | null }) {
  if (passed === null)
    return <Notice tone="wait">L’effet sur le reste de la liste se calcule encore : rechargez la page pour le voir.</Notice>
  if (passed.people === 0)
    return <Notice>Cette vague ne prend de place à personne : ceux que le plan placerait aujourd’hui ont toujours un médecin.</Notice>
  const who = plural(passed.people, 'personne de la liste perdrait', 'personnes de la liste perdraient')
  const ahead = passed.ahead > 0 ? `, dont ${frNumber(passed.ahead)} avec plus de points que le dernier servi de la vague` : ''
  return (
    <Notice tone={passed.ahead > 0 ? 'late' : 'neutral'} title="Ce que cette vague prend à la liste">
      {`${who} la place donnée par le plan d’aujourd’hui${ahead}. Des places ouvertes exprès pour ses patients l’évitent.`}
    </Notice>
  )
}

/** People of the list whom today's plan would place, and no longer once the wave has gone; `ahead`: with more points than its last. */
async function passedOver({ plan }: Share, input: Awaited<ReturnType<typeof planInput>>): Promise<{ people: number; ahead: number }> {
  if (plan.pairs.length === 0) return { people: 0, ahead: 0 }
  const rest = without(input, plan.pairs)
  const [before, after] = [await planOf(input.patients, input.doctors), await planOf(rest.patients, rest.doctors)]
  const served = new Set([...after.pairs, ...plan.pairs].map(p => p.patient))
  const lost = before.pairs.filter(p => !served.has(p.patient))
  const last = Math.min(...plan.pairs.map(p => p.priority))
  return { people: lost.length, ahead: lost.filter(p => p.priority > last).length }
}
