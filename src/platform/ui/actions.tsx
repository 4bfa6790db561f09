/** What one presses: buttons, links that look like one, the doctor's two answers, dialogs. */
import type { Child } from 'hono/jsx'
import { cx, t } from './base.tsx'
import { typo } from './french.ts'

export type Kind = 'primary' | 'secondary' | 'danger' | 'quiet'

export interface ButtonProps {
  children?: Child
  kind?: Kind
  type?: 'submit' | 'button' | 'reset'
  name?: string
  value?: string
  /** Id of the form, when the button stands outside it. */
  form?: string
  formaction?: string
  disabled?: boolean
  /** Said by screen readers when the visible word is not enough: « Proposer à la Dre Petit ». */
  label?: string
  small?: boolean
  /** Opens the `Dialog` of this id (island `dialog`). */
  opens?: string
}
export function Button(p: ButtonProps) {
  return (
    <button
      type={p.type ?? 'submit'}
      class={cx('button', p.kind ?? 'primary', p.small && 'small')}
      name={p.name}
      value={p.value}
      form={p.form}
      formaction={p.formaction}
      disabled={p.disabled}
      aria-label={p.label && typo(p.label)}
      data-opens={p.opens}
    >
      {t(p.children)}
    </button>
  )
}

export interface LinkButtonProps {
  href: string
  children?: Child
  kind?: Kind
  label?: string
  small?: boolean
  download?: boolean
  /** The language of what it opens, when it is another than the page's. */
  hreflang?: string
}
export function LinkButton(p: LinkButtonProps) {
  return (
    <a
      href={p.href}
      class={cx('button', p.kind ?? 'secondary', p.small && 'small')}
      aria-label={p.label && typo(p.label)}
      download={p.download || undefined}
      hreflang={p.hreflang}
    >
      {t(p.children)}
    </a>
  )
}

export interface BigAnswerProps {
  action: string
  /** Idempotency key. */
  formKey: string
  name?: string
  yes?: { value: string; label: string; detail?: string }
  no?: { value: string; label: string; detail?: string }
  hidden?: Record<string, string>
}
/** One question, two buttons of the whole width. The page asks the question above. */
export function BigAnswer(p: BigAnswerProps) {
  const yes = p.yes ?? { value: 'yes', label: 'Oui, j’accepte' }
  const no = p.no ?? { value: 'no', label: 'Non, pas cette fois' }
  return (
    <form method="post" action={p.action} class="answers">
      <input type="hidden" name="_key" value={p.formKey} />
      {Object.entries(p.hidden ?? {}).map(([name, value]) => (
        <input type="hidden" name={name} value={value} />
      ))}
      {[yes, no].map((a, i) => (
        <button type="submit" class={cx('button big', i === 0 ? 'primary' : 'secondary')} name={p.name ?? 'answer'} value={a.value}>
          <span>{t(a.label)}</span>
          {a.detail && <small>{t(a.detail)}</small>}
        </button>
      ))}
    </form>
  )
}

export interface DialogProps {
  id: string
  title: string
  children?: Child
  /** The page that does the same without JavaScript. */
  href: string
  /** Words of the button that opens it. */
  open: string
  kind?: Kind
  small?: boolean
}
/** A link to a page that does it; with JavaScript (island `dialog`) the same content opens here in a native `<dialog>`. */
export function Dialog(p: DialogProps) {
  return (
    <>
      <a href={p.href} class={cx('button', p.kind ?? 'secondary', p.small && 'small')} data-opens={p.id}>
        {t(p.open)}
      </a>
      <dialog id={p.id} class="dialog" aria-labelledby={`${p.id}-title`}>
        <div class="dialog-head">
          <h2 id={`${p.id}-title`}>{t(p.title)}</h2>
          <form method="dialog">
            <button type="submit" class="button quiet" aria-label="Fermer cette fenêtre">
              Fermer
            </button>
          </form>
        </div>
        {p.children}
      </dialog>
    </>
  )
}
