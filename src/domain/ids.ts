/**
 * Identifiers of French public registers: shape and check digit. Pure; strings in, strings out, never numbers
 * (a leading zero is part of a code).
 */

/** Sum of the Luhn formula (ISO/IEC 7812-1, annex B); a valid number gives a multiple of ten. Digits only. */
function luhnSum(digits: string): number {
  let sum = 0
  let double = false
  for (let i = digits.length - 1; i >= 0; i--) {
    const digit = digits.charCodeAt(i) - 48
    sum += !double ? digit : digit > 4 ? 2 * digit - 9 : 2 * digit
    double = !double
  }
  return sum
}

/** The digit to append to `digits` so that the whole passes the Luhn formula. Throws a RangeError unless digits only. */
export function luhnKey(digits: string): string {
  if (!/^\d+$/.test(digits)) throw new RangeError('luhnKey expects digits')
  return String((10 - (luhnSum(`${digits}0`) % 10)) % 10)
}

/**
 * RPPS number of a health professional: eleven digits, the last a Luhn key (répertoire partagé des professionnels de
 * santé, kept by the Agence du numérique en santé).
 */
export function isRpps(value: string): boolean {
  return /^\d{11}$/.test(value) && luhnSum(value) % 10 === 0
}

/** Makes an RPPS number from its first ten digits. Throws a RangeError on another length. */
export function makeRpps(tenDigits: string): string {
  if (!/^\d{10}$/.test(tenDigits)) throw new RangeError('makeRpps expects ten digits')
  return tenDigits + luhnKey(tenDigits)
}

/** National identifier of a person (IDNPS): the digit 8 (« the rest is an RPPS number ») and the RPPS number. */
export function idnpsOf(rpps: string): string {
  if (!isRpps(rpps)) throw new RangeError('idnpsOf expects a valid RPPS number')
  return `8${rpps}`
}

/** The RPPS number inside an IDNPS, or null when it is another kind of identifier (0 = ADELI, 3 = FINESS…) or a wrong key. */
export function rppsOfIdnps(idnps: string): string | null {
  const rpps = idnps.slice(1)
  return idnps.startsWith('8') && isRpps(rpps) ? rpps : null
}

/**
 * FINESS number: `[0-9][0-9A-Z][0-9]{7}`, beginning with the department (shape: format file of the FINESS stock, DREES).
 * The last digit is a Luhn key: no official text was found that says so, the rule is established on published numbers of
 * public hospitals. Corsican numbers (2A…, 2B…) are checked for shape only, their letter having no known value.
 */
export function isFiness(value: string): boolean {
  if (/^2[AB]\d{7}$/.test(value)) return true
  return /^\d{9}$/.test(value) && luhnSum(value) % 10 === 0
}

/** SIRET of an establishment: fourteen digits and a Luhn key (La Poste's, under SIREN 356000000, add up to a multiple of five). */
export function isSiret(value: string): boolean {
  if (!/^\d{14}$/.test(value)) return false
  if (luhnSum(value) % 10 === 0) return true
  return value.startsWith('356000000') && [...value].reduce((sum, digit) => sum + Number(digit), 0) % 5 === 0
}

/**
 * Commune code of INSEE (code officiel géographique): five characters, 2A and 2B in Corsica, 97x and 98x overseas.
 * Municipal districts of Paris (751xx), Lyon (6938x) and Marseille (132xx) have codes of the same shape.
 */
export function isCommuneCode(value: string): boolean {
  return /^(?:0[1-9]|1\d|2[1-9AB]|[3-8]\d|9[0-5])\d{3}$|^97[1-8]\d{2}$|^98[4-9]\d{2}$/.test(value)
}

/** Department of a commune: two characters, three overseas (971…, 988). */
export function departmentOf(communeCode: string): string {
  return communeCode.startsWith('97') || communeCode.startsWith('98') ? communeCode.slice(0, 3) : communeCode.slice(0, 2)
}

/** City of which the code is a municipal district (75056 Paris, 69123 Lyon, 13055 Marseille), or null. */
export function cityOfDistrict(communeCode: string): string | null {
  if (/^751(?:0[1-9]|1\d|20)$/.test(communeCode)) return '75056'
  if (/^6938[1-9]$/.test(communeCode)) return '69123'
  return /^132(?:0[1-9]|1[0-6])$/.test(communeCode) ? '13055' : null
}

/** Postal code of La Poste: five digits from 01000 to 98999 (Corsica is 20…, the CEDEX codes are postal codes too). */
export function isPostalCode(value: string): boolean {
  return /^(?:0[1-9]|[1-8]\d|9[0-8])\d{3}$/.test(value)
}
