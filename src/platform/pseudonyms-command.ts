/** `pseudonyms`: what the fund's program does, from the shell of an installation. */
import { readFile } from 'node:fs/promises'
import { type Command, type CommandCtx, required } from './command.ts'
import { Refusal } from './errors.ts'
import { BadFile, newKey, pseudonymise, readKey, writePseudonyms } from './pseudonyms.ts'
import { pseudonymsProgram } from './standalone.ts'

const read = (file: string) =>
  readFile(file).catch(() => {
    throw new Refusal(`Le fichier ${file} n’existe pas, ou ne se lit pas.`)
  })
async function keyOf(ctx: CommandCtx): Promise<string> {
  const key = readKey((await read(required(ctx, 'key-file'))).toString('utf8'))
  if (!key) throw new Refusal('La clé n’en est pas une\u202f: 28 lettres et chiffres, comme celle que donne pseudonyms --new-key.')
  return key
}
function say(ctx: CommandCtx, text: string): number {
  ctx.say(text)
  return 0
}
export const pseudonyms: Command = {
  name: 'pseudonyms',
  usage: 'LISTE.csv --key-file CLE.txt | --new-key | --program',
  summary: 'Pseudonymes d’une liste, pour la comparer sans échanger de noms. --program donne le programme à remettre à la caisse.',
  options: ['key-file'],
  flags: ['new-key', 'program'],
  words: 1,
  async run(ctx) {
    if (ctx.flag('new-key')) return say(ctx, newKey())
    if (ctx.flag('program')) return say(ctx, pseudonymsProgram())
    const [list] = ctx.args
    if (!list) throw new Refusal('Indiquez le fichier\u202f: npm run trame -- pseudonyms LISTE.csv --key-file CLE.txt')
    const key = await keyOf(ctx)
    try {
      return say(ctx, writePseudonyms(key, pseudonymise(await read(list), key)).trimEnd())
    } catch (error) {
      throw error instanceof BadFile ? new Refusal(error.message) : error
    }
  },
}
