/** Every page of people who sign in. */
import { walk } from './walk.ts'

walk('pages of members', p => p.access.kind === 'member')
