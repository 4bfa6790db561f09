/** The patient's own page: where the request stands, what comes next, who opened it, and every act of acts.ts. */
import { ageOn, priority } from '#domain/priority.ts'
import { link, open } from '#platform/access.ts'
import { type ShownInLists, shownInLists } from '#platform/audit.ts'
import { action, type Ctx, type Html, page, type Refused, type Route } from '#platform/page.ts'
import {
  Button,
  Callout,
  DataTable,
  Disclosure,
  Facts,
  FormView,
  factsOf,
  frPhone,
  LinkButton,
  Notice,
  PageTitle,
  Section,
  Stack,
  Stations,
} from '#platform/ui/index.ts'
import type { InterimLine } from '../../interim.ts'
import { readNumber, waits } from '../../rules.ts'
import { type ByHand, changesOf, signed } from '../../store/by-hand.ts'
import { type PatientChange, patientChanges } from '../../store/change.ts'
import { interimOf } from '../../store/interim.ts'
import { getRequest, type Request } from '../../store/requests.ts'
import { currentRule } from '../../store/settings.ts'
import { type DoctorContact, doctorContact, findTracked, openings, openTracking } from '../../store/tracking.ts'
import type { WaitWords } from '../../waiting.ts'
import { type Say, sayIn, titled } from '../../words/index.ts'
import { siteOf } from '../site.ts'
import { type Act, comingBack, declared, leaving, speaking, usedInterim, visited } from './acts.ts'
import { dayForm, findForm, inLang } from './fields.ts'
import { Meanwhile } from './interim.tsx'
import { standing, way } from './standing.ts'
import { phone } from './steps.ts'
import { WaitingTime, waitOf } from './waiting-time.tsx'

export const find = page({
  path: '/c/:cpts/suivi',
  ...titled('find.title'),
  access: open,
  posture: 'patient',
  spoken: 'open',
  phone,
  perMinute: 8,
  form: findForm,
  formIn: lang => inLang(findForm, lang),
  show: (ctx, refused) => {
    const say = sayIn(ctx.lang)
    return (
      <Stack gap="loose">
        <PageTitle title={say('find.title')} lead={say('find.lead')} />
        <FormView
          form={inLang(findForm, ctx.lang)}
          lang={ctx.lang}
          action={say.to(`${ctx.home}/suivi`)}
          formKey={ctx.key()}
          raw={refused?.raw}
          errors={refused?.errors}
          submit={say('find.submit')}
        />
        <p>{say('find.lost')}</p>
      </Stack>
    )
  },
  async submit(ctx, { number, birthDate }) {
    const plain = readNumber(number)
    const found = plain && (await findTracked(ctx.tx, plain, birthDate))
    // One sentence for every failure: nobody learns which numbers exist.
    if (!found) return { errors: { number: sayIn(ctx.lang)('wrong.number') } }
    return { to: `${ctx.home}/suivi/${await openTracking(ctx.tx, found.id, ctx.now)}` }
  },
})

const PATH = '/c/:cpts/suivi/:token'
export type TrackCtx = Omit<Ctx, 'params'> & { params: { token: string } }
export const here = (ctx: TrackCtx) => `${ctx.home}/suivi/${ctx.params.token}`
export const mine = (ctx: Pick<Ctx, 'who'>) => (ctx.who.kind === 'link' ? ctx.who.subjectId : '')

export const track = page({
  path: PATH,
  ...titled('track.title'),
  access: link('tracking'),
  posture: 'patient',
  spoken: 'folded',
  phone,
  async show(ctx, refused) {
    const r = await getRequest(ctx.tx, ctx as unknown as Ctx, mine(ctx))
    const say = sayIn(ctx.lang)
    const [doctor, seenBy, lists, wait, meanwhile, byHand, changes, rule] = await Promise.all([
      r.doctorMembershipId ? doctorContact(ctx.tx, r.doctorMembershipId) : null,
      openings(ctx.tx, r.id),
      shownInLists(ctx.tx, r.id),
      waitOf(ctx, r, say),
      waits(r.state) ? interimOf(ctx.tx, r, ctx.now) : [],
      r.byHand === 0 ? [] : changesOf(ctx.tx, r.id),
      patientChanges(ctx.tx, r.id),
      currentRule(ctx.tx),
    ])
    const points = priority(rule, r, ageOn(r.birthDate, ctx.today), r.since, ctx.now, r.byHand).total
    return view(ctx as never, r, say, { doctor, seenBy, lists, wait, meanwhile, byHand, changes, points }, refused)
  },
})

