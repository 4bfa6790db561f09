/** Draws the forms that fields.ts describes. Native controls, an error summary that leads to each field, values kept. */
import type { Child } from 'hono/jsx'
import type { Errors, FieldSpec, Option, Raw } from '../fields.ts'
import { Button } from './actions.tsx'
import { cx, slug, t } from './base.tsx'
import { frPhone } from './french.ts'
import { factsOf, type Language } from './languages.ts'
import { uiWords } from './words/index.ts'

/** Any form of fields.ts, whatever the types of its fields. */
export interface AnyForm {
  fields: Record<string, FieldSpec>
}

export interface FormViewProps {
  form: AnyForm
  action: string
  submit: string
  /** Idempotency key of this showing of the form, sent as `_key`. (`key` itself belongs to JSX.) */
  formKey: string
  raw?: Raw
  errors?: Errors
  hidden?: Record<string, string>
  legend?: string
  /** Options that come from the database, by field. */
  options?: Record<string, readonly Option[]>
  /** Addresses of the live searches, by `suggest` key; a key that starts with / is an address already. */
  suggest?: Record<string, string>
  /** Fields gathered under a title; the fields not named come first. */
  groups?: { legend: string; lead?: Child; fields: string[] }[]
  /** Stands between the fields and the button. */
  children?: Child
  danger?: boolean
  /** Beside the button: « Annuler », « Enregistrer le brouillon ». */
  secondary?: Child
  multipart?: boolean
  /** When a page holds several forms: keeps their ids apart. */
  id?: string
  /** The language of its words and of what it says of mistakes. */
  lang?: Language
}

export function FormView(p: FormViewProps) {
  const entries = Object.entries(p.form.fields)
  const grouped = new Set(p.groups?.flatMap(g => g.fields))
  const view = ([name, field]: [string, FieldSpec]) => (
    <FieldView
      name={name}
      field={field}
      raw={p.raw?.[name]}
      error={p.errors?.[name]}
      options={p.options?.[name]}
      suggestHref={field.suggest ? (p.suggest?.[field.suggest] ?? (field.suggest.startsWith('/') ? field.suggest : undefined)) : undefined}
      prefix={p.id}
      lang={p.lang}
    />
  )
  const fields = (
    <>
      {entries.filter(([name]) => !grouped.has(name)).map(view)}
      {p.groups?.map(g => (
        <fieldset class={cx('group', isShort(g.fields.map(name => p.form.fields[name])) && 'short')}>
          <legend>{t(g.legend)}</legend>
          {g.lead && <div class="hint">{t(g.lead)}</div>}
          {entries.filter(([name]) => g.fields.includes(name)).map(view)}
        </fieldset>
      ))}
    </>
  )
  return (
    <form
      method="post"
      action={p.action}
      class="form"
      id={p.id}
      novalidate
      enctype={p.multipart || entries.some(([, f]) => f.control === 'file') ? 'multipart/form-data' : undefined}
    >
      <ErrorSummary errors={p.errors} form={p.form} prefix={p.id} lang={p.lang} />
      <input type="hidden" name="_key" value={p.formKey} />
      {Object.entries(p.hidden ?? {}).map(([name, value]) => (
        <input type="hidden" name={name} value={value} />
      ))}
      {p.legend ? (
        <fieldset class="group">
          <legend>{t(p.legend)}</legend>
          {fields}
        </fieldset>
      ) : (
        fields
      )}
      {p.children}
      <div class="form-end">
        <Button kind={p.danger ? 'danger' : 'primary'}>{p.submit}</Button>
        {p.secondary}
      </div>
    </form>
  )
}

/** Several numbers, and words at most: the numbers stand two by two, the words on a line of their own. */
const isShort = (fields: (FieldSpec | undefined)[]) =>
  fields.filter(f => f?.control === 'number').length > 1 && fields.every(f => f && ['number', 'text', 'textarea'].includes(f.control))

