import assert from 'node:assert/strict'
import fs from 'node:fs'
import path from 'node:path'
import { test } from 'node:test'
import type { Child } from 'hono/jsx'
import { checkbox, choice, choices, date, email, form, hidden, text } from '../fields.ts'
import { DataTable, Document, ErrorSummary, FormView, Pager, rawOf, TerritoryMap } from './index.ts'

const html = (node: Child) => String(node)
const count = (text: string, part: string) => text.split(part).length - 1

const sample = form({
  token: hidden(),
  name: text({ label: 'Nom de naissance', hint: "Tel qu'il figure sur la carte", max: 80 }),
  birth: date({ label: 'Date de naissance' }),
  mail: email({ label: 'Adresse électronique', required: false }),
  who: choice({
    label: 'Qui appelle ?',
    options: [
      { value: 'self', label: 'La personne' },
      { value: 'kin', label: 'Un proche' },
    ],
  }),
  town: choice({ label: 'Commune', control: 'select' }),
  agreed: checkbox({ label: 'Accord donné', mustBeTrue: 'Il faut son accord.' }),
})
const towns = [
  { value: '91377', label: 'Massy' },
  { value: '91477', label: 'Palaiseau' },
]

test('a form is posted with its key and every field, in order', () => {
  const out = html(<FormView form={sample} action="/x" submit="Envoyer" formKey="k-1" options={{ town: towns }} hidden={{ step: '2' }} />)
  assert.match(out, /^<form method="post" action="\/x"/)
  assert.match(out, /<input type="hidden" name="_key" value="k-1"\/>/)
  assert.match(out, /<input type="hidden" name="step" value="2"\/>/)
  const names = [...out.matchAll(/ name="([a-z]+)"/g)].map(m => m[1])
  assert.deepEqual([...new Set(names)], ['step', 'token', 'name', 'birth', 'mail', 'who', 'town', 'agreed'])
  assert.match(out, /Adresse électronique<span class="optional"> \(facultatif\)/)
  assert.match(out, /Qui appelle\u202f\?/)
  assert.match(out, /Tel qu’il figure/)
  assert.equal(count(out, '(facultatif)'), 1)
  assert.doesNotMatch(out, /class="errors"|aria-invalid="true"/)
})

test('every control has a name that a screen reader says', () => {
  const out = html(<FormView form={sample} action="/x" submit="Envoyer" formKey="k" options={{ town: towns }} />)
  const ids = [...out.matchAll(/<(?:input|select|textarea)(?![^>]*type="hidden")[^>]* id="([^"]+)"/g)].map(m => m[1])
  assert.equal(ids.length, 7)
  assert.equal(new Set(ids).size, ids.length)
  for (const id of ids) assert.ok(out.includes(`for="${id}"`), `no label for ${id}`)
})

test('the hint of a field and the hint of its first option are two things', () => {
  const options = [
    { value: 'a', label: 'A', hint: 'of the option' },
    { value: 'b', label: 'B' },
  ]
  const out = html(
    <FormView form={form({ f: choices({ label: 'F', hint: 'of the field', options }) })} action="/x" submit="Envoyer" formKey="k" />,
  )
  const ids = [...out.matchAll(/ id="([^"]+)"/g)].map(m => m[1])
  assert.equal(new Set(ids).size, ids.length, ids.join(' '))
})

test('a refused form keeps what was typed and leads to each fault', () => {
  const given = sample.parse(new URLSearchParams('token=t&name=<b>Le Goff</b>&birth=31/02/1954&who=kin&town=91477'))
  assert.ok(!given.ok)
  const out = html(
    <FormView form={sample} action="/x" submit="Envoyer" formKey="k" raw={given.raw} errors={given.errors} options={{ town: towns }} />,
  )
  assert.match(out, /role="alert"/)
  assert.match(out, /2 réponses sont à corriger/)
  assert.match(out, /<a href="#f-birth">/)
  assert.match(out, /<input type="text" id="f-birth"[^>]*value="31\/02\/1954"/)
  assert.match(out, /aria-describedby="f-birth-error" aria-invalid="true"/)
  assert.match(out, /id="f-birth-error"/)
  assert.match(out, /value="&lt;b&gt;Le Goff&lt;\/b&gt;"/)
  assert.match(out, /value="kin" checked/)
  assert.match(out, /<option value="91477" selected/)
  for (const [, id] of out.matchAll(/href="#([^"]+)"/g)) assert.ok(out.includes(`id="${id}"`), `summary leads nowhere: ${id}`)
})

