/** The small pieces pages are made of: states, deadlines, stations, facts, points, timelines. */
import type { Child } from 'hono/jsx'
import { cx, Shape, type Tone, t } from './base.tsx'
import { frDate, frNumber, frTime, frUntil, type Instant } from './french.ts'
import type { Language } from './languages.ts'
import { uiWords } from './words/index.ts'

/** A state: a shape and a word. */
export function Tag({ tone = 'neutral', children }: { tone?: Tone; children?: Child }) {
  return (
    <span class={`tag tone-${tone}`}>
      <Shape tone={tone} />
      {t(children)}
    </span>
  )
}

const iso = (at: Instant) => (typeof at === 'string' && at.length === 10 ? at : new Date(at).toISOString())

/** « jusqu’à jeudi 14 h »; a triangle once passed, a half disc in the last 24 hours. */
export function Deadline({ at, now }: { at: Instant; now: Instant }) {
  const left = new Date(at).getTime() - new Date(now).getTime()
  const tone: Tone = left < 0 ? 'late' : left < 86_400_000 ? 'wait' : 'neutral'
  return (
    <time class={`deadline tone-${tone}`} datetime={iso(at)}>
      {tone !== 'neutral' && <Shape tone={tone} />}
      {frUntil(at, now)}
    </time>
  )
}

export interface Station {
  label: string
  at?: string
  state: 'done' | 'now' | 'todo' | 'stopped'
  detail?: Child
}
/** A way, station by station: one thread through knots. */
export function Stations({ steps, label, vertical, lang }: { steps: Station[]; label?: string; vertical?: boolean; lang?: Language }) {
  const say = uiWords(lang)
  const way = (
    <ol class={cx('stations', (vertical || steps.length > 7) && 'vertical')} aria-label={label ?? say('steps')}>
      {steps.map(s => (
        <li class={s.state} aria-current={s.state === 'now' ? 'step' : undefined}>
          <svg class="knot" viewBox="0 0 20 20" width="20" height="20" aria-hidden="true">
            {s.state === 'stopped' ? <rect x="3" y="3" width="14" height="14" rx="1" /> : <circle cx="10" cy="10" r="7" />}
            {s.state === 'done' && <path d="m6.6 10.2 2.3 2.3 4.5-4.9" />}
            {s.state === 'now' && <circle class="core" cx="10" cy="10" r="3" />}
            {s.state === 'stopped' && <path d="M6.5 10h7" />}
          </svg>
          <div class="station">
            <span class="station-label">
              {t(s.label)}
              <span class="away"> ({say(s.state)})</span>
            </span>
            {s.at && <span class="station-at">{t(s.at)}</span>}
            {s.detail && <div class="station-detail">{t(s.detail)}</div>}
          </div>
        </li>
      ))}
    </ol>
  )
  return <div class="way">{way}</div>
}

/** What has just happened, or what must be known before going on. */
export function Notice({ tone = 'neutral', title, children }: { tone?: Tone; title?: string; children?: Child }) {
  return (
    <div class={`notice tone-${tone}`}>
      <Shape tone={tone} />
      <div>
        {title && <p class="notice-title">{t(title)}</p>}
        {t(children)}
      </div>
    </div>
  )
}
/** The one thing to keep from a page: who does what by when. */
export function Callout({ title, children, action }: { title?: string; children?: Child; action?: Child }) {
  return (
    <div class="callout">
      {title && <p class="callout-title">{t(title)}</p>}
      <div class="stack tight">{t(children)}</div>
      {action && <div class="cluster">{action}</div>}
    </div>
  )
}
/** Nothing yet: says why, and what to do. */
export function Empty({ title, children, action }: { title: string; children?: Child; action?: Child }) {
  return (
    <div class="empty">
      <div class="empty-words">
        <p class="empty-title">{t(title)}</p>
        {children && <div>{t(children)}</div>}
        {action && <div class="cluster">{action}</div>}
      </div>
    </div>
  )
}

export interface Fact {
  label: string
  value: Child
  /** A small line under: its source, its date. */
  note?: Child
}
export function Facts({ items, columns = 1, lang }: { items: Fact[]; columns?: 1 | 2; lang?: Language }) {
  return (
    <dl class={cx('facts', columns === 2 && 'two')}>
      {items.map(f => (
        <div>
          <dt>{t(f.label)}</dt>
          <dd>
            {f.value === null || f.value === undefined || f.value === '' ? (
              <span class="muted">{uiWords(lang)('notGiven')}</span>
            ) : (
              t(f.value)
            )}
            {f.note && <div class="note">{t(f.note)}</div>}
          </dd>
        </div>
      ))}
    </dl>
  )
}

