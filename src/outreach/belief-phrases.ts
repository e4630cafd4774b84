import { phrasebook } from "../words/phrasebook.ts"

export const say = phrasebook("belief", {
  en: {
    asked: "One more, once a term and only if you like. Is this true for you? An adult at this school believes in me.",
    whoSees: "No adult sees what you say here, not even your advisor. The school only sees how many said yes, in groups of five or more.",
    yes: "Yes",
    unsure: "Not sure",
    no: "No",
    skip: "Skip",
    about: "Thank you",
    kept: "Thank you. Nobody sees which one you picked. You can still change it until {day}, {time}.",
    skipped: "That is fine. You can still change your mind until {day}, {time}, and I will not ask again this term.",
    over: "That one is closed now. What you said, or that you said nothing, stays as it was.",
    studentsOnly: "That one is for students.",
  },
  es: {
    asked: "Una más, una vez por periodo y solo si quieres. ¿Es verdad para ti? Un adulto de esta escuela cree en mí.",
    whoSees: "Ningún adulto ve lo que digas aquí, tampoco tu tutor o tutora. La escuela solo ve cuántos dijeron que sí, en grupos de cinco o más.",
    yes: "Sí",
    unsure: "No lo sé",
    no: "No",
    skip: "Pasar",
    about: "Gracias",
    kept: "Gracias. Nadie ve cuál elegiste. Puedes cambiarlo hasta el {day}, {time}.",
    skipped: "Está bien. Puedes cambiar de idea hasta el {day}, {time}, y no te lo vuelvo a preguntar en este periodo.",
    over: "Esa pregunta ya está cerrada. Lo que dijiste, o que no dijiste nada, queda como estaba.",
    studentsOnly: "Eso es para estudiantes.",
  },
})
