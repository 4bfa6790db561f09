// @ts-check
/** Keys of the desk: `?` help, `/` search, `j` `k` next and previous row, `x` choose. They can be switched off in the help. */
const KEPT = 'trame-shortcuts'
const KEYS = [
  ['/', 'Aller à la recherche'],
  ['j', 'Ligne suivante'],
  ['k', 'Ligne précédente'],
  ['Entrée', 'Ouvrir la ligne'],
  ['x', 'Choisir la ligne'],
  ['?', 'Afficher cette aide'],
]
/** @type {HTMLDialogElement | undefined} */
let help
const off = () => localStorage.getItem(KEPT) === 'off'

function openHelp() {
  if (!help) {
    help = document.createElement('dialog')
    help.className = 'dialog keys'
    help.setAttribute('aria-labelledby', 'keys-title')
    help.innerHTML = `<div class="dialog-head"><h2 id="keys-title">Raccourcis du clavier</h2><form method="dialog"><button class="button quiet">Fermer</button></form></div>
<dl class="facts">${KEYS.map(([key, words]) => `<div><dt><kbd>${key}</kbd></dt><dd>${words}</dd></div>`).join('')}</dl>
<div class="option"><input type="checkbox" id="keys-on"><label for="keys-on">Raccourcis actifs sur cet appareil</label></div>`
    document.body.append(help)
    const box = /** @type {HTMLInputElement} */ (help.querySelector('#keys-on'))
    box.checked = !off()
    box.addEventListener('change', () => (box.checked ? localStorage.removeItem(KEPT) : localStorage.setItem(KEPT, 'off')))
  }
  help.showModal()
}

/** @param {number} step */
function move(step) {
  const rows = [...document.querySelectorAll('[data-list] tbody tr')]
  const here = rows.findIndex(r => r.contains(document.activeElement))
  const at = here < 0 ? rows.findIndex(r => r.classList.contains('current')) : here
  const next = rows[at < 0 ? 0 : Math.min(rows.length - 1, Math.max(0, at + step))]
  const focus = next?.querySelector('.row-link') ?? next?.querySelector('input')
  if (focus instanceof HTMLElement) {
    focus.focus({ preventScroll: true })
    next?.scrollIntoView({ block: 'nearest' })
  }
}

document.addEventListener('keydown', event => {
  const target = /** @type {Element} */ (event.target)
  if (event.key === 'Escape') {
    for (const menu of document.querySelectorAll('details.user[open], details.exports[open]')) menu.removeAttribute('open')
    return
  }
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || document.querySelector('dialog[open]')) return
  if (target.closest('textarea, select, [contenteditable], input:not([type=checkbox], [type=radio])')) return
  if (event.key === '?') openHelp()
  else if (off()) return
  else if (event.key === '/') {
    const search = /** @type {HTMLInputElement | null} */ (document.querySelector('[data-search]'))
    if (!search) return
    search.focus()
    search.select()
  } else if (event.key === 'j') move(1)
  else if (event.key === 'k') move(-1)
  else if (event.key === 'x') document.activeElement?.closest('tr')?.querySelector('.pick input')?.dispatchEvent(new MouseEvent('click'))
  else return
  event.preventDefault()
})
// A menu closes when one presses elsewhere.
document.addEventListener('pointerdown', event => {
  for (const menu of document.querySelectorAll('details.user[open], details.exports[open]'))
    if (!menu.contains(/** @type {Node} */ (event.target))) menu.removeAttribute('open')
})
