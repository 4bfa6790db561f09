/** The pages of the gallery: every component, full, empty and faulty. */
import type { Child } from 'hono/jsx'
import * as ui from '#platform/ui/index.ts'
import { communes, demand, doctors, now, type Request, refusalForm, requestForm, requests, threads } from './data.ts'

const key = '01a2b3c4'
const phone = { number: '+33169010203', hours: 'du lundi au vendredi, de 9 h à 17 h' }
const nav = (current: string): ui.NavItem[] =>
  [
    { label: 'Aujourd’hui', group: '' },
    { label: 'Demandes', count: 128, live: 'requests', group: 'Médecin traitant' },
    { label: 'Propositions', count: 9, group: 'Médecin traitant' },
    { label: 'Médecins et places', group: 'Médecin traitant' },
    { label: 'Soins non programmés', count: 3, group: 'Missions' },
    { label: 'Parcours', group: 'Missions' },
    { label: 'Prévention', group: 'Missions' },
    { label: 'Contrat et indicateurs', group: 'Contrat' },
    { label: 'Justificatifs', count: 4, group: 'Contrat' },
    { label: 'Budget', group: 'Contrat' },
    { label: 'Annuaire', group: 'Communauté' },
    { label: 'Réunions', group: 'Communauté' },
  ].map(i => ({ ...i, href: `#${ui.slug(i.label)}`, current: i.label === current }))
const user = { name: 'Claire Roux', role: 'Coordinatrice', links: [{ label: 'Mon compte', href: '#' }], logout: { action: '/x', key } }

interface Around extends Partial<ui.DocumentProps> {
  title: string
  children: Child
}
const Desk = ({ children, ...p }: Around) => (
  <ui.Document
    posture="desk"
    assetVersion="0"
    cptsName="CPTS Noé Santé"
    homeHref="/"
    nav={nav('Demandes')}
    user={user}
    islands={['dialog', 'select-all', 'suggest']}
    {...p}
  >
    {children}
  </ui.Document>
)
const Small = ({ children, ...p }: Around & { posture: 'doctor' | 'patient' }) => (
  <ui.Document assetVersion="0" cptsName="CPTS Noé Santé" phone={phone} {...p}>
    {children}
  </ui.Document>
)

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
const points = (
  <ui.Points
    lines={[
      { label: '84 ans', points: 30, why: '2 points par an au-delà de 69 ans' },
      { label: 'Affection de longue durée', points: 40 },
      { label: 'Ne peut pas se déplacer', points: 25 },
      { label: '53 jours d’attente', points: 26, why: '1 point tous les deux jours' },
      { label: 'A refusé une proposition', points: -3 },
    ]}
    total={118}
  />
)
const way: ui.Station[] = [
  { label: 'Demande reçue', at: '2 octobre', state: 'done' },
  { label: 'Dossier complet', at: '5 octobre', state: 'done' },
  { label: 'Proposée à un médecin', at: 'depuis le 20 novembre', state: 'now', detail: 'Réponse attendue jeudi avant 14 h.' },
  { label: 'Rendez-vous', state: 'todo' },
  { label: 'Médecin déclaré', state: 'todo' },
]
const communeOptions = communes.map(c => ({ value: c.code, label: c.name }))
const groups = [
  { legend: 'La personne', fields: ['name', 'birth', 'tel', 'mail', 'postcode', 'commune'] },
  {
    legend: 'Sa situation',
    lead: 'Ces réponses décident de l’ordre de la liste.',
    fields: ['since', 'ald', 'situation', 'doctor', 'note'],
  },
  { legend: 'Son accord', fields: ['consent'] },
]
const faulty = requestForm.parse(
  new URLSearchParams(
    'caller=kin&name=Le Goff-Marchand&birth=31/02/1954&tel=06 12 34&mail=jb.legoff@@orange&postcode=91370&situation=home&since=dix',
  ),
)

