/** A file of ours given to run elsewhere: its source with the types taken off, so that who receives it can read what it does. */
import { readFileSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'

const tidy = (code: string) =>
  code
    .split('\n')
    .map(line => line.trimEnd())
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')

/** The program that computes pseudonyms (pseudonyms.ts), for any Node from 18. */
export const pseudonymsProgram = (): string => tidy(stripTypeScriptTypes(readFileSync(new URL('./pseudonyms.ts', import.meta.url), 'utf8')))