export interface ErrorSummaryProps {
  errors?: Errors
  form?: AnyForm
  prefix?: string
  /** Refusals that belong to no field: a full list, a closed request. */
  general?: string[]
  lang?: Language
}
/** What went wrong, each line a link to its field. Takes the focus when the page opens. */
export function ErrorSummary({ errors = {}, form, prefix, general = [], lang }: ErrorSummaryProps) {
  const say = uiWords(lang)
  const names = form ? Object.keys(form.fields).filter(n => errors[n]) : []
  // The key `''` is the form as a whole: a full list, a slot just taken.
  const others = Object.keys(errors).filter(n => n !== '' && !names.includes(n))
  const ordered = [...names, ...others]
  const whole = errors[''] ? [errors[''], ...general] : general
  const total = ordered.length + whole.length
  if (total === 0) return null
  return (
    <div class="errors" role="alert" tabindex={-1} autofocus aria-labelledby={`${prefix ?? 'form'}-errors`}>
      <h2 id={`${prefix ?? 'form'}-errors`}>{ordered.length === 0 ? say('nothingKept') : say('errors', { n: ordered.length })}</h2>
      <ul>
        {whole.map(g => (
          <li>{t(g)}</li>
        ))}
        {ordered.map(name => {
          const visible = !form || (form.fields[name] && form.fields[name].control !== 'hidden')
          return <li>{visible ? <a href={`#${idOf(name, prefix)}`}>{t(errors[name])}</a> : t(errors[name])}</li>
        })}
      </ul>
    </div>
  )
}

export interface FieldViewProps {
  name: string
  field: FieldSpec
  raw?: readonly string[]
  error?: string
  options?: readonly Option[]
  suggestHref?: string
  prefix?: string
  lang?: Language
}

const idOf = (name: string, prefix?: string) => `${prefix ? `${slug(prefix)}-` : ''}f-${slug(name)}`

export function FieldView({ name, field, raw, error, options, suggestHref, prefix, lang }: FieldViewProps) {
  const say = uiWords(lang)
  const id = idOf(name, prefix)
  const value = raw?.[0] ?? ''
  if (field.control === 'hidden') return <input type="hidden" name={name} value={value} />

  const described = cx(field.hint && `${id}-hint`, error && `${id}-error`)
  const optional = !field.required && field.control !== 'checkboxes' && field.control !== 'checkbox'
  const label = (
    <>
      {t(field.label)}
      {optional && <span class="optional"> {say('optional')}</span>}
    </>
  )
  const help = (
    <>
      {field.hint && (
        <div class="hint" id={`${id}-hint`}>
          {t(field.hint)}
        </div>
      )}
      {error && (
        <div class="error" id={`${id}-error`}>
          <span class="away">{say('error')} </span>
          {t(error)}
        </div>
      )}
    </>
  )
  const list = options ?? field.options ?? []

  if (field.control === 'radio' || field.control === 'checkboxes') {
    const type = field.control === 'radio' ? 'radio' : 'checkbox'
    const short = list.length <= 3 && list.every(o => o.label.length <= 12 && !o.hint)
    return (
      <fieldset
        class={cx('field choice', error && 'wrong')}
        aria-describedby={described}
        {...(type === 'radio' && { role: 'radiogroup', 'aria-required': String(field.required), 'aria-invalid': String(Boolean(error)) })}
      >
        <legend>{label}</legend>
        {help}
        <div class={short ? 'options row' : 'options'}>
          {list.map((o, i) => {
            const oid = i === 0 ? id : `${id}-${i}`
            // The first option bears the id of the field: its hint is not the field's.
            const hint = `${id}-${i}-hint`
            return (
              <div class="option">
                <input
                  type={type}
                  id={oid}
                  name={name}
                  value={o.value}
                  checked={raw?.includes(o.value)}
                  aria-describedby={o.hint ? hint : undefined}
                />
                <label for={oid}>{t(o.label)}</label>
                {o.hint && (
                  <div class="hint" id={hint}>
                    {t(o.hint)}
                  </div>
                )}
              </div>
            )
          })}
        </div>
      </fieldset>
    )
  }

  const shared = {
    id,
    name,
    required: field.required || undefined,
    'aria-describedby': described,
    // Said, or the browser tells of a box nobody has filled in yet that it is wrong.
    'aria-invalid': error ? ('true' as const) : field.required ? ('false' as const) : undefined,
    autocomplete: field.autocomplete,
  }

  if (field.control === 'checkbox') {
    return (
      <div class={cx('field', error && 'wrong')}>
        {error && (
          <div class="error" id={`${id}-error`}>
            <span class="away">{say('error')} </span>
            {t(error)}
          </div>
        )}
        <div class="option">
          <input type="checkbox" {...shared} value="on" checked={value === 'on' || value === 'true'} />
          <label for={id}>{t(field.label)}</label>
          {field.hint && (
            <div class="hint" id={`${id}-hint`}>
              {t(field.hint)}
            </div>
          )}
        </div>
      </div>
    )
  }

  return (
    <div class={cx('field', error && 'wrong')}>
      <label for={id}>{label}</label>
      {help}
      <Box field={field} shared={shared} value={value} list={list} suggestHref={suggestHref} lang={lang} />
    </div>
  )
}

