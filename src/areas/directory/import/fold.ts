const LIGATURES: Record<string, string> = { '’': "'", '‘': "'", ʼ: "'", '–': '-', œ: 'oe', Œ: 'oe', æ: 'ae', Æ: 'ae', ß: 'ss' }

/**
 * Text as it is searched: lower case, no accents, apostrophes (U+2019 = U+0027), hyphens and full stops as spaces.
 * The twin of `ref.fold` in the database, for matching while reading a file; a test keeps them equal.
 */
export function fold(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .replace(/[’‘ʼ–œŒæÆß]/g, c => LIGATURES[c]!)
    .replace(/[A-Z]/g, c => c.toLowerCase())
    .replace(/['.-]/g, ' ')
    .replaceAll('  ', ' ')
    .replaceAll('  ', ' ')
    .replace(/^ +| +$/g, '')
}
