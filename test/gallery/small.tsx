/** The doctor between two patients, the patient, the public site. */
import type { Child } from 'hono/jsx'
import * as ui from '#platform/ui/index.ts'
import { faulty, key, phone, Small, way } from './around.tsx'
import { communes, doctors, refusalForm, requestForm } from './data.ts'

export const small: Record<string, Child> = {
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
        <ui.P>
          Vous pouvez continuer à chercher de votre côté. Si vous trouvez un médecin, dites-le-nous : une autre personne prendra votre
          place.
        </ui.P>
        <ui.P>En cas d’urgence, appelez le 15.</ui.P>
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
