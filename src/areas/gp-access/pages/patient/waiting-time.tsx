/** How long it may still take, or that we do not know: one sentence, and what it rests on. */
import { ageOn } from '#domain/priority.ts'
import { daysBetween, firstKnown } from '#domain/waiting.ts'
import { dayOf } from '#platform/clock.ts'
import type { Ctx } from '#platform/page.ts'
import { Disclosure, Section } from '#platform/ui/index.ts'
import { waits } from '../../rules.ts'
import type { Request } from '../../store/requests.ts'
import { knownWaits } from '../../store/waiting.ts'
import { ageGroupOf, careOf, unknownWait, type WaitWords, waitWords } from '../../waiting.ts'
import type { Say } from '../../words/index.ts'

/** Words for who still waits; null for anybody else. */
export async function waitOf(ctx: Pick<Ctx, 'tx' | 'now'>, r: Request, say: Say): Promise<WaitWords | null> {
  if (!waits(r.state)) return null
  const age = ageGroupOf(ageOn(r.birthDate, dayOf(r.since)))
  const known = await knownWaits(ctx.tx, { care: careOf(r), age, commune: r.communeCode })
  // Below a week, what was waited says nothing: everybody has waited that.
  const waited = daysBetween(r.since, ctx.now)
  const found = firstKnown(known, { waited: waited < 7 ? 0 : waited })
  return found ? waitWords(found.group, found.interval, say) : unknownWait(say)
}

export const WaitingTime = ({ words, home, say }: { words: WaitWords; home: string; say: Say }) => (
  <Section title={say('wait.title')} id="attente">
    <p>{words.sentence}</p>
    <Disclosure summary={say('wait.from')}>
      {words.rests.map(line => (
        <p>{line}</p>
      ))}
      <p>
        <a href={say.to(`${home}/delais`)}>{say('wait.published')}</a>
      </p>
    </Disclosure>
  </Section>
)
