/** The life of the contract: where it stands, what has a clock, what happened, under which terms. */

import { territorySize } from '#areas/territory/index.ts'
import { sizeRanges } from '#domain/size.ts'
import { fileLabel } from '#platform/files.ts'
import { type Ctx, page } from '#platform/page.ts'
import {
  Cluster,
  Columns,
  DataTable,
  Empty,
  Facts,
  frDate,
  frList,
  LinkButton,
  P,
  PageTitle,
  Section,
  type Station,
  Stations,
  Tag,
  WaitingForMe,
  type WaitingItem,
} from '#platform/ui/index.ts'
import { agreements, alertsOf, type Life, lifeOf, missionLabel, type Terms } from '../rules.ts'
import { holding, type Recorded, recordedSteps } from '../store.ts'
import { reviewWaiting } from './review-words.tsx'
import { ContractTimeline } from './timeline.tsx'
import { alertText, awayText, eventWords, mayWrite, partyWords, phaseWords, readers, Tabs } from './words.tsx'

export const lifePage = page({
  path: '/c/:cpts/contrat',
  title: 'Contrat',
  access: readers,
  async show(ctx) {
    const steps = await recordedSteps(ctx.tx)
    const life = lifeOf(holding(steps), ctx.today)
    const write = mayWrite(ctx)
    return (
      <>
        <PageTitle
          title={`Contrat : ${phaseWords[life.phase]}`}
          lead={leadText(life)}
          actions={
            write &&
            steps.length > 0 && (
              <>
                <LinkButton href={`${ctx.home}/contrat/etape`} kind="primary">
                  Enregistrer une étape
                </LinkButton>
                <LinkButton href={`${ctx.home}/contrat/termes`}>Contrat, avenant, renouvellement</LinkButton>
              </>
            )
          }
        />
        <Tabs ctx={ctx} at="/contrat" />
        {steps.length === 0 ? <Nothing ctx={ctx} write={write} /> : <Whole ctx={ctx} steps={steps} life={life} write={write} />}
      </>
    )
  },
})

function Nothing({ ctx, write }: { ctx: Ctx; write: boolean }) {
  return (
    <Empty
      title="Aucune étape n’est enregistrée"
      action={
        write && (
          <Cluster>
            <LinkButton href={`${ctx.home}/contrat/termes`} kind="primary">
              Le contrat est déjà signé
            </LinkButton>
            <LinkButton href={`${ctx.home}/contrat/etape`}>Commencer par la lettre d’intention</LinkButton>
          </Cluster>
        )
      }
    >
      {write
        ? 'Enregistrez la signature, ou les étapes qui la précèdent : les dates limites des missions et l’échéance en découlent.'
        : 'La coordination n’a pas encore enregistré le contrat.'}
    </Empty>
  )
}

function leadText(life: Life): string {
  if (life.period && life.terms)
    return `Du ${frDate(life.period.from)} au ${frDate(life.period.to)}, taille ${life.terms.size}, avec ${life.terms.missions.length} missions.`
  if (life.validation)
    return `Projet de santé validé le ${frDate(life.validation.day)}${life.validation.tacit ? ', tacitement' : ''} : le contrat peut être signé.`
  if (life.tacitOn) return `Sans opposition de l’ARS, le projet de santé sera validé le ${frDate(life.tacitOn)}.`
  return 'Le contrat lie la CPTS, l’Assurance maladie et l’ARS pour cinq ans.'
}

interface Shown {
  ctx: Ctx
  steps: Recorded[]
  life: Life
  write: boolean
}
function Whole({ ctx, steps, life, write }: Shown) {
  const held = holding(steps)
  return (
    <>
      <Stations label="Vie du contrat" steps={stationsOf(life, held, ctx.today)} />
      <Columns
        first="detail"
        list={<ContractTimeline life={life} first={held[0]?.day ?? ctx.today} today={ctx.today} />}
        detail={alertsOf(life, ctx.today).length > 0 && <Waiting ctx={ctx} life={life} write={write} />}
        detailLabel="Échéances"
      />
      {life.terms && <TermsNow ctx={ctx} life={life} terms={life.terms} steps={held} />}
      <History ctx={ctx} steps={steps} write={write} />
    </>
  )
}

async function Waiting({ ctx, life, write }: Pick<Shown, 'ctx' | 'life' | 'write'>) {
  const href = (kind: string, mission: string | null) =>
    !write
      ? `${ctx.home}/contrat`
      : mission
        ? `${ctx.home}/contrat/etape?etape=${kind}&mission=${mission}`
        : `${ctx.home}/contrat/${kind === 'end' ? 'termes' : 'etape'}`
  return (
    <WaitingForMe
      title={write ? 'Ce qui vous attend' : 'Ce qui a une échéance'}
      items={lateFirst([
        ...(await reviewWaiting(ctx)),
        ...alertsOf(life, ctx.today).map(a => ({
          label: alertText(a),
          count: Math.abs(a.left),
          href: href(a.kind, a.mission),
          tone: a.tone,
          due: awayText(a.left),
        })),
      ])}
    />
  )
}

const lateFirst = (items: WaitingItem[]) => [...items.filter(i => i.tone === 'late'), ...items.filter(i => i.tone !== 'late')]

