/**
 * Reads a code as a phone would, from its picture: squares → mask → bytes → text. Byte mode, medium correction, versions 1 to 6
 * (ISO/IEC 18004); no repair of damage, since nothing is damaged.
 */
import assert from 'node:assert/strict'

/** Blocks of each version at medium correction: how many, data bytes in each. */
const BLOCKS: Record<number, [number, number]> = { 1: [1, 16], 2: [1, 28], 3: [1, 44], 4: [2, 32], 5: [2, 43], 6: [4, 27] }

/** The dark squares of an SVG made of `M x,y h1 v1 h-1 z` squares, without its margin. */
export function squaresOf(svg: string): boolean[][] {
  const side = Number(/viewBox="0 0 (\d+)/.exec(svg)![1])
  const unit = Number(/h(\d+(?:\.\d+)?)/.exec(svg)![1])
  const at = [...svg.matchAll(/M(\d+(?:\.\d+)?)[, ](\d+(?:\.\d+)?)/g)].map(m => [Number(m[1]) / unit, Number(m[2]) / unit] as const)
  const border = Math.min(...at.map(([x]) => x))
  const size = side / unit - 2 * border
  const dark = Array.from({ length: size }, () => Array<boolean>(size).fill(false))
  for (const [x, y] of at) dark[y - border]![x - border] = true
  return dark
}

const MASKS: ((y: number, x: number) => boolean)[] = [
  (y, x) => (y + x) % 2 === 0,
  y => y % 2 === 0,
  (_, x) => x % 3 === 0,
  (y, x) => (y + x) % 3 === 0,
  (y, x) => (Math.floor(y / 2) + Math.floor(x / 3)) % 2 === 0,
  (y, x) => ((y * x) % 2) + ((y * x) % 3) === 0,
  (y, x) => (((y * x) % 2) + ((y * x) % 3)) % 2 === 0,
  (y, x) => (((y + x) % 2) + ((y * x) % 3)) % 2 === 0,
]

export function readQr(dark: boolean[][]): string {
  const size = dark.length
  const version = (size - 17) / 4
  assert.ok(BLOCKS[version], `version ${version} is beyond what this reader knows`)
  // Format, around the first corner, under its fixed mask 101010000010010.
  const format = [0, 1, 2, 3, 4].reduce((n, x) => n * 2 + Number(dark[8]![x]), 0) ^ 0b10101
  assert.equal(format >> 3, 0, 'medium correction')
  const mask = MASKS[format & 7]!
  const centre = size - 7
  const reserved = (y: number, x: number) =>
    (y < 9 && x < 9) ||
    (y < 9 && x >= size - 8) ||
    (y >= size - 8 && x < 9) ||
    y === 6 ||
    x === 6 ||
    (version > 1 && Math.abs(y - centre) <= 2 && Math.abs(x - centre) <= 2)
  const bits: number[] = []
  let up = true
  for (let right = size - 1; right > 0; right -= 2) {
    if (right === 6) right = 5
    for (let i = 0; i < size; i++) {
      const y = up ? size - 1 - i : i
      for (const x of [right, right - 1]) if (!reserved(y, x)) bits.push(Number(dark[y]![x] !== mask(y, x)))
    }
    up = !up
  }
  const bytes: number[] = []
  for (let i = 0; i + 8 <= bits.length; i += 8) bytes.push(Number.parseInt(bits.slice(i, i + 8).join(''), 2))
  const [blocks, each] = BLOCKS[version]!
  const data = Array.from({ length: blocks }, (_, b) => Array.from({ length: each }, (_, i) => bytes[i * blocks + b]!)).flat()
  const stream = data.map(b => b.toString(2).padStart(8, '0')).join('')
  assert.equal(stream.slice(0, 4), '0100', 'byte mode')
  const length = Number.parseInt(stream.slice(4, 12), 2)
  const text = Array.from({ length }, (_, i) => Number.parseInt(stream.slice(12 + i * 8, 20 + i * 8), 2))
  return new TextDecoder().decode(new Uint8Array(text))
}
