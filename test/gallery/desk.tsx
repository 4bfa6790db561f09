/** The coordinator's desk: list beside detail, the day with its charts, nothing to do, a form and its faults. */
import type { Child } from 'hono/jsx'
import * as ui from '#platform/ui/index.ts'
import { communeOptions, Desk, faulty, groups, key, nav, points } from './around.tsx'
import { communes, demand, doctors, now, type Request, requestForm, requests, threads } from './data.ts'

const columns: ui.Column<Request>[] = [
  { key: 'name', label: 'Personne', sortHref: '?tri=nom' },
  { key: 'age', label: 'Âge', numeric: true, sortHref: '?tri=age' },
  { key: 'commune', label: 'Commune' },
  { key: 'reason', label: 'Situation' },
  { key: 'state', label: 'État', cell: r => <ui.Tag tone={r.tone}>{r.state}</ui.Tag> },
  { key: 'points', label: 'Points', numeric: true, sorted: 'desc', sortHref: '?tri=points' },
  { key: 'at', label: 'Reçue', tight: true, cell: r => ui.frDate(r.at) },
]
const waiting: ui.WaitingItem[] = [
  { label: 'Dr Martin n’a pas répondu pour deux patients', count: 2, href: '#', tone: 'late', due: 'délai passé hier à 18 h' },
  { label: 'personnes à rappeler', count: 5, href: '#', tone: 'wait', due: 'jusqu’à aujourd’hui 17 h' },
  { label: 'demandes à qualifier', count: 12, href: '#', tone: 'neutral', due: 'jusqu’à jeudi 12 h', live: 'qualify' },
  { label: 'justificatifs à relire', count: 4, href: '#', tone: 'neutral', due: 'avant le 15 décembre' },
]
const filters = (
  <ui.Filters
    chips={[
      { label: 'Toutes', href: '?', on: true, count: 128 },
      { label: 'À qualifier', href: '?e=1', on: false, count: 12 },
      { label: 'Sans réponse', href: '?e=2', on: false, count: 9 },
      { label: 'ALD', href: '?e=3', on: false, count: 57 },
      { label: 'Plus de 70 ans', href: '?e=4', on: false, count: 31 },
    ]}
    search={{ name: 'q', placeholder: 'Nom ou commune' }}
    exports={[
      { label: 'Tableur (XLSX)', href: '#' },
      { label: 'Texte (CSV)', href: '#' },
    ]}
  />
)
export const desk: Record<string, Child> = {
  'bureau-liste': (
    <Desk title="Demandes" demo notice={{ text: 'Demande de Mme Bernard proposée. Le Dr Martin a jusqu’à jeudi 14 h pour répondre.' }}>
      <ui.PageTitle
        title="Demandes"
        count={128}
        actions={
          <>
            <ui.LinkButton href="#" kind="secondary">
              Importer une liste
            </ui.LinkButton>
            <ui.LinkButton href="#" kind="primary">
              Nouvelle demande
            </ui.LinkButton>
          </>
        }
      />
      {filters}
      <ui.Columns
        list={
          <>
            <ui.DataTable
              caption="Demandes, par points"
              captionHidden
              columns={columns.filter(c => c.key !== 'reason')}
              rows={requests}
              rowId={r => r.id}
              rowHref={r => `#${r.id}`}
              current={r => r.id === 'r3'}
              select={{ name: 'id', value: r => r.id, label: r => r.name, form: 'batch', checked: r => r.id === 'r5' }}
            />
            <ui.Pager page={3} pages={13} hrefFor={n => `?page=${n}`} />
          </>
        }
        detail={
          <ui.Stack>
            <h2>Le Goff-Marchand Jean-Baptiste</h2>
            <ui.Cluster>
              <ui.Tag tone="wait">Proposée</ui.Tag>
              <ui.Deadline at="2026-11-26T13:00:00Z" now={now} />
            </ui.Cluster>
            <ui.Facts
              items={[
                { label: 'Né le', value: '14/02/1959', note: '67 ans' },
                { label: 'Commune', value: 'Verrières-le-Buisson' },
                { label: 'Téléphone', value: ui.frPhone('+33612345678') },
                { label: 'Ancien médecin', value: null },
              ]}
            />
            <h3>Pourquoi 118 points</h3>
            {points}
            <ui.Cluster>
              <ui.Dialog id="close" title="Clore la demande ?" href="#" open="Clore" kind="secondary" small>
                <p>La personne recevra un courrier qui dit pourquoi et comment revenir.</p>
              </ui.Dialog>
              <ui.LinkButton href="#" kind="primary" small>
                Rappeler le Dr Martin
              </ui.LinkButton>
            </ui.Cluster>
          </ui.Stack>
        }
      />
    </Desk>
  ),
  'bureau-jour': (
    <Desk title="Aujourd’hui" nav={nav('Aujourd’hui')}>
      <ui.PageTitle title="Mardi 24 novembre" lead="128 personnes attendent un médecin traitant ; 14 de moins que lundi dernier." />
      <ui.Columns
        list={
          <>
            <ui.Stats>
              <ui.Stat label="Attendent un médecin" value={128} detail="57 en ALD" href="#" live="requests" />
              <ui.Stat label="Attente médiane" value={23} unit="jours" detail="31 en octobre" href="#" />
              <ui.Stat label="Médecins déclarés cette année" value={1204} detail="objectif du contrat : 1 500" href="#" />
              <ui.Stat label="Places ce mois-ci" value={20} detail="6 médecins sur 41" href="#" />
            </ui.Stats>
            <ui.TerritoryMap
              title="La moitié des demandes vient de Massy et de Palaiseau ; six communes n’ont aucun médecin"
              communes={communes}
              demand={demand}
              doctors={doctors}
              threads={threads}
              source="Demandes ouvertes au 24/11/2026 et plan du jour. Contours approchés."
            />
            <ui.Bars
              title="Le contrat 2026 a rapporté 61 % de ce qui est attendu"
              parts={['Versé', 'Acquis, à verser', 'Attendu']}
              unit="euros"
              format={n => ui.frEuros(n * 100)}
              rows={[
                { label: 'Fonctionnement', values: [75000, 0, 0] },
                { label: 'Accès au médecin traitant', values: [32000, 18000, 30000], href: '#' },
                { label: 'Soins non programmés', values: [12000, 9500, 33500], href: '#' },
                { label: 'Parcours', values: [0, 14000, 36000] },
                { label: 'Prévention', values: [8000, 0, 12000] },
              ]}
              source="Montants saisis d’après le contrat signé le 14/12/2020 et ses avenants."
            />
            <ui.Histogram
              title="Une personne sur cinq attend depuis plus de deux mois"
              unit="personnes"
              axis="Jours d’attente"
              buckets={[
                { label: '0 à 7', count: 21 },
                { label: '8 à 15', count: 34 },
                { label: '16 à 30', count: 29 },
                { label: '31 à 60', count: 18 },
                { label: '61 à 90', count: 15, mark: true },
                { label: 'plus de 90', count: 11, mark: true },
              ]}
            />
          </>
        }
        first="detail"
        detailLabel="Ce qui vous attend"
        detail={<ui.WaitingForMe items={waiting} />}
      />
    </Desk>
  ),
  'bureau-vide': (
    <Desk title="Propositions" nav={nav('Propositions')}>
      <ui.PageTitle title="Propositions" count={0} />
      <ui.DataTable
        caption="Propositions"
        columns={columns}
        rows={[]}
        empty={{
          title: 'Aucune proposition n’attend de réponse',
          children: 'Le prochain plan se prépare jeudi à 12 h. Vous pouvez aussi proposer une demande à la main.',
          action: <ui.LinkButton href="#">Voir les demandes</ui.LinkButton>,
        }}
      />
      <ui.WaitingForMe items={[]} />
    </Desk>
  ),
  'bureau-formulaire': (
    <Desk title="Nouvelle demande">
      <ui.PageTitle
        title="Nouvelle demande"
        back={{ label: 'Demandes', href: '#' }}
        lead="Trois minutes au téléphone. Tout se corrige ensuite."
      />
      <ui.FormView
        form={requestForm}
        action="/x"
        submit="Enregistrer la demande"
        formKey={key}
        options={{ commune: communeOptions }}
        suggest={{ doctors: '/suggest' }}
        groups={groups}
        secondary={
          <ui.LinkButton href="#" kind="quiet">
            Annuler
          </ui.LinkButton>
        }
      />
    </Desk>
  ),
  'bureau-formulaire-fautif': (
    <Desk title="Erreur : Nouvelle demande">
      <ui.PageTitle title="Nouvelle demande" back={{ label: 'Demandes', href: '#' }} />
      <ui.FormView
        form={requestForm}
        action="/x"
        submit="Enregistrer la demande"
        formKey={key}
        raw={faulty.raw}
        errors={faulty.ok ? {} : faulty.errors}
        options={{ commune: communeOptions }}
        groups={groups}
        secondary={
          <ui.LinkButton href="#" kind="quiet">
            Annuler
          </ui.LinkButton>
        }
      />
    </Desk>
  ),
}
