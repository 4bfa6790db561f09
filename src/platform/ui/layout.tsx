/** How a page is laid out: its title, its sections, a list beside its detail. */
import type { Child } from 'hono/jsx'
import { cx, slug, t } from './base.tsx'
import { frNumber } from './french.ts'

export interface PageTitleProps {
  title: string
  count?: number
  lead?: Child
  actions?: Child
  /** Where one comes from: « Demandes ». */
  back?: { label: string; href: string }
}
export function PageTitle({ title, count, lead, actions, back }: PageTitleProps) {
  return (
    <div class="title">
      {back && (
        <a class="back" href={back.href}>
          {t(back.label)}
        </a>
      )}
      <h1>
        {t(title)}
        {count !== undefined && <span class="count"> {frNumber(count)}</span>}
      </h1>
      {lead && <div class="lead">{t(lead)}</div>}
      {actions && <div class="title-actions cluster">{actions}</div>}
    </div>
  )
}

export interface SectionProps {
  title: string
  children?: Child
  count?: number
  lead?: Child
  actions?: Child
  /** Heading level, 2 when absent. */
  level?: 2 | 3
  id?: string
}
export function Section({ title, children, count, lead, actions, level = 2, id }: SectionProps) {
  const hid = `${id ?? slug(title)}-h`
  const inner = (
    <>
      {t(title)}
      {count !== undefined && <span class="count"> {frNumber(count)}</span>}
    </>
  )
  return (
    <section class="section" id={id} aria-labelledby={hid}>
      <div class="title-row">
        {level === 2 ? <h2 id={hid}>{inner}</h2> : <h3 id={hid}>{inner}</h3>}
        {actions && <div class="cluster">{actions}</div>}
      </div>
      {lead && <div class="muted measure">{t(lead)}</div>}
      {children}
    </section>
  )
}

/** The sections of a long page, by their titles; `id` when the section was given one. */
export function OnThisPage({ sections }: { sections: readonly { title: string; id?: string }[] }) {
  return (
    <nav class="contents" aria-label="Sur cette page">
      <ul>
        {sections.map(s => (
          <li>
            <a href={`#${s.id ?? `${slug(s.title)}-h`}`}>{t(s.title)}</a>
          </li>
        ))}
      </ul>
    </nav>
  )
}

export interface ColumnsProps {
  /** The list, or the main matter. */
  list: Child
  /** Stands beside it on a wide screen, sticks while the list scrolls. */
  detail?: Child
  detailLabel?: string
  /** On a phone, which comes first. */
  first?: 'list' | 'detail'
  /** The detail is the wider of the two. */
  wideDetail?: boolean
}
export function Columns({ list, detail, detailLabel, first = 'list', wideDetail }: ColumnsProps) {
  if (!detail) return <div>{list}</div>
  return (
    <div class={cx('columns', wideDetail && 'wide-detail', first === 'detail' && 'detail-first')}>
      <div class="columns-list">{list}</div>
      <aside class="columns-detail" aria-label={detailLabel ?? 'Détail'}>
        {detail}
      </aside>
    </div>
  )
}

/** A paragraph whose French spaces are put right. */
export function P({ children, muted }: { children?: Child; muted?: boolean }) {
  return <p class={muted ? 'muted' : undefined}>{t(children)}</p>
}

/** One thing under another. */
export function Stack({ children, gap = 'normal' }: { children?: Child; gap?: 'tight' | 'normal' | 'loose' }) {
  return <div class={`stack ${gap}`}>{children}</div>
}
/** Things side by side that wrap. */
export function Cluster({ children, end }: { children?: Child; end?: boolean }) {
  return <div class={cx('cluster', end && 'end')}>{children}</div>
}
