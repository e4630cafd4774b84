import { phrasebook } from "../words/phrasebook.ts"

export const say = phrasebook("brief", {
  en: {
    summary: "{count, plural, =0 {Your week in short} one {One student is worth a hello this week} other {# students are worth a hello this week}}",
    title: "Worth a hello this week",
    introduction:
      "I am Rapport, a bot. Each week students answer one of two questions; you see their answers and who is worth a hello. Two messages a week from me, unless a student asks for someone or may be in danger.",
    metHello: "{by, select, you {No hello from you on record since {day}.} other {No hello on record since {day}.}}",
    metRead: "{by, select, you {You last read an answer on {day}.} other {An answer was last read on {day}.}}",
    metLine: "{by, select, you {You last wrote back on {day}.} other {The last line to them was on {day}.}}",
    metNever: "No hello from you on record yet.",
    firstDay: "The first questions go out on {day}.",
    wrote: "Last wrote on {day}.",
    wroteAbout:
      "Last wrote on {day}, to a question about {lens, select, interests {what they enjoy} abilities {what they are good at} skills {what they are learning to do} knowledge {what they know or wonder about} language {words and languages} family {family} other {the people around them}}.",
    wordsOf: "What {name} wrote",
    well: "What went well",
    cameBack:
      "{how, select, came {{student} came to you on {day}; {short} wrote on {wrote}.} call {You called {student} on {day}; {short} wrote on {wrote}.} home {You were in touch with the home of {student} on {day}; {short} wrote on {wrote}.} other {You said hello to {student} on {day}; {short} wrote on {wrote}.}}",
    monthly: "Once a month, for you alone:",
    wroteNever: "Has not written yet.",
    saidHelloTo: "I said hello to {name}",
    saidHelloAll: "{count, plural, =2 {Said hello to both} =3 {Said hello to all three} other {Said hello to all}}",
    notes: "Notes for you",
    notHere: "Not reached by me, so only in person: {names}.",
    stopped: "Asked me for no more questions: {names}. A hello is always fine.",
    more: "{names} and {count, plural, one {one more} other {# more}}",
    list: "On the counsellor list",
    wish: "{student} would like to talk with somebody, asked on {day}.",
    wishesMore:
      "{count, plural, one {One more student} other {# more students}} would like to talk: {home, select, typed {type /home} other {see your home page}}.",
  },
  es: {
    summary: "{count, plural, =0 {Tu semana en breve} one {Esta semana, un saludo para una persona} other {Esta semana, un saludo para # personas}}",
    title: "Esta semana merecen un saludo",
    introduction:
      "Soy Rapport, un bot. Tus estudiantes contestan una de dos preguntas por semana; tú ves sus respuestas y a quién conviene saludar. Te escribo dos veces por semana, salvo que alguien pida hablar o pueda estar en peligro.",
    metHello: "{by, select, you {Sin saludo tuyo anotado desde el {day}.} other {Sin saludo anotado desde el {day}.}}",
    metRead:
      "{by, select, you {Leíste una respuesta suya por última vez el {day}.} other {Alguien leyó una respuesta suya por última vez el {day}.}}",
    metLine: "{by, select, you {Le escribiste por última vez el {day}.} other {La última vez que se le escribió fue el {day}.}}",
    metNever: "Todavía sin saludo tuyo anotado.",
    firstDay: "Las primeras preguntas salen el {day}.",
    wrote: "Escribió por última vez el {day}.",
    wroteAbout:
      "Escribió por última vez el {day}, a una pregunta sobre {lens, select, interests {lo que le gusta} abilities {lo que se le da bien} skills {lo que está aprendiendo a hacer} knowledge {lo que sabe o se pregunta} language {las palabras y los idiomas} family {la familia} other {la gente a su alrededor}}.",
    wordsOf: "Lo que escribió {name}",
    well: "Lo que salió bien",
    cameBack:
      "{how, select, came {{student} acudió a ti el {day}; {short} escribió el {wrote}.} call {Llamaste a {student} el {day}; {short} escribió el {wrote}.} home {Te comunicaste con la familia de {student} el {day}; {short} escribió el {wrote}.} other {Saludaste a {student} el {day}; {short} escribió el {wrote}.}}",
    monthly: "Una vez al mes, solo para ti:",
    wroteNever: "Todavía no ha escrito.",
    saidHelloTo: "Ya saludé a {name}",
    saidHelloAll: "{count, plural, =2 {Ya saludé a las dos personas} =3 {Ya saludé a las tres personas} other {Ya saludé a todas las personas}}",
    notes: "Avisos para ti",
    notHere: "Mis preguntas no les llegan, así que solo en persona: {names}.",
    stopped: "Me pidieron no recibir más preguntas: {names}. Un saludo siempre viene bien.",
    more: "{names} y {count, plural, one {una persona más} other {# más}}",
    list: "En la lista de orientación",
    wish: "{student} quiere hablar con alguien; lo pidió el {day}.",
    wishesMore:
      "{count, plural, one {Otra persona quiere} other {Otras # personas quieren}} hablar: {home, select, typed {escribe /inicio} other {míralo en tu página de inicio}}.",
  },
})
