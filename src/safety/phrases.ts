// The fixed words about danger, in each language: what a student reads at once, what an adult is told, what going live still needs.
// Refuses to diagnose, to promise secrecy, and to say that anything was reported.
import { phrasebook } from "../words/phrasebook.ts"

export const safetyPhrase = phrasebook("safety", {
  en: {
    student_urgent_thanks: "Thank you for telling me. I am glad you did. I am only a bot, and this deserves a real person.",
    student_urgent_who: "I am bringing in {responder} now. They can read what you wrote.",
    student_concern_thanks: "Thank you for writing this. I am a bot and I can misunderstand.",
    student_concern_who: "Instead of guessing, I am asking {responder} to read it.",
    student_reads_now: "Someone is on duty now. It may take a little while until they read it.",
    student_urgent_reads_at: "I am trying to reach them right now, even at this hour, but they may not see it before {time} on {day}.",
    student_reads_unknown: "I do not know how soon they will see it.",
    student_not_secret:
      "I cannot keep this a secret, because everyone being safe comes first, and {responder} may ask another adult to help. If an adult at school is part of what is wrong, write their name here and I will leave them out.",
    student_urgent_danger: "If you or someone else could get hurt, please do not wait for us. Real people answer here, day and night:",
    student_concern_danger: "If it gets harder, or someone could get hurt, please do not wait. Real people answer here, day and night:",
    student_write_on: "You can keep writing to me here.",
    student_taken: "{adult} knows about this now and has taken it on.",
    student_summary: "Thank you for writing this.",
    student_summary_taken: "A person knows about this now.",
    student_added: "Thank you for telling me more: {responder} can read this too.",
    student_nobody:
      "Thank you for telling me. I am glad you did. I am only a bot, and I have found nobody at your school to bring in. Please tell an adult you trust, and do not wait for me.",
    student_not_kept:
      "I am a bot, and something in me is broken right now, so I do not know whether what you just wrote reaches anyone at school. I keep trying. If you or someone else could get hurt, please do not wait for me. Real people answer here, day and night:",
    student_keep: "So that you have them at hand: real people answer here, day and night.",
    student_left_out:
      "I leave {names} out. From now on {count, plural, one {this person gets} other {these people get}} no alert from me about this, and cannot open what you wrote through one.",
    student_left_out_late:
      "I leave {names} out from now on, but I had alerted {count, plural, one {them} other {at least one of them}} before you told me. What you wrote can no longer be opened through that alert, and I am alerting other people now.",
    responder_unnamed: "an adult at your school whose job this is",
    night: "Maybe nobody at school is reading right now. A person reads this next at {time} on {day}.",
    resource_emergency: "Emergency, someone is in danger now: call 911.",
    resource_lifeline: "988 Lifeline: call or text 988. Free.",
    resource_text_line: "Crisis Text Line: text HOME to 741741. Free.",
    resource_school: "Your school's own line: {line}",
    adult_summary_urgent: "A student wrote something you need to see now.",
    adult_summary_concern: "A student wrote something you need to see today.",
    adult_urgent: "{student} wrote something you need to see now.",
    adult_concern: "{student} wrote something you need to see today.",
    adult_next:
      "Please read it yourself, then see that {student} hears from a person. Press “I have it” if that person is you, or you will see to it. Until somebody does, I keep telling the next person.",
    adult_duty:
      "If you believe that a child is being harmed or in danger, the duty to report it is yours. I have reported nothing to anyone outside the school.",
    adult_may_be_wrong: "I look for words and I can be wrong, both ways. You decide.",
    adult_left_out: "Some adults are not being told: those the words may name, or whom {student} asked me to leave out. Please do not forward this.",
    adult_again: "Still open: nobody has pressed “I have it” yet.",
    adult_taken: "{adult} has it: the message about {student}.",
    adult_summary_taken: "Someone has the alert that I sent you.",
    adult_more: "{count, plural, one {One more message} other {# more messages}} like this came in since.",
    adult_off_list: "{account} (not on the school's list)",
    adult_shown: "What was written, {time} on {day}:",
    adult_shown_cut: "{count, plural, one {# character in between is} other {# characters in between are}} not shown here.",
    adult_unreadable: "I cannot open what was written here, so please ask {student} yourself, and tell whoever runs me.",
    adult_mine: "You have it: the message about {student}. I alert nobody else about it now.",
    adult_mine_told: "I am telling {student} that it is you.",
    adult_not_yours: "I have no such alert for you.",
    button_have_it: "I have it",
    button_show: "Show what was written",
    needs_ladder:
      "Say who is told when words are about danger, step by step: at least two people, so that one can be left out, in two steps, so that somebody new is told when the first stay silent: {command}",
    needs_ladder_steps:
      "All of your ladder is told at once, so nobody new is told when they stay silent: give it a second step with somebody who is not in the first: {command}",
    needs_ladder_left: "Someone on the ladder is no longer on your active staff, so name the ladder again: {command}",
    needs_hours: "Say when somebody is there to read, and who covers holidays and summer or that nobody does until a date: {command}",
    needs_hours_days: "By the hours you set nobody reads on {days}, so set some for every day from Monday to Friday: {command}",
    needs_hours_day: "{day, select, 1 {Monday} 2 {Tuesday} 3 {Wednesday} 4 {Thursday} other {Friday}}",
    needs_hours_again: "Every break you listed is over, so list the coming ones or say that breaks are covered: {command}",
    needs_signoff: "Have a named person read the fixed words about danger and sign them off: {command}",
    needs_signoff_staff:
      "{name} signed the fixed words, but nobody on your active staff has that name, e-mail or key, so have somebody on staff sign them: {command}",
    needs_signoff_again: "The fixed words have changed since {name} signed them on {date}, so have them read and signed again: {command}",
    needs_signoff_future: "The sign-off of the fixed words carries a date still to come, so enter the day it was signed: {command}",
    needs_consent: "Record on what basis students may be written to, school or parent: {command}",
    needs_notice: "Tell families what this is and who reads what, then record the day the notice went out: {command}",
    needs_notice_future: "The family notice goes out on {date}: go live on that day or later, or correct the date: {command}",
  },
  es: {
    student_urgent_thanks: "Gracias por contármelo. Me alegra que lo hayas hecho. Soy solo un bot, y esto merece una persona de verdad.",
    student_urgent_who: "Estoy avisando ahora mismo a {responder}. Así, una persona de verdad puede leer lo que escribiste.",
    student_concern_thanks: "Gracias por escribir esto. Soy un bot y puedo entender mal.",
    student_concern_who: "Por eso no adivino y se lo paso a {responder}.",
    student_reads_now: "Ahora hay alguien de turno. Puede tardar un ratito en leerlo.",
    student_urgent_reads_at: "Estoy intentando avisar ahora mismo, aunque sea a esta hora, pero puede que nadie lo vea antes del {day} ({time}).",
    student_reads_unknown: "No sé cuánto tardarán en verlo.",
    student_not_secret:
      "No puedo guardarlo en secreto, porque lo primero es que todos estén a salvo, y puede que otra persona adulta tenga que ayudar a {responder}. Si alguna persona adulta de la escuela tiene que ver con lo que pasa, escribe aquí su nombre y la dejaré fuera.",
    student_urgent_danger:
      "Si tú u otra persona puede salir lastimada, por favor no nos esperes. Aquí contestan personas de verdad, de día y de noche:",
    student_concern_danger:
      "Si se pone más difícil, o alguien puede salir lastimado, por favor no esperes. Aquí contestan personas de verdad, de día y de noche:",
    student_write_on: "Puedes seguir escribiéndome aquí.",
    student_taken: "{adult} ya lo sabe y se encarga.",
    student_summary: "Gracias por escribir esto.",
    student_summary_taken: "Una persona ya lo sabe.",
    student_added: "Gracias por contarme más. Lo añado a lo de antes, para {responder}.",
    student_nobody:
      "Gracias por contármelo. Me alegra que lo hayas hecho. Soy solo un bot y no encontré a nadie en tu escuela a quien avisar. Por favor, cuéntaselo a una persona adulta de confianza y no me esperes.",
    student_not_kept:
      "Soy un bot y algo en mí no funciona en este momento, así que no sé si lo que acabas de escribir le llega a alguien en la escuela. Lo sigo intentando. Si tú u otra persona puede salir lastimada, por favor no me esperes. Aquí contestan personas de verdad, de día y de noche:",
    student_keep: "Para que los tengas a mano: aquí contestan personas de verdad, de día y de noche.",
    student_left_out:
      "Dejo fuera a {names}. Desde ahora {count, plural, one {esta persona no recibe} other {estas personas no reciben}} avisos míos sobre esto, ni {count, plural, one {puede} other {pueden}} abrir desde un aviso lo que escribiste.",
    student_left_out_late:
      "Desde ahora dejo fuera a {names}, pero ya {count, plural, one {le había avisado} other {había avisado a alguna de estas personas}} antes de que me lo dijeras. Desde ese aviso ya no se puede abrir lo que escribiste, y estoy avisando ahora a otras personas.",
    responder_unnamed: "una persona adulta de tu escuela que se encarga de esto",
    night: "Puede que ahora nadie en la escuela esté leyendo. Una persona lo lee el {day} ({time}).",
    resource_emergency: "Emergencia, alguien está en peligro ahora: llama al 911.",
    resource_lifeline: "Línea 988: llama al 988 y marca 2, o manda AYUDA por mensaje al 988. Es gratis.",
    resource_text_line: "Crisis Text Line: manda AYUDA por mensaje al 741741. Es gratis.",
    resource_school: "La línea de tu escuela: {line}",
    adult_summary_urgent: "Un mensaje de un estudiante que necesitas ver ahora.",
    adult_summary_concern: "Un mensaje de un estudiante que necesitas ver hoy.",
    adult_urgent: "{student} escribió algo que necesitas ver ahora.",
    adult_concern: "{student} escribió algo que necesitas ver hoy.",
    adult_next:
      "Por favor, léelo tú y procura que una persona hable con {student}. Pulsa «Me encargo» si esa persona eres tú o si te ocupas de que suceda. Mientras nadie lo haga, sigo avisando a la siguiente persona.",
    adult_duty:
      "Si crees que un menor sufre daño o está en peligro, la obligación de denunciarlo es tuya. Yo no he avisado a nadie fuera de la escuela.",
    adult_may_be_wrong: "Busco palabras y puedo equivocarme, de más y de menos. Decides tú.",
    adult_left_out:
      "Hay personas adultas a las que no aviso: las que el mensaje puede nombrar o las que {student} pidió dejar fuera. Por favor, no lo reenvíes.",
    adult_again: "Sigue abierto: nadie ha pulsado «Me encargo» todavía.",
    adult_taken: "{adult} se encarga: el mensaje sobre {student}.",
    adult_summary_taken: "Alguien ya se encarga del aviso que te mandé.",
    adult_more: "Desde entonces {count, plural, one {llegó un mensaje más} other {llegaron # mensajes más}} como este.",
    adult_off_list: "{account} (fuera de la lista de la escuela)",
    adult_shown: "Lo que escribió, el {day} ({time}):",
    adult_shown_cut: "Aquí no se {count, plural, one {muestra # carácter} other {muestran # caracteres}} de en medio.",
    adult_unreadable: "No puedo abrir lo que escribió, así que por favor pregúntale tú a {student} y avisa a quien me administra.",
    adult_mine: "Te encargas tú: el mensaje sobre {student}. Ya no aviso a nadie más.",
    adult_mine_told: "Le estoy contando a {student} que lo tienes tú.",
    adult_not_yours: "No tengo ningún aviso así para ti.",
    button_have_it: "Me encargo",
    button_show: "Mostrar lo que escribió",
    needs_ladder:
      "Di a quién se avisa cuando las palabras hablan de peligro, paso a paso: al menos dos personas, para poder dejar fuera a una, en dos pasos, para avisar a alguien más si los primeros no contestan: {command}",
    needs_ladder_steps:
      "Avisas a todos a la vez, así que no queda nadie más a quien avisar si no contestan: añade un segundo paso con alguien que no esté en el primero: {command}",
    needs_ladder_left: "Alguien de la escalera ya no está en tu personal activo, así que nómbrala de nuevo: {command}",
    needs_hours: "Di cuándo hay alguien para leer, y quién cubre las vacaciones y el verano o que nadie lee hasta una fecha: {command}",
    needs_hours_days: "Según el horario que pusiste, nadie lee estos días: {days}. Pon alguna hora cada día de lunes a viernes: {command}",
    needs_hours_day: "{day, select, 1 {lunes} 2 {martes} 3 {miércoles} 4 {jueves} other {viernes}}",
    needs_hours_again: "Todos los descansos que anotaste ya pasaron: anota los próximos o di que están cubiertos: {command}",
    needs_signoff: "Pide a una persona, con su nombre, que lea y apruebe las palabras fijas sobre peligro: {command}",
    needs_signoff_staff:
      "{name} aprobó las palabras fijas, pero nadie de tu personal activo tiene ese nombre, correo o clave: pide a alguien del personal que las apruebe: {command}",
    needs_signoff_again: "Las palabras fijas cambiaron desde que {name} las aprobó el {date}: pide que se lean y aprueben de nuevo: {command}",
    needs_signoff_future: "La aprobación de las palabras fijas lleva una fecha que aún no llega: anota el día en que se firmó: {command}",
    needs_consent: "Anota con qué base se puede escribir a los estudiantes, school (escuela) o parent (familia): {command}",
    needs_notice: "Explica a las familias qué es esto y quién lee qué, y anota el día en que salió el aviso: {command}",
    needs_notice_future: "El aviso a las familias sale el {date}: empieza ese día o después, o corrige la fecha: {command}",
  },
})
