import { phrasebook } from "../words/phrasebook.ts"

export const say = phrasebook("roster", {
  en: {
    awayStaffOnly: "That one is for staff. Type help to see what you can do here.",
    awayTitle: "I will be away",
    awaySubmit: "Hand over",
    awayIntro: "Somebody answers for you meanwhile: your students’ answers, and whoever would like to talk with you.",
    awayUntil: "Until, the last day included",
    awayCover: "Who answers for you",
    awayCoverHint: "A colleague’s name, or a part of it.",
    awayHow: "Write it like this: away until 2027-03-12 cover Rivera.",
    awayDay: "I could not read that day. Write it as year, month and day, like 2027-03-12.",
    awayPast: "That day is over. Take today or a later one.",
    awayFar: "That is more than a year away. Take an earlier day; you can set it again later.",
    awayNoCover: "Who answers for you meanwhile? I need a colleague’s name.",
    awayUnknown: "I know no colleague by that name.",
    awaySeveral: "More than one colleague goes by that name: {names}. Write the whole name.",
    awaySelf: "You cannot cover for yourself. Name a colleague.",
    awayBoth: "{cover} is away then, too. Name somebody else.",
    awaySet: "You are away until {day}, that day included. {cover} answers for you from now on.",
    awayMoved:
      "{cover} has {readings, plural, =0 {no unread answer} one {one unread answer} other {# unread answers}} and {reachOuts, plural, =0 {no open wish to talk} one {one open wish to talk} other {# open wishes to talk}} of yours, and gets what is new.",
    awayBack: "I’m back",
    awayReturned:
      "Welcome back. {readings, plural, =0 {No unread answer} one {One unread answer} other {# unread answers}} and {reachOuts, plural, =0 {no open wish to talk} one {one open wish to talk} other {# open wishes to talk}} are yours again.",
    awayOver: "You are not away.",
    coverSummary: "You answer for a colleague",
    cover:
      "{adult} is away until {day} and named you to answer meanwhile. Answers of {adult}’s students come to you, and you may look those students up.",
  },
  es: {
    awayStaffOnly: "Eso es para el personal. Escribe ayuda para ver qué puedes hacer aquí.",
    awayTitle: "Voy a faltar",
    awaySubmit: "Pasar el relevo",
    awayIntro: "Alguien responde por ti mientras tanto: lee las respuestas de tus estudiantes y atiende a quien quiera hablar contigo.",
    awayUntil: "Hasta, ese día incluido",
    awayCover: "Quién responde por ti",
    awayCoverHint: "El nombre de alguien del personal, o una parte.",
    awayHow: "Escríbelo así: ausente hasta 2027-03-12 cubre Rivera.",
    awayDay: "No he entendido ese día. Escríbelo como año, mes y día, así: 2027-03-12.",
    awayPast: "Ese día ya pasó. Elige hoy o uno posterior.",
    awayFar: "Falta más de un año. Elige un día anterior; más adelante puedes cambiarlo.",
    awayNoCover: "¿Quién responde por ti mientras tanto? Necesito el nombre de alguien del personal.",
    awayUnknown: "No conozco a nadie del personal con ese nombre.",
    awaySeveral: "Hay más de una persona con ese nombre: {names}. Escribe el nombre completo.",
    awaySelf: "No puedes cubrirte tú. Nombra a otra persona.",
    awayBoth: "{cover} tampoco está esos días. Nombra a otra persona.",
    awaySet: "Faltas hasta el {day}, ese día incluido. {cover} responde por ti desde ahora.",
    awayMoved:
      "{cover} tiene {readings, plural, =0 {ninguna respuesta tuya sin leer} one {una respuesta tuya sin leer} other {# respuestas tuyas sin leer}} y {reachOuts, plural, =0 {ninguna petición de hablar abierta} one {una petición de hablar abierta} other {# peticiones de hablar abiertas}}, y le llega lo nuevo.",
    awayBack: "Ya volví",
    awayReturned:
      "Qué bien que vuelvas. {readings, plural, =0 {No vuelve ninguna respuesta sin leer} one {Vuelve a ti una respuesta sin leer} other {Vuelven a ti # respuestas sin leer}} y {reachOuts, plural, =0 {ninguna petición de hablar} one {una petición de hablar} other {# peticiones de hablar}}.",
    awayOver: "No constas como ausente.",
    coverSummary: "Respondes por otra persona",
    cover:
      "{adult} falta hasta el {day} y te nombró para responder mientras tanto. Te llegan las respuestas de sus estudiantes, y puedes buscarlos por su nombre.",
  },
})
