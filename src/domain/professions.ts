/** Codes of the national directory that several rules need (ANS nomenclatures TRE_G15 and TRE_R38). */

export const DOCTOR = '10'
/** Skills that make a doctor a general practitioner: qualified in, specialist of, general medicine. */
export const generalMedicine = ['SM26', 'SM53', 'SM54'] as const
