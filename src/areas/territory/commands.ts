/** A community and its territory, from the shell. */
import { type Command, required } from '#platform/command.ts'
import { createCommunity } from '#platform/db/communities.ts'
import { rows, sql } from '#platform/db/types.ts'
import { Refusal } from '#platform/errors.ts'
import { randomUUIDv7 } from '#platform/ids.ts'
import { setCommunes } from './store.ts'

const create: Command = {
  name: 'cpts create',
  usage: '--slug NOM --name "CPTS …" [--epci SIREN | --communes 03001,03002]',
  summary: 'Crée une communauté et son territoire.',
  options: ['slug', 'name', 'epci', 'communes'],
  async run(ctx) {
    const slug = required(ctx, 'slug')
    const name = required(ctx, 'name').normalize('NFC').trim()
    if (!/^[a-z0-9]([a-z0-9-]{0,60}[a-z0-9])?$/.test(slug))
      throw new Refusal(`--slug vaut «\u202f${slug}\u202f»\u202f: des minuscules, des chiffres et des tirets, par exemple sud-allier.`)
    if (name.length === 0 || name.length > 120) throw new Refusal('--name doit avoir de 1 à 120 caractères.')
    const epci = ctx.option('epci')
    const list = ctx.option('communes')
    if (epci && list) throw new Refusal('Indiquez --epci ou --communes, pas les deux.')
    const db = await ctx.db()
    // Everything is known before the community is made: a refusal leaves nothing behind.
    const codes = await db.inSite(async tx => {
      const wanted = list?.split(/[\s,;]+/).filter(Boolean) ?? []
      const found = epci
        ? await rows<{ code: string }>(tx, sql`select code from ref.commune where epci_siren = ${epci} and city_code is null order by code`)
        : await rows<{ code: string }>(tx, sql`select code from ref.commune where code = any (${wanted}) order by code`)
      const unknown = wanted.find(code => !found.some(f => f.code === code))
      if (unknown) throw new Refusal(`Le code de commune ${unknown} n’existe pas. Chargez la liste (import communes) ou corrigez-le.`)
      if (epci && found.length === 0)
        throw new Refusal(`Aucune commune n’a pour intercommunalité ${epci}. Chargez la liste (import communes) ou corrigez-le.`)
      return found.map(f => f.code)
    })
    const made = await createCommunity(await ctx.owner(), { slug, name })
    if (!made) throw new Refusal(`Une communauté s’appelle déjà «\u202f${slug}\u202f»\u202f: choisissez un autre --slug.`)
    if (codes.length) {
      const actor = { who: { kind: 'system', job: 'cpts create' }, now: ctx.now, requestId: randomUUIDv7() } as const
      await db.inTenant(made.id, tx => setCommunes(tx, actor, codes))
    }
    ctx.say(
      `${name}\u202f: créée, ${codes.length} communes. Adresse\u202f: ${ctx.config.url ?? `http://localhost:${ctx.config.port}`}/c/${slug}`,
    )
    return 0
  },
}
export const commands: readonly Command[] = [create]
