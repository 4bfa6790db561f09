/** What the law and honesty ask every site to say: accessibility, who publishes, what is kept about people, the source code. */
import { open } from '#platform/access.ts'
import { sitePage } from '#platform/page.ts'
import { Facts, Notice, PageTitle, Section, Stack } from '#platform/ui/index.ts'
import { List, P } from './words.tsx'

const accessibility = sitePage({
  path: '/accessibilite',
  title: 'Accessibilité',
  access: open,
  show: () => (
    <>
      <PageTitle title="Accessibilité" lead="Chacun doit pouvoir se servir de Trame, au clavier, à la voix, en gros caractères." />
      <Notice tone="wait" title="Non encore auditée">
        Trame n’a pas été auditée selon le RGAA 4.1. Aucun taux de conformité ne peut donc être annoncé : le site est réputé non conforme.
      </Notice>
      <Section title="Ce qui est vérifié à chaque version">
        <List
          items={[
            'Un contrôle automatique (axe) des composants. Il ne trouve qu’une partie des défauts.',
            'Les contrastes, en clair et en sombre.',
            'Chaque formulaire sans JavaScript, avec un résumé des erreurs qui mène à chaque champ.',
            'L’affichage à 375 pixels de large, sans défilement horizontal.',
          ]}
        />
      </Section>
      <Section title="Ce qui ne l’est pas encore">
        <List
          items={[
            'L’essai par des personnes qui utilisent un lecteur d’écran (NVDA, VoiceOver) au quotidien.',
            'Les cartes et les graphiques : chacun a son tableau de données, à relire avec des utilisateurs.',
            'Les documents produits (PDF, tableurs).',
          ]}
        />
      </Section>
      <Section title="Une page vous résiste">
        <P>
          Dites-le à la coordination de votre communauté : elle vous donnera le service d’une autre façon, par téléphone au besoin. Sans
          réponse, vous pouvez saisir le Défenseur des droits.
        </P>
        <p>
          <a href="https://www.defenseurdesdroits.fr">Défenseur des droits</a>
        </p>
      </Section>
    </>
  ),
})

const notices = sitePage({
  path: '/mentions-legales',
  title: 'Mentions légales',
  access: open,
  show: ctx => (
    <>
      <PageTitle title="Mentions légales" />
      <Facts
        items={[
          {
            label: 'Éditeur',
            value: ctx.demo
              ? 'Instance de démonstration : aucun service n’est rendu à des patients.'
              : 'La communauté dont vous consultez les pages.',
            note: ctx.demo
              ? undefined
              : 'Son nom figure en haut de chaque page ; ses coordonnées, sur son site ou auprès de sa coordination.',
          },
          { label: 'Responsable du traitement', value: 'L’association qui porte la communauté (CPTS).' },
          {
            label: 'Hébergement',
            value: 'Celui que l’association a choisi.',
            note: 'Des données de santé recueillies pour le compte d’une communauté demandent un hébergeur certifié HDS (code de la santé publique, article L1111-8).',
          },
          { label: 'Adresse de cette instance', value: ctx.baseUrl },
          { label: 'Logiciel', value: 'Trame, logiciel libre sous licence EUPL-1.2.' },
        ]}
      />
      <Section title="Témoins de connexion">
        <P>Un seul témoin, posé quand vous vous connectez et effacé quand vous partez. Aucune mesure d’audience, aucun tiers.</P>
      </Section>
      <Section title="Indépendance">
        <P>Trame n’est pas un service de l’État. En cas d’urgence, appelez le 15 ou le 112.</P>
      </Section>
    </>
  ),
})

