/** The minutes of a review: the text as it is signed, who signed it, and signing. */
import { audit } from '#platform/audit.ts'
import { notFound } from '#platform/errors.ts'
import { action, type Ctx, download, type Outcome, page, type Refused } from '#platform/page.ts'
import {
  Cluster,
  DataTable,
  Empty,
  Facts,
  FormView,
  frDate,
  frDateTime,
  frEuros,
  LinkButton,
  Notice,
  P,
  PageTitle,
  rawOf,
  Section,
  Stack,
  Tag,
  typo,
} from '#platform/ui/index.ts'
import { signForm } from '../fields.ts'
import {
  definitionOf,
  type Minutes,
  minutesFile,
  missionLabel,
  type Party,
  parties,
  partyNames,
  rateText,
  reviewState,
  weightText,
} from '../rules.ts'
import { minutesOf, type Review, type Signature, signaturesOf, signMinutes, type WrittenMinutes } from '../store.ts'
import { backToReview, loadReview, partyOf, ratioText, reviewHref, signers } from './review-words.tsx'
import { mayWrite, readers } from './words.tsx'

const frWords = (m: Minutes) => `${m.community}, année ${m.year} du contrat, réunion du ${frDate(m.heldOn)}`

export const minutesPage = page({
  path: '/c/:cpts/contrat/dialogues/:id/compte-rendu',
  title: 'Compte rendu du dialogue de gestion',
  access: readers,
  async show(ctx, refused) {
    const r = await loadReview(ctx, ctx.params.id)
    const written = await minutesOf(ctx.tx, r.id)
    const write = mayWrite(ctx) && r.openedAt !== null && r.signedAt === null
    if (!written)
      return (
        <>
          <PageTitle title="Compte rendu" back={backToReview(ctx, r)} />
          <Empty
            title="Le compte rendu n’est pas encore écrit"
            action={write && <LinkButton href={reviewHref(ctx, r.id, '/compte-rendu/ecrire')}>Écrire le compte rendu</LinkButton>}
          >
            {r.openedAt
              ? 'La coordination l’écrit après la réunion ; chaque partie le signe ensuite.'
              : 'La salle n’est pas encore ouverte aux financeurs.'}
          </Empty>
        </>
      )
    const signed = await signaturesOf(ctx.tx, r.id)
    return (
      <>
        <PageTitle
          title="Compte rendu du dialogue de gestion"
          back={backToReview(ctx, r)}
          lead={`${frWords(written.minutes)}. Version ${written.no}, écrite le ${frDate(written.at)} par ${written.by}.`}
          actions={
            <>
              {write && <LinkButton href={reviewHref(ctx, r.id, '/compte-rendu/ecrire')}>Écrire une nouvelle version</LinkButton>}
              <LinkButton href={reviewHref(ctx, r.id, '/compte-rendu/texte')} kind="quiet" download>
                Texte signé (TXT)
              </LinkButton>
            </>
          }
        />
        <Body minutes={written.minutes} />
        <Signatures ctx={ctx} r={r} written={written} signed={signed} />
        <Sign ctx={ctx} r={r} written={written} signed={signed} refused={refused} />
      </>
    )
  },
})

function Body({ minutes: m }: { minutes: Minutes }) {
  return (
    <>
      <Section title="Participants">
        <Facts
          columns={2}
          items={[
            ...parties.map(p => ({ label: `Signe pour : ${partyNames[p]}`, value: m.signatories[p] })),
            { label: 'Autres participants', value: m.others.length ? m.others.map(o => <p>{typo(o)}</p>) : 'Aucun' },
          ]}
        />
      </Section>
      {m.said && (
        <Section title="Ce qui a été dit">
          {m.said.split(/\n+/).map(line => (
            <P>{line}</P>
          ))}
        </Section>
      )}
      <Section title="Part variable arrêtée" count={m.decisions.length || undefined}>
        {m.decisions.length === 0 ? (
          <P muted>Rien n’est arrêté : le calcul des indicateurs vaut.</P>
        ) : (
          <DataTable
            caption="Montants arrêtés, par mission"
            captionHidden
            rows={m.decisions}
            columns={[
              { key: 'mission', label: 'Mission', cell: d => missionLabel(d.mission) },
              { key: 'cents', label: 'Arrêté', numeric: true, cell: d => frEuros(d.cents) },
              { key: 'rate', label: 'Soit', cell: d => typo(rateText(d)) },
              { key: 'computed', label: 'Calcul des indicateurs', numeric: true, cell: d => frEuros(d.computed) },
              { key: 'reason', label: 'Motif', cell: d => d.reason },
            ]}
            total={{
              cents: frEuros(m.decisions.reduce((n, d) => n + d.cents, 0)),
              computed: frEuros(m.decisions.reduce((n, d) => n + d.computed, 0)),
            }}
          />
        )}
      </Section>
      <Section title="Objectifs de l’année suivante" count={m.next.length || undefined}>
        {m.next.length === 0 ? (
          <P muted>Cibles et poids restent ceux de cette année.</P>
        ) : (
          <DataTable
            caption="Cibles et poids de l’année suivante"
            captionHidden
            rows={m.next}
            columns={[
              { key: 'code', label: 'Indicateur', cell: n => definitionOf(n.code)?.name ?? n.code },
              {
                key: 'target',
                label: 'Cible',
                cell: n => (definitionOf(n.code) ? ratioText(definitionOf(n.code)!, n.target) : '') || 'inchangée',
              },
              { key: 'weight', label: 'Poids', numeric: true, cell: n => (n.weight === null ? 'inchangé' : typo(weightText(n.weight))) },
            ]}
          />
        )}
      </Section>
      <Section title="Engagements" count={m.commitments.length || undefined}>
        {m.commitments.length === 0 ? (
          <P muted>Aucun engagement n’est pris.</P>
        ) : (
          <DataTable
            caption="Engagements pris"
            captionHidden
            rows={m.commitments}
            columns={[
              { key: 'what', label: 'Engagement' },
              { key: 'owner', label: 'Qui s’en charge' },
              { key: 'by', label: 'Avant le', tight: true, cell: c => frDate(c.by) },
            ]}
          />
        )}
      </Section>
    </>
  )
}

