/**
 * Serves the gallery under the real content security policy, takes its pictures into `var/pictures/` and asks axe what is wrong.
 * `node bin/run.js test/gallery/gallery.tsx [page…]`; without a name, all pages.
 */
import fs from 'node:fs'
import http from 'node:http'
import { createRequire } from 'node:module'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import { chromium, type Page } from 'playwright-core'
import { axe } from '../browser/visitor.ts'
import { desk } from './desk.tsx'
import { pieces } from './pieces.tsx'
import { small } from './small.tsx'

const pages = { ...desk, ...pieces, ...small }
const root = path.resolve(import.meta.dirname, '../..')
const out = path.join(root, 'var/pictures')
const fonts = path.join(
  path.dirname(createRequire(import.meta.url).resolve('@fontsource-variable/atkinson-hyperlegible-next/package.json')),
  'files',
)
const CSP =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; form-action 'self'"
const TYPES: Record<string, string> = { '.css': 'text/css', '.js': 'text/javascript', '.svg': 'image/svg+xml', '.woff2': 'font/woff2' }

const server = http.createServer(async (request, response) => {
  const { pathname } = new URL(request.url ?? '/', 'http://gallery')
  const headers = { 'Content-Security-Policy': CSP }
  const page = pages[pathname.slice(1)]
  if (page) {
    response.writeHead(200, { ...headers, 'Content-Type': 'text/html; charset=utf-8' }).end(String(await String(page)))
    return
  }
  if (pathname === '/suggest') {
    const found = ['Dre Petit, Massy', 'Dr Haddad, Massy', 'Dr Martin, Palaiseau'].map(label => ({ value: label, label }))
    response.writeHead(200, { ...headers, 'Content-Type': 'application/json' }).end(JSON.stringify(found))
    return
  }
  if (pathname === '/live') {
    response.writeHead(200, { ...headers, 'Content-Type': 'text/event-stream' }).write('event: counts\ndata: {"requests":127}\n\n')
    return
  }
  const file = pathname.startsWith('/public/fonts/')
    ? path.join(fonts, path.basename(pathname))
    : path.join(root, 'public', pathname.slice(8))
  if (!pathname.startsWith('/public/') || !fs.existsSync(file)) {
    response.writeHead(404, headers).end()
    return
  }
  response.writeHead(200, { ...headers, 'Content-Type': TYPES[path.extname(file)] ?? 'text/plain' }).end(fs.readFileSync(file))
})
await new Promise<void>(done => server.listen(0, '127.0.0.1', done))
const address = server.address()
const base = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`

process.env.AWS_EXECUTION_ENV = 'AWS_Lambda_nodejs22.x'
const { default: sparticuz } = await import('@sparticuz/chromium')
const browser = await chromium.launch({
  executablePath: await sparticuz.executablePath(),
  args: ['--no-sandbox', '--disable-gpu', '--font-render-hinting=none'],
  headless: true,
})
fs.mkdirSync(out, { recursive: true })
const asked = process.argv.slice(2)
const names = Object.keys(pages).filter(n => asked.length === 0 || asked.some(a => n.includes(a)))
let faults = 0
const fault = (text: string) => {
  faults++
  console.log(`  ! ${text}`)
}

async function check(page: Page, name: string) {
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
  if (wide > 0) fault(`${name} : ${wide} px de trop en largeur`)
  for (const what of await axe(page)) fault(`${name} : ${what}`)
}

for (const name of names) {
  for (const [width, scheme] of [
    [375, 'light'],
    [768, 'light'],
    [1280, 'light'],
    [1280, 'dark'],
    [375, 'dark'],
  ] as const) {
    const context = await browser.newContext({
      viewport: { width, height: 800 },
      colorScheme: scheme,
      deviceScaleFactor: 1,
      locale: 'fr-FR',
      timezoneId: 'Europe/Paris',
    })
    const page = await context.newPage()
    page.on('console', m => m.type() === 'error' && fault(`${name} : ${m.text()}`))
    page.on('pageerror', e => fault(`${name} : ${e.message}`))
    await page.goto(`${base}/${name}`)
    await page.evaluate(() => document.fonts.ready.then(() => undefined))
    await page.screenshot({ path: path.join(out, `${name}-${width}-${scheme}.png`), fullPage: true })
    await check(page, `${name} ${width} ${scheme}`)
    if (width === 1280 && scheme === 'light') {
      await page.emulateMedia({ media: 'print', colorScheme: 'light' })
      await page.setViewportSize({ width: 720, height: 1000 })
      await page.screenshot({ path: path.join(out, `${name}-print.png`), fullPage: true })
    }
    await context.close()
  }
  console.log(name)
}
// 200 % of 1280 px is 640 px; 400 % is 320 px.
for (const name of names) {
  const page = await browser.newPage({ viewport: { width: 320, height: 600 } })
  await page.goto(`${base}/${name}`)
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
  if (wide > 0) fault(`${name} : ${wide} px de trop à 320 px`)
  await page.close()
}

// What the islands do, seen as a person sees it.
if (asked.length === 0 || asked.includes('islands')) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: 'fr-FR' })
  const page = await context.newPage()
  page.on('pageerror', e => fault(`islands : ${e.message}`))
  const expect = (ok: boolean, what: string) => ok || fault(`islands : ${what}`)
  await page.goto(`${base}/bureau-liste`)
  await page.keyboard.press('?')
  expect(await page.locator('dialog.keys').isVisible(), '? ouvre l’aide')
  await page.screenshot({ path: path.join(out, 'etat-aide.png') })
  await page.keyboard.press('Escape')
  await page.keyboard.press('j')
  expect((await page.evaluate(() => document.activeElement?.textContent)) === 'Da Silva Maria', 'j descend d’une ligne')
  await page.keyboard.press('x')
  expect(await page.locator('#r4 input').isChecked(), 'x choisit la ligne')
  await page.screenshot({ path: path.join(out, 'etat-clavier.png') })
  await page.keyboard.press('/')
  expect((await page.evaluate(() => document.activeElement?.id)) === 'search-q', '/ va à la recherche')
  await page.locator('thead [data-select-all]').check()
  expect((await page.locator('tbody input:checked').count()) === 10, 'tout choisir')
  await page.locator('a[data-opens=close]').click()
  expect(await page.locator('#close').isVisible(), 'le dialogue s’ouvre')
  await page.screenshot({ path: path.join(out, 'etat-dialogue.png') })
  await page.goto(`${base}/bureau-formulaire`)
  await page.locator('#f-doctor').pressSequentially('ma')
  await page.locator('[role=option]').first().waitFor()
  await page.keyboard.press('ArrowDown')
  await page.locator('#f-doctor').scrollIntoViewIfNeeded()
  await page.screenshot({ path: path.join(out, 'etat-recherche.png') })
  await check(page, 'recherche ouverte')
  await page.keyboard.press('Enter')
  expect((await page.locator('#f-doctor').inputValue()) === 'Dre Petit, Massy', 'la proposition est prise')
  await page.goto(`${base}/bureau-pieces`)
  await page
    .locator('.badge[data-live=requests]', { hasText: '127' })
    .waitFor({ timeout: 3000 })
    .catch(() => fault('islands : le compteur ne suit pas'))
  await page.emulateMedia({ forcedColors: 'active' })
  await page.screenshot({ path: path.join(out, 'etat-contraste-force.png'), fullPage: true })
  await page.emulateMedia({ forcedColors: null })
  await page.setViewportSize({ width: 375, height: 800 })
  await page.goto(`${base}/bureau-jour`)
  await page.locator('.menu-button').click()
  await page.screenshot({ path: path.join(out, 'etat-menu-375.png') })
  await check(page, 'menu ouvert')
  await page.close()
}
await browser.close()
server.closeAllConnections()
server.close()

const size = (file: string) => gzipSync(fs.readFileSync(path.join(root, 'public', file)), { level: 9 }).length
const islands = fs.readdirSync(path.join(root, 'public/islands')).filter(f => f.endsWith('.js'))
for (const file of ['trame.css', 'desk.css']) console.log(`${file} ${size(file)} o (gzip)`)
let total = 0
for (const file of islands) {
  total += size(`islands/${file}`)
  console.log(`${file} ${size(`islands/${file}`)} o (gzip)`)
}
console.log(`islands : ${total} o (gzip), budget 12 000`)
if (total > 12_000) fault('les islands dépassent 12 000 o')
console.log(faults === 0 ? 'Rien à redire.' : `${faults} défauts.`)
process.exitCode = faults === 0 ? 0 : 1
