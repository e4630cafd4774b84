-- Hand-written: who is asked about a student on a day, in order, covers in their places. The planner takes this apart inside a query, which
-- it cannot do with a function of one value; one place still says who is asked first.
CREATE FUNCTION advisors_of(school uuid, student uuid, day date) RETURNS TABLE (adult_id uuid, nth bigint) LANGUAGE sql STABLE AS $$
  SELECT asked, row_number() OVER (ORDER BY min(place)) FROM (
    SELECT coalesce((SELECT a.cover_id FROM away a JOIN person c ON c.school_id = a.school_id AND c.id = a.cover_id AND c.status = 'active'
        WHERE a.school_id = school AND a.adult_id = t.adult_id AND day BETWEEN a.from_date AND a.until_date
        ORDER BY a.from_date DESC, a.id LIMIT 1), t.adult_id) AS asked,
      row_number() OVER (ORDER BY bool_or(t.lead) DESC, min(t.from_date), t.adult_id) AS place
    FROM tie t JOIN person p ON p.school_id = t.school_id AND p.id = t.adult_id AND p.status = 'active'
    WHERE t.school_id = school AND t.student_id = student AND t.kind = 'advisor' AND t.from_date <= day AND (t.to_date IS NULL OR t.to_date >= day)
    GROUP BY t.adult_id
  ) advisors
  GROUP BY asked
$$;--> statement-breakpoint
CREATE OR REPLACE FUNCTION advisor_of(school uuid, student uuid, day date, nth int) RETURNS uuid LANGUAGE sql STABLE AS $$
  SELECT a.adult_id FROM advisors_of(school, student, day) a WHERE a.nth = $4
$$;
