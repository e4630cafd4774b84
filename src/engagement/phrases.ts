// What the bot says about silence: checkable facts and a kind next step, in each language.
// Refuses to know odds, labels and alarm.
import { phrasebook } from "../words/phrasebook.ts"

export const engagementPhrase = phrasebook("engagement", {
  en: {
    silent_since:
      "{student} has not answered since {since}: {chances, plural, one {# chance} other {# chances}}, while {answered} of {size} in the advisory answered.",
    silent_since_alone: "{student} has not answered since {since}: {chances, plural, one {# chance} other {# chances}}.",
    silent_since_skip:
      "{student} skipped on {since} and has not answered since: {chances, plural, one {# chance} other {# chances}}, while {answered} of {size} in the advisory answered.",
    silent_since_skip_alone: "{student} skipped on {since} and has not answered since: {chances, plural, one {# chance} other {# chances}}.",
    last_read: "The last answer was read on {read}.",
    last_unread: "The answer of {answered} is still waiting to be read: please start there.",
    hello: "Worth a hello.",
    never_started: "{student} has not answered yet: {chances, plural, one {# question has} other {# questions have}} arrived.",
    hello_in_person: "Worth a hello in person.",
    quiet_weeks: "quiet {weeks, plural, one {# week} other {# weeks}}",
    ours: "{student} wrote on {answered} and nobody had read it when the next question closed. A week without an answer after that is ours, and it is not counted.",
    group_dip:
      "{quiet} of {size} in the advisory went quiet at the same time. That says more about the group, or about our questions, than about any one student. Worth asking everyone together what would help.",
    group_never_started:
      "{quiet} of {size} in the advisory have not answered a first question yet. Worth two minutes with the whole group: what this is, who reads it, and how to stop.",
    prompts_not_working:
      "In the last {weeks, plural, one {week} other {# weeks}} the advisory answered {percent} of 100 questions. When so few answer, one student's silence tells us nothing, so we name nobody. The questions are not working yet: worth asking the group which day, time or questions would suit them.",
    said_hello: "I said hello",
    snooze: "Snooze",
    useful: "Useful",
    known: "Already knew",
    not_so: "Not so",
    more_alerts: "{count, plural, one {# more note} other {# more notes}} on your home page.",
    useful_of_last: "{useful} of the last {closed} such notes were useful.",
    no_such_note: "I do not find that note. It may have been closed, or it is not yours to close.",
    already_closed: "That note is closed already.",
    closed_useful: "Good to hear. The note about {about} is closed.",
    closed_known: "You knew already. The note about {about} is closed.",
    closed_false: "Thank you for saying so: that is how these notes get better. The note about {about} is closed.",
    undo: "Undo",
    reopened: "The note about {about} is open again.",
    not_reopened: "That note stays closed: it was too long ago, or an answer has come in since.",
    snooze_title: "Put this note away",
    snooze_send: "Put away",
    snooze_how_long: "Until when?",
    snooze_week: "One week",
    snooze_two_weeks: "Two weeks",
    snooze_day: "Until a day",
    snooze_which: "If until a day: which one?",
    snooze_pick_day: "Pick a day from tomorrow on, at most eight weeks away.",
    snoozed: "Put away. The note about {about} comes back on {day} if it is still quiet then.",
  },
  es: {
    silent_since:
      "{student} no responde desde el {since}: ha tenido {chances, plural, one {# oportunidad} other {# oportunidades}}, y {answered, plural, one {respondió #} other {respondieron #}} de {size} en la tutoría.",
    silent_since_alone: "{student} no responde desde el {since}: ha tenido {chances, plural, one {# oportunidad} other {# oportunidades}}.",
    silent_since_skip:
      "{student} prefirió no contestar el {since} y no responde desde entonces: ha tenido {chances, plural, one {# oportunidad} other {# oportunidades}}, y {answered, plural, one {respondió #} other {respondieron #}} de {size} en la tutoría.",
    silent_since_skip_alone:
      "{student} prefirió no contestar el {since} y no responde desde entonces: ha tenido {chances, plural, one {# oportunidad} other {# oportunidades}}.",
    last_read: "Su última respuesta se leyó el {read}.",
    last_unread: "Su respuesta del {answered} todavía está sin leer: empieza por ahí, por favor.",
    hello: "Merece un saludo.",
    never_started: "{student} todavía no ha respondido: {chances, plural, one {le ha llegado # pregunta} other {le han llegado # preguntas}}.",
    hello_in_person: "Merece un saludo en persona.",
    quiet_weeks: "{weeks, plural, one {# semana} other {# semanas}} sin responder",
    ours: "{student} escribió el {answered} y nadie lo había leído cuando se cerró la siguiente pregunta. Si después no hubo respuesta, esa semana es cosa nuestra y no cuenta.",
    group_dip:
      "{quiet} de {size} en la tutoría dejaron de responder al mismo tiempo. Eso dice más del grupo, o de nuestras preguntas, que de una sola persona. Conviene preguntar a todo el grupo qué les ayudaría.",
    group_never_started:
      "{quiet} de {size} en la tutoría todavía no han respondido a ninguna pregunta. Conviene dedicar dos minutos a todo el grupo: qué es esto, quién lo lee y cómo dejarlo.",
    prompts_not_working:
      "En {weeks, plural, one {la última semana} other {las últimas # semanas}} la tutoría respondió {percent} de cada 100 preguntas. Cuando responden tan pocos, que una persona no conteste no nos dice nada, así que no damos nombres. Las preguntas todavía no funcionan: conviene preguntar al grupo qué día, qué hora o qué preguntas les vienen mejor.",
    said_hello: "Ya saludé",
    snooze: "Más tarde",
    useful: "Me sirvió",
    known: "Ya lo sabía",
    not_so: "No era así",
    more_alerts: "Hay {count, plural, one {# aviso más} other {# avisos más}} en tu página de inicio.",
    useful_of_last: "De los últimos {closed} avisos como este, {useful, plural, one {# sirvió} other {# sirvieron}}.",
    no_such_note: "No encuentro ese aviso. Puede que ya esté cerrado o que no te corresponda cerrarlo.",
    already_closed: "Ese aviso ya está cerrado.",
    closed_useful: "Me alegro. El aviso sobre {about} queda cerrado.",
    closed_known: "Ya lo sabías. El aviso sobre {about} queda cerrado.",
    closed_false: "Gracias por decirlo: así mejoran estos avisos. El aviso sobre {about} queda cerrado.",
    undo: "Deshacer",
    reopened: "El aviso sobre {about} vuelve a estar abierto.",
    not_reopened: "Ese aviso sigue cerrado: ha pasado demasiado tiempo o ya llegó una respuesta.",
    snooze_title: "Aplazar este aviso",
    snooze_send: "Aplazar",
    snooze_how_long: "¿Hasta cuándo?",
    snooze_week: "Una semana",
    snooze_two_weeks: "Dos semanas",
    snooze_day: "Hasta un día",
    snooze_which: "Si es hasta un día, ¿cuál?",
    snooze_pick_day: "Elige un día a partir de mañana, como mucho dentro de ocho semanas.",
    snoozed: "Aplazado. El aviso sobre {about} vuelve el {day} si entonces todo sigue en silencio.",
  },
})
