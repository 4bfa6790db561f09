/** Style, islands, fonts and the mark: read once, served with a version in the address and a long life. */
import { createHash } from 'node:crypto'
import fs from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import type { Handler } from 'hono'
import { Problem } from '../errors.ts'

const root = path.resolve(import.meta.dirname, '../../../public')
const fonts = path.dirname(createRequire(import.meta.url).resolve('@fontsource-variable/atkinson-hyperlegible-next/package.json'))
const types: Record<string, string> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml; charset=utf-8',
  '.woff2': 'font/woff2',
  '.png': 'image/png',
}

interface Asset {
  type: string
  plain: Uint8Array<ArrayBuffer>
  gzip?: Uint8Array<ArrayBuffer>
  br?: Uint8Array<ArrayBuffer>
}
const files = new Map<string, Asset>()
function add(url: string, file: string) {
  const type = types[path.extname(file)]
  if (!type) return
  const plain = new Uint8Array(fs.readFileSync(file))
  const packed = type.startsWith('text/') || type.startsWith('image/svg')
  files.set(url, {
    type,
    plain,
    ...(packed && {
      gzip: new Uint8Array(gzipSync(plain)),
      br: new Uint8Array(brotliCompressSync(plain, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } })),
    }),
  })
}
for (const entry of fs.readdirSync(root, { recursive: true, withFileTypes: true })) {
  const file = path.join(entry.parentPath, entry.name)
  if (entry.isFile()) add(`/public/${path.relative(root, file).split(path.sep).join('/')}`, file)
}
for (const name of fs.readdirSync(path.join(fonts, 'files')))
  if (/latin.*-wght-normal\.woff2$/.test(name)) add(`/public/fonts/${name}`, path.join(fonts, 'files', name))

/** Changes whenever a file changes: browsers may keep what they have for a year. */
export const assetVersion = [...files]
  .reduce((hash, [url, a]) => hash.update(url).update(a.plain), createHash('sha256'))
  .digest('base64url')
  .slice(0, 10)

export function assets(): Handler {
  return c => {
    const asset = files.get(new URL(c.req.url).pathname)
    if (!asset) throw new Problem(404, 'Page introuvable', 'Ce fichier n’existe pas.')
    const accepts = c.req.header('accept-encoding') ?? ''
    const encoding = asset.br && /\bbr\b/.test(accepts) ? 'br' : asset.gzip && /\bgzip\b/.test(accepts) ? 'gzip' : undefined
    const body = encoding === 'br' ? asset.br : encoding === 'gzip' ? asset.gzip : asset.plain
    return c.body(body!, 200, {
      'Content-Type': asset.type,
      'Cache-Control':
        c.req.query('v') === assetVersion || asset.type === 'font/woff2' ? 'public, max-age=31536000, immutable' : 'public, max-age=300',
      Vary: 'Accept-Encoding',
      ...(encoding && { 'Content-Encoding': encoding }),
    })
  }
}
