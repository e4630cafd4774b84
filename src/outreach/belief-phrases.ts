import { phrasebook } from "../words/phrasebook.ts"

export const say = phrasebook("belief", {
  en: {
    asked: "One more, once a term and only if you like. Is this true for you? An adult at this school believes in me.",
    whoSees: "No adult here is shown what you say, not even your advisor. The school only sees how many said yes, in groups of five or more.",
    yes: "Yes",
    unsure: "Not sure",
    no: "No",
    skip: "Skip",
    about: "Thank you",
    kept: "Thank you. No adult here is shown which one you picked: the school only sees counts of five or more. You can still change it until {day}, {time}.",
    skipped: "That is fine. You can still change your mind until {day}, {time}, and I will not ask again this term.",
    over: "That one is closed now. What you said, or that you said nothing, stays as it was.",
    studentsOnly: "That one is for students.",
  },
  es: {
    asked: "Una más, una vez por periodo y solo si quieres. ¿Es verdad para ti? Un adulto de esta escuela cree en mí.",
    whoSees:
      "A ningún adulto de aquí se le muestra lo que digas, tampoco a tu tutor o tutora. La escuela solo ve cuántos dijeron que sí, en grupos de cinco o más.",
    yes: "Sí",
    unsure: "No lo sé",
    no: "No",
    skip: "Pasar",
    about: "Gracias",
    kept: "Gracias. A ningún adulto de aquí se le muestra cuál elegiste: la escuela solo ve números de cinco o más. Puedes cambiarlo hasta el {day}, {time}.",
    skipped: "Está bien. Puedes cambiar de idea hasta el {day}, {time}, y no te lo vuelvo a preguntar en este periodo.",
    over: "Esa pregunta ya está cerrada. Lo que dijiste, o que no dijiste nada, queda como estaba.",
    studentsOnly: "Eso es para estudiantes.",
  },
})
