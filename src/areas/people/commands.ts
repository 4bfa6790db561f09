/** The first person of a community, from the shell: before her nobody can invite anybody. */

import { type Role, roles } from '#platform/access.ts'
import { audit } from '#platform/audit.ts'
import { dayOf } from '#platform/clock.ts'
import { type Command, required } from '#platform/command.ts'
import { maybe, sql } from '#platform/db/types.ts'
import { Refusal } from '#platform/errors.ts'
import { email } from '#platform/fields.ts'
import { randomUUIDv7 } from '#platform/ids.ts'
import { mintLink } from '#platform/links.ts'
import { INVITATION_DAYS } from './rules.ts'
import { createPerson } from './store.ts'

const address = email({ label: 'Adresse électronique' })

const invite: Command = {
  name: 'member invite',
  usage: '--cpts NOM --name "Prénom Nom" --email ADRESSE [--roles coordinator,board]',
  summary: `Ajoute une personne (coordination par défaut) et donne son lien de connexion, valable ${INVITATION_DAYS} jours.`,
  options: ['cpts', 'name', 'email', 'roles'],
  async run(ctx) {
    const slug = required(ctx, 'cpts')
    const name = required(ctx, 'name').normalize('NFC').trim()
    if (name.length === 0 || name.length > 120) throw new Refusal('--name doit avoir de 1 à 120 caractères.')
    const checked = address.check([required(ctx, 'email')])
    if (!checked.ok) throw new Refusal(`--email\u202f: ${checked.error}`)
    const wanted = (ctx.option('roles') ?? 'coordinator').split(',').map(r => r.trim())
    const unknown = wanted.find(r => !roles.includes(r as Role))
    if (unknown) throw new Refusal(`Le rôle «\u202f${unknown}\u202f» n’existe pas. Les rôles\u202f: ${roles.join(', ')}.`)
    const db = await ctx.db()
    const cpts = await db.inSite(tx => maybe<{ id: string }>(tx, sql`select id from platform.cpts where slug = ${slug}`))
    if (!cpts) throw new Refusal(`Aucune communauté ne s’appelle «\u202f${slug}\u202f». Créez-la d’abord\u202f: cpts create.`)
    const token = await db.inTenant(cpts.id, async tx => {
      const created = await createPerson(tx, { name, email: checked.value, roles: wanted as Role[], since: dayOf(ctx.now) })
      if ('taken' in created)
        throw new Refusal('Cette adresse est déjà celle d’un membre de la communauté. Il peut se connecter depuis la page de connexion.')
      const subject = { kind: 'membership', id: created.membershipId }
      await audit(
        tx,
        { who: { kind: 'system', job: 'member invite' }, now: ctx.now, requestId: randomUUIDv7() },
        { action: 'member.invite', subject, detail: { roles: wanted } },
      )
      return mintLink(tx, {
        purpose: 'sign-in',
        subjectId: created.membershipId,
        now: ctx.now,
        expiresAt: new Date(ctx.now.getTime() + INVITATION_DAYS * 86_400_000),
      })
    })
    ctx.say(`${name}\u202f: membre de la communauté (${wanted.join(', ')}).`)
    ctx.say(
      `Son lien de connexion, à lui remettre en main propre\u202f: ${ctx.config.url ?? `http://localhost:${ctx.config.port}`}/c/${slug}/connexion/${token}`,
    )
    return 0
  },
}
export const commands: readonly Command[] = [invite]
