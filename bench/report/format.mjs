// Formats figures for people.

export const DASH = '–';

/** Three digits; thousands get commas. */
export function number(value) {
  if (value === undefined || value === null || Number.isNaN(value)) return DASH;
  if (Math.abs(value) >= 100) return Math.round(value).toLocaleString('en');
  return String(Number(value.toPrecision(3)));
}

/** A number with its unit. */
export const withUnit = (value, unit) => (number(value) === DASH ? DASH : `${number(value)} ${unit}`);

export const times = (value) => (Number.isFinite(value) ? value.toFixed(2) : DASH);

/** Rounded down: 99.99 % never stands for less. */
export const percent = (share) => (Number.isFinite(share) ? `${(Math.floor(share * 1e4 + 1e-6) / 100).toFixed(2)} %` : DASH);

/** The rounds' median, and their range in parentheses. */
export function spread(figure, scale = 1) {
  if (!figure) return DASH;
  if (figure.rounds.length === 1) return number(figure.median * scale);
  return `${number(figure.median * scale)} (${number(figure.min * scale)} - ${number(figure.max * scale)})`;
}
