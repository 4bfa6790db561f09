/** The list of areas: the only file that knows them all. */
import type { Area } from './platform/page.ts'

export const areas: readonly Area[] = []