interface BoxProps {
  field: FieldSpec
  shared: Record<string, string | boolean | undefined>
  value: string
  list: readonly Option[]
  suggestHref?: string
  lang?: Language
}
function Box({ field, shared, value, list, suggestHref, lang }: BoxProps) {
  const say = uiWords(lang)
  // Digits and addresses are written from left to right whatever the page.
  const dir = lang && factsOf(lang).dir === 'rtl' && ['tel', 'email', 'date', 'number'].includes(field.control) ? 'ltr' : undefined
  switch (field.control) {
    case 'textarea':
      return (
        <textarea {...shared} maxlength={field.maxLength} rows={(field.maxLength ?? 0) <= 300 ? 3 : 5}>
          {value}
        </textarea>
      )
    case 'select':
      return (
        <select {...shared}>
          {(!field.required || value === '') && <option value="">{say(field.required ? 'choose' : 'noAnswer')}</option>}
          {list.map(o => (
            <option value={o.value} selected={o.value === value}>
              {t(o.label)}
            </option>
          ))}
        </select>
      )
    case 'file':
      return <input type="file" {...shared} accept={field.accept} />
    case 'date': {
      // A date box refuses to show what is not a day: a wrong answer stays visible in a text box.
      const iso = value === '' || /^\d{4}-\d{2}-\d{2}$/.test(value)
      return (
        <input
          type={iso ? 'date' : 'text'}
          {...shared}
          dir={dir}
          value={value}
          min={field.min}
          max={field.max}
          size={iso ? undefined : 12}
        />
      )
    }
    case 'number':
      return <input type="text" {...shared} value={value} inputmode={field.inputmode ?? 'numeric'} size={field.width ?? 8} />
    default:
      return (
        <input
          type={field.control === 'email' || field.control === 'tel' ? field.control : 'text'}
          {...shared}
          dir={dir}
          value={field.control === 'tel' ? frPhone(value) : value}
          inputmode={field.inputmode}
          maxlength={field.maxLength}
          size={field.width}
          data-suggest={suggestHref}
          spellcheck={field.control === 'email' ? false : undefined}
        />
      )
  }
}

/** Values from the database as a form shows them: absent stays empty, several stay several. */
export function rawOf(values: Record<string, unknown>): Raw {
  const raw: Raw = {}
  for (const [name, value] of Object.entries(values)) {
    if (value === null || value === undefined) continue
    raw[name] = (Array.isArray(value) ? value : [value]).map(v => (v === true ? 'on' : v === false ? '' : String(v)))
  }
  return raw
}