const data = sitePage({
  path: '/donnees',
  title: 'Vos données',
  access: open,
  show: () => (
    <>
      <PageTitle
        title="Vos données"
        lead="Quand vous cherchez un médecin traitant, voici ce que nous demandons, pourquoi, qui le voit, et combien de temps."
      />
      <Section title="Ce que nous demandons">
        <List
          items={[
            'Votre nom, votre date de naissance, comment vous joindre, votre commune.',
            'Des réponses par oui ou non : affection de longue durée, difficulté à se déplacer, grossesse, situation fragile. Jamais le nom d’une maladie.',
            'Vos préférences : langue, distance acceptée, visite à domicile.',
            'Si quelqu’un fait la demande pour vous : qui, à quel titre, et votre accord.',
          ]}
        />
        <P>Nous ne demandons pas votre numéro de sécurité sociale. Ne donnez ni diagnostic, ni traitement, ni compte rendu.</P>
      </Section>
      <Section title="Pourquoi">
        <P>
          Pour vous proposer un médecin traitant, dans un ordre juste, et suivre la proposition jusqu’à la première visite. Votre accord est
          demandé avant tout, et daté. Vous pouvez le retirer quand vous voulez. Des comptes sans nom servent à rendre compte de l’action de
          la communauté ; les petits nombres n’y paraissent pas.
        </P>
      </Section>
      <Section title="Qui les voit">
        <Stack>
          <Facts
            items={[
              {
                label: 'La coordination',
                value: 'Vos coordonnées, votre commune, vos réponses par oui ou non, l’avancement. Aucun contenu médical.',
              },
              {
                label: 'Le médecin à qui l’on propose',
                value: 'Ce qui l’aide à répondre, sans votre nom.',
                note: 'Votre nom et vos coordonnées, s’il accepte.',
              },
              { label: 'Les autres professionnels', value: 'Rien, sauf celui qui a fait la demande avec votre accord.' },
              { label: 'La CPAM et l’ARS', value: 'Des comptes sans nom.' },
              { label: 'Les autres communautés', value: 'Rien, sauf avec votre accord si un médecin voisin peut vous accueillir.' },
            ]}
          />
          <P>Chaque consultation de votre dossier est inscrite : qui, quand. Votre page de suivi vous montre cette liste.</P>
        </Stack>
      </Section>
      <Section title="Combien de temps">
        <P>
          Le temps de la demande, puis vingt-quatre mois après sa clôture au plus. Ensuite, elle devient anonyme d’elle-même : ni nom, ni
          jour de naissance, ni coordonnées.
        </P>
        <P>Aucune donnée personnelle ne part dans un message électronique ni dans une adresse de page.</P>
      </Section>
      <Section title="Vos droits">
        <P>
          Voir vos données, les corriger, les faire effacer, en recevoir une copie, retirer votre accord, vous opposer. Votre page de suivi
          permet de retirer la demande et de voir qui l’a ouverte. Pour corriger une réponse ou pour le reste, appelez ou écrivez à la
          coordination de votre communauté ou à son délégué à la protection des données ; elle vous répond sous un mois.
        </P>
        <P>Si la réponse ne vous convient pas, vous pouvez vous adresser à la CNIL.</P>
        <p>
          <a href="https://www.cnil.fr/fr/plaintes">Adresser une plainte à la CNIL</a>
        </p>
      </Section>
    </>
  ),
})

const source = sitePage({
  path: '/code-source',
  title: 'Code source',
  access: open,
  show: () => (
    <>
      <PageTitle title="Code source" lead="Trame est un logiciel libre, sous licence publique de l’Union européenne (EUPL), version 1.2." />
      <Section title="Ce que cela vous permet">
        <List
          items={[
            'L’installer chez l’hébergeur de votre choix, sans demander à personne.',
            'Lire comment la liste est ordonnée : la règle publiée est celle que le programme applique.',
            'Le modifier, et partager vos modifications sous la même licence.',
            'Garder vos données chez vous : une base PostgreSQL ordinaire, que vous sauvegardez et relisez avec les outils de votre choix.',
          ]}
        />
      </Section>
      <P>
        Le code accompagne chaque installation : la personne qui a installé cette instance vous le doit sur simple demande, modifications
        comprises.
      </P>
      <p>
        <a href="https://interoperable-europe.ec.europa.eu/collection/eupl/eupl-text-eupl-12">Texte de la licence EUPL-1.2</a>
      </p>
    </>
  ),
})

export const legalRoutes = [accessibility, notices, data, source]
