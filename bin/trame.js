import { boot } from './boot.js'

await boot('src/cli.ts')
