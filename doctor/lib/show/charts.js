// The charts of the page, drawn by Apache ECharts, which writes SVG without a browser. Colours are the page's variables, so
// that a chart is right on a light screen, a dark one and paper.

import * as echarts from 'echarts';
import { EDGES, histogram } from '../statistics.js';

const WIDTH = 760;
const LEFT = 216;
const RIGHT = 24;
const ROW = 40;
const GAP = 14;
const TOP = 8;
const BOTTOM = 44;

const TEXT = 'var(--text)';
const FAINT = 'var(--line)';
const FONT = 'system-ui, "Segoe UI", Arial, sans-serif';

/** The bins by their edges: the first is all that is earlier, the last all that is later. */
const BINS = ['', ...EDGES.map((edge) => String(Number(edge.toPrecision(1))))];
const isDecade = (index) => index > 0 && Math.abs(Math.log10(EDGES[index - 1]) % 1) < 1e-6;

const colourOf = (contender) => (contender.startsWith('rtworkq/timers') ? 'var(--good)' : 'var(--bar)');

function rows(cells) {
  const top = (index) => TOP + index * (ROW + GAP);
  const lowest = cells.length - 1;
  return {
    grid: cells.map((_, index) => ({ left: LEFT, right: RIGHT, top: top(index), height: ROW })),
    xAxis: cells.map((_, index) => ({
      type: 'category',
      gridIndex: index,
      data: BINS,
      axisTick: { show: false },
      axisLine: { lineStyle: { color: FAINT } },
      // A label stands below the middle of its bin, which begins with what it says.
      axisLabel: { show: index === lowest, interval: isDecade, color: TEXT, fontFamily: FONT },
      ...(index === lowest && { name: 'ms late', nameLocation: 'middle', nameGap: 26, nameTextStyle: { color: TEXT, fontFamily: FONT } }),
    })),
    yAxis: cells.map((_, index) => ({
      type: 'value',
      gridIndex: index,
      axisLabel: { show: false },
      splitLine: { show: false },
    })),
    // The names of the rows.
    graphic: cells.map(({ contender }, index) => ({
      type: 'text',
      left: 0,
      top: top(index) + ROW / 2 - 7,
      silent: true,
      style: { text: contender, fill: TEXT, font: `13px ${FONT}` },
    })),
    series: cells.map(({ contender, late }, index) => ({
      type: 'bar',
      xAxisIndex: index,
      yAxisIndex: index,
      barCategoryGap: '12%',
      itemStyle: { color: colourOf(contender) },
      data: histogram(late),
    })),
  };
}

/** Histograms of one situation below each other, over one axis. @returns {string} SVG */
export function histogramChart(cells) {
  const shown = cells.filter(({ late }) => late);
  const height = TOP + shown.length * (ROW + GAP) + BOTTOM - GAP;
  const chart = echarts.init(null, null, { renderer: 'svg', ssr: true, width: WIDTH, height });
  chart.setOption({ animation: false, ...rows(shown) });
  const svg = chart.renderToSVGString();
  chart.dispose();
  return svg;
}
