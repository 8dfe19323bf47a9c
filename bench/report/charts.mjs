// The charts of docs/performance.md, drawn by Apache ECharts, which writes SVG without a browser.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as echarts from 'echarts';
import counts from '../lib/counts.js';
import names from '../lib/names.js';
import periods from '../lib/periods.js';
import statistics from '../lib/statistics.js';
import { intervalsOf } from './intervals.mjs';

const { COUNTS } = counts;
const { NAMES } = names;
const { PERIODS } = periods;
const { lowerEnds } = statistics;

const SIZE = { width: 860, height: 420 };
const SHOWN_SUBJECTS = ['cpp-timer', 'cpp-delay', 'rtworkq-timers', 'rtworkq-promises', 'node', 'nanotimer', 'accurate-interval'];

const axis = (name, type, more = {}) => ({ name, type, nameLocation: 'middle', nameGap: 36, ...more });

const common = (title, options) => ({
  animation: false,
  backgroundColor: '#fff',
  title: { text: title, left: 'center' },
  textStyle: { fontFamily: 'Arial, Helvetica, sans-serif' },
  // Widths of text are estimated, and differ between fonts.
  legend: { bottom: 0, itemGap: 32 },
  grid: { left: 70, right: 40, top: 60, bottom: 110 },
  ...options,
});

/** The share of each bin over its lower end; the first bin has none, and is not shown. */
function line(name, { count, histogram }) {
  const points = lowerEnds.map((end, index) => [end, (histogram[index + 1] / count) * 100]);
  return { name, type: 'line', step: 'end', symbol: 'none', areaStyle: { opacity: 0.1 }, data: points };
}

// A bin with a smaller share does not make the axis longer.
const SHOWN_PERCENT = 0.1;

/** Histograms over one axis: the decades that there is something in. */
function histogramChart(title, series, unit) {
  const shown = series.flatMap(({ data }) => data.filter(([, share]) => share >= SHOWN_PERCENT).map(([end]) => end));
  const [min, max] = [Math.min(...shown), Math.max(...shown)].map(Math.log10);
  return common(title, {
    xAxis: axis(unit, 'log', { min: 10 ** Math.floor(min), max: 10 ** Math.ceil(max + 1e-6) }),
    yAxis: axis('% of all', 'value'),
    series,
  });
}

const tripsChart = (results) =>
  histogramChart(
    'Round trip, one work item in flight',
    results.subjects('trips').map((subject) => line(NAMES[subject], results.find('trips', subject, 'trip'))),
    'ms',
  );

function latenessChart(results, period, state) {
  const name = `interval ${period} ${state}`;
  const found = SHOWN_SUBJECTS.filter((subject) => results.find(name, subject, 'late'));
  const series = found.map((subject) => line(NAMES[subject], results.find(name, subject, 'late')));
  return histogramChart(`Lateness of an interval of ${period} ms, ${state}`, series, 'ms late');
}

function growthChart(results) {
  const series = [
    ['bulk', 'cpp', 'ns', 'C++: put, all at once'],
    ['bulk', 'rtworkq', 'ns', 'rtworkq: putWorkItems'],
    ['pending', 'rtworkq-timers', 'startNs', 'rtworkq/timers: start'],
    ['pending', 'rtworkq-timers', 'cancelNs', 'rtworkq/timers: cancel'],
    ['pending', 'node', 'startNs', 'Node: start'],
    ['pending', 'node', 'cancelNs', 'Node: cancel'],
  ]
    .map(([name, subject, path, label]) => ({
      name: label,
      type: 'line',
      data: COUNTS.map((count) => [count, results.value(`${name} ${count}`, subject, path)]).filter(([, value]) => value > 0),
    }))
    .filter(({ data }) => data.length > 0);
  return common('Cost of each as there are more of them', {
    xAxis: axis('work items at once, timers pending', 'log', { min: COUNTS[0], max: COUNTS.at(-1) }),
    yAxis: axis('ns each', 'log'),
    series,
  });
}

function barsChart(title, unit, results, figure) {
  const subjects = SHOWN_SUBJECTS.filter((subject) => results.subjects(`interval ${PERIODS[0]} idle`).includes(subject));
  return common(title, {
    xAxis: { type: 'category', data: PERIODS.map((period) => `${period} ms`) },
    yAxis: axis(unit.name, unit.type),
    series: subjects.map((subject) => ({
      name: NAMES[subject],
      type: 'bar',
      data: PERIODS.map((period) => Number(figure(`interval ${period} idle`, subject).toPrecision(4))),
    })),
  });
}

function chartsOf(results) {
  const { delivered, cpuPerTick } = intervalsOf(results);
  return {
    'round-trip': tripsChart(results),
    'lateness-idle': latenessChart(results, 5, 'idle'),
    'lateness-busy': latenessChart(results, 5, 'busy'),
    growth: growthChart(results),
    delivered: barsChart('Ticks delivered, idle', { name: '%', type: 'value' }, results, (...of) => delivered(...of) * 100),
    cpu: barsChart('CPU per tick, idle', { name: 'µs', type: 'log' }, results, cpuPerTick),
  };
}

/**
 * Writes them as SVG files.
 * @param {ReturnType<import('./results.mjs').ask>} results
 * @param {string} folder
 */
export function writeCharts(results, folder) {
  mkdirSync(folder, { recursive: true });
  for (const [name, option] of Object.entries(chartsOf(results))) {
    const chart = echarts.init(null, null, { renderer: 'svg', ssr: true, ...SIZE });
    chart.setOption(option);
    writeFileSync(join(folder, `${name}.svg`), `${chart.renderToSVGString()}\n`);
    chart.dispose();
  }
}
