/** Forty texts that run when they are taken for markup, script, style or an address: each sets `window.__xss` or asks for what the content policy refuses. */
import type { TestApp } from '../app.ts'

const script = String.raw
export const canaries: readonly string[] = [
  // An element in a text.
  script`<script>__xss=1</script>`,
  script`<img src=x onerror=__xss=2>`,
  script`<svg onload=__xss=3>`,
  script`<svg><script>__xss=4</script></svg>`,
  script`<body onload=__xss=5>`,
  script`<iframe srcdoc="<script>parent.__xss=6</script>"></iframe>`,
  script`<iframe src="javascript:parent.__xss=7"></iframe>`,
  script`<details open ontoggle=__xss=8>`,
  script`<input autofocus onfocus=__xss=9>`,
  script`<video><source onerror=__xss=10></video>`,
  script`<object data="javascript:__xss=11"></object>`,
  script`<embed src="javascript:__xss=12">`,
  script`<base href="https://ailleurs.exemple/">`,
  script`<link rel=stylesheet href="https://ailleurs.exemple/x.css">`,
  script`<meta http-equiv=refresh content="0;url=javascript:__xss=15">`,
  script`<style>@import "https://ailleurs.exemple/x.css";</style>`,
  script`<style onload=__xss=17></style>`,
  script`<math><mtext><script>__xss=18</script></mtext></math>`,
  script`<form action="javascript:__xss=19"><button autofocus>x</button></form>`,
  script`<custom-x style="animation:spin 1s" onanimationstart=__xss=20>`,
  // Out of an attribute, of an element that holds only text, of a comment.
  script`"><script>__xss=21</script>`,
  script`'><script>__xss=22</script>`,
  script`" autofocus onfocus="__xss=23`,
  script`' autofocus onfocus='__xss=24`,
  script`" onmouseover="__xss=25" style="position:fixed;inset:0`,
  script`x onerror=__xss=26 autofocus onfocus=__xss=26`,
  script`</title><script>__xss=27</script>`,
  script`</textarea><script>__xss=28</script>`,
  script`</style><script>__xss=29</script>`,
  script`--><script>__xss=30</script><!--`,
  script`]]><script>__xss=31</script>`,
  // In a script's data, in an address, in an expression.
  script`</script><script>__xss=32</script>`,
  script`";__xss=33;//`,
  script`';__xss=34;//`,
  script`${'$'}{__xss=35}`,
  script`javascript:__xss=36`,
  `java\tscript:__xss=37`,
  script`data:text/html,<script>opener.__xss=38</script>`,
  script`&lt;script&gt;__xss=39&lt;/script&gt;`,
  `\\u003cscript\\u003e__xss=40\\u003c/script\\u003e`,
]
/** All of them in one text, the `first` at its head: what is taken for an address is taken from its beginning. */
export const bundle = (first: number): string => [...canaries.slice(first % 40), ...canaries.slice(0, first % 40)].join(' ')

interface TextColumn {
  table: string
  name: string
  type: 'text' | 'jsonb'
  /** A rule of the column's own may refuse what nobody types. */
  checked: boolean
}
const columnsSql = `
  select n.nspname || '.' || c.relname as "table", a.attname as name, format_type(a.atttypid, null) as type,
    exists (select 1 from pg_constraint k where k.conrelid = c.oid and a.attnum = any (k.conkey) and k.contype = 'c') as checked
  from pg_class c join pg_namespace n on n.oid = c.relnamespace join pg_attribute a on a.attrelid = c.oid
  where n.nspname in ('app', 'ref', 'platform') and c.relkind in ('r', 'p') and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
    and format_type(a.atttypid, null) in ('text', 'jsonb')
    and not exists (select 1 from pg_constraint k where k.conrelid = c.oid and a.attnum = any (k.conkey) and k.contype in ('p', 'f'))
  order by 1, 2`
/** Text that is JSON to the letter, because its hash is taken of it. */
const jsonTexts = /^app\.ledger_entry\.payload$/
/** Columns that only the program writes, with words of its own and no rule that says which. */
const codes =
  /^(app\.(audit_event\.(action|subject_kind|request_id)|idempotency\.(actor|path)|message\.reason|request_event\.(kind|from_state|to_state)|request\.match_key|signed_link\.purpose)|ref\.\w+\.(\w*code|epci_siren|department|rpps|kind|finess|siret|structure_id|place_key|commune_(from|to)))$/

/**
 * Puts the canaries in every row of every column of text that is not a key, before what was there. A column whose rule refuses
 * forty takes one; one that takes none holds codes. Answers the columns that hold them.
 */
export async function plant(t: TestApp): Promise<string[]> {
  const columns = (await t.owner(columnsSql)) as unknown as TextColumn[]
  const planted: string[] = []
  for (const [i, column] of columns.entries()) {
    const at = `${column.table}.${column.name}`
    if (codes.test(at)) continue
    await t.owner(`alter table ${column.table} disable trigger user`)
    const took = await (column.type === 'jsonb' || jsonTexts.test(at) ? plantWithin(t, column, i) : plantIn(t, column, i))
    await t.owner(`alter table ${column.table} enable trigger user`)
    if (took) planted.push(at)
    else if (!column.checked) throw new Error(`${at} takes no canary, and has no rule that says why: is it a code? (test/security/xss.ts)`)
  }
  return planted
}
async function plantIn(t: TestApp, { table, name }: TextColumn, i: number): Promise<boolean> {
  const whole = `$1 || ' ' || ${name}`
  for (const text of [bundle(i), canaries[i % 20]!])
    for (const value of [whole, `lower(${whole})`, '$1::text'])
      try {
        await t.owner(`update ${table} set ${name} = ${value} where ${name} is not null`, [text])
        return true
      } catch (error) {
        if (!/^(23514|23505)$/.test((error as { code?: string }).code ?? '')) throw error
      }
  return false
}
async function plantWithin(t: TestApp, { table, name, type }: TextColumn, i: number): Promise<true> {
  for (const { place, value } of await t.owner(
    `select ctid::text as place, ${name}::jsonb as value from ${table} where ${name} is not null`,
  ))
    await t.owner(`update ${table} set ${name} = $1::${type} where ctid = $2::tid`, [JSON.stringify(typed(value, bundle(i))), place])
  return true
}
/** Texts that somebody typed start with a capital or hold a space; codes, days and identifiers do not. */
function typed(value: unknown, text: string): unknown {
  if (typeof value === 'string') return /^[A-ZÀ-Ý]|\s/.test(value) ? `${text} ${value}` : value
  if (Array.isArray(value)) return value.map(v => typed(v, text))
  if (value && typeof value === 'object') return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, typed(v, text)]))
  return value
}
