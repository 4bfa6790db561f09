// @ts-check
/** Server-sent `counts` events fill the elements whose `data-live` is a key: `{"requests": 128}`. Silent while the page is hidden. */
const href = /** @type {HTMLElement | null} */ (document.querySelector('[data-live-href]'))?.dataset.liveHref
const number = new Intl.NumberFormat('fr-FR')
/** @type {EventSource | undefined} */
let source

/** @param {MessageEvent<string>} event */
function show(event) {
  /** @type {Record<string, string | number>} */
  const counts = JSON.parse(event.data)
  for (const element of document.querySelectorAll('[data-live]')) {
    const value = counts[/** @type {HTMLElement} */ (element).dataset.live ?? '']
    if (value === undefined) continue
    const text = typeof value === 'number' ? number.format(value) : value
    const shown = element.classList.contains('badge') && text === '0' ? '' : text
    if (element.textContent !== shown) element.textContent = shown
  }
}
function follow() {
  source?.close()
  source = undefined
  if (!href || document.hidden) return
  source = new EventSource(href)
  source.addEventListener('counts', show)
}
document.addEventListener('visibilitychange', follow)
addEventListener('pagehide', () => source?.close())
addEventListener('pageshow', event => event.persisted && follow())
follow()