export const pages: Record<string, Child> = {
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
              source="Montants typés depuis le contrat signé le 14/12/2020 et ses avenants."
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
  'bureau-pieces': (
    <Desk title="Pièces" wide islands={['dialog', 'select-all', 'live']} liveHref="/live">
      <ui.PageTitle title="Pièces" lead="Chaque pièce, pleine, vide ou fautive." />
      <ui.Section title="États et délais">
        <ui.Cluster>
          <ui.Tag tone="ok">Médecin déclaré</ui.Tag>
          <ui.Tag tone="wait">Proposée</ui.Tag>
          <ui.Tag tone="late">Sans réponse</ui.Tag>
          <ui.Tag tone="stop">Injoignable</ui.Tag>
          <ui.Tag tone="neutral">À qualifier</ui.Tag>
        </ui.Cluster>
        <p />
        <ui.Cluster>
          <ui.Deadline at="2026-11-26T13:00:00Z" now={now} />
          <ui.Deadline at="2026-11-24T16:00:00Z" now={now} />
          <ui.Deadline at="2026-11-20T13:00:00Z" now={now} />
          <ui.Deadline at="2026-12-03T13:00:00Z" now={now} />
        </ui.Cluster>
      </ui.Section>
      <ui.Section title="Boutons" lead="Une seule action principale par écran.">
        <ui.Cluster>
          <ui.Button>Enregistrer</ui.Button>
          <ui.Button kind="secondary">Relire</ui.Button>
          <ui.Button kind="danger">Effacer le dossier</ui.Button>
          <ui.Button kind="quiet">Annuler</ui.Button>
          <ui.Button disabled>Envoyé</ui.Button>
          <ui.Button small kind="secondary">
            Petit
          </ui.Button>
        </ui.Cluster>
      </ui.Section>
      <ui.Section title="Une demande" actions={<ui.Tag tone="wait">Proposée</ui.Tag>}>
        <ui.Stations steps={way} label="Avancement de la demande" />
      </ui.Section>
      <ui.Section title="Une demande arrêtée">
        <ui.Stations steps={[...way.slice(0, 2), { label: 'Injoignable', at: 'trois appels, un courrier', state: 'stopped' }]} />
      </ui.Section>
      <ui.Section title="Messages">
        <ui.Notice tone="ok" title="Contrat enregistré">
          Les objectifs de 2027 sont calculés à partir de demain.
        </ui.Notice>
        <ui.Notice tone="wait">Deux justificatifs manquent pour la mission « Prévention ».</ui.Notice>
        <ui.Notice tone="late">Le Dr Martin n’a pas répondu hier à 18 h : la demande revient dans le plan de jeudi.</ui.Notice>
        <ui.Notice tone="stop">La liste importée n’a pas été lue : la colonne « Date de naissance » manque.</ui.Notice>
        <ui.Notice>La carte reprend les communes du projet de santé.</ui.Notice>
        <ui.Callout
          title="Le Dr Martin a jusqu’à jeudi 14 h pour répondre."
          action={<ui.LinkButton href="#">Retirer la proposition</ui.LinkButton>}
        >
          Sans réponse, la Dre Petit recevra la proposition à 14 h 01.
        </ui.Callout>
      </ui.Section>
      <ui.Section title="Points, faits, historique" count={3}>
        <ui.Columns
          list={
            <ui.Stack gap="loose">
              {points}
              <ui.Facts
                items={[
                  { label: 'Signature', value: '14/12/2020' },
                  { label: 'Montant 2026', value: ui.frEuros(38_250_000), note: 'Avenant n° 3, article 5' },
                  { label: 'Référent CPAM', value: '' },
                ]}
              />
            </ui.Stack>
          }
          detail={
            <ui.Timeline
              events={[
                { at: '2026-11-24T08:00:00Z', title: 'Relance envoyée au Dr Martin', who: 'Claire Roux' },
                { at: '2026-11-20T10:30:00Z', title: 'Proposée au Dr Martin', who: 'Plan du 20 novembre' },
                { at: '2026-11-12T10:30:00Z', title: 'Refusée par la Dre Petit', tone: 'stop', detail: 'Plus de place ce mois-ci.' },
                { at: '2026-10-02', title: 'Demande reçue', who: 'Pharmacie du Centre, Massy' },
              ]}
            />
          }
        />
        <ui.Disclosure summary="Comment l’ordre est calculé">
          <p>Chaque ligne est une règle publique, votée par le conseil d’administration.</p>
        </ui.Disclosure>
      </ui.Section>
      <ui.Section title="Table avec total">
        <ui.DataTable
          caption="Places par médecin en novembre"
          columns={[
            { key: 'label', label: 'Médecin' },
            { key: 'capacity', label: 'Places', numeric: true },
          ]}
          rows={doctors.map(d => ({ label: d.label, capacity: d.capacity }))}
          total={{ label: 'Ensemble', capacity: 20 }}
        />
        <ui.Count n={6} of={41} one="médecin" many="médecins" />
      </ui.Section>
    </Desk>
  ),
  'medecin-question': (
    <Small posture="doctor" title="Une proposition">
      <ui.PageTitle title="Acceptez-vous de devenir le médecin traitant de cette personne ?" />
      <ui.Facts
        items={[
          { label: 'Personne', value: 'Femme de 84 ans' },
          { label: 'Où', value: 'Massy, à 1,2 km du cabinet' },
          { label: 'Situation', value: 'ALD, ne se déplace plus' },
        ]}
      />
      <ui.BigAnswer
        action="/x"
        formKey={key}
        yes={{ value: 'yes', label: 'Oui, j’accepte', detail: 'Il vous restera 4 places ce mois-ci' }}
      />
      <p class="muted">Réponse attendue avant jeudi 14 h.</p>
    </Small>
  ),
  'medecin-refus': (
    <Small posture="doctor" title="Votre raison">
      <ui.PageTitle title="C’est noté" lead="Une raison nous évite de vous proposer la même chose." />
      <ui.FormView
        form={refusalForm}
        action="/x"
        submit="Envoyer"
        formKey={key}
        errors={{ reason: 'Choisissez une réponse pour « Pourquoi ? ».' }}
      />
    </Small>
  ),
  'patient-suivi': (
    <Small posture="patient" title="Votre demande">
      <ui.PageTitle title="Nous cherchons un médecin pour vous" />
      <ui.Callout title="Un médecin de Massy a jusqu’à jeudi 14 h pour répondre.">
        <p>Vous n’avez rien à faire. Nous vous appelons dès qu’il répond.</p>
      </ui.Callout>
      <ui.Stations steps={way} vertical label="Votre demande" />
      <ui.Section title="En attendant">
        <p>
          Vous pouvez continuer à chercher de votre côté. Si vous trouvez un médecin, dites-le-nous : une autre personne prendra votre
          place.
        </p>
        <p>En cas d’urgence, appelez le 15.</p>
        <ui.Stack>
          <p />
          <ui.LinkButton href="#">J’ai trouvé un médecin</ui.LinkButton>
          <ui.LinkButton href="#">Ma situation a changé</ui.LinkButton>
        </ui.Stack>
      </ui.Section>
    </Small>
  ),
  'patient-formulaire-fautif': (
    <Small posture="patient" title="Erreur : vos coordonnées">
      <ui.PageTitle title="Comment vous joindre ?" lead="Étape 2 sur 3." />
      <ui.FormView
        form={{
          fields: {
            name: requestForm.fields.name,
            birth: requestForm.fields.birth,
            tel: requestForm.fields.tel,
            consent: requestForm.fields.consent,
          },
        }}
        action="/x"
        submit="Continuer"
        formKey={key}
        raw={faulty.raw}
        errors={{ tel: faulty.ok ? '' : (faulty.errors.tel ?? ''), consent: faulty.ok ? '' : (faulty.errors.consent ?? '') }}
      />
    </Small>
  ),
  'site-accueil': (
    <ui.Document
      posture="site"
      title="Accueil"
      assetVersion="0"
      cptsName="CPTS Noé Santé"
      homeHref="/"
      phone={phone}
      nav={['Accueil', 'Trouver un médecin', 'La communauté', 'Adhérer'].map((label, i) => ({ label, href: '#', current: i === 0 }))}
    >
      <ui.PageTitle
        title="Vous n’avez pas de médecin traitant ?"
        lead="Les professionnels de santé de dix communes cherchent avec vous. C’est gratuit."
        actions={
          <ui.LinkButton href="#" kind="primary">
            Faire une demande
          </ui.LinkButton>
        }
      />
      <ui.TerritoryMap title="Dix communes, 141 000 habitants" communes={communes} demand={[]} doctors={doctors} />
      <ui.Section title="Comment ça se passe">
        <ui.Stations
          steps={[
            { label: 'Vous demandez', detail: 'Trois minutes, en ligne ou par téléphone.', state: 'done' },
            { label: 'Nous vérifions', detail: 'Sous 48 heures.', state: 'todo' },
            { label: 'Un médecin accepte', state: 'todo' },
          ]}
        />
      </ui.Section>
    </ui.Document>
  ),
}
