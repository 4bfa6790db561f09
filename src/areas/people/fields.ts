/** The forms of the area, each written once. */
import { isRpps } from '#domain/ids.ts'
import { type Role, roleNames, roles } from '#platform/access.ts'
import { choice, choices, email, type Field, form, hidden, text } from '#platform/fields.ts'

export const signInForm = form({
  email: email({ label: 'Votre adresse électronique', missing: 'Écrivez votre adresse électronique.' }),
  suite: hidden({ required: false, max: 600 }),
})
export const enterForm = form({ suite: hidden({ required: false, max: 600 }) })
export const emptyForm = form({})

/** Who the demonstration lets one be, in the order of the first page. */
export const personaRoles = ['coordinator', 'doctor', 'nurse', 'pharmacist', 'board', 'funder'] as const satisfies Role[]
export const personaForm = form({
  role: choice({ label: 'Rôle', options: personaRoles.map(value => ({ value, label: roleNames[value] })) }),
})

const roleHints: Partial<Record<Role, string>> = {
  coordinator: 'Gère les membres, la liste d’attente, les propositions.',
  board: 'Voit les membres et ce qui engage la communauté.',
  funder: 'Lit le contrat, le commente, signe le compte rendu ; aucune donnée de patient.',
  partner: 'Mairie, CCAS, hôpital, association : sa propre salle, aucune donnée de patient.',
}
export const professions: readonly string[] = [
  'Médecin généraliste',
  'Médecin spécialiste',
  'Infirmier ou infirmière',
  'Infirmier ou infirmière en pratique avancée',
  'Pharmacien ou pharmacienne',
  'Masseur-kinésithérapeute',
  'Sage-femme',
  'Chirurgien-dentiste',
  'Orthophoniste',
  'Orthoptiste',
  'Ergothérapeute',
  'Pédicure-podologue',
  'Psychologue',
  'Diététicien ou diététicienne',
  'Biologiste médical',
  'Assistant médical ou assistante médicale',
]

const rppsText = text({
  label: 'Numéro RPPS',
  required: false,
  hint: 'Onze chiffres, au dos de la carte CPS. Seulement pour un professionnel du répertoire.',
  inputmode: 'numeric',
  width: 14,
  max: 30,
})
/** Spaces are dropped; the key is checked. */
const rpps: Field<string | null> = {
  ...rppsText,
  check(raw) {
    const typed = rppsText.check(raw.map(v => v.replace(/[\s.\u00a0\u202f-]/g, '')))
    if (!typed.ok || typed.value === null || isRpps(typed.value)) return typed
    return {
      ok: false,
      error: 'Ce numéro RPPS n’est pas valable. Vérifiez ses onze chiffres : le dernier est une clé calculée sur les autres.',
    }
  },
}
export const inviteForm = form({
  name: text({
    label: 'Nom',
    hint: 'Prénom et nom, comme ils seront affichés.',
    max: 100,
    width: 36,
    missing: 'Écrivez le nom de la personne.',
  }),
  email: email({
    label: 'Adresse électronique',
    hint: 'Elle recevra un lien de connexion, sans mot de passe.',
    width: 36,
    missing: 'Écrivez l’adresse électronique de la personne.',
  }),
  roles: choices({
    label: 'Rôles',
    hint: 'Une personne peut en avoir plusieurs.',
    options: roles.map(value => ({ value, label: roleNames[value], hint: roleHints[value] })),
    required: true,
    missing: 'Choisissez au moins un rôle.',
  }),
  profession: choice({
    label: 'Profession',
    options: professions.map(value => ({ value, label: value })),
    required: false,
    control: 'select',
  }),
  rpps,
})
