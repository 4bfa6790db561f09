/** How long it may still take, or that we do not know: one sentence, and what it rests on. */
import { ageOn } from '#domain/priority.ts'
import { daysBetween, firstKnown } from '#domain/waiting.ts'
import { dayOf } from '#platform/clock.ts'
import type { Ctx } from '#platform/page.ts'
import { Disclosure, P, Section, typo } from '#platform/ui/index.ts'
import { waits } from '../../rules.ts'
import type { Request } from '../../store/requests.ts'
import { knownWaits } from '../../store/waiting.ts'
import { ageGroupOf, careOf, unknownWait, type WaitWords, waitWords } from '../../waiting.ts'

/** Words for who still waits; null for anybody else. */
export async function waitOf(ctx: Pick<Ctx, 'tx' | 'now'>, r: Request): Promise<WaitWords | null> {
  if (!waits(r.state)) return null
  const age = ageGroupOf(ageOn(r.birthDate, dayOf(r.since)))
  const known = await knownWaits(ctx.tx, { care: careOf(r), age, commune: r.communeCode })
  // Below a week, what was waited says nothing: everybody has waited that.
  const waited = daysBetween(r.since, ctx.now)
  const found = firstKnown(known, { waited: waited < 7 ? 0 : waited })
  return found ? waitWords(found.group, found.interval) : unknownWait
}

export const WaitingTime = ({ words, home }: { words: WaitWords; home: string }) => (
  <Section title="Combien de temps attendre">
    <P>{words.sentence}</P>
    <Disclosure summary="D’où vient cette réponse">
      {words.rests.map(line => (
        <p>{typo(line)}</p>
      ))}
      <p>
        <a href={`${home}/delais`}>Les attentes publiées chaque mois</a>
      </p>
    </Disclosure>
  </Section>
)
