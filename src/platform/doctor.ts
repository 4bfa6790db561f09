/** `doctor`: is everything as it should be? Each line says what was looked at, what was found, and what to do. */
import { readdir, statfs } from 'node:fs/promises'
import { createTransport } from 'nodemailer'
import type { Command, CommandCtx } from './command.ts'
import { type Config, isLoopback } from './config.ts'
import type { Database } from './db/database.ts'
import { type Communes, inspect } from './db/inspect.ts'
import { migrationsFolder } from './db/migrate.ts'
import { one, rows, sql } from './db/types.ts'

type Level = 'ok' | 'warning' | 'fault'
export interface Finding {
  level: Level
  subject: string
  found: string
  /** What to do about it. */
  advice?: string
}
const ok = (subject: string, found: string): Finding => ({ level: 'ok', subject, found })
const warning = (subject: string, found: string, advice: string): Finding => ({ level: 'warning', subject, found, advice })
const fault = (subject: string, found: string, advice: string): Finding => ({ level: 'fault', subject, found, advice })

const mark: Record<Level, string> = { ok: 'bien     ', warning: 'attention', fault: 'FAUTE    ' }

/** Events older than this should have been sealed long ago. */
const TAIL_S = 60
const LATE_MESSAGE_S = 900
const FREE_BYTES = 2 * 1024 ** 3

export const doctor: Command = {
  name: 'doctor',
  usage: '',
  summary: 'Vérifie l’installation et dit quoi faire. Code de sortie 1 s’il y a une faute.',
  async run(ctx) {
    let worst = 0
    for await (const { level, subject, found, advice } of examine(ctx)) {
      ctx.say(`${mark[level]}  ${subject}\u202f: ${found}${advice ? ` → ${advice}` : ''}`)
      if (level === 'fault') worst = 1
    }
    return worst
  },
}

/** Looks at one thing after the other; what cannot be looked at is a fault, not an end. */
export async function* examine(ctx: CommandCtx): AsyncGenerator<Finding> {
  const { config } = ctx
  yield nodeVersion(process.version)
  yield address(config)
  yield await disk(config)
  yield await mailServer(config)
  try {
    let sound = true
    for await (const finding of database(await ctx.ownerAsIs())) {
      yield finding
      if (finding.subject === 'Migrations' && finding.level === 'fault') sound = false
    }
    // On an older schema the questions about the communities would not be understood.
    if (sound) yield* communities(await ctx.db(), config)
  } catch (error) {
    yield fault('Base de données', (error as Error).message, 'tout le reste en dépend')
  }
}

export function nodeVersion(version: string): Finding {
  return Number.parseInt(version.slice(1), 10) >= 26
    ? ok('Node', version)
    : fault('Node', version, 'lancez par npm run trame, qui emploie la version fournie')
}

export function address(config: Config): Finding {
  if (!config.url)
    return warning('TRAME_URL', 'absente, http://localhost', 'indiquez l’adresse publique dès que d’autres que vous se connectent')
  const url = new URL(config.url)
  if (!isLoopback(url.hostname) && !config.trustProxy)
    return warning('TRAME_URL', config.url, 'derrière votre propre serveur https, ajoutez TRAME_TRUST_PROXY=1')
  return ok('TRAME_URL', config.url)
}

async function disk(config: Config): Promise<Finding> {
  try {
    const { bavail, bsize } = await statfs(config.data)
    const free = bavail * bsize
    const found = `${(free / 1024 ** 3).toFixed(1).replace('.', ',')}\u202fGo libres dans ${config.data}`
    return free < FREE_BYTES ? warning('Disque', found, 'libérez de la place avant qu’il n’y en ait plus') : ok('Disque', found)
  } catch {
    return warning('Disque', `${config.data} n’existe pas encore`, 'rien, il est fait au premier démarrage')
  }
}

async function* database(owner: Parameters<typeof inspect>[0]): AsyncGenerator<Finding> {
  const seen = await inspect(owner)
  yield ok('Base de données', `PostgreSQL ${seen.serverVersion}`)
  if (!seen.durable) yield fault('Durabilité', 'fsync est coupé', 'rétablissez fsync = on\u202f: une panne de courant perdrait des données')
  yield seen.unprotected.length
    ? fault(
        'Cloisonnement',
        `sans règle de communauté\u202f: ${seen.unprotected.join(', ')}`,
        'arrêtez le service et prévenez qui l’a installé',
      )
    : ok('Cloisonnement', 'chaque table est sous la règle de sa communauté')
  yield seen.excess.length
    ? fault('Droits', `de trop\u202f: ${seen.excess.join(', ')}`, 'retirez-les, l’application n’en a pas besoin')
    : ok('Droits', 'le rôle de l’application a le minimum')
  const files = (await readdir(migrationsFolder)).filter(name => name.endsWith('.sql'))
  const missing = files.filter(name => !seen.migrations.includes(name))
  yield missing.length
    ? fault('Migrations', `${missing.length} à appliquer`, 'npm run trame -- migrate')
    : ok('Migrations', `${files.length} appliquées`)
  if (!missing.length) yield centres(seen.communes)
  if (seen.deadRuns > 0)
    yield warning('Travaux', `${seen.deadRuns} mis de côté après tous leurs essais`, 'npm run trame -- jobs les montre avec leur raison')
}

