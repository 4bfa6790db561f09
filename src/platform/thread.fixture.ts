/** What the tests of threads run: says that it began, then never ends, answers or fails. */
export default (data: 'forever' | 'answer' | 'fail', tell: (told: string) => void): string => {
  tell('begun')
  if (data === 'fail') throw new RangeError('no')
  while (data === 'forever');
  return 'done'
}
