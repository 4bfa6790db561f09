/** The letter: what somebody without the Internet keeps at home. His number, what comes next, whom to call, and a code for who helps him. */
import { PAPER, type PdfDocument, qrCode } from '#platform/pdf/pdf.ts'
import { frPhone, isFrench, isolate, type Language, uiWords } from '#platform/ui/index.ts'
import { standing } from './pages/patient/standing.ts'
import type { Request } from './store/requests.ts'
import { type Say, sayIn } from './words/index.ts'

/** Set in the middle of the second part: how, where, and the code to photograph. */
const CODE = `#grid(
  columns: (1fr, 4.4cm), gutter: 1cm,
  [
    #d.how

    #link(d.url)[#text(dir: ltr, d.shown)]

    #if d.call != none [#strong(d.call)]

    #if d.urgent != none [#d.urgent]
  ],
  image("/qr.svg", width: 4.4cm, alt: d.code),
)`
/** The page of a translation says that nobody has read it yet. */
const NOTE = '#if d.note != none [#v(1fr) #text(size: 10pt, fill: luma(30%), d.note)]'
const TEMPLATE = `${PAPER}
#text(fill: luma(30%))[#d.author]
#v(0.5em)
= #d.title
#text(fill: luma(30%))[#d.date]

#block(stroke: (y: 1pt), width: 100%, inset: (y: 0.9em))[
  #d.numberLabel \\
  #text(size: 26pt, weight: "bold", dir: ltr, tracking: 0.05em)[#d.number]
]

== #d.next
#strong(d.standing.title)

#d.standing.next

#d.tell

== #d.follow
${CODE}
${NOTE}
`
export interface LetterFacts {
  request: Pick<Request, 'number' | 'state' | 'exit' | 'appointmentOn' | 'language'>
  doctor: { name: string } | null
  cptsName: string
  /** Where number and birth date are typed, without anything personal. */
  url: string
  phone: string | null
  today: string
}
/** Nothing in it says who he is, nor why he asks: a letter is read by whoever opens the box. */
export function letter(f: LetterFacts, language: Language): PdfDocument {
  const say: Say = sayIn(language)
  return {
    template: TEMPLATE,
    images: { qr: qrCode(f.url) },
    data: {
      ...common(f, language),
      title: say('letter.title'),
      author: f.cptsName,
      date: say('letter.date', { day: say.date(f.today) }),
      numberLabel: say('letter.number'),
      number: f.request.number,
      next: say('letter.next'),
      standing: standing(f.request, f.doctor, say),
      tell: say('letter.tell'),
      follow: say('letter.follow'),
      how: say('letter.how'),
      call: f.phone && say('letter.call', { phone: isolate(frPhone(f.phone), language) }),
      urgent: say('begin.urgent'),
    },
  }
}
/** The language, the address and its code, and who has not read the translation. */
const common = ({ url }: { url: string }, language: Language) => ({
  lang: isFrench(language) ? 'fr' : language,
  url,
  shown: url.replace(/^https?:\/\//, ''),
  code: sayIn(language)('letter.code', { url }),
  note: language === 'fr' ? null : uiWords(language)('unread'),
})

const FAREWELL = `${PAPER}
= #d.title
#text(fill: luma(30%))[#d.date]

#d.dear

#d.leave

#d.search

== #d.ask
${CODE}

#d.time

#d.file

#d.author
${NOTE}
`
export interface FarewellFacts {
  departure: { doctorName: string; leavesOn: string; code: string }
  cptsName: string
  /** The page of his code, in the language of the letter. */
  url: string
  phone: string | null
  today: string
}
/** What a doctor who leaves sends to each of his patients, himself: no name of theirs is known here. */
export function farewell(f: FarewellFacts, language: Language): PdfDocument {
  const say = sayIn(language)
  const { doctorName, leavesOn, code } = f.departure
  return {
    template: FAREWELL,
    images: { qr: qrCode(f.url) },
    data: {
      ...common(f, language),
      title: say('farewell.title'),
      author: doctorName,
      date: say('letter.date', { day: say.date(f.today) }),
      dear: say('farewell.dear'),
      leave: say('farewell.leave', { day: say.day(leavesOn, { year: true }) }),
      search: say('farewell.search', { cpts: f.cptsName }),
      ask: say('farewell.ask'),
      how: say('farewell.how'),
      call: f.phone && say('farewell.call', { phone: frPhone(f.phone), code }),
      urgent: null,
      time: say('farewell.time'),
      file: say('farewell.file'),
    },
  }
}
