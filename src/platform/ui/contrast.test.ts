/** The colours of trame.css are computed, not judged by eye: AA everywhere, AAA where a patient reads. */
import assert from 'node:assert/strict'
import fs from 'node:fs'
import path from 'node:path'
import { test } from 'node:test'

const css = fs.readFileSync(path.resolve(import.meta.dirname, '../../../public/trame.css'), 'utf8')
const root = css.slice(css.indexOf('@layer tokens'), css.indexOf('@layer base'))
const darkAt = root.indexOf('prefers-color-scheme: dark')

type Tokens = Record<string, [l: number, c: number, h: number]>
function read(text: string): Tokens {
  const tokens: Tokens = {}
  for (const m of text.matchAll(/--([a-z0-9-]+):\s*oklch\(([\d.]+) ([\d.]+) ([\d.]+)\)/g))
    tokens[m[1] as string] = [Number(m[2]), Number(m[3]), Number(m[4])]
  return tokens
}
const inks = [...css.matchAll(/--ink-2:\s*oklch\(([\d.]+) ([\d.]+) ([\d.]+)\)/g)].map(
  m => [Number(m[1]), Number(m[2]), Number(m[3])] as Tokens[string],
)
const light: Tokens = { ...read(root.slice(0, darkAt)), 'ink-2': inks[0]! }
const dark: Tokens = { ...light, ...read(root.slice(darkAt)), 'ink-2': inks[1]! }

/** Relative luminance of an OKLCH colour (Ottosson's matrices), clipped to what a screen shows. */
function luminance([L, C, H]: Tokens[string]): number {
  const a = C * Math.cos((H * Math.PI) / 180)
  const b = C * Math.sin((H * Math.PI) / 180)
  const l = (L + 0.3963377774 * a + 0.2158037573 * b) ** 3
  const m = (L - 0.1055613458 * a - 0.0638541728 * b) ** 3
  const s = (L - 0.0894841775 * a - 1.291485548 * b) ** 3
  const clip = (n: number) => Math.min(1, Math.max(0, n))
  const red = clip(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s)
  const green = clip(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s)
  const blue = clip(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s)
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}
function ratio(x: Tokens[string], y: Tokens[string]): number {
  const [a, b] = [luminance(x), luminance(y)]
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)
}

const AAA = 7
const AA = 4.5
const SHAPE = 3
const grounds = ['paper', 'paper-2', 'sheet']
const wanted: [ink: string, ground: string, least: number][] = [
  ...grounds.flatMap(g => [
    ['ink', g, AAA] as [string, string, number],
    ['ink-2', g, AAA] as [string, string, number],
    ...['muted', 'ok', 'wait', 'late', 'stop', 'accent'].map(t => [t, g, AA] as [string, string, number]),
    ...['edge', 'focus'].map(t => [t, g, SHAPE] as [string, string, number]),
  ]),
  // What a patient reads: errors, links, the button.
  ['stop', 'paper', AAA],
  ['accent', 'paper', AAA],
  ['accent-ink', 'accent', AAA],
  // A chosen row, the current item of the menu.
  ...['ink', 'muted', 'ok', 'wait', 'late', 'stop', 'accent'].map(t => [t, 'accent-soft', AA] as [string, string, number]),
  ['paper', 'stop', AA],
  ['paper', 'ink', AAA],
]

for (const [name, tokens] of Object.entries({ light, dark })) {
  test(`contrast, ${name}`, () => {
    const low = wanted
      .map(([ink, ground, least]) => ({ ink, ground, least, found: ratio(tokens[ink]!, tokens[ground]!) }))
      .filter(x => x.found < x.least)
      .map(x => `--${x.ink} on --${x.ground}: ${x.found.toFixed(2)}, ${x.least} wanted`)
    assert.deepEqual(low, [])
  })
  test(`the demonstration banner and the circles of the map, ${name}`, () => {
    const ink: Tokens[string] = [0.2, 0.036, 264]
    assert.ok(ratio(ink, tokens.saffron!) >= AA)
  })
}

test('the arithmetic: white on black is 21', () => {
  assert.equal(Math.round(ratio([1, 0, 0], [0, 0, 0])), 21)
})
