/** Every page open to anybody or to who holds a link. */
import { walk } from './walk.ts'

walk('pages of the public, of doctors and of patients by a link', p => p.access.kind !== 'member')
