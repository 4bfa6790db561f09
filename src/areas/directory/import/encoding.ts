/** What the national directory's import says of a file whose text is not what it should be. */
import { blockFault, type EncodingFault, startFault } from '#platform/encoding.ts'
import { ImportRefused } from './report.ts'

export { mayBeDecomposed } from '#platform/encoding.ts'

/** Refuses a first block that announces another encoding, or was saved again by a spreadsheet. */
export function checkStart(block: Buffer): void {
  const fault = startFault(block)
  if (fault) throw refusal(fault)
}
/** Refuses a block of whole lines (the first is line `firstLine`) that is not UTF-8 or was mangled before. */
export function checkBlock(block: Buffer, firstLine: number): void {
  const fault = blockFault(block, firstLine)
  if (fault) throw refusal(fault)
}

function refusal({ kind, line, which }: EncodingFault): ImportRefused {
  const say = (code: 'encoding' | 'bom' | 'mojibake', what: string) =>
    new ImportRefused(code, `Ligne ${line}\u202f: ${what} Rien n’a été changé.`, line)
  switch (kind) {
    case 'utf-16':
      return say('encoding', 'le fichier est en UTF-16. Enregistrez-le en UTF-8 ou reprenez l’extraction d’origine.')
    case 'bom':
      return say(
        'bom',
        'le fichier commence par une marque d’ordre des octets (BOM)\u202f: il a été ouvert et réenregistré par un tableur. Reprenez l’extraction d’origine.',
      )
    case 'null':
      return say('encoding', 'octet nul, le fichier n’est pas du texte.')
    case 'encoding':
      return say(
        'encoding',
        `le fichier n’est pas en UTF-8, probablement en ${which}. Reprenez l’extraction d’origine ou convertissez-la en UTF-8.`,
      )
    case 'mojibake':
      return say(
        'mojibake',
        `des accents ont été abîmés par une conversion («\u202f${which}\u202f» suivi d’un signe parasite). Reprenez l’extraction d’origine.`,
      )
  }
}
