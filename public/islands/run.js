// @ts-check
/**
 * Follows a computation (`data-run-href`, server-sent `counts`): bar and time left as they come, the stations drawn again when a step
 * changes, the page loaded again when it ends. Silent while the page is hidden. Without it, a link does the same.
 */
const run = /** @type {HTMLElement | null} */ (document.querySelector('[data-run-href]'))
const href = run?.dataset.runHref
/** @type {EventSource | undefined} */
let source
/** @type {string | undefined} */
let step

async function redraw() {
  const answer = await fetch(location.href)
  if (!answer.ok) return
  const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html').querySelector('[data-run-href]')
  // Ended meanwhile: the next event says so.
  if (fresh && run) run.replaceChildren(...fresh.childNodes)
}
/** @param {MessageEvent<string>} event */
function show(event) {
  /** @type {{ step: string, open: number, percent?: number | '', left?: string }} */
  const now = JSON.parse(event.data)
  if (!now.open) {
    source?.close()
    location.reload()
    return
  }
  if (step !== undefined && step !== now.step) void redraw()
  step = now.step
  const bar = /** @type {HTMLProgressElement | null | undefined} */ (run?.querySelector('progress'))
  if (bar && now.percent === '') bar.removeAttribute('value')
  else if (bar && now.percent !== undefined) bar.value = now.percent
  const left = run?.querySelector('[data-left]')
  if (left && now.left !== undefined && left.textContent !== now.left) left.textContent = now.left
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
