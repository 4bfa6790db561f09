/** Two requests that may be one person's, side by side: reunite them, or say they are two people. */
import { members } from '#platform/access.ts'
import { notFound } from '#platform/errors.ts'
import { page } from '#platform/page.ts'
import { Button, Cluster, DataTable, FormView, frDate, frPhone, LinkButton, Notice, P, PageTitle, Stack } from '#platform/ui/index.ts'
import { stateNames } from '../../rules.ts'
import { getRequest, merge, type Request } from '../../store/requests.ts'
import { mergeForm } from './forms.ts'
import { idOf, saidOf } from './words.tsx'

const mergeable: readonly string[] = ['received', 'incomplete', 'admissible', 'prioritised']
const compared: [string, (r: Request) => string][] = [
  ['Numéro', r => r.number],
  ['Nom de naissance', r => r.birthName],
  ['Nom utilisé', r => r.usedName ?? ''],
  ['Prénoms', r => r.givenNames],
  ['Naissance', r => frDate(r.birthDate)],
  ['Commune', r => r.commune],
  ['Téléphone', r => (r.phone ? frPhone(r.phone) : '')],
  ['Adresse électronique', r => r.email ?? ''],
  ['Situation', r => saidOf(r).join(', ')],
  ['État', r => stateNames[r.state]],
  ['Ancienneté', r => frDate(r.since)],
]

export const mergePage = page({
  path: '/c/:cpts/demandes/:id/reunir',
  title: 'Comparer deux demandes',
  access: members('coordinator'),
  form: mergeForm,
  async show(ctx) {
    const newer = await getRequest(ctx.tx, ctx, idOf(ctx.params.id))
    if (!newer.duplicateOf) throw notFound()
    const older = await getRequest(ctx.tx, ctx, newer.duplicateOf)
    const path = `${ctx.home}/demandes/${newer.id}`
    const same = (f: (r: Request) => string) => f(newer).toLowerCase() === f(older).toLowerCase()
    return (
      <Stack>
        <PageTitle
          back={{ label: newer.number, href: path }}
          title="Une personne, ou deux ?"
          lead={`Réunies, la demande ${older.number} continue avec l’ancienneté la plus grande des deux ; l’autre sort de la liste comme doublon.`}
        />
        <DataTable
          caption="Les deux demandes"
          captionHidden
          rows={compared.map(([label, value]) => ({ label, older: value(older), newer: value(newer), same: same(value) }))}
          columns={[
            { key: 'label', label: 'Réponse' },
            { key: 'older', label: `La plus ancienne, ${older.number}` },
            {
              key: 'newer',
              label: `La nouvelle, ${newer.number}`,
              cell: r => (r.same ? r.newer : <strong>{r.newer || 'Non renseigné'}</strong>),
            },
          ]}
        />
        <P muted>Ce qui diffère est en gras. Les coordonnées ne sont pas recopiées : corrigez ensuite la demande gardée, si besoin.</P>
        {mergeable.includes(newer.state) ? (
          <>
            <FormView
              form={mergeForm}
              action={`${path}/reunir`}
              submit="C’est la même personne : réunir"
              formKey={ctx.key()}
              raw={{ with: [older.id] }}
            />
            <form method="post" action={`${path}/pas-un-doublon`}>
              <input type="hidden" name="_key" value={ctx.key()} />
              <Cluster>
                <Button kind="secondary">Ce sont deux personnes</Button>
                <LinkButton kind="quiet" href={path}>
                  Décider plus tard
                </LinkButton>
              </Cluster>
            </form>
          </>
        ) : (
          <Notice>{`La nouvelle demande ne peut plus être réunie : « ${stateNames[newer.state]} ».`}</Notice>
        )}
      </Stack>
    )
  },
  async submit(ctx, input) {
    const id = idOf(ctx.params.id)
    const newer = await getRequest(ctx.tx, ctx, id)
    if (newer.duplicateOf === null || newer.duplicateOf !== input.with) throw notFound()
    await merge(ctx.tx, ctx, id, input.with)
    return {
      to: `${ctx.home}/demandes/${input.with}`,
      notice: 'Les deux demandes n’en font plus qu’une, avec l’ancienneté la plus grande. Vérifiez ses coordonnées.',
    }
  },
})
