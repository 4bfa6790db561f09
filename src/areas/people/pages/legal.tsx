/** What the law and honesty ask every site to say: accessibility, who publishes, what is kept about people, the source code. */
import { open } from '#platform/access.ts'
import { sitePage } from '#platform/page.ts'
import { Facts, isFrench, Notice, PageTitle, Section, Stack } from '#platform/ui/index.ts'
import { type Say, sayIn, titled } from '../words/index.ts'

const List = ({ items }: { items: string[] }) => (
  <ul class="listed">
    {items.map(i => (
      <li>{i}</li>
    ))}
  </ul>
)
/** A French institution keeps its name. */
const french = (say: Say) => (isFrench(say.lang) ? {} : { lang: 'fr', dir: 'ltr' as const })

const accessibility = sitePage({
  path: '/accessibilite',
  ...titled('a11y.title'),
  access: open,
  spoken: 'open',
  show: ctx => {
    const say = sayIn(ctx.lang)
    return (
      <>
        <PageTitle title={say('a11y.title')} lead={say('a11y.lead')} />
        <Notice tone="wait" title={say('a11y.audit')}>
          {say('a11y.audit.text')}
        </Notice>
        <Section title={say('a11y.checked')}>
          <List items={(['axe', 'contrast', 'forms', 'heard', 'paper', 'small'] as const).map(k => say(`a11y.checked.${k}`))} />
        </Section>
        <Section title={say('a11y.not')}>
          <List items={(['people', 'maps', 'files'] as const).map(k => say(`a11y.not.${k}`))} />
        </Section>
        <Section title={say('a11y.stuck')}>
          <p>{say('a11y.stuck.text')}</p>
          <p>
            <a href="https://www.defenseurdesdroits.fr" {...french(say)}>
              Défenseur des droits
            </a>
          </p>
        </Section>
      </>
    )
  },
})

const notices = sitePage({
  path: '/mentions-legales',
  ...titled('legal.title'),
  access: open,
  spoken: 'open',
  show: ctx => {
    const say = sayIn(ctx.lang)
    return (
      <>
        <PageTitle title={say('legal.title')} />
        <Facts
          lang={ctx.lang}
          items={[
            {
              label: say('legal.publisher'),
              value: say(ctx.demo ? 'legal.publisher.demo' : 'legal.publisher.is'),
              note: ctx.demo ? undefined : say('legal.publisher.note'),
            },
            { label: say('legal.controller'), value: say('legal.controller.is') },
            { label: say('legal.host'), value: say('legal.host.is'), note: say('legal.host.note') },
            { label: say('legal.address'), value: <bdi dir="ltr">{ctx.baseUrl}</bdi> },
            { label: say('legal.software'), value: say('legal.software.is') },
          ]}
        />
        <Section title={say('legal.cookies')}>
          <p>{say('legal.cookies.text')}</p>
        </Section>
        <Section title={say('legal.independent')}>
          <p>{say('legal.independent.text')}</p>
        </Section>
      </>
    )
  },
})

const data = sitePage({
  path: '/donnees',
  ...titled('data.title'),
  access: open,
  spoken: 'open',
  show: ctx => {
    const say = sayIn(ctx.lang)
    return (
      <>
        <PageTitle title={say('data.title')} lead={say('data.lead')} />
        <Section title={say('data.asked')}>
          <List items={(['who', 'answers', 'wishes', 'proxy'] as const).map(k => say(`data.asked.${k}`))} />
          <p>{say('data.asked.never')}</p>
        </Section>
        <Section title={say('data.why')}>
          <p>{say('data.why.text')}</p>
        </Section>
        <Section title={say('data.seen')}>
          <Stack>
            <Facts
              lang={ctx.lang}
              items={(['coordination', 'doctor', 'others', 'funders', 'neighbours'] as const).map(who => ({
                label: say(`data.seen.${who}`),
                value: say(`data.seen.${who}.what`),
                note: who === 'doctor' ? say('data.seen.doctor.note') : undefined,
              }))}
            />
            <p>{say('data.seen.trace')}</p>
          </Stack>
        </Section>
        <Section title={say('data.long')}>
          <p>{say('data.long.request')}</p>
          <p>{say('data.long.messages')}</p>
        </Section>
        <Section title={say('data.rights')}>
          <p>{say('data.rights.text')}</p>
          <p>{say('data.rights.cnil')}</p>
          <p>
            <a href="https://www.cnil.fr/fr/plaintes" hreflang="fr">
              {say('data.rights.complain')}
            </a>
          </p>
        </Section>
      </>
    )
  },
})

/** The European Union publishes the licence in the languages of its members, each with the same value. */
const source = sitePage({
  path: '/code-source',
  ...titled('source.title'),
  access: open,
  spoken: 'open',
  show: ctx => {
    const say = sayIn(ctx.lang)
    return (
      <>
        <PageTitle title={say('source.title')} lead={say('source.lead')} />
        <Section title={say('source.allows')}>
          <List items={(['install', 'read', 'change', 'keep'] as const).map(k => say(`source.allows.${k}`))} />
        </Section>
        <p>{say('source.ask')}</p>
        <p>
          <a href="https://interoperable-europe.ec.europa.eu/collection/eupl/eupl-text-eupl-12">{say('source.licence')}</a>
        </p>
      </>
    )
  },
})

export const legalRoutes = [accessibility, notices, data, source]
