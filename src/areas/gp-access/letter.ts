/** The letter: what somebody without the Internet keeps at home. His number, what comes next, whom to call, and a code for who helps him. */
import { PAPER, type PdfDocument, qrCode } from '#platform/pdf/pdf.ts'
import { frPhone, isFrench, isolate, type Language, uiWords } from '#platform/ui/index.ts'
import { standing } from './pages/patient/standing.ts'
import type { Request } from './store/requests.ts'
import { type Say, sayIn } from './words/index.ts'

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
#grid(
  columns: (1fr, 4.4cm), gutter: 1cm,
  [
    #d.how

    #link(d.url)[#text(dir: ltr, d.shown)]

    #if d.call != none [#strong(d.call)]

    #d.urgent
  ],
  image("/qr.svg", width: 4.4cm, alt: d.code),
)
#if d.note != none [#v(1fr) #text(size: 10pt, fill: luma(30%), d.note)]
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
      lang: isFrench(language) ? 'fr' : language,
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
      url: f.url,
      shown: f.url.replace(/^https?:\/\//, ''),
      code: say('letter.code', { url: f.url }),
      call: f.phone && say('letter.call', { phone: isolate(frPhone(f.phone), language) }),
      urgent: say('begin.urgent'),
      note: language === 'fr' ? null : uiWords(language)('unread'),
    },
  }
}