interface Around {
  doctor: DoctorContact | null
  seenBy: Awaited<ReturnType<typeof openings>>
  lists: ShownInLists[]
  wait: WaitWords | null
  meanwhile: readonly InterimLine[]
  byHand: readonly ByHand[]
  changes: readonly PatientChange[]
  points: number
}
function view(ctx: TrackCtx, r: Request, say: Say, a: Around, refused?: Refused): Html {
  const { title, next } = standing(r, a.doctor, say)
  const refusedDay = refused?.action.endsWith('/vu') ? refused : undefined
  const stations = way(r.state, say)
  const at = here(ctx)
  /** One button, one act. */
  const press = (a: Act, label: string, o: { kind?: 'primary' | 'secondary' | 'quiet'; name?: string; value?: string } = {}) => (
    <form method="post" action={say.to(`${at}/${a.slug}`)}>
      <input type="hidden" name="_key" value={ctx.key()} />
      <Button {...o}>{label}</Button>
    </form>
  )
  return (
    <Stack gap="loose">
      {ctx.query.has('recue') && (
        <Callout
          title={say('track.number', { number: r.number })}
          action={<LinkButton href={say.to(`${at}/lettre.pdf`)}>{say('act.letter')}</LinkButton>}
        >
          <p>{say('track.keep')}</p>
        </Callout>
      )}
      <PageTitle title={title} lead={next} />
      {refused && !refusedDay && (
        <Notice tone="late" title={say('track.check')}>
          {Object.values(refused.errors).join(' ')}
        </Notice>
      )}
      {stations.length > 0 && <Stations label={say('track.way')} vertical steps={stations} lang={ctx.lang} />}
      {a.wait && <WaitingTime words={a.wait} home={ctx.home} say={say} />}
      {a.meanwhile.length > 0 && <Meanwhile lines={a.meanwhile} action={say.to(`${at}/${usedInterim.slug}`)} newKey={ctx.key} say={say} />}
      {a.doctor && r.state !== 'exited' && <Doctor doctor={a.doctor} say={say} />}
      {visited.offered(r) && (
        <FormView
          id="vu"
          form={inLang(dayForm, ctx.lang)}
          lang={ctx.lang}
          action={say.to(`${at}/${visited.slug}`)}
          formKey={ctx.key()}
          raw={refusedDay?.raw ?? { day: [r.appointmentOn && r.appointmentOn <= ctx.today ? r.appointmentOn : ctx.today] }}
          errors={refusedDay?.errors}
          submit={say('act.seen')}
        />
      )}
      {declared.offered(r) && press(declared, say('act.declared'), { kind: r.state === 'seen' ? 'primary' : 'secondary' })}
      {comingBack.offered(r) && press(comingBack, say('act.back'))}
      {leaving.offered(r) && (
        <div class="cluster">
          <LinkButton href={say.to(`${at}/situation`)}>{say('act.change')}</LinkButton>
          {press(leaving, say('act.found'), { kind: 'secondary', name: 'why', value: 'has_doctor' })}
          {press(leaving, say('act.gaveUp'), { kind: 'quiet', name: 'why', value: 'gave_up' })}
        </div>
      )}
      {speaking.offered(r) &&
        ctx.lang !== r.language &&
        press(speaking, say('act.language'), { kind: 'secondary', name: 'language', value: ctx.lang })}
      <Disclosure summary={say('track.title')}>
        <Mine ctx={ctx} r={r} say={say} a={a} />
      </Disclosure>
      <Disclosure summary={say('opened.title')}>
        <Stack>
          <Opened seenBy={a.seenBy} say={say} />
          {a.lists.length > 0 && <Listed lists={a.lists} say={say} />}
        </Stack>
      </Disclosure>
      <p>
        <a href={say.to(`${at}/effacer`)}>{say('act.erase')}</a>
      </p>
    </Stack>
  )
}
/** What people wrote or are called stays in French, and says so to a screen reader. */
const own = (say: Say) => (say.lang === 'fr' || say.lang === 'falc' ? {} : { lang: 'fr', dir: 'ltr' as const })
const number = (text: string, say: Say) => (factsOf(say.lang).dir === 'rtl' ? <bdi dir="ltr">{text}</bdi> : text)

