/** The letter a doctor sends to his own patients: he keeps his list, who wants to asks. To print in each language, or to copy. */
import { conflict } from '#platform/errors.ts'
import type { Ctx, Html } from '#platform/page.ts'
import { pdf } from '#platform/pdf/pdf.ts'
import { frPhone, inLanguage, LinkButton, languageCodes, languages, PageTitle, Section, Stack } from '#platform/ui/index.ts'
import { farewell } from '../../letter.ts'
import type { Departure } from '../../store/departures.ts'
import { settings } from '../../store/settings.ts'
import { sayIn } from '../../words/index.ts'

export const publicPath = (d: Departure): string => `/depart/${d.code}`

/** The file, in the language the address asks for: read in the transaction, set afterwards. */
export async function letterFile(ctx: Pick<Ctx, 'tx' | 'baseUrl' | 'home' | 'cpts' | 'lang' | 'today'>, d: Departure) {
  if (d.cancelledAt) throw conflict('Ce départ est annulé : sa lettre n’ouvre plus rien.')
  const { phone } = await settings(ctx.tx)
  const url = inLanguage(`${ctx.baseUrl}${ctx.home}${publicPath(d)}`, ctx.lang)
  const document = farewell({ departure: d, cptsName: ctx.cpts.name, url, phone, today: ctx.today }, ctx.lang)
  return { name: `lettre-depart-${ctx.lang}.pdf`, type: 'application/pdf', inline: true, body: () => pdf(document) }
}

/** Where it is printed, and its text. `file`: the address of the PDF. */
export async function letter(
  ctx: Pick<Ctx, 'tx' | 'baseUrl' | 'home' | 'cpts'>,
  d: Departure,
  back: { label: string; href: string },
  file: string,
): Promise<Html> {
  const { phone } = await settings(ctx.tx)
  const say = sayIn('fr')
  return (
    <Stack gap="loose">
      <PageTitle
        back={back}
        title="Lettre à mes patients"
        lead="C’est le médecin qui l’envoie : sa liste de patients ne sort pas de son cabinet. Une page, avec un code à photographier."
      />
      <Section
        title="À imprimer (PDF)"
        lead="Dans la langue de chacun. Les traductions n’ont pas encore été relues par une personne dont c’est la langue."
      >
        <ul class="plain cluster">
          {languageCodes.map(lang => (
            <li lang={languages[lang].tag} dir={languages[lang].dir}>
              <LinkButton kind={lang === 'fr' ? 'primary' : 'secondary'} href={inLanguage(file, lang)} hreflang={languages[lang].tag}>
                {languages[lang].name}
              </LinkButton>
            </li>
          ))}
        </ul>
      </Section>
      <Section title="À recopier dans un message">
        <div class="measure stack">
          <p>{say('farewell.dear')}</p>
          <p>{say('farewell.leave', { day: say.day(d.leavesOn, { year: true }) })}</p>
          <p>{say('farewell.search', { cpts: ctx.cpts.name })}</p>
          <p>
            <strong>{`${ctx.baseUrl}${ctx.home}${publicPath(d)}`}</strong>
          </p>
          {phone && <p>{say('farewell.call', { phone: frPhone(phone), code: d.code })}</p>}
          <p>{say('farewell.time')}</p>
          <p>{say('farewell.file')}</p>
          <p>{d.doctorName}</p>
        </div>
      </Section>
    </Stack>
  )
}
