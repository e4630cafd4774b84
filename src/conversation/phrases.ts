import { phrasebook } from "../words/phrasebook.ts"

export const say = phrasebook("conversation", {
  en: {
    stranger:
      "Hi! I only talk with people on {school}'s list, and this account is not linked to anyone there yet. Please ask the school office or whoever set me up.",
    strangerLookedFor:
      "Hi! I do not know this account yet. I am now looking for its e-mail on {school}'s list: please try again in a few minutes. If I still do not know you then, ask the school office or whoever set me up.",
    notHere: "Hi! I am not set up for this workspace yet.",
    noConsent:
      "Hi {name}! Your school has not switched me on for you yet, so I keep nothing that you write here. If something is on your mind, talk to an adult you trust at school.",
    notLive:
      "Hi {name}! Your school has not switched me on yet, so I keep nothing that you write here. If something is on your mind, talk to an adult you trust at school.",
    tooYoung:
      "Hi {name}! Slack has a minimum age, so your school has not switched me on here for your grade, and I keep nothing that you write. If something is on your mind, talk to an adult you trust at school.",
    tooLong:
      "That is longer than I can keep in one piece ({count, number} characters, at most {max, number}), so I have not kept it. Please send it in two or more messages.",
    staleButton: "That button is from an earlier message and does nothing any more.",
    unknownSummary: "About what you typed",
    unknownCommand: "I do not know “{command}”. Type help to see what I can do for you.",
    sharedSaid: "What you wrote to me in a channel or group can be read by others, so I kept none of it. Write it to me in our own chat instead.",
    staffSaid: "Type help to see what I can do for you. What you type here goes to no one.",
    greetStaff:
      "Hi {name}! I keep every student at {school} known by an adult. I send you at most two messages a week, unless a student asks for someone or may be in danger. Type help to see what you can ask me.",
    helpStudent: "Here is what you can type:",
    helpStaff: "Here is what you can type:",
    helpReflect: "reflect: this week's question",
    helpPause: "pause until next week: no questions until that day",
    helpStop: "stop: no more questions",
    helpStart: "start: questions again",
    helpReachOut: "reachout: talk to someone at your school",
    helpTalk: "I'd like to talk to someone",
    helpPerson:
      "Need a person, not a command? Write what is going on: an adult at your school reads it. If it cannot wait, talk to an adult you trust right now.",
    helpMentee: "mentee NAME: a student you know",
    helpMenteeAny: "mentee NAME: any student at your school",
    helpOutreach: "outreach NAME: log a hello",
    helpCoverage: "coverage: what the school is judged by",
    helpAway: "away until 2027-03-12 cover NAME: somebody answers for you meanwhile",
    helpHere: "here: if you have me in two apps, I write to you in this one from now on",
    helpHereStudent: "write to me here: if you have me in two apps, I write to you in this one from now on",
    helpWord: "Type the words to me here, just as they stand.",
    helpSlashStudent: "Type the words to me in a direct message, or anywhere in Slack after /rapport: /rapport reflect. Only you see what I answer.",
    helpSlashStaff:
      "Type the words to me in a direct message, or anywhere in Slack after /rapport: /rapport mentee NAME. A student's @name does as well as a name. Only you see what I answer.",
    helpHome: "Everything else is on your home page.",
    helpHomeTyped: "Type /home: what is waiting for you, and everything else.",
  },
  es: {
    stranger:
      "¡Hola! Solo hablo con quienes están en la lista de {school}, y esta cuenta todavía no está vinculada a nadie. Pregunta en la oficina de la escuela o a quien me instaló.",
    strangerLookedFor:
      "¡Hola! Todavía no conozco esta cuenta. Ahora busco su correo en la lista de {school}: vuelve a intentarlo en unos minutos. Si entonces sigo sin conocerte, pregunta en la oficina de la escuela o a quien me instaló.",
    notHere: "¡Hola! Todavía no estoy configurado para este espacio.",
    noConsent:
      "¡Hola, {name}! Tu escuela todavía no me ha activado para ti, así que no guardo nada de lo que escribas aquí. Si algo te preocupa, habla con una persona adulta de confianza en la escuela.",
    notLive:
      "¡Hola, {name}! Tu escuela todavía no me ha activado, así que no guardo nada de lo que escribas aquí. Si algo te preocupa, habla con una persona adulta de confianza en la escuela.",
    tooYoung:
      "¡Hola, {name}! Slack tiene una edad mínima, así que tu escuela no me ha activado aquí para tu grado y no guardo nada de lo que escribas. Si algo te preocupa, habla con una persona adulta de confianza en la escuela.",
    tooLong:
      "Es más largo de lo que puedo guardar de una vez ({count, number} caracteres; máximo {max, number}), así que no lo he guardado. Envíalo en dos o más mensajes, por favor.",
    staleButton: "Ese botón es de un mensaje anterior y ya no hace nada.",
    unknownSummary: "Sobre lo que escribiste",
    unknownCommand: "No conozco «{command}». Escribe ayuda para ver qué puedo hacer por ti.",
    sharedSaid:
      "Lo que me escribiste en un canal o grupo lo pueden leer otras personas, así que no guardé nada. Escríbemelo mejor en nuestro propio chat.",
    staffSaid: "Escribe ayuda para ver qué puedo hacer por ti. Lo que escribes aquí no le llega a nadie.",
    greetStaff:
      "¡Hola, {name}! Me ocupo de que cada estudiante de {school} tenga una persona adulta que le conozca. Te envío como máximo dos mensajes por semana, salvo que un estudiante pida hablar con alguien o pueda estar en peligro. Escribe ayuda para ver qué puedes pedirme.",
    helpStudent: "Esto es lo que puedes escribir:",
    helpStaff: "Esto es lo que puedes escribir:",
    helpReflect: "reflexión: la pregunta de esta semana",
    helpPause: "pausa hasta la próxima semana: sin preguntas hasta ese día",
    helpStop: "parar: sin más preguntas",
    helpStart: "reanudar: preguntas otra vez",
    helpReachOut: "hablar con alguien: pide que te busque una persona de tu escuela",
    helpTalk: "Quiero hablar con alguien",
    helpPerson:
      "¿Necesitas a una persona y no un comando? Escribe qué pasa: lo lee una persona adulta de tu escuela. Si no puede esperar, habla ahora mismo con una persona adulta de confianza.",
    helpMentee: "estudiante NOMBRE: un estudiante que conoces",
    helpMenteeAny: "estudiante NOMBRE: cualquier estudiante de tu escuela",
    helpOutreach: "saludo NOMBRE: anota un saludo",
    helpCoverage: "cobertura: cómo lo está haciendo la escuela",
    helpAway: "ausente hasta 2027-03-12 cubre NOMBRE: alguien responde por ti mientras tanto",
    helpHere: "aquí: si me tienes en dos aplicaciones, desde ahora te escribo en esta",
    helpHereStudent: "escríbeme aquí: si me tienes en dos aplicaciones, desde ahora te escribo en esta",
    helpWord: "Escríbeme las palabras aquí, tal como están.",
    helpSlashStudent:
      "Escríbeme las palabras en un mensaje directo, o en cualquier lugar de Slack detrás de /rapport: /rapport reflexión. Solo tú ves lo que respondo.",
    helpSlashStaff:
      "Escríbeme las palabras en un mensaje directo, o en cualquier lugar de Slack detrás de /rapport: /rapport estudiante NOMBRE. El @nombre de un estudiante vale igual que su nombre. Solo tú ves lo que respondo.",
    helpHome: "Todo lo demás está en tu página de inicio.",
    helpHomeTyped: "Escribe /inicio: lo que te espera, y todo lo demás.",
  },
})
