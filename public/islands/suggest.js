// @ts-check
/**
 * An `<input data-suggest="/address">` becomes a combobox (ARIA 1.2). The address answers `?q=` with
 * `[{ value, label, hint?, href?, fill? }]`: `value` goes into the box, `fill` into other fields of the form by name, `href` is followed.
 * @typedef {{ value: string, label: string, hint?: string, href?: string, fill?: Record<string, string> }} Found
 */
const WAIT = 180
let made = 0

/** @param {HTMLInputElement} input */
function enhance(input) {
  const id = `suggest-${++made}`
  const list = document.createElement('ul')
  const said = document.createElement('p')
  /** @type {Found[]} */
  let found = []
  let active = -1
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer
  let asking = new AbortController()

  list.id = id
  list.className = 'suggest-list'
  list.setAttribute('role', 'listbox')
  list.setAttribute('aria-label', 'Propositions')
  list.hidden = true
  said.className = 'away'
  said.setAttribute('role', 'status')
  const holder = document.createElement('div')
  holder.className = 'suggest'
  input.replaceWith(holder)
  holder.append(input, list, said)
  const attributes = { role: 'combobox', 'aria-autocomplete': 'list', 'aria-controls': id, 'aria-expanded': 'false', autocomplete: 'off' }
  for (const [name, value] of Object.entries(attributes)) input.setAttribute(name, value)

  /** @param {number} i */
  const point = i => {
    active = i
    ;[...list.children].forEach((item, j) => {
      item.setAttribute('aria-selected', String(i === j))
      if (i === j) item.scrollIntoView({ block: 'nearest' })
    })
    if (i < 0) input.removeAttribute('aria-activedescendant')
    else input.setAttribute('aria-activedescendant', `${id}-${i}`)
  }
  const close = () => {
    asking.abort()
    list.hidden = true
    input.setAttribute('aria-expanded', 'false')
    point(-1)
  }
  /** @param {number} i */
  const choose = i => {
    const one = found[i]
    if (!one) return
    close()
    if (one.href) {
      location.assign(one.href)
      return
    }
    input.value = one.value
    for (const [name, value] of Object.entries(one.fill ?? {})) {
      const other = input.form?.elements.namedItem(name)
      if (other && 'value' in other) other.value = value
    }
    input.dispatchEvent(new Event('change', { bubbles: true }))
  }
  const draw = () => {
    list.replaceChildren(
      ...found.map((one, i) => {
        const item = document.createElement('li')
        item.id = `${id}-${i}`
        item.setAttribute('role', 'option')
        item.setAttribute('aria-selected', 'false')
        item.textContent = one.label
        if (one.hint) {
          const hint = document.createElement('span')
          hint.className = 'muted'
          hint.textContent = ` ${one.hint}`
          item.append(hint)
        }
        item.addEventListener('pointerdown', event => event.preventDefault())
        item.addEventListener('click', () => choose(i))
        return item
      }),
    )
    list.hidden = found.length === 0
    input.setAttribute('aria-expanded', String(found.length > 0))
    said.textContent = found.length === 0 ? 'Aucune proposition' : found.length === 1 ? 'Une proposition' : `${found.length} propositions`
    point(-1)
  }
  const ask = async () => {
    asking.abort()
    const q = input.value.trim()
    if (q.length < 2) {
      close()
      return
    }
    asking = new AbortController()
    const url = new URL(input.dataset.suggest ?? '', location.href)
    url.searchParams.set('q', q)
    try {
      const answer = await fetch(url, { signal: asking.signal, headers: { Accept: 'application/json' } })
      if (!answer.ok) return
      found = await answer.json()
      draw()
    } catch {
      // No network: the box still takes what is typed.
    }
  }
  input.addEventListener('input', () => {
    clearTimeout(timer)
    timer = setTimeout(ask, WAIT)
  })
  input.addEventListener('blur', () => {
    clearTimeout(timer)
    close()
  })
  input.addEventListener('keydown', event => {
    if (event.key === 'ArrowDown' && list.hidden) void ask()
    if (list.hidden) return
    if (event.key === 'ArrowDown') point((active + 1) % found.length)
    else if (event.key === 'ArrowUp') point((active <= 0 ? found.length : active) - 1)
    else if (event.key === 'Enter' && active >= 0) choose(active)
    else if (event.key === 'Escape') close()
    else return
    event.preventDefault()
  })
}
for (const input of document.querySelectorAll('input[data-suggest]')) if (input instanceof HTMLInputElement) enhance(input)