export interface StatProps {
  label: string
  value: number | string
  unit?: string
  detail?: Child
  /** The list of its proofs. */
  href?: string
  live?: string
}
export function Stat({ label, value, unit, detail, href, live }: StatProps) {
  return (
    <div class="stat">
      <p class="stat-label">{href ? <a href={href}>{t(label)}</a> : t(label)}</p>
      <p class="stat-value">
        <span data-live={live}>{typeof value === 'number' ? frNumber(value) : value}</span>
        {unit && <span class="stat-unit">{`\u00a0${unit}`}</span>}
      </p>
      {detail && <div class="stat-detail">{t(detail)}</div>}
    </div>
  )
}
/** Figures side by side, a thin line between. */
export function Stats({ children }: { children?: Child }) {
  return <div class="stats">{children}</div>
}

export function Disclosure({ summary, children, open }: { summary: string; children?: Child; open?: boolean }) {
  return (
    <details class="disclosure" open={open}>
      <summary>{t(summary)}</summary>
      <div class="disclosure-body">{t(children)}</div>
    </details>
  )
}

export interface PointsProps {
  lines: { label: Child; points: number; why?: Child }[]
  total: number
  totalLabel?: string
  unit?: [one: string, many: string]
}
/** How an order is made, line by line, like a bill. */
export function Points({ lines, total, totalLabel = 'Total', unit = ['point', 'points'] }: PointsProps) {
  const sign = (n: number) => (n > 0 ? `+\u202f${frNumber(n)}` : frNumber(n))
  const word = (n: number) => (Math.abs(n) < 2 ? unit[0] : unit[1])
  return (
    <table class="points">
      <caption class="away">Calcul ligne par ligne</caption>
      <tbody>
        {lines.map(l => (
          <tr>
            <th scope="row">
              {t(l.label)}
              {l.why && <div class="note">{t(l.why)}</div>}
            </th>
            <td class="num">
              {sign(l.points)}
              <span class="away"> {word(l.points)}</span>
            </td>
          </tr>
        ))}
      </tbody>
      <tfoot>
        <tr>
          <th scope="row">{t(totalLabel)}</th>
          <td class="num">
            {frNumber(total)}&nbsp;{word(total)}
          </td>
        </tr>
      </tfoot>
    </table>
  )
}

export interface TimelineEvent {
  at: Instant
  title: Child
  who?: string
  detail?: Child
  tone?: Tone
}
/** What happened, the latest first if the page says so. Days alone, or days and times. */
export function Timeline({ events, label, times = true }: { events: TimelineEvent[]; label?: string; times?: boolean }) {
  return (
    <ol class="timeline" aria-label={label ?? 'Historique'}>
      {events.map(e => (
        <li class={e.tone && `tone-${e.tone}`}>
          <time datetime={iso(e.at)}>
            {frDate(e.at)}
            {times && !(typeof e.at === 'string' && e.at.length === 10) && <span> {frTime(e.at)}</span>}
          </time>
          <div>
            <p class="timeline-title">{t(e.title)}</p>
            {e.who && <p class="muted">{t(e.who)}</p>}
            {e.detail && <div>{t(e.detail)}</div>}
          </div>
        </li>
      ))}
    </ol>
  )
}

export interface WaitingItem {
  label: string
  count: number
  href: string
  tone: Tone
  due?: string
  live?: string
}
/** What waits for me, ordered by clock. */
export function WaitingForMe({ items, title = 'Ce qui vous attend' }: { items: WaitingItem[]; title?: string }) {
  return (
    <section class="waiting" aria-labelledby="waiting-h">
      <h2 id="waiting-h">{t(title)}</h2>
      {items.length === 0 ? (
        <p class="muted">Rien ne vous attend pour le moment.</p>
      ) : (
        <ol>
          {items.map(i => (
            <li class={`tone-${i.tone}`}>
              <a href={i.href}>
                <span class="waiting-count" data-live={i.live}>
                  {frNumber(i.count)}
                </span>
                <span class="waiting-label">{t(i.label)}</span>
              </a>
              {i.due && (
                <span class="waiting-due">
                  <Shape tone={i.tone} />
                  {t(i.due)}
                </span>
              )}
            </li>
          ))}
        </ol>
      )}
    </section>
  )
}
