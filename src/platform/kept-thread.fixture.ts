/** What the tests ask of a thread: an answer, a fault, its own death. */
let calls = 0
export default async function work(asked: 'count' | 'fault' | 'die'): Promise<number> {
  if (asked === 'fault') throw new Error('a fault of the work')
  if (asked === 'die') process.exit(3)
  return ++calls
}
