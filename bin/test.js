import { boot } from './boot.js'

await boot('test/run.ts')
