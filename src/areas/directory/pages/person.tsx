/** One professional: where, what number, said by whom and when; and what the community knows besides. */

import { territoryCommunes } from '#areas/territory/index.ts'
import { hasRole, members, open } from '#platform/access.ts'
import type { Tx } from '#platform/db/types.ts'
import { notFound } from '#platform/errors.ts'
import { action, type Ctx, type Outcome, page, type Refused } from '#platform/page.ts'
import { Disclosure, type Fact, Facts, FormView, frDate, frPhone, Notice, P, PageTitle, rawOf, Section, Tag } from '#platform/ui/index.ts'
import { idForm, noteForm } from '../fields.ts'
import { contradicts, fullName, isMobile, type Note, noteWords, occupation, quiet } from '../rules.ts'
import { addNote, communeName, notesOf, type Place, type Practitioner, practitioner, withdrawNote } from '../store.ts'
import type { Badges } from './list.tsx'
import { addressText, asOfText, PhoneLink, RPPS_SOURCE, verifier } from './words.tsx'

async function load(tx: Tx, rpps: string): Promise<{ person: Practitioner; notes: Note[] }> {
  const person = await practitioner(tx, rpps)
  if (!person) throw notFound()
  return { person, notes: await notesOf(tx, [person.rpps]) }
}
const official = (p: Practitioner) => {
  const here = p.places.filter(x => x.inTerritory)
  return { phones: here.flatMap(x => x.phone ?? []), communes: here.flatMap(x => x.communeCode ?? []) }
}

export const personPage = (badges?: Badges) =>
  page({
    path: '/c/:cpts/annuaire/:rpps',
    title: 'Un professionnel de l’annuaire',
    access: open,
    async show(ctx, refused) {
      const { person, notes } = await load(ctx.tx, ctx.params.rpps)
      const badge = hasRole(ctx.who, 'coordinator') ? (await badges?.(ctx.tx, [person.rpps], ctx.now))?.get(person.rpps) : undefined
      const known = official(person)
      const against = notes.filter(n => contradicts(n, known))
      const skills = [...new Set(person.places.flatMap(p => p.skills))]
      const work = occupation(person.professionCode, skills, person.profession)
      const here = person.places.filter(p => p.inTerritory)
      const elsewhere = person.places.filter(p => !p.inTerritory)
      return (
        <>
          <PageTitle
            title={fullName(person)}
            lead={work}
            back={{ label: 'Annuaire', href: `${ctx.home}/annuaire` }}
            actions={badge && <Tag tone={badge.tone}>{badge.text}</Tag>}
          />
          {against.length > 0 && (
            <Notice tone="wait" title="Deux sources ne disent pas la même chose">
              {
                await Promise.all(
                  against.map(async n => (
                    <P>{`${noteWords[n.field]} : ${await valueText(ctx, n)} selon ${verifier(ctx.who, n.verifiedBy)} (${frDate(n.verifiedAt)}) ; l’Annuaire Santé dit autre chose ci-dessous.`}</P>
                  )),
                )
              }
            </Notice>
          )}
          {here.length === 0 && (
            <Notice tone="wait" title="N’exerce plus sur le territoire selon l’Annuaire Santé">
              Aucun lieu d’exercice dans les communes de la communauté à l’import du {asOfText(person.asOf)}.
            </Notice>
          )}
          {here.map(p => (
            <Section title={placeTitle(p)} level={2}>
              <Facts items={placeFacts(p, person)} columns={2} />
            </Section>
          ))}
          {notes.length > 0 && (
            <Section title="Vérifié par la communauté">
              <Facts
                columns={2}
                items={
                  await Promise.all(
                    notes.map(async n => ({
                      label: noteWords[n.field],
                      value: n.field === 'phone' ? <PhoneLink phone={n.value} /> : await valueText(ctx, n),
                      note: `${n.source}, vérifié le ${frDate(n.verifiedAt)} par ${verifier(ctx.who, n.verifiedBy)}`,
                    })),
                  )
                }
              />
            </Section>
          )}
          <Section title="Identité professionnelle">
            <Facts
              columns={2}
              items={[
                { label: 'Profession', value: work, note: source(person) },
                ...(skills.length
                  ? [{ label: 'Savoir-faire', value: skills.map(s => person.skillLabels[s] ?? s).join(', '), note: source(person) }]
                  : []),
                { label: 'Numéro RPPS', value: person.rpps, note: `Connu de Trame depuis le ${frDate(person.firstSeen)}` },
              ]}
            />
          </Section>
          {elsewhere.length > 0 && (
            <Disclosure summary={`Exerce aussi hors du territoire (${elsewhere.length})`}>
              <ul>
                {elsewhere.map(p => (
                  <li>
                    {addressText(p)}
                    {p.phone && `, ${frPhone(p.phone)}`}
                  </li>
                ))}
              </ul>
            </Disclosure>
          )}
          {hasRole(ctx.who, 'coordinator') && <LocalFacts ctx={ctx} person={person} notes={notes} refused={refused} />}
        </>
      )
    },
  })

