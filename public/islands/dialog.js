// @ts-check
/** A link or button with `data-opens="id"` opens the native dialog of that id; without this file the link goes to its page. */
document.addEventListener('click', event => {
  const target = /** @type {Element} */ (event.target)
  const opener = target.closest('[data-opens]')
  if (opener && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
    const dialog = document.getElementById(/** @type {HTMLElement} */ (opener).dataset.opens ?? '')
    if (dialog instanceof HTMLDialogElement) {
      event.preventDefault()
      dialog.showModal()
    }
  } else if (target instanceof HTMLDialogElement) {
    // A click on the backdrop has the dialog itself as its target, outside its box.
    const box = target.getBoundingClientRect()
    if (event.clientX < box.left || event.clientX > box.right || event.clientY < box.top || event.clientY > box.bottom) target.close()
  }
})
// A refused form inside a dialog: the page came back with its errors, so the dialog opens again.
const refused = document.querySelector('dialog .errors')?.closest('dialog')
if (refused instanceof HTMLDialogElement) refused.showModal()
