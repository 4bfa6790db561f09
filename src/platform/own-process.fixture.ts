/** What the tests of processes of their own run. */
import { readdirSync } from 'node:fs'
import { getPriority } from 'node:os'

type Asked = 'answer' | 'fail' | 'exit' | 'forever' | 'talk' | 'priorities' | 'environment'

export default (asked: Asked, tell: (told: string) => void): unknown => {
  tell(asked === 'answer' ? 'begun' : String(process.pid))
  switch (asked) {
    case 'answer':
      return 'done'
    case 'fail':
      throw new RangeError('no')
    case 'exit':
      return process.exit(3)
    case 'forever':
      for (;;);
    case 'talk':
      for (;;) {
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10)
        tell(String(process.pid))
      }
    case 'priorities':
      return readdirSync('/proc/self/task').map(id => getPriority(Number(id)))
    case 'environment':
      return Object.keys(process.env).filter(name => name !== 'SystemRoot')
  }
}
