/** The access to a treating doctor from the shell: the plan, the instance another solver can be given, the import of a list. */
import { type Plan, solve, toInstance } from '#domain/assignment/index.ts'
import { type Command, inCommunity } from '#platform/command.ts'
import { columnLines } from '#platform/csv-columns.ts'
import { readCsvFile } from '#platform/csv-read.ts'
import { Refusal } from '#platform/errors.ts'
import { randomUUIDv7 } from '#platform/ids.ts'
import { frNumber, plural, typo } from '#platform/ui/french.ts'
import { reasonText } from './explain.ts'
import { columns, importRequests } from './import/requests.ts'
import { planDoctors, planInput } from './store/plans.ts'

const assign: Command = {
  name: 'assign',
  usage: '--cpts NOM [--json | --instance]',
  summary: 'Calcule le plan de la liste entière, sans rien envoyer. --instance donne le problème exact, pour un autre solveur.',
  options: ['cpts'],
  flags: ['json', 'instance'],
  async run(ctx) {
    const { input, doctors } = await inCommunity(ctx, async tx => {
      const input = await planInput(tx, ctx.now)
      return {
        input,
        doctors: await planDoctors(
          tx,
          input.doctors.map(d => d.id),
        ),
      }
    })
    const instance = toInstance(input.patients, input.doctors)
    if (ctx.flag('instance')) {
      ctx.say(JSON.stringify(instance))
      return 0
    }
    // The transaction is over: a long solve holds nothing.
    const plan = solve(instance)
    if (ctx.flag('json')) ctx.say(JSON.stringify(plan))
    else for (const line of inWords(plan, id => doctors.find(d => d.id === id)?.name ?? id)) ctx.say(typo(line))
    return 0
  },
}
/** Identifiers, never names of patients: what a terminal shows is kept in its history. */
function inWords(plan: Plan, doctorName: (id: string) => string): string[] {
  const { objective: o, bound: b } = plan
  const level = (name: string, value: number, limit: number) => `  ${name} : ${frNumber(value)} (borne : ${frNumber(limit)})`
  return [
    `${plural(plan.pairs.length, 'patient a un médecin', 'patients ont un médecin')}, ${frNumber(plan.unplaced.length)} sans proposition.`,
    level('Points servis', o.priority, b.priority),
    level('Foyers séparés', o.splits, b.splits),
    level('Minutes de trajet (estimation)', o.minutes, b.minutes),
    plan.gap === 0 ? '  Optimal, prouvé.' : `  À ${frNumber(plan.gap * 100, 2)} % au plus du meilleur plan possible.`,
    '',
    ...plan.pairs.map(p => `${p.patient}  ${frNumber(p.priority)} points  ${p.minutes} min  ${doctorName(p.doctor)}`),
    ...plan.unplaced.map(u => `${u.patient}  ${reasonText(u.reason)}`),
  ]
}

const importCommand: Command = {
  name: 'import requests',
  usage: 'FICHIER.csv --cpts NOM [--partial] | --columns',
  summary: 'Importe une liste de demandes. Une ligne fausse arrête tout, sauf avec --partial. --columns donne les colonnes.',
  options: ['cpts'],
  flags: ['partial', 'columns'],
  words: 1,
  async run(ctx) {
    if (ctx.flag('columns')) {
      for (const line of columnLines(columns)) ctx.say(line)
      return 0
    }
    const [file] = ctx.args
    if (!file) throw new Refusal(typo('Indiquez le fichier : npm run trame -- import requests FICHIER.csv --cpts NOM'))
    const table = await readCsvFile(file)
    const actor = { who: { kind: 'system', job: 'import-requests' }, now: ctx.now, requestId: randomUUIDv7() } as const
    const report = await inCommunity(ctx, tx => importRequests(tx, actor, table, { partial: ctx.flag('partial'), signal: ctx.signal }))
    for (const bad of report.bad) ctx.say(typo(`Ligne ${bad.line} : ${bad.reasons.join(' ')}`))
    if (report.bad.length && !ctx.flag('partial')) {
      ctx.say(
        `${plural(report.bad.length, 'ligne fausse', 'lignes fausses')} sur ${frNumber(report.lines)} : rien n’a été écrit. Corrigez le fichier, ou relancez avec --partial.`,
      )
      return 1
    }
    ctx.say(
      `${plural(report.entered, 'demande entrée', 'demandes entrées')} sur ${plural(report.lines, 'ligne', 'lignes')}${report.suspected ? `, dont ${plural(report.suspected, 'doublon possible', 'doublons possibles')} à comparer` : ''}.`,
    )
    return report.bad.length ? 1 : 0
  },
}
export const commands: readonly Command[] = [assign, importCommand]
