/** The demonstration only: becoming somebody in one click, and the mailbox where every message can be read. */
import { open } from '#platform/access.ts'
import { audit } from '#platform/audit.ts'
import type { Tx } from '#platform/db/types.ts'
import { notFound } from '#platform/errors.ts'
import { mintLink } from '#platform/links.ts'
import { type AnyPage, action, type Ctx, type NavItem, page } from '#platform/page.ts'
import { Count, Empty, Filters, frDateTime, LinkButton, PageTitle, Tag, typo } from '#platform/ui/index.ts'
import { emptyForm, personaForm } from '../fields.ts'
import { type Letter, letters, listMembersByRole, recipients } from '../store.ts'
import { desksOf } from './home.tsx'

const SHOWN = 50

/** A community of the demonstration, or nothing is here. */
function demoOnly(ctx: Ctx) {
  if (!ctx.cpts.demo) throw notFound()
}

export function demoRoutes(home: AnyPage, nav: () => readonly NavItem[], followed: (tx: Tx) => Promise<string | null>) {
  const persona = action({
    path: '/c/:cpts/demo/persona',
    access: open,
    form: personaForm,
    from: home,
    async submit(ctx, { role }) {
      demoOnly(ctx)
      const [member] = await listMembersByRole(ctx.tx, role)
      if (!member) throw notFound()
      const who = {
        kind: 'member',
        membershipId: member.id,
        personId: member.personId,
        name: member.name,
        roles: member.roles,
        rpps: member.rpps,
      } as const
      await audit(
        ctx.tx,
        { ...ctx, who },
        { action: 'session.open', subject: { kind: 'membership', id: member.id }, detail: { persona: role } },
      )
      const desk = desksOf({ ...ctx, who }, nav())[0]?.href
      return { to: desk ?? ctx.home, notice: `Vous êtes maintenant ${member.name}.`, signIn: member.personId }
    },
  })

  /** The patient has no account: a tracking link, like the one a message would bring. */
  const patient = action({
    path: '/c/:cpts/demo/patient',
    access: open,
    form: emptyForm,
    from: home,
    async submit(ctx) {
      demoOnly(ctx)
      const subjectId = await followed(ctx.tx)
      if (!subjectId) return { to: `${ctx.home}/suivi` }
      const expiresAt = new Date(ctx.now.getTime() + 3600_000)
      const token = await mintLink(ctx.tx, { purpose: 'tracking', subjectId, now: ctx.now, expiresAt })
      return { to: `${ctx.home}/suivi/${token}` }
    },
  })

  const mailbox = page({
    path: '/c/:cpts/demo/messagerie',
    title: 'Boîte aux lettres',
    access: open,
    async show(ctx) {
      demoOnly(ctx)
      const to = ctx.query.get('a')
      const people = await recipients(ctx.tx, 12)
      const found = await letters(ctx.tx, to, SHOWN)
      const here = `${ctx.home}/demo/messagerie`
      const total = people.reduce((n, p) => n + p.n, 0)
      return (
        <>
          <PageTitle
            title="Boîte aux lettres"
            count={found.count}
            lead="Les messages que Trame a envoyés, tous destinataires confondus. En service réel, chacun ne reçoit que les siens."
            back={{ label: ctx.cpts.name, href: ctx.home }}
            actions={
              <LinkButton kind="quiet" href="/#personnages">
                Changer de personnage
              </LinkButton>
            }
          />
          {people.length > 0 && (
            <Filters
              label="Destinataires"
              chips={[
                { label: 'Tous', href: here, on: !to, count: people.length < 12 ? total : undefined },
                ...people.map(p => ({
                  label: p.label,
                  href: `${here}?a=${encodeURIComponent(p.recipient)}`,
                  on: p.recipient === to,
                  count: p.n,
                })),
              ]}
            />
          )}
          {found.letters.length === 0 ? (
            <Empty title="Aucun message pour le moment">
              Demandez un lien de connexion, ou envoyez une proposition à un médecin : le message arrive ici.
            </Empty>
          ) : (
            <>
              <Count n={found.letters.length} of={found.count} one="message" many="messages" />
              {found.letters.map(l => (
                <LetterView letter={l} origin={ctx.baseUrl} />
              ))}
            </>
          )}
        </>
      )
    },
  })
  return [persona, patient, mailbox]
}

const states = { waiting: ['wait', 'En attente de départ'], sent: ['ok', 'Envoyé'], failed: ['stop', 'Non remis'] } as const

function LetterView({ letter, origin }: { letter: Letter; origin: string }) {
  const [tone, word] = states[letter.state]
  return (
    <article class="section letter" aria-labelledby={`l-${letter.id}`}>
      <div class="title-row">
        <h2 id={`l-${letter.id}`}>{typo(letter.subject)}</h2>
        <Tag tone={tone}>{word}</Tag>
      </div>
      <p class="muted">
        À {letter.label} ({letter.recipient}), le <time datetime={letter.at.toISOString()}>{frDateTime(letter.at)}</time>
      </p>
      <Body text={letter.body} origin={origin} />
    </article>
  )
}

/** Plain text as paragraphs; only addresses of this very server become links. */
function Body({ text, origin }: { text: string | null; origin: string }) {
  if (text === null) return <p class="muted">Texte effacé après l’envoi.</p>
  return (
    <>
      {text
        .trim()
        .split(/\n{2,}/)
        .map(paragraph => (
          <p>
            {paragraph.split('\n').map((line, i) => (
              <>
                {i > 0 && <br />}
                {linked(line, origin).map(part => (part.href ? <a href={part.href}>{part.text}</a> : typo(part.text)))}
              </>
            ))}
          </p>
        ))}
    </>
  )
}
export function linked(line: string, origin: string): { text: string; href?: string }[] {
  return line.split(/(https?:\/\/[^\s<>"]+)/).map(text => (isOurs(text, origin) ? { text, href: text } : { text }))
}
const isOurs = (text: string, origin: string) => URL.canParse(text) && new URL(text).origin === new URL(origin).origin
