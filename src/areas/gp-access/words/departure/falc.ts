import type { Translated } from '#platform/ui/index.ts'
import type { fr } from './fr.ts'

export const falc: Translated<typeof fr> = {
  'depart.title': 'Votre médecin part',
  'depart.stops': '{doctor} arrête de travailler le {day}',
  'depart.stopped': '{doctor} a arrêté de travailler le {day}',
  'depart.lead': 'Vous pouvez demander un nouveau médecin maintenant.\nCela prend 3 minutes.',
  'depart.ask': 'Faire ma demande',
  'depart.since': 'Vous n’avez pas besoin de vous dépêcher.\nVotre place compte depuis le {day}.',
  'depart.free': 'Votre médecin ne donne votre nom à personne.\nVous choisissez d’être dans la liste.\nVous pouvez quitter la liste.',
  'depart.calendar': 'Ce qui se passe, et quand',
  'depart.announced': 'Le médecin dit qu’il part',
  'depart.wave': 'Groupe {number}',
  'depart.from': 'à partir du {day}',
  'depart.leaves': 'Le médecin part',
  'depart.child': 'Enfants de moins de 16 ans',
  'depart.everybody': 'Tous les autres',
  'depart.counts': 'Combien de personnes cherchent un médecin',
  'depart.byCommune': 'Selon la ville, environ {number} personnes',
  'depart.byProfile': 'Selon la personne, environ {number} personnes',
  'depart.profile': 'Personne',
  'depart.patients': 'Combien',
  'depart.rounded':
    'Ces nombres ne sont pas exacts.\nNous cachons un groupe de moins de {least} personnes.\nPersonne ne doit être reconnu.',
  'profile.adult': 'Adulte',
  'profile.child': 'Enfant de moins de 16 ans',
  'profile.ald': 'Personne avec une longue maladie (ALD)',
  'profile.home': 'Visites à la maison',
  'farewell.title': 'Votre médecin arrête de travailler',
  'farewell.dear': 'Bonjour,',
  'farewell.leave': 'J’arrête de travailler le {day}.\nMerci de votre confiance.',
  'farewell.search':
    '{cpts} cherche un nouveau médecin pour vous.\nSi vous voulez un nouveau médecin, demandez-le.\nCela prend 3 minutes.\nVous pouvez aussi demander pour un proche.',
  'farewell.ask': 'Demander un nouveau médecin',
  'farewell.how': 'Prenez ce code en photo avec votre téléphone.\nOu ouvrez cette page.',
  'farewell.call': 'Vous voulez de l’aide ?\nAppelez le {phone}.\nUne personne fait la demande avec vous.\nDonnez le code {code}.',
  'farewell.time':
    'Vous avez le temps.\nVous gardez la même place, quel que soit le jour de votre demande.\nLes personnes les plus fragiles passent en premier.\nVous pouvez chercher seul.\nVous pouvez dire non.',
  'farewell.file': 'Je donne votre dossier au nouveau médecin, si vous le demandez.',
}
