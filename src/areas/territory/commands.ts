/** A community, its territory and the figures of its diagnosis, from the shell. */
import { type Command, inCommunity, required } from '#platform/command.ts'
import { columnLines } from '#platform/csv-columns.ts'
import { readBytes } from '#platform/csv-read.ts'
import { createCommunity } from '#platform/db/communities.ts'
import { rows, sql } from '#platform/db/types.ts'
import { Refusal } from '#platform/errors.ts'
import { MAX_FILE_BYTES } from '#platform/files.ts'
import { randomUUIDv7 } from '#platform/ids.ts'
import { plural, typo } from '#platform/ui/french.ts'
import { columns } from './import/figures.ts'
import { commitImport, setCommunes, startImport } from './store.ts'

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

const importFigures: Command = {
  name: 'import diagnosis',
  usage: 'FICHIER.csv --cpts NOM [--partial] | --columns',
  summary: 'Importe des chiffres du diagnostic. Une ligne fausse arrête tout, sauf avec --partial. --columns donne les colonnes.',
  options: ['cpts'],
  flags: ['partial', 'columns'],
  words: 1,
  async run(ctx) {
    if (ctx.flag('columns')) {
      for (const line of columnLines(columns)) ctx.say(line)
      return 0
    }
    const [file] = ctx.args
    if (!file) throw new Refusal(typo('Indiquez le fichier : npm run trame -- import diagnosis FICHIER.csv --cpts NOM'))
    const bytes = await readBytes(file, MAX_FILE_BYTES)
    const actor = { who: { kind: 'system', job: 'import-diagnosis' }, now: ctx.now, requestId: randomUUIDv7() } as const
    const partial = ctx.flag('partial')
    let refused = 0
    try {
      await inCommunity(ctx, async tx => {
        const { id, reading } = await startImport(tx, actor, file, bytes)
        for (const b of reading.bad) ctx.say(typo(`Ligne ${b.line} : ${b.reasons.join(' ')}`))
        const done = await commitImport(tx, actor, id, partial)
        // Thrown inside the transaction: the file is not kept either.
        if (!done.ok) throw new Nothing()
        if (done.written === 0 && done.same > 0) throw new Nothing(true)
        refused = done.refused
        ctx.say(
          `${plural(done.written, 'chiffre écrit', 'chiffres écrits')}, ${plural(done.same, 'déjà là', 'déjà là')}, ${plural(done.refused, 'ligne refusée', 'lignes refusées')}.`,
        )
      })
    } catch (error) {
      if (!(error instanceof Nothing)) throw error
      ctx.say(
        error.known
          ? 'Les chiffres de ce fichier sont déjà là\u202f: rien n’a été écrit.'
          : 'Rien n’a été écrit. Corrigez le fichier, ou relancez avec --partial.',
      )
      return error.known ? 0 : 1
    }
    return refused ? 1 : 0
  },
}
/** Gives the transaction up; `known` when there was nothing new. */
class Nothing extends Error {
  readonly known: boolean
  constructor(known = false) {
    super('nothing to write')
    this.known = known
  }
}
export const commands: readonly Command[] = [create, importFigures]
