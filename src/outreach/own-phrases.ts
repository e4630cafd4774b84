import { phrasebook } from "../words/phrasebook.ts"

export const say = phrasebook("own", {
  en: {
    button: "How am I doing?",
    summary: "How you are doing, for you alone",
    title: "How you are doing",
    private: "Only you can see this. It is no grade; it is here to make the next hello easy.",
    empty: "Nothing is on record yet. The first hello you log begins this page.",
    readAll: "You have read every answer that came to you.",
    unread: "{count, plural, one {One answer waits for you, since {day}.} other {# answers wait for you, the oldest since {day}.}}",
    longest: "Longest since you read or greeted them:",
    weeks: "{name}: {weeks, plural, one {one week} other {# weeks}}",
    never: "{name}: nothing on record yet",
    nobodyLong: "You were in touch with each of your students within the last two weeks.",
    saidHello: "I said hello to {name}",
    contacts:
      "{contacts, plural, =0 {In the last {weeks} weeks no hello of yours is on record.} one {In the last {weeks} weeks one hello of yours is on record. {came, plural, =0 {You went to the student.} other {The student came to you.}}} other {In the last {weeks} weeks # hellos of yours are on record. {came, plural, =0 {You went to the student each time.} one {Once the student came to you.} other {# times the student came to you.}}}}",
    about:
      "{told, plural, one {Of one you said what it was about, and {problems, plural, =0 {it was no problem} other {it was a problem}}.} other {Of # you said what they were about, and {problems, plural, =0 {none was only about a problem} one {one was only about a problem} other {# were only about problems}}.}}",
    goodToo: "A hello about nothing in particular, or about something good, counts just as much.",
    log: "Log a hello",
  },
  es: {
    button: "¿Cómo voy?",
    summary: "Cómo vas, solo para ti",
    title: "Cómo vas",
    private: "Esto solo lo ves tú. No es una nota; está aquí para que el próximo saludo sea fácil.",
    empty: "Todavía no hay nada anotado. El primer saludo que anotes empieza esta página.",
    readAll: "Leíste todas las respuestas que te llegaron.",
    unread: "{count, plural, one {Te espera una respuesta desde el {day}.} other {Te esperan # respuestas, la más antigua desde el {day}.}}",
    longest: "A quienes hace más tiempo que no lees ni saludas:",
    weeks: "{name}: {weeks, plural, one {una semana} other {# semanas}}",
    never: "{name}: todavía nada anotado",
    nobodyLong: "Estuviste en contacto con cada estudiante en las últimas dos semanas.",
    saidHello: "Ya saludé a {name}",
    contacts:
      "{contacts, plural, =0 {En las últimas {weeks} semanas no hay ningún saludo tuyo anotado.} one {En las últimas {weeks} semanas hay un saludo tuyo anotado. {came, plural, =0 {Fuiste tú.} other {Acudió a ti.}}} other {En las últimas {weeks} semanas hay # saludos tuyos anotados. {came, plural, =0 {Siempre fuiste tú.} one {Una vez fue por iniciativa de la otra persona.} other {# veces fue por iniciativa de la otra persona.}}}}",
    about:
      "{told, plural, one {De uno dijiste de qué fue, y {problems, plural, =0 {no fue de un problema} other {fue de un problema}}.} other {De # dijiste de qué fueron, y {problems, plural, =0 {ninguno fue solo de un problema} one {uno fue solo de un problema} other {# fueron solo de problemas}}.}}",
    goodToo: "Un saludo por nada en particular, o por algo bueno, vale lo mismo.",
    log: "Anotar un saludo",
  },
})
