// Figures as a person reads them.

const DASH = '–';

/** To three digits, with commas in what is long. */
export function number(value) {
  if (value === undefined || value === null || Number.isNaN(value)) return DASH;
  if (Math.abs(value) >= 100) return Math.round(value).toLocaleString('en');
  return String(Number(value.toPrecision(3)));
}

export const times = (value) => (Number.isFinite(value) ? value.toFixed(2) : DASH);

/** Rounded down, so that 99.9 % is said of no less. */
export const percent = (share) => (Number.isFinite(share) ? `${(Math.floor(share * 1e4 + 1e-6) / 100).toFixed(2)} %` : DASH);

/** A median and how far the rounds are apart. */
export function spread(figure, scale = 1) {
  if (!figure) return DASH;
  if (figure.rounds.length === 1) return number(figure.median * scale);
  return `${number(figure.median * scale)} (${number(figure.min * scale)} - ${number(figure.max * scale)})`;
}