const source = (p: Practitioner) => `${RPPS_SOURCE}, ${asOfText(p.asOf)}`
const placeTitle = (p: Place) => quiet(p.sign ?? p.name ?? p.commune ?? 'Lieu d’exercice')
const MODES: Record<string, string> = { L: 'Libéral', S: 'Salarié', B: 'Bénévole' }
function placeFacts(p: Place, person: Practitioner): Fact[] {
  return [
    { label: 'Adresse', value: addressText({ ...p, sign: null, name: null }), note: source(person) },
    {
      label: 'Téléphone',
      value: p.phone ? (
        <PhoneLink phone={p.phone} />
      ) : (
        <span class="muted">Aucun numéro public. Les numéros personnels ne sont pas montrés.</span>
      ),
      note: p.phone ? source(person) : undefined,
    },
    ...(p.mode && MODES[p.mode] ? [{ label: 'Mode d’exercice', value: MODES[p.mode], note: source(person) }] : []),
  ]
}
async function valueText(ctx: Ctx, n: Note): Promise<string> {
  return n.field === 'phone' ? frPhone(n.value) : n.field === 'commune' ? await communeName(ctx.tx, n.value) : `le ${frDate(n.value)}`
}

/** The coordination writes what it learnt; the national directory stays as it is. */
async function LocalFacts({ ctx, person, notes, refused }: { ctx: Ctx; person: Practitioner; notes: Note[]; refused?: Refused }) {
  const communes = await territoryCommunes(ctx.tx)
  const here = `${ctx.home}/annuaire/${person.rpps}/constat`
  return (
    <Section
      title="Ce que la communauté sait"
      lead="Écrivez ce que vous avez vérifié. L’Annuaire Santé n’est pas modifié : quand les deux diffèrent, les deux sont montrés."
    >
      {notes.map(n => (
        <form method="post" action={`${here}/retirer`} class="cluster">
          <input type="hidden" name="_key" value={ctx.key()} />
          <input type="hidden" name="id" value={n.id} />
          <span>
            {noteWords[n.field]}, vérifié le {frDate(n.verifiedAt)}
          </span>
          <button type="submit" class="button quiet">
            Retirer ce constat
          </button>
        </form>
      ))}
      <Disclosure summary="Ajouter un constat" open={Boolean(refused)}>
        <FormView
          form={noteForm}
          action={here}
          submit="Enregistrer le constat"
          formKey={ctx.key()}
          raw={refused?.raw ?? rawOf({ verifiedAt: ctx.today })}
          errors={refused?.errors}
          options={{ commune: communes.map(c => ({ value: c.code, label: c.name })) }}
        />
      </Disclosure>
    </Section>
  )
}

export const noteAction = (from: ReturnType<typeof personPage>) =>
  action({
    path: '/c/:cpts/annuaire/:rpps/constat',
    access: members('coordinator'),
    form: noteForm,
    from,
    async submit(ctx, input): Promise<Outcome> {
      const { person } = await load(ctx.tx, ctx.params.rpps)
      const value = input[input.field]
      if (!value) return { errors: { [input.field]: `Renseignez « ${noteWords[input.field]} ».` } }
      if (input.field === 'phone' && isMobile(value))
        return { errors: { phone: 'Un numéro en 06 ou 07 est tenu pour personnel : il n’est pas publié dans l’annuaire.' } }
      if (input.field === 'commune' && !(await territoryCommunes(ctx.tx)).some(c => c.code === value))
        return { errors: { commune: 'Choisissez une commune du territoire.' } }
      if (input.verifiedAt > ctx.today) return { errors: { verifiedAt: 'La date de vérification ne peut pas être dans le futur.' } }
      await addNote(ctx.tx, ctx, { rpps: person.rpps, field: input.field, value, source: input.source, verifiedAt: input.verifiedAt })
      return { to: `${ctx.home}/annuaire/${person.rpps}`, notice: 'Constat enregistré. Il est montré à côté de l’Annuaire Santé.' }
    },
  })

export const withdrawAction = (from: ReturnType<typeof personPage>) =>
  action({
    path: '/c/:cpts/annuaire/:rpps/constat/retirer',
    access: members('coordinator'),
    form: idForm,
    from,
    async submit(ctx, { id }) {
      const { notes } = await load(ctx.tx, ctx.params.rpps)
      if (!notes.some(n => n.id === id) || !(await withdrawNote(ctx.tx, ctx, id))) throw notFound()
      return { to: `${ctx.home}/annuaire/${ctx.params.rpps}`, notice: 'Constat retiré. L’historique le garde.' }
    },
  })
