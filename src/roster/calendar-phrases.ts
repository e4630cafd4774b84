// Decides what one event's title says of a school day: closed, for whom, or nothing.
// Refuses to know dates. In English and Spanish, as school calendars write it.

/** `students_only`: staff work that day. `nothing` is the usual case: an all-day event is not a closed day. */
export type Says =
  | { kind: "closed"; who: "all" | "students_only"; why: string }
  | { kind: "first_day" | "last_day"; why: string }
  | { kind: "nothing"; why: string }

const noSchool = phrases(`no school | no classes | no class | schools closed | school closed | school is closed | campus closed | district closed |
  school closure | schools out | non instructional day | non attendance day |
  offices closed | no hay clases | no hay escuela | sin clases | no habra clases | escuela cerrada | escuelas cerradas | suspension de clases`)

const noStudents =
  phrases(`no students | no school for students | student holiday | non student day | non student | students off | students do not attend |
  staff only | student day off | sin estudiantes | sin alumnos | no hay estudiantes | solo personal`)

const staffWork =
  phrases(`teacher workday | teacher workdays | teacher work day | teacher work days | teachers workday | staff workday | staff work day | workday |
  work day | pd day | pd days | professional development | professional learning | professional day | in service | inservice | staff development |
  institute day | teacher institute | teacher planning | planning day | records day | grading day | data day | teacher training |
  desarrollo profesional | capacitacion docente | capacitacion de maestros | formacion docente | jornada de planificacion | planificacion docente |
  dia de trabajo de maestros | dia de trabajo docente | dia de trabajo del personal | consejo tecnico`)

// Alone they say nothing of students; beside "no school" they say that staff are in.
const meetings = phrases("conferences | conference | conference day | staff meeting | juntas | reunion de padres | conferencias de padres")

const someStudents =
  phrases(`kindergarten | preschool | pre k | prek | elementary | middle school | freshmen | sophomores | juniors | seniors | grade |
  preescolar | primaria | secundaria`)

const shortDay =
  phrases(`late start | late arrival | late opening | delayed start | delayed opening | hour delay | early release | early dismissal | early out |
  early closing | half day | minimum day | shortened day | remote learning | virtual learning | distance learning | e learning | elearning | make up | makeup |
  entrada tardia | salida temprana | medio dia | media jornada | horario reducido | dia minimo | clases en linea`)

const around = phrases(`before | after | return from | returns from | return to | resume | resumes | back to school | back from | last day before |
  antes de | despues de | regreso a | regreso de | se reanudan | reanudacion`)

const firstDay = phrases(
  "first day of school | first day of classes | first day of class | school begins | school starts | primer dia de clases | inicio de clases",
)
const lastDay = phrases("last day of school | last day of classes | last day of class | school ends | ultimo dia de clases | fin de clases")

const partOfYear = phrases("semester | trimester | quarter | quarters | semesters | semestre | trimestre")

// "Holiday concert", "spring break camp": something happens near the day off, and may happen on a school day.
const happenings =
  phrases(`concert | party | assembly | sale | fair | festival | show | dance | potluck | parade | program | performance | feast | lunch | luncheon |
  dinner | breakfast | drive | bazaar | market | game | tournament | practice | auditions | tryouts | pictures | photos | meeting | trip | camp | fundraiser |
  deadline | sing | door decorating | spirit | pageant | card | cards | homework | packet |
  concierto | fiesta de | asamblea | venta | feria | desfile | almuerzo | cena | campamento | reunion | torneo | espectaculo | tarea`)

const breaks = phrases(
  "break | recess | vacation | holiday | holidays | snow day | snow days | weather day | vacaciones | receso | dia festivo | feriado | asueto | dia de nieve | semana santa",
)

const federal =
  phrases(`labor day | memorial day | veterans day | mlk | mlk day | mlk jr | martin luther king | presidents day | washingtons birthday | juneteenth |
  independence day | fourth of july | july 4th | thanksgiving | christmas | christmas eve | new years day | new years eve | new years | columbus day | indigenous peoples |
  dia del trabajo | dia de los caidos | dia de los veteranos | dia de los presidentes | dia de la independencia | accion de gracias | navidad | nochebuena | ano nuevo`)

const observances =
  phrases(`good friday | easter | easter monday | yom kippur | rosh hashanah | passover | hanukkah | eid | eid al fitr | eid al adha | ramadan | diwali |
  lunar new year | chinese new year | election day | cesar chavez | patriots day | lincolns birthday | native american day | columbus |
  viernes santo | pascua | dia de los muertos`)

function phrases(list: string): readonly string[] {
  return list.split("|").map((phrase) => ` ${phrase.trim()} `)
}

/** Lower case, without accents and punctuation, words between single spaces. */
const bare = (title: string): string =>
  ` ${title
    .slice(0, 300)
    .normalize("NFKD")
    .toLowerCase()
    .replaceAll(/[\u0300-\u036f'’‘]/g, "")
    .replaceAll(/[^a-z0-9]+/g, " ")
    .trim()} `

/** What a title says. Explicit words come first: "Teacher workday, no school" is closed for students, and staff work. */
export function titleSays(title: string): Says {
  const words = bare(title)
  const found = (list: readonly string[]): string | undefined => list.find((phrase) => words.includes(phrase))?.trim()
  const quoted = (phrase: string): string => `it says "${phrase}"`

  const works = found(noStudents) ?? found(staffWork)
  const shut = found(noSchool)
  const some = found(someStudents)
  if ((shut || works) && some) return { kind: "nothing", why: `"${shut ?? works}", but for "${some}" only; add it to a typed list if all are off` }
  if (shut) {
    const staffIn = works ?? found(meetings)
    return closed(staffIn ? "students_only" : "all", staffIn ? `${quoted(shut)}, and "${staffIn}": staff work` : quoted(shut))
  }
  const near = found(around)
  if (near) return { kind: "nothing", why: `"${near}": it speaks of a day off, but is not one` }
  const part = found(partOfYear)
  const first = part ? undefined : found(firstDay)
  if (first) return { kind: "first_day", why: `${quoted(first)}: a school day` }
  const last = part ? undefined : found(lastDay)
  if (last) return { kind: "last_day", why: `${quoted(last)}: a school day` }
  const shorter = found(shortDay)
  if (shorter) return { kind: "nothing", why: `${quoted(shorter)}: a school day, only a different one` }
  if (works) return closed("students_only", `${quoted(works)}: off for students, not for staff`)
  const named = found(breaks) ?? found(federal)
  const happens = found(happenings)
  if (named && happens) return { kind: "nothing", why: `"${named}", but also "${happens}": something that may happen on a school day` }
  if (named) return closed("all", quoted(named))
  const observed = found(observances)
  if (observed) return { kind: "nothing", why: `"${observed}": many schools stay open; add it to a typed list if yours closes` }
  return { kind: "nothing", why: "nothing in it says that school is closed" }
}

const closed = (who: "all" | "students_only", why: string): Says => ({ kind: "closed", who, why })