test('two forms of one page keep their ids apart', () => {
  const out = html(
    <>
      <FormView id="one" form={sample} action="/x" submit="A" formKey="k" errors={{ name: 'Non' }} />
      <FormView id="two" form={sample} action="/y" submit="B" formKey="l" errors={{ name: 'Non' }} />
    </>,
  )
  const ids = [...out.matchAll(/ id="([^"]+)"/g)].map(m => m[1])
  assert.equal(new Set(ids).size, ids.length)
})

test('errors of the form as a whole have no link; none, no summary', () => {
  const out = html(<ErrorSummary errors={{ '': 'Ce créneau vient d’être pris.' }} form={sample} />)
  assert.match(out, /Rien n’a été enregistré/)
  assert.doesNotMatch(out, /<a /)
  assert.equal(html(<ErrorSummary errors={{}} form={sample} />), '')
})

test('values of the database become what a form shows', () => {
  assert.deepEqual(rawOf({ a: 'x', b: null, c: ['1', '2'], d: true, e: 3, f: undefined }), { a: ['x'], c: ['1', '2'], d: ['on'], e: ['3'] })
})

const rows = [
  { id: 'a', name: "Jeanne d'Arc", age: 19 },
  { id: 'b', name: '<script>', age: 40 },
]
test('a table names its rows, says how it is sorted, escapes what it shows', () => {
  const out = html(
    <DataTable
      caption="Demandes"
      rows={rows}
      rowHref={r => `/r/${r.id}`}
      current={r => r.id === 'b'}
      columns={[
        { key: 'name', label: 'Personne', sorted: 'asc', sortHref: '?tri=-nom' },
        { key: 'age', label: 'Âge', numeric: true, cell: r => r.age },
      ]}
      select={{ name: 'id', value: r => r.id, label: r => r.name, form: 'batch' }}
    />,
  )
  assert.match(out, /<caption>Demandes<\/caption>/)
  assert.match(out, /aria-sort="ascending"/)
  assert.equal(count(out, '<th scope="row"'), 2)
  assert.match(out, /href="\/r\/b" aria-current="true"/)
  assert.match(out, /data-label="Âge"/)
  assert.match(out, /Choisir &lt;script&gt;/)
  assert.match(out, /form="batch"/)
  assert.doesNotMatch(out, /<script>/)
})
test('an empty table says so, and why', () => {
  const out = html(<DataTable caption="x" rows={[]} columns={[]} empty={{ title: 'Aucune demande', children: 'La liste est à jour.' }} />)
  assert.match(out, /Aucune demande/)
  assert.doesNotMatch(out, /<table/)
})
test('pages: one page shows nothing; the current one is said', () => {
  assert.equal(html(<Pager page={1} pages={1} hrefFor={n => `?p=${n}`} />), '')
  const out = html(<Pager page={5} pages={9} hrefFor={n => `?p=${n}`} />)
  assert.deepEqual(
    [...out.matchAll(/aria-label="Page (\d+)/g)].map(m => m[1]),
    ['1', '4', '5', '6', '9'],
  )
  assert.match(out, /href="\?p=5" aria-current="page"/)
})

test('the page: doctype, language, skip link, one main, current item', () => {
  const out = html(
    <Document
      title="Demandes"
      posture="desk"
      assetVersion="v"
      nav={[{ label: 'Demandes', href: '/d', current: true }]}
      islands={['dialog', 'dialog']}
    >
      <h1>Demandes</h1>
    </Document>,
  )
  assert.match(out, /^<!doctype html><html lang="fr"/)
  assert.match(out, /href="#contenu"/)
  assert.equal(count(out, '<main'), 1)
  assert.match(out, /href="\/d" aria-current="page"/)
  assert.equal(count(out, '/islands/dialog.js?v=v'), 1)
})

test('the map stands one commune, communes in a line, and twins', () => {
  const commune = (code: string, lon: number, lat: number) => ({ code, name: `Commune ${code}`, lon, lat })
  for (const communes of [
    [commune('1', 2.2, 48.7)],
    [commune('1', 2.2, 48.7), commune('2', 2.3, 48.7), commune('3', 2.4, 48.7)],
    [commune('1', 2.2, 48.7), commune('2', 2.2, 48.7)],
  ]) {
    const out = html(<TerritoryMap title="Essai" communes={communes} demand={[{ code: '1', count: 5 }]} doctors={[]} />)
    assert.doesNotMatch(out, /NaN|Infinity|undefined/)
    assert.match(out, /Commune 1/)
  }
})

test('no source of the ui writes style= nor an inline script, which the content security policy refuses', () => {
  const folder = import.meta.dirname
  for (const name of fs.readdirSync(folder)) {
    if (!/\.tsx?$/.test(name) || name.includes('.test.')) continue
    const source = fs.readFileSync(path.join(folder, name), 'utf8')
    assert.doesNotMatch(source, /\bstyle=|<style|on(click|change|submit)=|javascript:/i, name)
  }
})