const CENTRES =
  'téléchargez https://geo.api.gouv.fr/communes?fields=code,centre sous le nom communes.json, puis npm run trame -- import communes communes.json'
/** Without the centre of a commune no travel is estimated from it, and the plan proposes nobody there. */
export function centres({ listed, located, claimed, withoutCentre }: Communes): Finding {
  if (listed === 0) return warning('Communes', 'aucune n’est chargée, les territoires et l’annuaire en dépendent', CENTRES)
  if (located > 0 && withoutCentre === 0)
    return ok('Communes', `${listed}, dont ${located} avec leur centre\u202f; toutes celles des territoires (${claimed}) l’ont`)
  const without = located === 0 ? `aucune des ${listed} communes n’a` : `${withoutCentre} des ${claimed} communes des territoires n’ont pas`
  const found = `${without} de centre\u202f: aucun trajet ne peut y être estimé, donc personne ne peut y être proposé à un médecin`
  return warning('Communes', found, CENTRES)
}

async function mailServer(config: Config): Promise<Finding> {
  if (!config.smtpUrl) return warning('Courriel', 'aucun serveur', 'indiquez SMTP_URL\u202f: hors démonstration, les messages attendent')
  const transport = createTransport({ url: config.smtpUrl, connectionTimeout: 5_000, greetingTimeout: 5_000 } as Parameters<
    typeof createTransport
  >[0])
  const { host } = new URL(config.smtpUrl)
  try {
    await transport.verify()
    return ok('Courriel', host)
  } catch (error) {
    const { code, response } = error as { code?: string; response?: string }
    return fault('Courriel', `${host} ne répond pas comme il faut (${response ?? code})`, 'vérifiez SMTP_URL\u202f; les messages attendent')
  } finally {
    transport.close()
  }
}

async function* communities(db: Database, config: Config): AsyncGenerator<Finding> {
  const all = await db.inSite(tx =>
    rows<{ id: string; slug: string; demo: boolean }>(tx, sql`select id, slug, demo from platform.cpts order by slug`),
  )
  if (all.length === 0) return yield warning('Communautés', 'aucune', 'npm run trame -- cpts create')
  const tails: string[] = []
  const late: string[] = []
  const failed: string[] = []
  for (const { id, slug, demo } of all) {
    const state = await db.inTenant(id, tx =>
      one<{ tail: number; age: number; waiting: number; failed: number }>(
        tx,
        sql`select (select count(*)::int from app.audit_unsealed) as tail,
                   (select coalesce(extract(epoch from now() - min(e.at)), 0)::float8 from app.audit_unsealed u join app.audit_event e on e.id = u.event_id) as age,
                   (select count(*)::int from app.message where state = 'waiting' and created_at < now() - make_interval(secs => ${LATE_MESSAGE_S})) as waiting,
                   (select count(*)::int from app.message where state = 'failed') as failed`,
      ),
    )
    if (state.age > TAIL_S && state.tail > 0) tails.push(`${slug} ${state.tail}`)
    if (state.waiting > 0 && !(demo && config.demo)) late.push(`${slug} ${state.waiting}`)
    if (state.failed > 0) failed.push(`${slug} ${state.failed}`)
  }
  yield ok('Communautés', String(all.length))
  yield tails.length
    ? warning(
        'Journal d’accès',
        `lignes pas encore scellées\u202f: ${tails.join(', ')}`,
        'normal si Trame est arrêtée\u202f; sinon relancez-la',
      )
    : ok('Journal d’accès', 'scellé')
  yield late.length
    ? warning('Messages', `en attente depuis plus d’un quart d’heure\u202f: ${late.join(', ')}`, 'vérifiez SMTP_URL et que Trame tourne')
    : ok('Messages', 'aucun en retard')
  if (failed.length) yield warning('Messages refusés', failed.join(', '), 'corrigez les adresses dans l’annuaire des membres')
}
