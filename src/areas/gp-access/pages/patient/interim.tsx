/** In the meantime: what the patient may do while he waits, where to call, and « I did it ». */
import { Button, factsOf, frPhone, isFrench, Section, typo } from '#platform/ui/index.ts'
import type { InterimLine } from '../../interim.ts'
import type { Say } from '../../words/index.ts'

interface Props {
  lines: readonly InterimLine[]
  action: string
  newKey: () => string
  say: Say
}
export const Meanwhile = ({ lines, action, newKey, say }: Props) => (
  <Section title={say('interim.title')} id="en-attendant" lead={say('interim.lead')}>
    {lines.map(l => {
      const act = say(l.usedAt ? 'interim.undo' : 'interim.do')
      const what = say(`interim.${l.route}`)
      return (
        <Section level={3} title={what} id={`relais-${l.route}`}>
          <Text line={l} say={say} />
          {l.phone && (
            <p>
              <a href={`tel:${l.phone}`} dir={factsOf(say.lang).dir === 'rtl' ? 'ltr' : undefined}>
                {frPhone(l.phone)}
              </a>
            </p>
          )}
          <form method="post" action={action} class="cluster">
            <input type="hidden" name="_key" value={newKey()} />
            <input type="hidden" name="route" value={l.route} />
            {l.usedAt && <span>{say('interim.used', { date: say.date(l.usedAt) })}</span>}
            <Button kind="quiet" name="used" value={l.usedAt ? 'no' : 'yes'} label={say('interim.label', { act, what })}>
              {act}
            </Button>
          </form>
        </Section>
      )
    })}
  </Section>
)
/** The community's own sentence is in French: in another language the general one comes first. */
function Text({ line, say }: { line: InterimLine; say: Say }) {
  if (say.lang === 'fr' || !line.own) return <p>{line.own ? typo(line.own) : say(`interim.${line.route}.text`)}</p>
  return (
    <>
      <p>{say(`interim.${line.route}.text`)}</p>
      <p>{say('interim.own')}</p>
      <p lang={isFrench(say.lang) ? undefined : 'fr'} dir={factsOf(say.lang).dir === 'rtl' ? 'ltr' : undefined}>
        {typo(line.own)}
      </p>
    </>
  )
}
