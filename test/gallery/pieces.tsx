/** Every small piece on one page. */
import type { Child } from 'hono/jsx'
import * as ui from '#platform/ui/index.ts'
import { Desk, points, way } from './around.tsx'
import { doctors, now } from './data.ts'

export const pieces: Record<string, Child> = {
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
}
