// The charts as options of Apache ECharts. Colour has one meaning: rtworkq is coloured, everything else is grey.

import counts from '../lib/counts.js';
import names from '../lib/names.js';
import { number, withUnit } from './format.mjs';
import { HEADLINE, headlineOf } from './headline.mjs';
import { intervalsOf } from './intervals.mjs';

const { COUNTS } = counts;
const { NAMES, inOrder, isOurs } = names;

/** Narrow, with large letters: a phone shows a chart at two thirds of its size. */
const WIDTH = 640;
const FONT_SIZE = 15;
const ROW_HEIGHT = 30;
const LABELS_WIDTH = 232;
const LINES_HEIGHT = 320;

/** The background is the page's. */
export const THEMES = {
  light: { text: '#1f2328', faint: '#d1d9e0', ours: '#0969da', others: '#6e7781' },
  dark: { text: '#e6edf3', faint: '#3d444d', ours: '#58a6ff', others: '#9198a1' },
};

/**
 * @typedef {object} Chart
 * @property {string} alt what it shows, in words
 * @property {number} width
 * @property {number} height
 * @property {(theme: typeof THEMES['light']) => object} option
 */

const FONT_FAMILY = 'system-ui, Segoe UI, Helvetica, Arial, sans-serif';

const common = (title, subtext, { text }) => ({
  animation: false,
  backgroundColor: 'transparent',
  textStyle: { fontFamily: FONT_FAMILY, fontSize: FONT_SIZE, color: text },
  title: {
    text: title,
    subtext,
    left: 8,
    top: 4,
    itemGap: 6,
    textStyle: { fontSize: FONT_SIZE + 1, color: text },
    subtextStyle: { fontSize: FONT_SIZE - 1, color: text },
  },
});

const axis = (name, { text, faint }, more) => ({
  name,
  nameLocation: 'middle',
  nameGap: 34,
  nameTextStyle: { fontSize: FONT_SIZE, color: text },
  axisLabel: { fontSize: FONT_SIZE - 1, color: text },
  axisLine: { show: false },
  axisTick: { show: false },
  splitLine: { lineStyle: { color: faint } },
  ...more,
});

/** A chart with a named row for each subject. `series` gets the colour of each row. */
function rowsChart({ title, subtext, alt, rows, series }) {
  return {
    alt,
    width: WIDTH,
    height: 94 + rows.length * ROW_HEIGHT,
    option: (theme) => {
      const colours = rows.map(({ subject }) => (isOurs(subject) ? theme.ours : theme.others));
      return {
        ...common(title, subtext, theme),
        grid: { left: LABELS_WIDTH, right: 110, top: 58, bottom: 32 },
        xAxis: axis(undefined, theme, { type: 'value', splitNumber: 4 }),
        yAxis: axis(undefined, theme, {
          type: 'category',
          inverse: true,
          data: rows.map(({ subject }) => NAMES[subject]),
          splitLine: { show: false },
          axisLabel: { fontSize: FONT_SIZE - 1, color: (_name, index) => colours[index] },
        }),
        series: series(colours, theme),
      };
    },
  };
}

const DOT_RADIUS = 5;

/** A row from p50 to p99: a dot, a line to the p99, and both figures behind it. */
const drawRange = (rows, colours) => (_params, api) => {
  const index = api.value(0);
  const { p50, p99 } = rows[index];
  const [[from, y], [to]] = [api.coord([p50, index]), api.coord([p99, index])];
  const colour = colours[index];
  return {
    type: 'group',
    children: [
      { type: 'line', shape: { x1: from, y1: y, x2: to, y2: y }, style: { stroke: colour, lineWidth: 3 } },
      { type: 'line', shape: { x1: to, y1: y - 6, x2: to, y2: y + 6 }, style: { stroke: colour, lineWidth: 3 } },
      { type: 'circle', shape: { cx: from, cy: y, r: DOT_RADIUS }, style: { fill: colour } },
      {
        type: 'text',
        x: Math.max(to, from + DOT_RADIUS) + 8,
        y,
        style: {
          text: `${number(p50)} – ${number(p99)}`,
          fill: colour,
          fontFamily: FONT_FAMILY,
          fontSize: FONT_SIZE - 1,
          verticalAlign: 'middle',
        },
      },
    ],
  };
};

