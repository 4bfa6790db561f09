// @ts-check
/**
 * « Tout choisir » at the head of a table with boxes; Shift extends a choice.
 * `<output data-selected="id" data-one="demande choisie" data-many="demandes choisies">` says how many.
 */
for (const head of /** @type {NodeListOf<HTMLInputElement>} */ (document.querySelectorAll('[data-select-all]'))) {
  const name = head.dataset.selectAll ?? ''
  const boxes = [...(head.closest('table')?.querySelectorAll('tbody input[type=checkbox]') ?? [])].filter(
    /** @returns {box is HTMLInputElement} */ box => box instanceof HTMLInputElement && box.name === name,
  )
  const outputs = /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll(`[data-selected="${CSS.escape(name)}"]`))
  /** @type {number | undefined} */
  let last
  const tell = () => {
    const n = boxes.filter(b => b.checked).length
    head.checked = n > 0 && n === boxes.length
    head.indeterminate = n > 0 && n < boxes.length
    for (const o of outputs) o.textContent = n === 0 ? '' : `${n}\u00a0${(n < 2 ? o.dataset.one : o.dataset.many) ?? ''}`
  }
  head.closest('label')?.removeAttribute('hidden')
  head.addEventListener('change', () => {
    for (const b of boxes) b.checked = head.checked
    tell()
  })
  boxes.forEach((box, i) => {
    box.addEventListener('click', event => {
      if (event.shiftKey && last !== undefined)
        for (const b of boxes.slice(Math.min(i, last), Math.max(i, last) + 1)) b.checked = box.checked
      last = i
      tell()
    })
  })
  tell()
}
