/** The imports of the national reference data, from the shell. */
import type { Command } from '#platform/command.ts'
import { Refusal } from '#platform/errors.ts'
import { importCommunes, loadCommunes } from './import/communes.ts'
import { rejectReasons } from './import/report.ts'
import { importRpps } from './import/rpps.ts'

type Owner = Parameters<typeof loadCommunes>[0]
const number = (n: number) => n.toLocaleString('fr-FR')

/** What must still be done before anybody can be proposed to a doctor, or nothing. */
export function withoutCentres({ communes, withCentre }: { communes: number; withCentre: number }): string[] {
  if (withCentre === communes) return []
  const next = 'npm run trame -- import communes communes.json'
  if (withCentre > 0)
    return [
      `${number(communes - withCentre)} communes restent sans centre\u202f: aucun trajet n’y sera estimé. «\u202fdoctor\u202f» dit si un territoire en a.`,
    ]
  return [
    'Aucune commune n’a de centre\u202f: aucun trajet ne peut être estimé, donc le plan ne proposera personne à un médecin.',
    'Téléchargez https://geo.api.gouv.fr/communes?fields=code,centre sous le nom communes.json, puis lancez\u202f:',
    `  ${next}`,
  ]
}

const communes: Command = {
  name: 'import communes',
  usage: '[FICHIER]',
  summary: 'Charge la liste des communes fournie, et leurs centres si un fichier est donné (CSV code,lon,lat ou JSON de geo.api.gouv.fr).',
  words: 1,
  async run(ctx) {
    const owner = (await ctx.owner()) as Owner
    const [file] = ctx.args
    const report = file ? await importCommunes(file, { owner, signal: ctx.signal, now: ctx.now }) : await loadCommunes(owner, ctx.signal)
    ctx.say(
      `${number(report.communes)} communes, ${number(report.withCentre)} avec leur centre\u202f; ${number(report.rowsWritten)} lignes écrites.`,
    )
    if (report.unknownCodes) ctx.say(`${number(report.unknownCodes)} codes du fichier ne sont dans aucune liste et ont été laissés.`)
    for (const line of withoutCentres(report)) ctx.say(line)
    return 0
  },
}

const rpps: Command = {
  name: 'import rpps',
  usage: 'FICHIER [--confirm]',
  summary: 'Importe l’annuaire national (PS_LibreAcces_Personne_activite). Tout ou rien\u202f; Ctrl+C ne laisse rien à moitié fait.',
  flags: ['confirm'],
  words: 1,
  async run(ctx) {
    const [file] = ctx.args
    if (!file) throw new Refusal('Indiquez le fichier\u202f: npm run trame -- import rpps FICHIER')
    const owner = (await ctx.owner()) as Owner
    const line = ctx.progress('Annuaire national')
    const phases = { reading: 'lecture', comparing: 'comparaison', writing: 'écriture' }
    const report = await importRpps(file, {
      owner,
      confirm: ctx.flag('confirm'),
      confirmedBy: 'ligne de commande',
      signal: ctx.signal,
      now: ctx.now,
      onProgress: p => line.at(p.bytes, p.totalBytes, `${phases[p.phase]}, ${number(p.lines)} lignes`),
    }).finally(() => line.end())
    for (const [reason, count] of Object.entries(report.rejectReasons))
      ctx.say(`  ${number(count ?? 0)} lignes laissées\u202f: ${rejectReasons[reason as keyof typeof rejectReasons]}`)
    const moves = `${number(report.arrivals)} arrivées, ${number(report.departures)} départs, ${number(report.moves)} déplacements, ${number(report.changes)} changements`
    switch (report.status) {
      case 'unchanged':
        ctx.say('Rien n’a changé depuis le dernier import\u202f: rien n’a été écrit.')
        return 0
      case 'needs-confirmation':
        ctx.say(
          `${Math.round((report.changedShare ?? 0) * 100)}\u202f% des personnes changent (${moves})\u202f: rien n’a été écrit. Vérifiez le fichier, puis relancez avec --confirm.`,
        )
        return 1
      case 'done':
        ctx.say(
          `${number(report.people)} personnes et ${number(report.places)} lieux d’exercice (${moves}) en ${Math.round(report.milliseconds / 1000)}\u202fs.`,
        )
        return 0
    }
  },
}

export const commands: readonly Command[] = [communes, rpps]