const named = ({ subject, p50, p99 }, unit) => `${NAMES[subject]} ${number(p50)} to ${number(p99)} ${unit}`;

/** The p50 and p99 of each subject that was measured, and undefined without any. */
function rangesChart(title, unit, all) {
  const rows = all.filter(({ p50, p99 }) => Number.isFinite(p50) && Number.isFinite(p99));
  if (rows.length === 0) return undefined;
  return rowsChart({
    title,
    subtext: `${unit}; the dot is the p50, the end of the line the p99`,
    alt: `${title}, p50 to p99: ${rows.map((row) => named(row, unit)).join('; ')}`,
    rows,
    series: (colours) => [
      {
        type: 'custom',
        encode: { x: [1, 2], y: 0 },
        data: rows.map(({ p50, p99 }, index) => [index, p50, p99]),
        renderItem: drawRange(rows, colours),
      },
    ],
  });
}

/** One bar for each subject. */
function barsChart(title, unit, all) {
  const rows = all.filter(({ value }) => Number.isFinite(value));
  if (rows.length === 0) return undefined;
  return rowsChart({
    title,
    subtext: unit,
    alt: `${title}: ${rows.map(({ subject, value }) => `${NAMES[subject]} ${withUnit(value, unit)}`).join('; ')}`,
    rows,
    series: (colours, theme) => [
      {
        type: 'bar',
        barWidth: 12,
        data: rows.map(({ value }, index) => ({ value, itemStyle: { color: colours[index] } })),
        label: { show: true, position: 'right', color: theme.text, fontSize: FONT_SIZE - 1, formatter: ({ value }) => number(value) },
      },
    ],
  });
}

/** Lines, each with its name at its end. */
function linesChart({ title, subtext, alt, x, lines }) {
  return {
    alt,
    width: WIDTH,
    height: LINES_HEIGHT,
    option: (theme) => ({
      ...common(title, subtext, theme),
      grid: { left: 56, right: 195, top: 66, bottom: 58 },
      xAxis: axis(x.name, theme, x),
      yAxis: axis(undefined, theme, { type: 'value', min: 0, splitNumber: 4 }),
      series: lines.map(({ name, ours, dashed, data }) => {
        const colour = ours ? theme.ours : theme.others;
        return {
          type: 'line',
          symbol: 'none',
          data,
          lineStyle: { color: colour, width: 3, type: dashed ? 'dashed' : 'solid' },
          endLabel: { show: true, distance: 8, formatter: name, color: colour, fontSize: FONT_SIZE - 1 },
          labelLayout: { moveOverlap: 'shiftY' },
        };
      }),
    }),
  };
}

/** How far an interval falls behind an exact beat while it runs: the chart of the front page. */
export function behindChart(results) {
  const headline = headlineOf(results);
  const found = headline ? HEADLINE.filter((subject) => results.find(headline.name, subject, 'behind')) : [];
  if (found.length < HEADLINE.length) return undefined;
  const { drift } = intervalsOf(results);
  const end = (subject) => withUnit(drift(headline.name, subject), 'ms');
  return linesChart({
    title: 'setInterval of 10 ms, against an exact beat',
    subtext: 'ms behind',
    alt: `setInterval of 10 ms after ${number(headline.seconds)} s: ${found.map((subject) => `${NAMES[subject]} is ${end(subject)} behind`).join(', ')}`,
    x: { name: 'seconds', type: 'value', min: 0, max: headline.seconds, splitLine: { show: false } },
    lines: found.map((subject) => {
      const { atMs, behindMs } = results.find(headline.name, subject, 'behind');
      return {
        name: `${NAMES[subject]}: ${end(subject)}`,
        ours: isOurs(subject),
        data: atMs.map((at, index) => [at / 1000, Math.max(behindMs[index], 0)]),
      };
    }),
  });
}

