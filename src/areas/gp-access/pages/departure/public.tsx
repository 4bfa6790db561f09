/** What his patients open from his letter: who leaves when, who is first, one button. Small counts are hidden. */
import type { Profile } from '#domain/assignment/index.ts'
import { THRESHOLD } from '#domain/disclosure.ts'
import { open } from '#platform/access.ts'
import { notFound } from '#platform/errors.ts'
import { type Child, page } from '#platform/page.ts'
import { Button, DataTable, Disclosure, frName, isFrench, PageTitle, Stack } from '#platform/ui/index.ts'
import { type Published, publishable } from '../../departure.ts'
import { countsOf, departureByCode, pastCounts, wavesOf } from '../../store/departures.ts'
import { startDraft } from '../../store/drafts.ts'
import { type Say, sayIn, titled } from '../../words/index.ts'
import { nothing } from '../patient/fields.ts'
import { phone } from '../patient/steps.ts'
import { Calendar } from './progress.tsx'

export const publicDeparture = page({
  path: '/c/:cpts/depart/:code',
  ...titled('depart.title'),
  access: open,
  posture: 'patient',
  spoken: 'open',
  phone,
  perMinute: 10,
  form: nothing,
  async show(ctx) {
    const d = await departureByCode(ctx.tx, ctx.params.code, ctx.today)
    if (!d) throw notFound()
    const [waves, counts, past] = await Promise.all([wavesOf(ctx.tx, d.id, ctx.today), countsOf(ctx.tx, d.id), pastCounts(ctx.tx, d)])
    const by = (key: 'communeCode' | 'profile') => (all: (typeof past)[number]) => {
      const sums: Record<string, number> = {}
      for (const c of all) sums[c[key]] = (sums[c[key]] ?? 0) + c.patients
      return sums
    }
    const communes = counts.length ? publishable(by('communeCode')(counts), past.map(by('communeCode'))) : null
    const profiles = counts.length ? publishable(by('profile')(counts), past.map(by('profile'))) : null
    const gone = d.leavesOn <= ctx.today
    const say = sayIn(ctx.lang)
    const doctor = isFrench(ctx.lang) ? frName(d.doctorName, 'Le') : d.doctorName
    return (
      <Stack gap="loose">
        <PageTitle
          title={say(gone ? 'depart.stopped' : 'depart.stops', { doctor, day: say.day(d.leavesOn, { year: true }) })}
          lead={say('depart.lead')}
        />
        <form method="post" action={say.to(`${ctx.home}/depart/${d.code}`)}>
          <input type="hidden" name="_key" value={ctx.key()} />
          <Button>{say('depart.ask')}</Button>
        </form>
        <ul class="listed">
          <li>{say('depart.since', { day: say.day(d.announcedAt, { year: true }) })}</li>
          <li>{say('depart.free')}</li>
          <li>
            {say('begin.order')} <a href={say.to(`${ctx.home}/comment-la-liste-est-ordonnee`)}>{say('rule.link')}</a>.
          </li>
          <li>{say('begin.leave')}</li>
          <li>{say('begin.urgent')}</li>
        </ul>
        {waves.length > 0 && <Calendar d={d} waves={waves} today={ctx.today} say={say} vertical />}
        {(communes || profiles) && (
          <Disclosure summary={say('depart.counts')}>
            {communes && (
              <Counts
                caption={say('depart.byCommune', { number: say.number(communes.total) })}
                first={say('review.commune')}
                of={communes}
                name={code => {
                  const name = counts.find(c => c.communeCode === code)?.commune ?? code
                  return isFrench(ctx.lang) ? name : <bdi lang="fr">{name}</bdi>
                }}
                say={say}
              />
            )}
            {profiles && (
              <Counts
                caption={say('depart.byProfile', { number: say.number(profiles.total) })}
                first={say('depart.profile')}
                of={profiles}
                name={p => say(`profile.${p as Profile}`)}
                say={say}
              />
            )}
            <p class="muted">{say('depart.rounded', { least: THRESHOLD })}</p>
          </Disclosure>
        )}
      </Stack>
    )
  },
  async submit(ctx) {
    const d = await departureByCode(ctx.tx, ctx.params.code, ctx.today)
    if (!d) throw notFound()
    const token = await startDraft(ctx.tx, ctx.now, { departure: [d.code], hasDoctor: [d.leavesOn <= ctx.today ? 'left' : 'leaving'] })
    return { to: `${ctx.home}/demande/${token}/qui` }
  },
})

interface CountsProps {
  caption: string
  first: string
  of: Published
  name: (key: string) => Child
  say: Say
}
function Counts({ caption, first, of, name, say }: CountsProps) {
  return (
    <DataTable
      caption={caption}
      rows={of.rows.toSorted((a, b) => (b.patients ?? 0) - (a.patients ?? 0))}
      columns={[
        { key: 'key', label: first, cell: r => name(r.key) },
        {
          key: 'patients',
          label: say('depart.patients'),
          numeric: true,
          cell: r => (r.patients === null ? say('delays.hidden') : say('delays.about', { number: say.number(r.patients) })),
        },
      ]}
    />
  )
}
