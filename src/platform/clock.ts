/** Time is passed in. Instants are UTC; a day or an hour is said in Europe/Paris. */
export type Clock = () => Date
export const systemClock: Clock = () => new Date()

const parisDay = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Paris' })
/** The day in Paris, `YYYY-MM-DD`. */
export const dayOf = (at: Date): string => parisDay.format(at)
