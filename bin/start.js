import { boot } from './boot.js'

await boot('src/main.ts')
