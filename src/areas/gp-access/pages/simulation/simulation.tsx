/** « Et si… » : what one supposes in one page, its effect beside today. The address holds it all; nothing is written. */
import { members } from '#platform/access.ts'
import type { Option } from '#platform/fields.ts'
import { page } from '#platform/page.ts'
import { sheetLinks } from '#platform/sheet.ts'
import {
  Button,
  Callout,
  Disclosure,
  Empty,
  ErrorSummary,
  FieldView,
  Filters,
  frDay,
  frList,
  LinkButton,
  PageTitle,
  plural,
  Section,
  Stack,
  typo,
} from '#platform/ui/index.ts'
import { profileNames } from '../../rules.ts'
import { within } from '../../simulating.ts'
import { type Basis, type Change, followedTotal, writeChange, writeChanges } from '../../simulation/index.ts'
import { numbersOf } from '../../store/simulation.ts'
import type { Address } from './asked.ts'
import { type Asked, forms } from './fields.ts'
import { Result, SHOWN } from './result.tsx'
import { begin, looked, simulate } from './work.ts'

/** Longer, and the page says that it is being worked out rather than keep somebody waiting. */
const PATIENCE_MS = 4_000
const LEAD =
  'La liste et les places d’aujourd’hui, comme si tout était déjà arrivé. Rien n’est enregistré : l’adresse de cette page contient la simulation, elle se garde et s’envoie.'

export const simulationPage = page({
  path: '/c/:cpts/simulation',
  title: 'Simuler',
  access: members('coordinator'),
  async show(ctx) {
    const { basis, address } = await begin(ctx)
    const path = `${ctx.home}/simulation`
    if (address.changes.length === 0) return <Start basis={basis} address={address} path={path} />
    const done = await within(simulate(basis, address.changes), PATIENCE_MS)
    const here = `${path}?${writeChanges(address.changes)}`
    if (!done)
      return (
        <>
          <PageTitle back={{ label: 'Plan', href: `${ctx.home}/plan` }} title="Le calcul est en cours" />
          <Callout
            title={`${plural(basis.patients.length, 'personne', 'personnes')}, ${plural(basis.doctors.length, 'médecin', 'médecins')} : quelques secondes.`}
            action={
              <LinkButton kind="primary" href={here}>
                Voir le résultat
              </LinkButton>
            }
          >
            Vous pouvez quitter cette page et revenir à la même adresse.
          </Callout>
        </>
      )
    const { effect } = done
    const people = await numbersOf(
      ctx.tx,
      [...effect.found.slice(0, SHOWN), ...effect.lost.slice(0, SHOWN)].map(p => p.patient),
    )
    await looked(
      ctx,
      basis,
      address.changes,
      people.map(p => p.id),
    )
    return (
      <Stack gap="loose">
        <PageTitle back={{ label: 'Plan', href: `${ctx.home}/plan` }} title={finding(effect)} lead={LEAD} />
        <Filters chips={[]} exports={sheetLinks(path, `?${writeChanges(address.changes)}`)} />
        <Supposed basis={basis} changes={address.changes} path={path} />
        <Result basis={basis} changes={address.changes} done={done} people={people} home={ctx.home} />
        <Section title="Ajouter une hypothèse">
          <Forms basis={basis} address={address} path={path} />
        </Section>
      </Stack>
    )
  },
})

function finding({ waiting, placed }: { waiting: { before: number; after: number }; placed: { before: number; after: number } }): string {
  const left = { before: waiting.before - placed.before, after: waiting.after - placed.after }
  const more = left.after - left.before
  if (more > 0) return `${plural(more, 'personne de plus resterait', 'personnes de plus resteraient')} sans médecin`
  if (more < 0) return `${plural(-more, 'personne de moins resterait', 'personnes de moins resteraient')} sans médecin`
  return 'Autant de personnes resteraient sans médecin'
}

