/** What the tests of threads run: says that it began, then never ends, answers or fails. */
import { getPriority } from 'node:os'

export default (data: 'forever' | 'answer' | 'fail' | 'priority', tell: (told: string) => void): string => {
  tell('begun')
  if (data === 'fail') throw new RangeError('no')
  if (data === 'priority') return String(getPriority())
  while (data === 'forever');
  return 'done'
}
