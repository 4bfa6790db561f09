import { existsSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { boot, root, stop } from './boot.js'

// npm run bench -- <name> [args]: bench/<name>.ts
const [name = '', ...args] = process.argv.slice(2)
const folder = path.join(root, 'bench')
const names = existsSync(folder) ? readdirSync(folder).filter(file => /^[\w-]+\.ts$/.test(file) && !file.endsWith('.test.ts')) : []
if (!names.includes(`${name}.ts`)) {
  const list = names.map(file => `  ${path.basename(file, '.ts')}\n`).join('')
  const said = name === '' ? 'Indiquez la mesure à lancer' : `Aucune mesure ne s’appelle «\u202f${name}\u202f»`
  stop(`${said}\u202f: npm run bench -- <nom>\n${list}`.trimEnd())
}
await boot(`bench/${name}.ts`, args)