function stationsOf(life: Life, held: readonly Recorded[], today: string): Station[] {
  const on = (kind: Recorded['kind']) => held.findLast(e => e.kind === kind)?.day
  const [letter, project, signed] = [on('letter'), on('project'), life.periods[0]?.from]
  const over = life.phase === 'expired' || life.phase === 'terminated'
  const deployed = life.missions.length > 0 && life.missions.every(m => m.deployed)
  const station = (label: string, day: string | undefined, done: boolean, now: boolean): Station => ({
    label,
    at: day && frDate(day),
    state: done ? 'done' : now ? 'now' : 'todo',
  })
  return [
    station('Lettre d’intention', letter, Boolean(letter || project || signed), true),
    station('Projet de santé', project, Boolean(project || signed), Boolean(letter)),
    life.phase === 'opposed'
      ? { label: 'Opposition', state: 'stopped' }
      : {
          ...station('Validation', life.validation?.day, Boolean(life.validation || signed), Boolean(project)),
          detail: life.validation?.tacit && 'Tacite',
        },
    station('Signature', signed, Boolean(signed), Boolean(life.validation)),
    station('Déploiement', undefined, deployed, Boolean(signed) && !over),
    station('Régime établi', undefined, deployed && over, deployed),
    life.period && life.period.to <= today
      ? { label: life.period.terminated ? 'Résiliation' : 'Échéance', at: frDate(life.period.to), state: 'stopped' }
      : station('Échéance', life.period?.to, false, false),
  ]
}

async function TermsNow({ ctx, life, terms, steps }: Pick<Shown, 'ctx' | 'life' | 'steps'> & { terms: Terms }) {
  const territory = await territorySize(ctx.tx)
  const signed = steps.findLast(s => s.signatories.length > 0)
  const agreedBy = steps.findLast(s => s.terms?.fromDay === terms.fromDay)
  const differs = territory.deduced !== null && territory.deduced !== terms.size
  return (
    <Section
      title="Ce que dit le contrat"
      actions={
        agreedBy && (
          <>
            <LinkButton href={`${ctx.home}/contrat/annexe/${agreedBy.id}`} small>
              Annexe financière
            </LinkButton>
            <LinkButton href={`${ctx.home}/contrat/confirmations`} small>
              Règles de versement
            </LinkButton>
          </>
        )
      }
    >
      <Facts
        columns={2}
        items={[
          { label: 'Texte national', value: agreements[terms.agreement], note: `Depuis le ${frDate(terms.fromDay)}` },
          {
            label: 'Taille',
            value: `Taille ${terms.size}`,
            note:
              terms.sizeReason ??
              (differs ? `La population du territoire donnerait la taille ${territory.deduced}` : sizeRanges[terms.size]),
          },
          { label: 'Durée', value: `${terms.years} ans`, note: life.period && `Jusqu’au ${frDate(life.period.to)}` },
          { label: 'Compensation des soins non programmés', value: terms.snpCompensation ? 'Prévue' : 'Non prévue' },
          { label: 'Missions', value: frList(terms.missions.map(missionLabel)) },
          { label: 'Signataires', value: signed && frList(signed.signatories.map(s => `${s.name} (${partyWords[s.party]})`)) },
        ]}
      />
    </Section>
  )
}

function History({ ctx, steps, write }: Pick<Shown, 'ctx' | 'steps' | 'write'>) {
  return (
    <Section title="Étapes enregistrées" count={steps.length}>
      <DataTable
        caption="Étapes du contrat, la plus récente d’abord"
        captionHidden
        rows={[...steps].reverse()}
        columns={[
          { key: 'kind', label: 'Étape', cell: s => `${eventWords[s.kind]}${s.mission ? ` : ${missionLabel(s.mission)}` : ''}` },
          { key: 'day', label: 'Date', tight: true, cell: s => frDate(s.day) },
          { key: 'note', label: 'À savoir', cell: s => <About s={s} /> },
          {
            key: 'file',
            label: 'Document',
            cell: s =>
              s.file && (
                <a href={`${ctx.home}/contrat/pieces/${s.file.id}`} download>
                  {s.file.name} ({fileLabel(s.file.type)})
                </a>
              ),
          },
          ...(write ? [{ key: 'act', label: 'Erreur ?', cell: (s: Recorded) => <Withdraw ctx={ctx} s={s} /> }] : []),
        ]}
      />
    </Section>
  )
}

function About({ s }: { s: Recorded }) {
  return (
    <>
      {s.withdrawn && <Tag tone="stop">Retirée</Tag>}
      {s.withdrawn && <P>{`Par ${s.withdrawn.by} : ${s.withdrawn.reason}`}</P>}
      {s.terms && (
        <P>{`${agreements[s.terms.agreement]}, taille ${s.terms.size}, ${s.terms.years} ans, effet le ${frDate(s.terms.fromDay)}.`}</P>
      )}
      {s.note && <P>{s.note}</P>}
      <div class="note">{`Noté par ${s.by}, le ${frDate(s.at)}`}</div>
    </>
  )
}
function Withdraw({ ctx, s }: { ctx: Ctx; s: Recorded }) {
  if (s.withdrawn) return null
  return (
    <a href={`${ctx.home}/contrat/etape/${s.id}/retirer`}>
      Retirer
      <span class="away">
        {' '}
        {eventWords[s.kind]}, {frDate(s.day)}
      </span>
    </a>
  )
}
