import { phrasebook } from "../words/phrasebook.ts"

export const say = phrasebook("coverage", {
  en: {
    summary: "What the school is judged by",
    refused: "That one is for principals, counsellors and admins.",
    refusedStaff: "That one is for principals, counsellors and admins. How you are doing yourself is on your home page, for you alone.",
    title: "What we are judged by: {site}",
    noGroup: "In no advisory",

    weeksTitle: "Answers read in time, % by week",
    picture: "Show as a picture",
    read: "A named adult read {read} of {answers} answers before the next question came: {weeks, plural, one {that is the week of {day}} other {that is # weeks, the last of them the week of {day}}}.",
    blank: "A week left blank had fewer than five answers.",
    readNone: "No week of questions is complete yet. A week is, once the next question has come.",

    believed:
      "{yes} of {of} students who answered said that an adult at this school believes in them ({term}). They are asked once a term and may skip it.",
    believedFew:
      "For {term} nothing can be shown about who says that an adult here believes in them: too few answered, or one answer could be guessed.",
    askedNoTerm:
      "The calendar has no term for today, so students are not asked whether an adult here believes in them. Whoever runs Rapport can bring in the term.",
    askedFrom: "This term, students are asked from {day} on whether an adult here believes in them.",
    askedCounted: "Students are being asked this term whether an adult here believes in them. The counts are here from {day} on.",

    useful:
      "Of {closed, plural, one {one note} other {the last # notes}} about students gone quiet, adults said: {useful} useful, {known} known already, {wrong} wrong.",
    usefulNone: "No adult has closed a note about a student gone quiet with a word on its use yet.",
    tooFew:
      "Whether another number of missed weeks would serve better cannot be said yet: it takes {needed} closed notes, and there {closed, plural, one {is one} other {are #}}.",
    wait: "A suggestion, nothing is changed: of the last {closed} notes after {misses} missed weeks {useful} were useful, and of those that reached {next}, {laterUseful} of {later}. Waiting one more week would have spared {spared} notes and lost {lost, plural, =0 {no useful one} one {one useful one} other {# useful ones}}.",
    sooner:
      "A suggestion, nothing is changed: of the last {closed} notes after {misses} missed weeks {useful} were useful. Coming one week sooner may be worth it.",
    keep: "{misses} missed weeks seems right here: of the last {closed} notes {useful} were useful. Waiting one more week would have spared {spared} notes and lost {lost, plural, =0 {no useful one} one {one useful one} other {# useful ones}}.",

    contact:
      "{yes} of {of} students have a hello or a talk with a named adult on record in the last four weeks. Reading an answer is not counted here.",
    contactFew: "There are fewer than five students here, so contacts are not counted.",
    inTouch: "{yes} of {of} in touch",
    believing: "{yes} of {of} said yes",
    more: "{count, plural, one {One more group} other {# more groups}}: whoever runs Rapport sees them with “rapport status --all”.",
    groups: "Groups are in alphabetical order. A group of fewer than five is not shown, nor one that could be worked out from the others.",
    groupsBelief: "Whether an adult believes in them is not shown by group at all where, in one of the groups, hardly anybody said yes.",
  },
  es: {
    summary: "Cómo lo está haciendo la escuela",
    refused: "Eso es para dirección, orientación y administración.",
    refusedStaff: "Eso es para dirección, orientación y administración. Cómo te va a ti está en tu página de inicio, solo para ti.",
    title: "Cómo lo estamos haciendo: {site}",
    noGroup: "Sin tutoría",

    weeksTitle: "Respuestas leídas a tiempo, % por semana",
    picture: "Ver como imagen",
    read: "Una persona adulta concreta leyó {read} de {answers} respuestas antes de que llegara la siguiente pregunta: {weeks, plural, one {es la semana del {day}} other {son # semanas, la última la del {day}}}.",
    blank: "Una semana en blanco tuvo menos de cinco respuestas.",
    readNone: "Todavía no hay una semana de preguntas completa. Lo está cuando llega la siguiente pregunta.",

    believed:
      "{yes} de {of} estudiantes que respondieron dijeron que sí a «un adulto de esta escuela cree en mí» ({term}). Se pregunta una vez por periodo y se puede saltar.",
    believedFew:
      "De {term} no se puede mostrar cuántos dijeron que sí a «un adulto de esta escuela cree en mí»: respondieron muy pocos, o se podría adivinar una respuesta.",
    askedNoTerm:
      "El calendario no tiene un periodo para hoy, así que no se pregunta a los estudiantes por «un adulto de esta escuela cree en mí». Quien administra Rapport puede traer el periodo.",
    askedFrom: "En este periodo se pregunta a los estudiantes por «un adulto de esta escuela cree en mí» a partir del {day}.",
    askedCounted:
      "En este periodo se está preguntando a los estudiantes por «un adulto de esta escuela cree en mí». Los números estarán aquí a partir del {day}.",

    useful:
      "De {closed, plural, one {un aviso} other {los últimos # avisos}} sobre estudiantes en silencio, los adultos dijeron: {useful} útiles, {known} ya sabidos, {wrong} equivocados.",
    usefulNone: "Ningún adulto ha cerrado todavía un aviso sobre un estudiante en silencio diciendo si sirvió.",
    tooFew: "Todavía no se puede decir si otro número de semanas sin respuesta serviría mejor: hacen falta {needed} avisos cerrados y hay {closed}.",
    wait: "Una sugerencia, no se cambia nada: de los últimos {closed} avisos tras {misses} semanas sin respuesta, {useful} fueron útiles, y de los que llegaron a {next}, {laterUseful} de {later}. Esperar una semana más habría evitado {spared} avisos{lost, plural, =0 {, sin perder ninguno útil} one { y perdido uno útil} other { y perdido # útiles}}.",
    sooner:
      "Una sugerencia, no se cambia nada: de los últimos {closed} avisos tras {misses} semanas sin respuesta, {useful} fueron útiles. Puede valer la pena que lleguen una semana antes.",
    keep: "{misses} semanas sin respuesta parece un buen número aquí: de los últimos {closed} avisos, {useful} fueron útiles. Esperar una semana más habría evitado {spared} avisos{lost, plural, =0 {, sin perder ninguno útil} one { y perdido uno útil} other { y perdido # útiles}}.",

    contact:
      "{yes} de {of} estudiantes tienen anotado un saludo o una charla con una persona adulta concreta en las últimas cuatro semanas. Leer una respuesta no cuenta aquí.",
    contactFew: "Aquí hay menos de cinco estudiantes, así que no se cuentan los contactos.",
    inTouch: "{yes} de {of} con contacto",
    believing: "{yes} de {of} dicen que sí",
    more: "{count, plural, one {Un grupo más} other {# grupos más}}: quien administra Rapport los ve con “rapport status --all”.",
    groups: "Los grupos van por orden alfabético. No se muestra un grupo de menos de cinco, ni uno que se pueda deducir de los demás.",
    groupsBelief: "Lo que dicen sobre si un adulto cree en ellos no se muestra por grupos cuando, en alguno, casi nadie dijo que sí.",
  },
})