function Start({ basis, address, path }: { basis: Basis; address: Address; path: string }) {
  return (
    <Stack gap="loose">
      <PageTitle title="Et si un médecin partait, arrivait, ouvrait des places ?" lead={LEAD} />
      {basis.practising.length === 0 || basis.communes.length === 0 ? (
        <Empty title="Il faut d’abord un territoire et des médecins">
          Choisissez les communes du territoire, puis ajoutez les médecins parmi les membres.
        </Empty>
      ) : (
        <Forms basis={basis} address={address} path={path} />
      )}
    </Stack>
  )
}

/** A change in words. */
export function changeText(c: Change, basis: Basis): string {
  const doctor = (id: string) => basis.practising.find(p => p.id === id)?.name ?? 'Un médecin'
  const commune = (code: string) => basis.communes.find(x => x.code === code)?.name ?? code
  switch (c.kind) {
    case 'departure':
      return `${doctor(c.doctor)} part le ${frDay(c.on, { year: true })} ; ${plural(followedTotal(c.followed), 'patient suivi', 'patients suivis')}${'counts' in c.followed ? `, comptés par commune` : ''}.`
    case 'arrival':
      return `Un médecin arrive à ${commune(c.communeCode)} avec ${plural(c.places, 'place', 'places')}${c.profiles.length ? ` : ${frList(c.profiles.map(p => profileNames[p].toLowerCase().replace('ald', 'ALD')))}` : ''}.`
    case 'places':
      return `${doctor(c.doctor)} ouvre ${plural(c.places, 'place', 'places')} de plus.`
  }
}
function Supposed({ basis, changes, path }: { basis: Basis; changes: readonly Change[]; path: string }) {
  return (
    <Section title="On suppose que" count={changes.length}>
      <ul class="listed">
        {changes.map((c, i) => {
          const rest = writeChanges(changes.filter((_, j) => j !== i))
          return (
            <li>
              {typo(changeText(c, basis))}{' '}
              <LinkButton kind="quiet" small href={rest ? `${path}?${rest}` : path} label={`Retirer : ${changeText(c, basis)}`}>
                Retirer
              </LinkButton>
            </li>
          )
        })}
      </ul>
    </Section>
  )
}

const titles: Record<Asked, string> = {
  depart: 'Un médecin part',
  arrivee: 'Un médecin arrive',
  places: 'Un médecin ouvre des places',
}
/** Sent with GET: the answers become the address, with what was supposed already. */
function Forms({ basis, address, path }: { basis: Basis; address: Address; path: string }) {
  const options: Record<string, readonly Option[]> = {
    doctor: basis.practising.map(p => ({
      value: p.id,
      label: [p.name, basis.communes.find(c => c.code === p.communeCode)?.name].filter(Boolean).join(', '),
    })),
    commune: basis.communes.map(c => ({ value: c.code, label: c.name })),
  }
  return (
    <Stack gap="tight">
      {(Object.keys(forms) as Asked[]).map(name => {
        const refused = address.refused?.form === name ? address.refused : null
        return (
          <Disclosure
            summary={titles[name]}
            open={refused !== null || (address.changes.length === 0 && !address.refused && name === 'depart')}
          >
            <form method="get" action={path} class="form" id={name} novalidate>
              <ErrorSummary errors={refused?.errors} form={forms[name]} prefix={name} />
              {address.changes.map(c => {
                const [key, value] = writeChange(c)
                return <input type="hidden" name={key} value={value} />
              })}
              <input type="hidden" name="faire" value={name} />
              {Object.entries(forms[name].fields).map(([field, spec]) => (
                <FieldView
                  name={field}
                  field={spec}
                  raw={refused?.raw[field]}
                  error={refused?.errors[field]}
                  options={options[field]}
                  prefix={name}
                />
              ))}
              <div class="form-end">
                <Button kind={address.changes.length === 0 ? 'primary' : 'secondary'}>Voir ce que cela change</Button>
              </div>
            </form>
          </Disclosure>
        )
      })}
    </Stack>
  )
}