interface SignedProps {
  ctx: Ctx
  r: Review
  written: WrittenMinutes
  signed: Signature[]
}
function Signatures({ ctx, r, written, signed }: SignedProps) {
  const of = (p: Party) => signed.find(s => s.party === p)
  return (
    <Section title="Signatures" count={signed.length}>
      <Stack gap="loose">
        <DataTable
          caption="Signatures des trois parties"
          captionHidden
          rows={parties.map(party => ({ party }))}
          columns={[
            { key: 'party', label: 'Partie', cell: x => partyNames[x.party] },
            { key: 'who', label: 'Signataire', cell: x => of(x.party)?.by ?? r.signatories[x.party].name },
            {
              key: 'at',
              label: 'Signé',
              cell: x => {
                const s = of(x.party)
                return s ? (
                  <>
                    <Tag tone="ok">Signé</Tag> {frDateTime(s.at)}
                  </>
                ) : (
                  <Tag tone="wait">Attendu</Tag>
                )
              },
            },
            { key: 'hash', label: 'Empreinte signée', cell: x => <code>{of(x.party)?.sha256.slice(0, 16) ?? ''}</code> },
          ]}
        />
        <Facts
          items={[
            { label: 'Empreinte du texte (SHA-256)', value: <code>{written.sha256}</code> },
            { label: 'Empreinte des chiffres examinés', value: <code>{written.minutes.figures}</code> },
          ]}
        />
        {r.proofId && (
          <Cluster>
            <a href={`${ctx.home}/contrat/preuves/${r.proofId}`}>La preuve au registre</a>
            <a href={`${ctx.home}/contrat/argent?annee=${r.year}`}>Argent de l’année {r.year}</a>
          </Cluster>
        )}
      </Stack>
    </Section>
  )
}
function Sign({ ctx, r, written, signed, refused }: SignedProps & { refused?: Refused }) {
  const party = partyOf(ctx, r)
  if (!party || reviewState(r) !== 'written' || signed.some(s => s.party === party))
    return refused?.errors[''] ? <Notice tone="late" title={refused.errors['']} /> : null
  return (
    <Section
      title={`Signer pour : ${partyNames[party]}`}
      lead="Votre signature porte sur ce texte exactement ; une nouvelle version serait à signer de nouveau."
    >
      <FormView
        form={signForm}
        action={reviewHref(ctx, r.id, '/compte-rendu/signer')}
        submit="Signer le compte rendu"
        formKey={ctx.key()}
        id="signer"
        raw={rawOf({ sha256: written.sha256 })}
        errors={refused?.errors}
      />
    </Section>
  )
}

export const signAction = action({
  path: '/c/:cpts/contrat/dialogues/:id/compte-rendu/signer',
  access: signers,
  form: signForm,
  from: minutesPage,
  async submit(ctx, input): Promise<Outcome> {
    const r = await loadReview(ctx, ctx.params.id)
    const party = partyOf(ctx, r)
    if (!party)
      return { errors: { '': 'Vous n’êtes pas parmi les trois signataires de ce dialogue. La coordination peut vous y inscrire.' } }
    const done = await signMinutes(ctx.tx, ctx, r, party, input.sha256)
    if (done === 'overtaken')
      return {
        errors: {
          '': 'Ce texte n’est plus celui à signer : une nouvelle version a été écrite, ou vous l’avez déjà signé. Relisez celui de cette page.',
        },
      }
    return {
      to: reviewHref(ctx, r.id, '/compte-rendu'),
      notice:
        done === 'all-signed'
          ? 'Les trois parties ont signé : le compte rendu est une preuve au registre, et ses montants valent dans Argent.'
          : 'Votre signature est enregistrée.',
    }
  },
})

export const minutesDownload = download({
  path: '/c/:cpts/contrat/dialogues/:id/compte-rendu/texte',
  title: 'Texte signé du compte rendu (TXT)',
  access: readers,
  async respond(ctx) {
    const r = await loadReview(ctx, ctx.params.id)
    const written = await minutesOf(ctx.tx, r.id)
    if (!written) throw notFound()
    await audit(ctx.tx, ctx, { action: 'review.minutes-read', subject: { kind: 'review', id: r.id } })
    return { name: minutesFile(r.year, written.no), type: 'text/plain; charset=utf-8', body: written.words, sandbox: true }
  },
})