const Doctor = ({ doctor, say }: { doctor: DoctorContact; say: Say }) => (
  <Section title={say('doctor.yours')} id="medecin">
    <Facts
      items={[
        { label: say('doctor.name'), value: <span {...own(say)}>{doctor.name}</span> },
        ...(doctor.phone
          ? [{ label: say('doctor.phone'), value: <a href={`tel:${doctor.phone}`}>{number(frPhone(doctor.phone), say)}</a> }]
          : []),
        ...(doctor.address ? [{ label: say('doctor.address'), value: <span {...own(say)}>{doctor.address}</span> }] : []),
      ]}
    />
  </Section>
)

function Mine({ ctx, r, say, a }: { ctx: TrackCtx; r: Request; say: Say; a: Around }) {
  return (
    <>
      <Facts
        lang={say.lang}
        items={[
          { label: say('mine.number'), value: number(r.number, say) },
          { label: say('mine.since'), value: say.date(r.since) },
          ...(waits(r.state) ? [{ label: say('mine.priority'), value: say('points', { n: a.points }) }] : []),
          { label: say('review.person'), value: <span {...own(say)}>{`${r.givenNames} ${r.usedName ?? r.birthName}`}</span> },
          { label: say('review.commune'), value: <span {...own(say)}>{r.commune}</span> },
          ...(r.proxyName ? [{ label: say('review.by'), value: <span {...own(say)}>{r.proxyName}</span> }] : []),
          ...a.byHand
            .filter(c => !c.undoneAt)
            .map(c => ({
              label: say('mine.hand', { points: signed(c.points) }),
              value: <span {...own(say)}>{c.reason}</span>,
              note: say('mine.handBy', { who: c.by, date: say.date(c.at) }),
            })),
        ]}
      />
      {a.changes.length > 0 && (
        <Section level={3} title={say('mine.changes')} id="changements">
          <ul class="listed">
            {a.changes.map(c => (
              <li>{say('mine.change', { date: say.date(c.at), before: say.number(c.before), after: say('points', { n: c.after }) })}</li>
            ))}
          </ul>
        </Section>
      )}
      <p>{say('mine.household')}</p>
      <div class="cluster">
        <LinkButton href={say.to(`${ctx.home}/demande`)}>{say('mine.householdLink')}</LinkButton>
        <LinkButton href={say.to(`${here(ctx)}/lettre.pdf`)}>{say('act.letter')}</LinkButton>
      </div>
    </>
  )
}

const Opened = ({ seenBy, say }: { seenBy: Around['seenBy']; say: Say }) => (
  <DataTable
    caption={say('opened.caption')}
    rows={seenBy}
    rowId={o => `${o.at.getTime()}-${o.who}`}
    columns={[
      { key: 'who', label: say('opened.who'), cell: o => <span {...own(say)}>{o.who}</span> },
      { key: 'at', label: say('opened.when'), cell: o => say.dateTime(o.at) },
      {
        key: 'action',
        label: say('opened.what'),
        cell: o => say(o.action === 'proposal.read' ? 'opened.anonymous' : o.action.endsWith('.export') ? 'opened.export' : 'opened.file'),
      },
    ]}
    empty={{ title: say('opened.none') }}
  />
)

const Listed = ({ lists, say }: { lists: ShownInLists[]; say: Say }) => (
  <DataTable
    caption={say('opened.lists')}
    rows={lists}
    rowId={l => l.who}
    columns={[
      { key: 'who', label: say('opened.who'), cell: l => <span {...own(say)}>{l.who}</span> },
      { key: 'times', label: say('opened.times'), numeric: true, cell: l => String(l.times) },
      { key: 'lastAt', label: say('opened.last'), cell: l => say.dateTime(l.lastAt) },
    ]}
    empty={{ title: say('opened.noList') }}
  />
)

/** The acts of one press: posted from the page above, which comes back. */
export const ofOnePress = [leaving, comingBack, visited, declared, usedInterim, speaking]
const pressRoutes = ofOnePress.map(
  (a: Act): Route =>
    action({
      path: `${PATH}/${a.slug}`,
      access: link('tracking'),
      form: a.form,
      formIn: lang => inLang(a.form, lang),
      from: track,
      async submit(ctx, input) {
        const c = ctx as unknown as TrackCtx
        const done = await a.do({ tx: c.tx, actor: c as unknown as Ctx, site: siteOf(c), id: mine(c), say: sayIn(c.lang) }, input as never)
        if ('errors' in done) return done
        if (!('said' in done)) return { to: here(c) }
        return { to: `${here(c)}${done.at ? `#${done.at}` : ''}`, notice: done.said || undefined }
      },
    }),
)
export const trackingRoutes: readonly Route[] = [find, track, ...pressRoutes]
