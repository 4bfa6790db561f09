/** Runs in a thread: Typst, loaded once, turns a template and its data into a tagged PDF. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { PdfDocument } from './pdf.ts'

const require = createRequire(import.meta.url)
const FONTS = [
  '@expo-google-fonts/atkinson-hyperlegible-next/400Regular/AtkinsonHyperlegibleNext_400Regular.ttf',
  '@expo-google-fonts/atkinson-hyperlegible-next/700Bold/AtkinsonHyperlegibleNext_700Bold.ttf',
  // Cyrillic.
  '@expo-google-fonts/noto-sans/400Regular/NotoSans_400Regular.ttf',
  '@expo-google-fonts/noto-sans/700Bold/NotoSans_700Bold.ttf',
  '@expo-google-fonts/noto-sans-arabic/400Regular/NotoSansArabic_400Regular.ttf',
  '@expo-google-fonts/noto-sans-arabic/700Bold/NotoSansArabic_700Bold.ttf',
]

/** What we use of the compiler; its own types speak of the browser. */
interface Compiler {
  reset(): void
  map_shadow(path: string, bytes: Uint8Array): void
  add_source(path: string, text: string): void
  compile(path: string, inputs: undefined, format: 'pdf', diagnostics: 3): { result?: Uint8Array; diagnostics?: unknown }
}
async function load(): Promise<Compiler> {
  const name = '@myriaddreamin/typst-ts-web-compiler/pkg/typst_ts_web_compiler.mjs'
  const typst = await import(name)
  await typst.default({ module_or_path: readFileSync(require.resolve(name.replace('.mjs', '_bg.wasm'))) })
  const builder = new typst.TypstCompilerBuilder()
  builder.set_dummy_access_model()
  for (const font of FONTS) await builder.add_raw_font(readFileSync(require.resolve(font)))
  return builder.build()
}
let loaded: Promise<Compiler> | undefined

export default async function compile({ template, data, images }: PdfDocument): Promise<Uint8Array> {
  loaded ??= load()
  const compiler = await loaded
  const text = new TextEncoder()
  compiler.reset()
  compiler.map_shadow('/data.json', text.encode(JSON.stringify(data)))
  for (const [name, svg] of Object.entries(images ?? {})) compiler.map_shadow(`/${name}.svg`, text.encode(svg))
  compiler.add_source('/main.typ', template)
  const { result, diagnostics } = compiler.compile('/main.typ', undefined, 'pdf', 3)
  // What the compiler says quotes the template, which is ours, and never the data, which it only reads.
  if (!result) throw new Error(`the document does not compile: ${JSON.stringify(diagnostics)}`)
  return result
}
