import { sql } from "drizzle-orm"
import { rows, type Tx } from "../client.ts"

export type PlayedPerson = {
  user: string
  name: string
  role: "student" | "advisor" | "teacher" | "counsellor" | "principal" | "admin"
  group: string | null
  site: string
  email: string | null
  zone: string
  language: string
}

/** Everyone who can be played: people with an account here, by what they are to the bot on `day`. */
export async function playedPeople(tx: Tx, tenant: string, day: string): Promise<PlayedPerson[]> {
  // What begins later in the year counts already: in August everybody should stand with their advisory.
  const current = (alias: "t" | "m") => sql`(${sql.raw(alias)}.to_date is null or ${sql.raw(alias)}.to_date >= ${day}::date)`
  return rows(
    tx,
    sql`select a.user_id as "user", coalesce(p.preferred_name, p.given_name) || ' ' || p.family_name as name,
          case when p.role = 'student' then 'student'
               when office.role is not null then office.role
               when exists (select from tie t where t.school_id = p.school_id and t.adult_id = p.id and t.kind = 'advisor' and ${current("t")}) then 'advisor'
               else 'teacher' end as role,
          coalesce(advisory.title, led.title) as "group", si.name as site, p.email, si.zone, coalesce(p.language, s.language) as language
        from address a
        join person p on p.school_id = a.school_id and p.id = a.person_id and p.status = 'active'
        join site si on si.school_id = p.school_id and si.id = p.site_id
        join school s on s.id = p.school_id
        left join lateral (select r.role from staff_role r where r.school_id = p.school_id and r.person_id = p.id
          order by array_position(array['counsellor', 'principal', 'admin'], r.role) limit 1) office on true
        left join lateral (select g.title from membership m join school_group g on g.school_id = m.school_id and g.id = m.group_id
          where m.school_id = p.school_id and m.student_id = p.id and g.kind = 'advisory' and ${current("m")} order by g.title limit 1) advisory on true
        left join lateral (select g.title from tie t join school_group g on g.school_id = t.school_id and g.id = t.group_id
          where t.school_id = p.school_id and t.adult_id = p.id and t.kind = 'advisor' and ${current("t")} order by t.lead desc, g.title limit 1) led on true
        where a.platform = 'playground' and a.tenant = ${tenant}
        order by p.family_name, p.given_name`,
  )
}