function latenessChart(results, state) {
  const name = `interval 10 ${state}`;
  const { comparable, late } = intervalsOf(results);
  const rows = inOrder(results.subjects(name)).map((subject) => ({
    subject,
    p50: late(name, subject, 'p50'),
    p99: late(name, subject, 'p99'),
  }));
  const where = state === 'busy' ? 'one processor busy' : 'idle';
  return comparable(name) ? rangesChart(`Lateness of an interval of 10 ms, ${where}`, 'ms', rows) : undefined;
}

function singleTimersChart(results) {
  const rows = inOrder(results.subjects('lateness'))
    .filter((subject) => results.find('lateness', subject, 'settled'))
    .map((subject) => ({
      subject,
      p50: results.value('lateness', subject, 'settled.p50'),
      p99: results.value('lateness', subject, 'settled.p99'),
    }));
  return rangesChart('Lateness of single timers of 1, 5 and 20 ms', 'ms', rows);
}

function tripsChart(results) {
  const microseconds = (subject, path) => results.value('trips', subject, path) * 1000;
  const rows = inOrder(results.subjects('trips')).map((subject) => ({
    subject,
    p50: microseconds(subject, 'trip.p50'),
    p99: microseconds(subject, 'trip.p99'),
  }));
  return rangesChart('Round trip of one work item', 'µs', rows);
}

function cpuChart(results) {
  const headline = headlineOf(results);
  if (!headline) return undefined;
  const { cpuPerTick } = intervalsOf(results);
  const rows = inOrder(results.subjects(headline.name)).map((subject) => ({ subject, value: cpuPerTick(headline.name, subject) }));
  return barsChart(`CPU time per tick, ${headline.about}`, 'µs', rows);
}

function pendingChart(results) {
  const lines = [
    ['rtworkq-timers', 'startNs', 'start'],
    ['rtworkq-timers', 'cancelNs', 'cancel'],
    ['node', 'startNs', 'start'],
    ['node', 'cancelNs', 'cancel'],
  ]
    .map(([subject, path, about]) => ({
      name: `${NAMES[subject]}: ${about}`,
      ours: isOurs(subject),
      dashed: path === 'cancelNs',
      data: COUNTS.map((count) => [count, results.value(`pending ${count}`, subject, path)]).filter(([, value]) => value > 0),
    }))
    .filter(({ data }) => data.length > 0);
  if (lines.length === 0) return undefined;
  return linesChart({
    title: 'Starting and cancelling one of many pending timers',
    subtext: 'ns each',
    alt: `ns each, from ${number(COUNTS[0])} to ${number(COUNTS.at(-1))} pending: ${lines
      .map(({ name, data }) => `${name} ${number(data[0][1])} to ${number(data.at(-1)[1])}`)
      .join('; ')}`,
    x: { name: 'pending timers', type: 'log', min: COUNTS[0], max: COUNTS.at(-1), splitLine: { show: false } },
    lines,
  });
}

/**
 * The charts that can be drawn from a run, by name.
 * @param {ReturnType<import('./results.mjs').ask>} results
 * @returns {Record<string, Chart>}
 */
export function chartsOf(results) {
  const charts = {
    'late-idle': latenessChart(results, 'idle'),
    'late-busy': latenessChart(results, 'busy'),
    cpu: cpuChart(results),
    'single-timers': singleTimersChart(results),
    'round-trip': tripsChart(results),
    'pending-timers': pendingChart(results),
  };
  return Object.fromEntries(Object.entries(charts).filter(([, chart]) => chart !== undefined));
}

/**
 * How a page shows a chart, on light and on dark screens.
 * @param {string} name
 * @param {Chart} chart
 * @param {string} folder the charts' folder, from the page
 */
export const picture = (name, { alt, width }, folder) =>
  [
    '<picture>',
    `  <source media="(prefers-color-scheme: dark)" srcset="${folder}/${name}-dark.svg">`,
    `  <img alt="${alt}" src="${folder}/${name}-light.svg" width="${width}">`,
    '</picture>',
  ].join('\n');
