import path from 'node:path'
import { boot, stop } from './boot.js'

// node bin/run.js FILE [args]                     runs a file as the application would
// node bin/run.js --test FILE... [node options]   runs test files
// node bin/run.js --check                         types and style only
const [first, ...rest] = process.argv.slice(2)
if (first === undefined) stop('Indiquez le fichier à lancer\u202f: node bin/run.js [--test] <fichier> [arguments]')
else if (first === '--check') await boot('test/run.ts', ['--check', ...rest])
else if (first === '--test') {
  const options = rest.filter(word => word.startsWith('--'))
  const [file, ...others] = rest.filter(word => !word.startsWith('--')).map(word => path.resolve(word))
  if (file === undefined) stop('Indiquez le fichier de tests à lancer\u202f: node bin/run.js --test <fichier>')
  await boot(file, others, ['--test', ...options])
} else await boot(path.resolve(first), rest)
