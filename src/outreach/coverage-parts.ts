// Decides which groups' counts may be shown beside their total, so that no group that is not shown can be worked out from what is.
// Refuses to know what was counted.

/** `of` how many `yes` were counted; the parts of one total have nobody in common. */
export type Counted = { of: number; yes: number }
export type Part = Counted & { name: string }

/** `total` null: there is nothing that may be said. `hidden`: parts with somebody in them that are not shown. */
export type Shown = { total: Counted | null; parts: Part[]; hidden: number }

/** Below this, one person is a fifth of the figure. */
export const smallest = 5

/**
 * A part is shown from five on. What the hidden ones come to together must itself be five or more, of two parts at least: else the smallest part that
 * is shown is hidden too. `guarded`, where nobody may learn that one person did not say yes: no figure may say it of everybody, and where one would,
 * the total stands alone. Which parts are hidden follows from sizes alone: hiding by what was said would tell it. By name.
 */
export function shownParts(parts: readonly Part[], { guarded }: { guarded: boolean }): Shown {
  const held = parts.filter(({ of }) => of > 0)
  const total = sum(held)
  const tells = ({ of, yes }: Counted): boolean => guarded && of > 0 && yes === 0
  if (total.of < smallest || tells(total)) return { total: null, parts: [], hidden: held.length }
  const shown = held.filter(({ of }) => of >= smallest).sort((a, b) => a.of - b.of || byName(a, b))
  const hidden = held.filter(({ of }) => of < smallest)
  while (shown.length > 0 && hidden.length > 0 && (hidden.length < 2 || sum(hidden).of < smallest)) hidden.push(...shown.splice(0, 1))
  if ([...shown, sum(hidden)].some(tells)) return { total, parts: [], hidden: held.length }
  return { total, parts: shown.sort(byName), hidden: hidden.length }
}

const sum = (parts: readonly Part[]): Counted => parts.reduce((all, { of, yes }) => ({ of: all.of + of, yes: all.yes + yes }), { of: 0, yes: 0 })

const byName = (a: Part, b: Part): number => a.name.localeCompare(b.name) || a.of - b.of || a.yes - b.yes
