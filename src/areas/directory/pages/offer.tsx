/** « L’offre »: who and what there is, by profession and for ten thousand inhabitants. */
import { territorySize } from '#areas/territory/index.ts'
import { anyMember } from '#platform/access.ts'
import { page } from '#platform/page.ts'
import { Bars, DataTable, Empty, frNumber, LinkButton, PageTitle, plural, Section, Stat, Stats } from '#platform/ui/index.ts'
import { countNeeds, type NeedCount } from '../rules.ts'
import { directoryPage, partners } from '../store.ts'
import { countKinds, fleetOf } from './partners.tsx'
import { addressOf, asOfText, DirectoryLinks, RPPS_SOURCE } from './words.tsx'

const PER = 10_000
/** The finding: who there is most of, said in words. */
function finding(counted: NeedCount[], people: number): string {
  const most = [...counted].sort((a, b) => b.n - a.n)[0]
  return most ? `${most.need.many} : ${frNumber(most.n)} des ${plural(people, 'professionnel libéral', 'professionnels libéraux')}` : ''
}

const mostText = (kinds: ReturnType<typeof countKinds>): string => {
  const most = [...kinds].sort((a, b) => b.n - a.n)[0]
  return most && kinds.length > 1 ? `Surtout : ${most.many} (${frNumber(most.n)})` : 'Une seule sorte de partenaire pour le moment'
}

export const offerPage = page({
  path: '/c/:cpts/annuaire/offre',
  title: 'L’offre du territoire',
  access: anyMember,
  async show(ctx) {
    const found = await directoryPage(ctx.tx, { exercise: 'liberal', limit: 0 })
    const all = await partners(ctx.tx)
    const { population, years } = await territorySize(ctx.tx)
    const counted = countNeeds(found.professions)
    const rate = (n: number) => (population ? frNumber((n / population) * PER, 1) : '')
    const fleet = fleetOf(all)
    const kinds = countKinds(all)
    const listOf = (c: NeedCount) => addressOf(ctx.home, { need: c.need, exercise: 'liberal' })
    return (
      <>
        <PageTitle title="L’offre du territoire" lead="Chaque chiffre ouvre la liste qui le fait." />
        <DirectoryLinks ctx={ctx} here="offer" />
        {found.people === 0 && all.length === 0 ? (
          <Empty title="Rien à compter pour le moment" action={<LinkButton href={`${ctx.home}/territoire`}>Voir le territoire</LinkButton>}>
            Choisissez les communes du territoire, puis importez l’Annuaire Santé ou ajoutez des partenaires.
          </Empty>
        ) : (
          <>
            <Stats>
              <Stat
                label="Professionnels libéraux"
                value={found.people}
                detail={population ? `${rate(found.people)} pour 10 000 habitants` : undefined}
                href={addressOf(ctx.home, { exercise: 'liberal' })}
              />
              <Stat label="Structures et partenaires" value={all.length} href={`${ctx.home}/partenaires`} />
              {fleet.ambulances + fleet.vsl > 0 && (
                <Stat
                  label="Véhicules sanitaires"
                  value={fleet.ambulances + fleet.vsl}
                  detail={`${plural(fleet.ambulances, 'ambulance', 'ambulances')}, ${frNumber(fleet.vsl)} VSL`}
                  href={`${ctx.home}/partenaires?type=transport-sanitaire`}
                />
              )}
            </Stats>
            {counted.length > 0 && (
              <>
                <Bars
                  title={finding(counted, found.people)}
                  rows={counted.map(c => ({ label: c.need.many, values: [c.n], href: listOf(c) }))}
                  unit="professionnels libéraux"
                  source={`${RPPS_SOURCE}, import du ${asOfText(found.asOf)}. Chaque personne compte une fois par métier, quel que soit son nombre de lieux.`}
                />
                <Section
                  title="Pour 10 000 habitants"
                  lead={`Population de référence ${years.join(' et ')} (Insee) : ${plural(population, 'habitant', 'habitants')}.`}
                >
                  <DataTable
                    caption="Professionnels libéraux pour 10 000 habitants"
                    captionHidden
                    rows={counted}
                    rowHref={listOf}
                    columns={[
                      { key: 'need', label: 'Métier', cell: c => c.need.many },
                      { key: 'n', label: 'Libéraux', numeric: true, cell: c => frNumber(c.n) },
                      { key: 'rate', label: 'Pour 10 000 habitants', numeric: true, cell: c => rate(c.n) },
                    ]}
                    total={{ need: 'Ensemble', n: frNumber(found.people), rate: rate(found.people) }}
                  />
                </Section>
              </>
            )}
            {kinds.length > 0 && (
              <Section title="Structures et partenaires" count={all.length} lead="Saisis et vérifiés par la coordination.">
                <Bars
                  title={mostText(kinds)}
                  rows={kinds.map(k => ({ label: k.many, values: [k.n], href: `${ctx.home}/partenaires?type=${k.key}` }))}
                />
              </Section>
            )}
          </>
        )}
      </>
    )
  },
})
